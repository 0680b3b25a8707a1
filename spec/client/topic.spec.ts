import { config, map, mergeMap, NEVER, retry, take, tap } from 'rxjs';
import { ApplicationError } from '../../src/protocol/errors.ts';
import { ERROR, EVENT, SUBSCRIBE, SUBSCRIBED, UNSUBSCRIBE, UNSUBSCRIBED } from '../../src/protocol/messages.ts';
import { drawn } from './answers.ts';
import { hear, joined, opened, turn } from './opened.ts';

const TICK = 'com.example.tick';

describe('Client.topic', () => {
  it('T1 shares one SUBSCRIBE among all subscribers of a topic', () => {
    const { client, link, sent } = opened();
    const [first, second] = [hear(client.topic(TICK)), hear(client.topic(TICK, { match: 'exact' }))];
    link.receive([SUBSCRIBED, 1, 77], [EVENT, 77, 5, { publisher: 3 }, ['a', 'b'], { k: 1 }]);
    expect(sent()).toEqual([[SUBSCRIBE, 1, {}, TICK]]);
    const event = { value: 'a', args: ['a', 'b'], kwargs: { k: 1 }, topic: TICK, publication: 5, details: { publisher: 3 } };
    expect(first.values as unknown[]).toEqual([event]);
    expect(second.values[0]).toBe(first.values[0]);
  });

  it('T1 has a SUBSCRIBE for each match and each set of options', () => {
    const { client, sent } = opened();
    hear(client.topic(TICK));
    hear(client.topic(TICK, { match: 'prefix' }));
    hear(client.topic(TICK, { match: 'prefix', get_retained: true }));
    hear(client.topic(TICK, { get_retained: true, match: 'prefix' }));
    expect(sent()).toEqual([
      [SUBSCRIBE, 1, {}, TICK],
      [SUBSCRIBE, 2, { match: 'prefix' }, TICK],
      [SUBSCRIBE, 3, { match: 'prefix', get_retained: true }, TICK],
    ]);
  });

  it('T1 sends UNSUBSCRIBE at the end of the tick in which the last subscriber left', () => {
    drawn(({ client, requests, at }) => {
      const wamp = client();
      const [first, second] = [wamp.topic(TICK).subscribe(), wamp.topic(TICK).subscribe()];
      at(20, () => {
        first.unsubscribe();
      });
      at(30, () => {
        second.unsubscribe();
        expect(requests()).toEqual([[SUBSCRIBE, 1, {}, TICK]]);
      });
      at(31, () => {
        expect(requests()).toEqual([
          [SUBSCRIBE, 1, {}, TICK],
          [UNSUBSCRIBE, 2, 101],
        ]);
      });
    });
  });

  it('T1 sends nothing when a view is taken away and put back in one tick', () => {
    drawn(({ client, router, requests, at, expectObservable }) => {
      const wamp = client();
      const values = wamp.topic(TICK).pipe(map(({ value }) => value));
      expectObservable(values, '^ 19ms !').toBe('');
      expectObservable(values, '20ms ^ 39ms !').toBe('30ms a');
      at(30, () => {
        expect(requests()).toEqual([[SUBSCRIBE, 1, {}, TICK]]);
        router.link.receive([EVENT, 101, 5, {}, ['a']]);
      });
    });
  });

  it('T1 sends nothing at all when everybody has left before the session is there', () => {
    drawn(({ client, requests, at, expectObservable }) => {
      const wamp = client();
      expectObservable(wamp.topic(TICK), '^ 5ms !').toBe('');
      at(50, () => {
        expect(requests()).toEqual([]);
      });
    });
  });

  it('T2 sends UNSUBSCRIBE when the last of one id has left, whatever its options', async () => {
    const { client, link, sent } = opened();
    const plain = hear(client.topic(TICK));
    const retained = hear(client.topic(TICK, { get_retained: true }));
    link.receive([SUBSCRIBED, 1, 77], [SUBSCRIBED, 2, 77]);
    plain.leave();
    await turn();
    expect(sent().length).toBe(2);
    link.receive([EVENT, 77, 5, {}, ['still']]);
    expect(retained.values.map(({ value }) => value)).toEqual(['still']);
    retained.leave();
    await turn();
    expect(sent()).toEqual([[UNSUBSCRIBE, 3, 77]]);
  });

  it('T2 gives retained events only to those who asked for them', () => {
    const { client, link } = opened();
    const plain = hear(client.topic(TICK));
    const retained = hear(client.topic(TICK, { get_retained: true }));
    link.receive([SUBSCRIBED, 1, 77], [SUBSCRIBED, 2, 77]);
    link.receive([EVENT, 77, 5, { retained: true }, ['old']], [EVENT, 77, 6, {}, ['new']]);
    expect(plain.values.map(({ value }) => value)).toEqual(['new']);
    expect(retained.values.map(({ value }) => value)).toEqual(['old', 'new']);
  });

  it('T3 sends UNSUBSCRIBE after the confirmation when everybody has left before it (trap 2)', async () => {
    const { client, link, sent } = opened();
    hear(client.topic(TICK)).leave();
    await turn();
    expect(sent()).toEqual([[SUBSCRIBE, 1, {}, TICK]]);
    link.receive([SUBSCRIBED, 1, 77]);
    expect(sent()).toEqual([[UNSUBSCRIBE, 2, 77]]);
  });

  it('T3 gives a SUBSCRIBE that nobody waits for any more to who comes before its confirmation', async () => {
    const { client, link, sent } = opened();
    hear(client.topic(TICK)).leave();
    await turn();
    const heir = hear(client.topic(TICK));
    link.receive([SUBSCRIBED, 1, 77], [EVENT, 77, 5, {}, ['a']]);
    expect(sent()).toEqual([[SUBSCRIBE, 1, {}, TICK]]);
    expect(heir.values.length).toBe(1);
  });

  it('T3 waits with the next SUBSCRIBE until UNSUBSCRIBE is answered (trap 3)', async () => {
    const { client, link, sent } = opened();
    const first = hear(client.topic(TICK));
    link.receive([SUBSCRIBED, 1, 77]);
    first.leave();
    await turn();
    const second = hear(client.topic(TICK));
    expect(sent()).toEqual([
      [SUBSCRIBE, 1, {}, TICK],
      [UNSUBSCRIBE, 2, 77],
    ]);
    link.receive([EVENT, 77, 5, {}, ['late']], [UNSUBSCRIBED, 2]);
    expect(sent()).toEqual([[SUBSCRIBE, 3, {}, TICK]]);
    link.receive([SUBSCRIBED, 3, 77], [EVENT, 77, 6, {}, ['fresh']]);
    expect(second.values.map(({ value }) => value)).toEqual(['fresh']);
    expect(client.inspect().counters.dropped).toBe(1);
  });

  it('T5 errors with what the router answered, and forgets the topic', () => {
    const { client, link, sent } = opened();
    const [first, second] = [hear(client.topic(TICK)), hear(client.topic(TICK))];
    link.receive([ERROR, SUBSCRIBE, 1, { x: 1 }, 'com.example.error.full', ['too many'], { limit: 9 }]);
    const [error] = first.errors as [ApplicationError];
    expect(second.errors).toEqual([error]);
    expect(error).toBeInstanceOf(ApplicationError);
    const { message, uri, args, kwargs, details } = error;
    expect([message, uri, args, kwargs, details]).toEqual([
      'subscribe to com.example.tick failed with com.example.error.full: too many',
      'com.example.error.full',
      ['too many'],
      { limit: 9 },
      { x: 1 },
    ]);
    expect(client.inspect().topics).toEqual([]);
    hear(client.topic(TICK));
    expect(sent().length).toBe(2);
  });

  it('T5 errors when the router refuses the topic after a reconnect', async () => {
    const { client, link, router, rejoin } = opened();
    const ticks = hear(client.topic(TICK));
    link.receive([SUBSCRIBED, 1, 77]);
    await rejoin();
    expect(ticks.errors).toEqual([]);
    router.link.receive([ERROR, SUBSCRIBE, 1, {}, 'wamp.error.not_authorized']);
    expect(ticks.errors.map(String)).toEqual([
      'ApplicationError: subscribe to com.example.tick failed with wamp.error.not_authorized; check what the router permits to this login',
    ]);
  });

  it('T5 errors when the router revokes the subscription, telling why, and does not subscribe again (trap 4)', () => {
    const { client, link, sent } = opened();
    const ticks = hear(client.topic(TICK));
    link.receive([SUBSCRIBED, 1, 77], [UNSUBSCRIBED, 0, { subscription: 77, reason: 'com.example.banned' }]);
    expect(ticks.errors.map(String)).toEqual([
      'ApplicationError: the router revoked the subscription to com.example.tick: com.example.banned',
    ]);
    expect(ticks.errors).toEqual([jasmine.objectContaining({ uri: 'com.example.banned' })]);
    expect(sent()).toEqual([[SUBSCRIBE, 1, {}, TICK]]);
    expect(client.inspect().topics).toEqual([]);
  });

  it('T5 lets who retries in its error handler subscribe anew', () => {
    const { client, link, sent } = opened();
    const ticks = hear(client.topic(TICK).pipe(retry(1)));
    link.receive([SUBSCRIBED, 1, 77], [UNSUBSCRIBED, 0, { subscription: 77 }], [SUBSCRIBED, 2, 78], [EVENT, 78, 5, {}, ['a']]);
    expect(sent().map(([code]) => code)).toEqual([SUBSCRIBE, SUBSCRIBE]);
    expect(ticks.values.length).toBe(1);
  });

  it('T6 delivers inside the arrival, in the order of the wire across streams', () => {
    const { client, link } = opened();
    const order: unknown[] = [];
    for (const topic of ['com.example.a', 'com.example.b']) client.topic(topic).subscribe(({ value }) => order.push(value));
    link.receive([SUBSCRIBED, 1, 71], [SUBSCRIBED, 2, 72]);
    link.receive([EVENT, 71, 1, {}, [1]], [EVENT, 72, 2, {}, [2]], [EVENT, 71, 3, {}, [3]]);
    expect(order).toEqual([1, 2, 3]);
  });

  it('T6 gives an event to those who were there, and nothing more to who has left meanwhile', () => {
    const { client, link } = opened();
    const heard: string[] = [];
    client.topic(TICK).subscribe(() => {
      heard.push('first');
      second.unsubscribe();
      hear(client.topic(TICK).pipe(tap(() => heard.push('fourth'))));
    });
    const second = client.topic(TICK).subscribe(() => heard.push('second'));
    client.topic(TICK).subscribe(() => heard.push('third'));
    link.receive([SUBSCRIBED, 1, 77], [EVENT, 77, 5, {}]);
    expect(heard).toEqual(['first', 'third']);
  });

  it('T6 gives an event to nobody who comes meanwhile to the same topic with other options', () => {
    const { client, link } = opened();
    const heard: string[] = [];
    client.topic(TICK).subscribe(() => {
      heard.push('plain');
      hear(client.topic(TICK, { get_retained: true }).pipe(tap(() => heard.push('late'))));
    });
    client.topic(TICK, { get_retained: true }).subscribe(() => heard.push('retained'));
    link.receive([SUBSCRIBED, 1, 77], [SUBSCRIBED, 2, 77], [EVENT, 77, 5, {}]);
    expect(heard).toEqual(['plain', 'retained']);
  });

  it('T6 lets no subscriber that throws harm another (trap 13)', async () => {
    const { client, link } = opened();
    const unhandled: unknown[] = [];
    config.onUnhandledError = (error: unknown) => unhandled.push(error);
    try {
      client.topic(TICK).subscribe(() => {
        throw new TypeError('no');
      });
      const other = hear(client.topic(TICK));
      link.receive([SUBSCRIBED, 1, 77], [EVENT, 77, 5, {}, ['a']], [EVENT, 77, 6, {}, ['b']]);
      expect(other.values.map(({ value }) => value)).toEqual(['a', 'b']);
      await turn();
      expect(unhandled.map(String)).toEqual(['TypeError: no', 'TypeError: no']);
    } finally {
      config.onUnhandledError = null;
    }
  });

  it('tells the concrete topic of a pattern', () => {
    const { client, link } = opened();
    const all = hear(client.topic('com.example.', { match: 'prefix' }));
    link.receive([SUBSCRIBED, 1, 77], [EVENT, 77, 5, { topic: TICK }, []]);
    expect(all.values as unknown[]).toEqual([
      { value: undefined, args: [], kwargs: {}, topic: TICK, publication: 5, details: { topic: TICK } },
    ]);
  });

  it('drops and counts an EVENT that comes after UNSUBSCRIBE (trap 8)', async () => {
    const { client, link } = opened();
    const ticks = hear(client.topic(TICK));
    link.receive([SUBSCRIBED, 1, 77]);
    ticks.leave();
    await turn();
    link.receive([EVENT, 77, 5, {}, ['late']]);
    expect(ticks.values).toEqual([]);
    expect(client.inspect().counters.dropped).toBe(1);
  });

  it('leaves no observer of a thousand subscribers behind, and the one that stays alive (trap 11)', async () => {
    const { client, link, sent } = opened();
    const stays = hear(client.topic(TICK));
    link.receive([SUBSCRIBED, 1, 77]);
    for (const leaving of Array.from({ length: 1000 }, () => client.topic(TICK).subscribe())) leaving.unsubscribe();
    await turn();
    expect(client.inspect().topics).toEqual([{ topic: TICK, subscribers: 1, id: 77 }]);
    link.receive([EVENT, 77, 5, {}, ['a']]);
    expect(stays.values.length).toBe(1);
    expect(sent()).toEqual([[SUBSCRIBE, 1, {}, TICK]]);
  });

  it('leaves at the first event with take(1)', async () => {
    const { client, link, sent } = opened();
    const first = hear(client.topic(TICK).pipe(take(1)));
    link.receive([SUBSCRIBED, 1, 77], [EVENT, 77, 5, {}, ['a']], [EVENT, 77, 6, {}, ['b']]);
    await turn();
    expect([first.values.length, first.completions]).toEqual([1, 1]);
    expect(sent()).toEqual([
      [SUBSCRIBE, 1, {}, TICK],
      [UNSUBSCRIBE, 2, 77],
    ]);
  });

  it('lets a subscriber start another stream inside an event', () => {
    const { client, link, sent } = opened();
    hear(client.topic(TICK).pipe(mergeMap(({ value }) => (value === 1 ? client.topic('com.example.more') : NEVER))));
    link.receive([SUBSCRIBED, 1, 77], [EVENT, 77, 5, {}, [1]]);
    expect(sent()).toEqual([
      [SUBSCRIBE, 1, {}, TICK],
      [SUBSCRIBE, 2, {}, 'com.example.more'],
    ]);
  });
});

describe('Session.topic', () => {
  it('T1 sends UNSUBSCRIBE as soon as the last subscriber has left', () => {
    const { session, link, sent } = joined();
    const ticks = hear(session.topic(TICK));
    link.receive([SUBSCRIBED, 1, 77]);
    ticks.leave();
    expect(sent()).toEqual([
      [SUBSCRIBE, 1, {}, TICK],
      [UNSUBSCRIBE, 2, 77],
    ]);
  });
});
