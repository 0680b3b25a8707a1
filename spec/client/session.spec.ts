import { map } from 'rxjs';
import { CALL, PUBLISH, REGISTER, RESULT, SUBSCRIBE, SUBSCRIBED } from '../../src/protocol/messages.ts';
import { hear, joined, opened } from './opened.ts';

const echo = map(({ value }: { readonly value: unknown }) => value);

describe('Session', () => {
  it('L4 tells what WELCOME said', () => {
    const { session } = joined({ realm: 'com.example.realm' });
    expect([session.id, session.realm, Object.keys(session.details)] as unknown[]).toEqual([1001, 'com.example.realm', ['roles']]);
  });

  it('has all operations of a client, on one session', () => {
    const { session, sent } = joined();
    hear(session.topic('com.example.a'));
    hear(session.subscribed('com.example.a'));
    hear(session.call('com.example.b'));
    hear(session.register('com.example.c', echo));
    hear(session.publish('com.example.d'));
    session.subject('com.example.e').next(1);
    expect(sent()).toEqual([
      [SUBSCRIBE, 1, {}, 'com.example.a'],
      [CALL, 2, {}, 'com.example.b'],
      [REGISTER, 3, {}, 'com.example.c'],
      [PUBLISH, 4, {}, 'com.example.d'],
      [PUBLISH, 5, {}, 'com.example.e', [1]],
    ]);
  });

  it('L2 ends what is subscribed on it with its loss, and a client goes on', async () => {
    const { client, session, link, router, rejoin } = opened();
    const [bound, free] = [hear(session.topic('com.example.a')), hear(client.topic('com.example.a'))];
    link.receive([SUBSCRIBED, 1, 77]);
    await rejoin();
    router.link.receive([SUBSCRIBED, 1, 88], [36, 88, 5, {}, ['a']]);
    expect(bound.errors.map(String)).toEqual(['ConnectionError: the link broke']);
    expect(bound.values).toEqual([]);
    expect([free.errors.length, free.values.length]).toEqual([0, 1]);
  });

  it('L2 errors what is asked of it when it is over, although its client has another', async () => {
    const { session, rejoin, sent } = opened();
    await rejoin();
    sent();
    const streams = [
      session.topic('com.example.a'),
      session.subscribed('com.example.a'),
      session.call('com.example.b'),
      session.register('com.example.c', echo),
      session.publish('com.example.d'),
    ].map((stream) => hear<unknown>(stream));
    for (const { errors } of streams) expect(errors).toEqual([jasmine.objectContaining({ message: 'the link broke', sent: false })]);
    expect(sent()).toEqual([]);
  });

  it('shares the wire subscription with its client', () => {
    const { client, session, link, sent } = opened();
    const both = [hear(session.topic('com.example.a')), hear(client.topic('com.example.a'))];
    link.receive([SUBSCRIBED, 1, 77], [36, 77, 5, {}, ['a']]);
    expect(sent().length).toBe(1);
    expect(both.map(({ values }) => values.length)).toEqual([1, 1]);
  });

  it('C4 heeds the callTimeoutMs of connect', async () => {
    const { session, link } = joined({ callTimeoutMs: 1 });
    const [slow, fast] = [hear(session.call('com.example.slow')), hear(session.call('com.example.fast'))];
    link.receive([RESULT, 2, {}, ['fast']]);
    await new Promise<void>((resolve) =>
      slow.subscription.add(() => {
        resolve();
      }),
    );
    expect(slow.errors.map(String)).toEqual(['CallTimeoutError: call of com.example.slow took longer than 1 ms']);
    expect(fast.completions).toBe(1);
  });
});
