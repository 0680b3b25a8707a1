import { interval, map, take } from 'rxjs';
import { EVENT, PUBLISH, SUBSCRIBE, SUBSCRIBED } from '../../src/protocol/messages.ts';
import { drawn } from './answers.ts';
import { hear, joined, opened } from './opened.ts';

const TICK = 'com.example.tick';

describe('Client.subject', () => {
  it('P2 publishes each value at once, as the only argument', () => {
    const { client, sent } = opened();
    const ticks = client.subject(TICK);
    expect(sent()).toEqual([]);
    for (const value of [1, null, [1, 2], { a: 1 }]) ticks.next(value);
    expect(sent()).toEqual([
      [PUBLISH, 1, {}, TICK, [1]],
      [PUBLISH, 2, {}, TICK, [null]],
      [PUBLISH, 3, {}, TICK, [[1, 2]]],
      [PUBLISH, 4, {}, TICK, [{ a: 1 }]],
    ]);
  });

  it('P2 publishes no arguments for next(undefined)', () => {
    const { client, sent } = opened();
    client.subject<undefined>(TICK).next(undefined);
    expect(sent()).toEqual([[PUBLISH, 1, {}, TICK]]);
  });

  it('P2 gives its subscribers the first argument, and can be piped', () => {
    const { client, link, sent } = opened();
    const ticks = client.subject<number>(TICK);
    const [plain, doubled] = [hear(ticks), hear(ticks.pipe(map((value) => 2 * value)))];
    link.receive([SUBSCRIBED, 1, 77], [EVENT, 77, 5, {}, [4, 'more']]);
    expect([plain.values, doubled.values]).toEqual([[4], [8]]);
    expect(sent()).toEqual([[SUBSCRIBE, 1, {}, TICK]]);
  });

  it('P2 takes options of both directions', () => {
    const { client, sent } = opened();
    const ticks = client.subject(TICK, { exclude_me: false, retain: true, get_retained: true, holdLast: 1 });
    hear(ticks);
    ticks.next(1);
    expect(sent()).toEqual([
      [SUBSCRIBE, 1, { get_retained: true }, TICK],
      [PUBLISH, 2, { exclude_me: false, retain: true }, TICK, [1]],
    ]);
  });

  it('P2 ends publishing only at complete and error: subscribers go on', () => {
    for (const end of ['complete', 'error'] as const) {
      const { client, link, sent } = opened();
      const ticks = client.subject<number>(TICK);
      const heard = hear(ticks);
      link.receive([SUBSCRIBED, 1, 77]);
      ticks.next(1);
      ticks[end](new TypeError('source broke'));
      ticks.next(2);
      link.receive([EVENT, 77, 5, {}, [3]]);
      expect(sent().slice(1)).toEqual([[PUBLISH, 2, {}, TICK, [1]]]);
      expect([heard.values, heard.completions, heard.errors]).toEqual([[3], 0, []]);
    }
  });

  it('P2 drops and counts values while there is no session', () => {
    drawn(({ client, requests, at }) => {
      const wamp = client();
      const ticks = wamp.subject(TICK);
      ticks.next(1);
      ticks.next(2);
      expect(ticks.dropped).toBe(2);
      at(20, () => {
        ticks.next(3);
        expect(requests()).toEqual([[PUBLISH, 1, {}, TICK, [3]]]);
        ticks.complete();
      });
    });
  });

  it('P2 keeps the last values with holdLast, and publishes them first', () => {
    drawn(({ client, requests, at }) => {
      const wamp = client();
      const ticks = wamp.subject(TICK, { holdLast: 2 });
      for (const value of [1, 2, 3]) ticks.next(value);
      expect(ticks.dropped).toBe(1);
      at(11, () => {
        ticks.next(4);
        expect(requests().map(([, , , , args]) => args)).toEqual([[2], [3], [4]]);
        ticks.complete();
      });
    });
  });

  it('P2 publishes what it holds first, also while a new session is still subscribing', () => {
    drawn(({ client, router, requests, at, expectObservable }) => {
      const wamp = client();
      const ticks = wamp.subject(TICK, { holdLast: 2 });
      for (let i = 0; i < 40; i++) expectObservable(wamp.topic(`com.example.topic${i}`), '^ 99ms !').toBe('');
      ticks.next(1);
      at(11, () => {
        expect(requests().length).toBe(32);
        ticks.next(2);
      });
      at(50, () => {
        expect(requests().filter(([code]) => code === PUBLISH)).toEqual([
          [PUBLISH, 41, {}, TICK, [1]],
          [PUBLISH, 42, {}, TICK, [2]],
        ]);
        expect(router.links.length).toBe(1);
        ticks.complete();
      });
    });
  });

  it('P2 holds what comes during a loss for the next session', () => {
    drawn(({ client, router, requests, at }) => {
      const ticks = client().subject(TICK, { holdLast: 1 });
      ticks.next(1);
      at(20, () => {
        router.link.fail();
        ticks.next(2);
        ticks.next(3);
      });
      at(150, () => {
        expect(requests()).toEqual([[PUBLISH, 1, {}, TICK, [3]]]);
        expect(ticks.dropped).toBe(1);
        ticks.complete();
      });
    });
  });

  it('P2 is the observer of a source, and lets the session go when that completes', () => {
    drawn(({ client, router, at }) => {
      const wamp = client({ lingerMs: 50 });
      interval(20).pipe(take(3)).subscribe(wamp.subject(TICK));
      at(75, () => {
        expect(router.link.requests).toEqual([
          [PUBLISH, 1, {}, TICK, [1]],
          [PUBLISH, 2, {}, TICK, [2]],
        ]);
      });
      at(200, () => {
        expect(wamp.inspect().session).toBeUndefined();
      });
    });
  });

  it('P2 tells errors and the logger of a value that cannot be sent, and goes on', () => {
    const { client, sent, errors, log } = opened();
    const ticks = client.subject(TICK);
    ticks.next(() => 1);
    ticks.next(1);
    const sentence = 'publish to com.example.tick: args[0] is a function and cannot be sent: send data';
    expect(errors.map((error) => [error.uri, error.message])).toEqual([['wamp.error.invalid_payload', sentence]]);
    expect(log.failed).toEqual([sentence]);
    expect(sent()).toEqual([[PUBLISH, 1, {}, TICK, [1]]]);
  });

  it('P2 tells errors of a publication that failed', () => {
    const { client, errors } = opened({}, { roles: { broker: {}, dealer: {} } });
    client.subject(TICK, { exclude_me: false }).next(1);
    expect(errors.map(({ uri }) => uri)).toEqual(['wamp.error.feature_not_supported']);
  });

  it('publishes to no pattern (trap 9)', () => {
    const { client } = opened();
    expect(() => client.subject('com.example.', { match: 'prefix' })).toThrowError(
      TypeError,
      /^subject needs a URI like com\.example\.name/,
    );
  });
});

describe('Session.subject', () => {
  it('P2 tells the logger of what is published after its end', () => {
    const { session, link, log, sent } = joined();
    const ticks = session.subject(TICK);
    ticks.next(1);
    link.fail();
    ticks.next(2);
    expect(sent().length).toBe(1);
    expect(log.failed).toEqual(['the link broke']);
  });
});
