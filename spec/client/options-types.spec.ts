// What must compile and what must not: the compiler proves it, the specs only make it count.
import { interval, map, mergeMap, type Observable, of, pipe, retry, switchMap, take, timeout } from 'rxjs';
import {
  type CallOptions,
  type Client,
  type Event,
  type Id,
  type Operations,
  type Registered,
  result,
  type Result,
  type Session,
} from '../../src/index.ts';

/** Compiles only where both types are the same. */
type Same<A, B> = [A, B] extends [B, A] ? true : false;
const same = <A, B>(proof: Same<A, B>): void => {
  expect(proof).toBeTrue();
};

/** Never runs: the compiler reads it. */
function compiled(_: (wamp: Client) => unknown): void {
  expect(_.length).toBe(1);
}

describe('Types', () => {
  it('type a register pipeline with and without type arguments', () => {
    compiled((wamp) => [
      wamp.register<[number, number]>(
        'com.example.add',
        map(({ args: [a, b] }) => a + b),
      ),
      wamp.register<[number]>(
        'com.example.countdown',
        switchMap(({ args: [n] }) => interval(100).pipe(take(n))),
      ),
      wamp.register(
        'com.example.report',
        pipe(
          map(({ kwargs }) => kwargs),
          mergeMap((kwargs) => of(Object.keys(kwargs))),
        ),
        { invoke: 'roundrobin' },
      ),
      wamp.register(
        'com.example.echo',
        map(({ args: [a] }) => a),
      ),
      wamp.register<[string], { readonly lang: string }>(
        'com.example.greet',
        map(({ value, kwargs: { lang } }) => result([value.toUpperCase()], { lang: lang.trim() })),
      ),
      wamp.register(
        'com.example.add',
        // @ts-expect-error: without type arguments nothing is known of what arrives
        map(({ args: [a] }): number => a),
      ),
      // @ts-expect-error: a function is no operator
      wamp.register('com.example.add', (a: number, b: number) => a + b),
      wamp.register(
        'com.example.add',
        // @ts-expect-error: options come last
        { invoke: 'roundrobin' },
        map(() => 1),
      ),
    ]);
  });

  it('give an acknowledged publication its id', () => {
    compiled((wamp) => {
      const acknowledged = wamp.publish('com.example.news', ['hello'], undefined, { acknowledge: true });
      const plain = wamp.publish('com.example.news', ['hello']);
      same<typeof acknowledged, Observable<Id>>(true);
      same<typeof plain, Observable<Id | undefined>>(true);
      return [acknowledged, plain];
    });
    same<Id, number>(true);
  });

  it('give calls and topics their value', () => {
    compiled((wamp) => {
      const sum = wamp.call<number>('com.example.add', [1, 2]);
      same<typeof sum, Observable<Result<number>>>(true);
      const unknown = wamp.call('com.example.add').pipe(
        map(({ value }) => value),
        timeout(5),
        retry(1),
      );
      same<typeof unknown, Observable<unknown>>(true);
      const news = wamp
        .topic<[string, number]>('com.example.news')
        .pipe(map(({ args: [headline, count], value }) => `${headline}${value}${count}`));
      same<typeof news, Observable<string>>(true);
      // A topic as a Subject fits wherever an observer does.
      return [sum, unknown, news, interval(1).subscribe(wamp.subject<number>('com.example.tick'))];
    });
  });

  it('refuse misspelt options', () => {
    compiled((wamp) => [
      wamp.call('com.example.add', [], {}, { _custom: 1, x_other: 2, receive_progress: true }),
      // @ts-expect-error: misspelt
      wamp.call('com.example.add', [], {}, { recieve_progress: true }),
      // @ts-expect-error: misspelt
      wamp.topic('com.example.news', { mtach: 'prefix' }),
      // @ts-expect-error: no such match
      wamp.topic('com.example.news', { match: 'regexp' }),
      wamp.register(
        'com.example.add',
        map(() => 1),
        // @ts-expect-error: an option of publish
        { acknowledge: true },
      ),
      // @ts-expect-error: a list of ids
      wamp.publish('com.example.news', [], {}, { eligible: 5 }),
      // @ts-expect-error: a list, also for one value
      wamp.call('com.example.add', 5),
      // @ts-expect-error: an option of call
      wamp.subject('com.example.tick', { timeoutMs: 5 }),
    ]);
    same<CallOptions['mode'], 'skip' | 'kill' | 'killnowait' | undefined>(true);
  });

  it('make what arrives readonly', () => {
    compiled((wamp) => {
      const change = (event: Event<[number]>, { details }: Session, registered: Registered): void => {
        // @ts-expect-error: one object serves all subscribers
        event.value = 5;
        // @ts-expect-error: readonly
        event.kwargs['k'] = 5;
        // @ts-expect-error: readonly
        details['realm'] = 'other';
        // @ts-expect-error: readonly
        registered.id = 5;
      };
      return [wamp, change];
    });
    compiled((wamp) =>
      wamp.topic('com.example.news').subscribe(({ args }) => {
        // @ts-expect-error: a readonly list
        args.length = 0;
      }),
    );
  });

  it('let a client and a session stand for the same operations', () => {
    const both = (operations: Operations): Operations => operations;
    compiled((wamp) => wamp.sessions.subscribe((session) => [both(session), both(wamp)]));
  });
});
