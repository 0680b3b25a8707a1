import { map, merge, switchMap } from 'rxjs';
import { ERROR, EVENT, SUBSCRIBE, SUBSCRIBED, UNSUBSCRIBE } from '../../src/protocol/messages.ts';
import { drawn } from './answers.ts';
import { hear, joined, opened, turn } from './opened.ts';

const TICK = 'com.example.tick';

describe('Client.subscribed', () => {
  it('T4 shares the wire subscription of topic, and emits before its first event', () => {
    const { client, session, link, sent } = opened();
    const order: string[] = [];
    hear(client.topic(TICK)).subscription.add(client.topic(TICK).subscribe(() => order.push('event')));
    const subscribed = hear(client.subscribed(TICK));
    client.subscribed(TICK).subscribe(() => order.push('subscribed'));
    link.receive([SUBSCRIBED, 1, 77], [EVENT, 77, 5, {}]);
    expect(sent()).toEqual([[SUBSCRIBE, 1, {}, TICK]]);
    expect(subscribed.values).toEqual([{ id: 77, topic: TICK, session }]);
    expect(order).toEqual(['subscribed', 'event']);
  });

  it('T4 emits at once where the subscription stands already', () => {
    const { client, link, sent } = opened();
    hear(client.topic(TICK));
    link.receive([SUBSCRIBED, 1, 77]);
    const late = hear(client.subscribed(TICK));
    expect(late.values.map(({ id }) => id)).toEqual([77]);
    expect(sent().length).toBe(1);
  });

  it('T4 emits again at each SUBSCRIBED, with its session', async () => {
    const { client, link, router, rejoin } = opened();
    const subscribed = hear(client.subscribed(TICK));
    link.receive([SUBSCRIBED, 1, 77]);
    await rejoin();
    router.link.receive([SUBSCRIBED, 1, 88]);
    expect(subscribed.values.map(({ id, session }) => [id, session.id])).toEqual([
      [77, 1001],
      [88, 1002],
    ]);
  });

  it('T4 hears of no event, and errors as topic does', () => {
    const { client, link } = opened();
    const subscribed = hear(client.subscribed(TICK));
    link.receive([ERROR, SUBSCRIBE, 1, {}, 'com.example.error.no']);
    expect(subscribed.values).toEqual([]);
    expect(subscribed.errors.map(String)).toEqual(['ApplicationError: subscribe to com.example.tick failed with com.example.error.no']);
  });

  it('T4 holds the subscription alone', async () => {
    const { client, link, sent } = opened();
    const subscribed = hear(client.subscribed(TICK));
    link.receive([SUBSCRIBED, 1, 77], [EVENT, 77, 5, {}]);
    subscribed.leave();
    await turn();
    expect(sent()).toEqual([
      [SUBSCRIBE, 1, {}, TICK],
      [UNSUBSCRIBE, 2, 77],
    ]);
  });

  it('T4 takes a snapshot at each reconnect, with the changes behind it', () => {
    drawn(({ client, router, at, expectObservable }) => {
      const wamp = client();
      const live = merge(
        wamp.topic(TICK).pipe(map(({ value }) => value)),
        wamp.subscribed(TICK).pipe(switchMap(() => wamp.call('com.example.snapshot', ['s']).pipe(map(({ value }) => value)))),
      );
      at(40, () => {
        router.link.receive([EVENT, 101, 1, {}, ['a']]);
      });
      at(50, () => {
        router.link.fail();
      });
      at(180, () => {
        router.link.receive([EVENT, 101, 2, {}, ['b']]);
      });
      // 10 ms to join, 5 to subscribe, 5 to call; cut at 50, tried again after 100.
      expectObservable(live, '^ 199ms !').toBe('20ms s 19ms a 129ms s 9ms b');
    });
  });
});

describe('Session.subscribed', () => {
  it('T4 tells its session, and ends with it', () => {
    const { session, link } = joined();
    const subscribed = hear(session.subscribed(TICK));
    link.receive([SUBSCRIBED, 1, 77]);
    expect(subscribed.values).toEqual([{ id: 77, topic: TICK, session }]);
    link.fail();
    expect(subscribed.errors.map(String)).toEqual(['ConnectionError: the link broke']);
  });
});
