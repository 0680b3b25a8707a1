import { map, retry, timeout } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { CallTimeoutError, Client, ConnectionError, JoinError } from '../../src/index.ts';
import { marbles, testing } from '../../src/testing/index.ts';
import { isSame, NotSame, written } from '../../src/testing/same.ts';

const toEqual = (actual: unknown, expected: unknown): void => expect(actual).toEqual(expected);

describe('marbles', () => {
  it('draws a call: 5 ms to open, 5 for WELCOME, 5 for the RESULT', () => {
    marbles(
      ({ client, expectObservable }) => {
        expectObservable(
          client()
            .call('a.b', ['x'])
            .pipe(map(({ value }) => value)),
        ).toBe('15ms (x|)');
      },
      { assertDeepEqual: toEqual },
    );
  });

  it('draws the back-off of half a minute in no time', () => {
    const since = performance.now();
    marbles(
      (stage) => {
        stage.fates = ['refuse', 'refuse', 'join'];
        const client = stage.client({ retryDelayMs: (attempt) => 10_000 * attempt });
        const states = client.status.pipe(map(({ state }) => state[0]));
        stage.expectObservable(states, '^ 31s !').toBe('(ic) 1ms w 9999ms c 4ms w 19999ms c 9ms o');
        stage.expectObservable(client.sessions.pipe(map(({ id }) => id)), '^ 31s !').toBe('30020ms a', { a: 1001 });
      },
      { assertDeepEqual: toEqual },
    );
    expect(performance.now() - since).toBeLessThan(5_000);
  });

  it('draws limits: the own one and that of RxJS', () => {
    marbles(
      ({ client, expectObservable }) => {
        const wamp = client();
        const own = new CallTimeoutError('');
        const limit = { timeoutMs: 30_000 };
        expectObservable(
          wamp.call('a.silent', [], {}, limit).pipe(
            map(() => 'never'),
            retry(0),
          ),
        ).toBe('30s #', {}, own);
        expectObservable(wamp.call('a.silent').pipe(timeout({ first: 60_000, with: () => ['late'] }))).toBe('60s (l|)', { l: 'late' });
      },
      { assertDeepEqual: (actual, expected) => expect(frames(actual)).toEqual(frames(expected)) },
    );
  });

  it('draws a refusal, and a link that never opens', () => {
    marbles(
      (stage) => {
        stage.fates = ['abort wamp.error.no_such_realm'];
        stage.expectObservable(stage.client().call('a.b')).toBe('10ms #', {}, new JoinError('wamp.error.no_such_realm', ''));
      },
      { assertDeepEqual: (actual, expected) => expect(frames(actual)).toEqual(frames(expected)) },
    );
    marbles(
      (stage) => {
        stage.fates = ['silent'];
        stage.expectObservable(stage.client({ waitMs: 100 }).call('a.b')).toBe('100ms #', {}, new ConnectionError(''));
      },
      { assertDeepEqual: (actual, expected) => expect(frames(actual)).toEqual(frames(expected)) },
    );
  });

  it('does something at a frame, and so much later', () => {
    const log: [string, number][] = [];
    marbles(({ at, in: later, scheduler }) => {
      at(7, () => {
        log.push(['at', scheduler.frame]);
        later(3, () => log.push(['in', scheduler.frame]));
      });
    });
    expect(log).toEqual([
      ['at', 7],
      ['in', 10],
    ]);
  });

  it('needs no assertion library: what is not as it was drawn is thrown, with both', () => {
    const draw = (drawn: string) => () => {
      marbles(({ client, expectObservable }) => {
        expectObservable(
          client()
            .call('a.b', ['x'])
            .pipe(map(({ value }) => value)),
        ).toBe(drawn);
      });
    };
    expect(draw('15ms (x|)')).not.toThrow();
    expect(draw('16ms (x|)')).toThrowError(NotSame, /came: {2}\[\{"frame":15,.*\n {2}drawn: \[\{"frame":16,/);
    expect(draw('15ms (y|)')).toThrowError(NotSame);
  });

  it('is no secret of the kit: TestScheduler alone makes a client virtual', () => {
    new TestScheduler(toEqual).run(({ expectObservable }) => {
      const client = new Client({ transport: () => ({ unsubscribe: () => undefined }), waitMs: 2_000, logger: false });
      expectObservable(client.status.pipe(map(({ state }) => state[0]))).toBe('i');
    });
    expect(testing).toBeDefined();
  });
});

describe('isSame', () => {
  for (const [one, other, same] of [
    [{ a: [1, { b: null }] }, { a: [1, { b: null }] }, true],
    [{ a: 1 }, { a: 1, b: undefined }, false],
    [[1, 2], [1], false],
    [NaN, NaN, true],
    [new ConnectionError('x'), new ConnectionError('x'), true],
    [new ConnectionError('x'), new ConnectionError('y'), false],
    [new ConnectionError('x'), new TypeError('x'), false],
    [new Uint8Array([1]), new Uint8Array([1]), true],
    [null, {}, false],
    ['1', 1, false],
  ] as const) {
    it(`of ${written(one)} and ${written(other)} is ${String(same)}`, () => {
      expect(isSame(one, other)).toBe(same);
    });
  }
});

/** Frames and kinds, and the class of an error. */
function frames(messages: unknown): unknown {
  return (messages as { frame: number; notification: { kind: string; value?: unknown; error?: object } }[]).map(
    ({ frame, notification }) => [frame, notification.kind, notification.value, notification.error?.constructor.name],
  );
}
