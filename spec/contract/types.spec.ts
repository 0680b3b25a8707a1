// Contracts as interfaces: what must compile and what must not. The compiler proves it (`npm run check:types` counts), the specs run nothing.
/* eslint-disable @typescript-eslint/no-unsafe-return, @typescript-eslint/no-unsafe-call, @typescript-eslint/no-unsafe-argument,
  @typescript-eslint/no-unsafe-assignment, @typescript-eslint/no-unsafe-member-access, @typescript-eslint/restrict-plus-operands,
  @typescript-eslint/no-unsafe-class-instance-assignment -- what must not compile has no type, and calls by name without a contract are any. */
import { concatMap, from, interval, map, mergeMap, type Observable, of, switchMap, take } from 'rxjs';
import { type Client, type Event, type Id, type Registered, result, type Result, type Session } from '../../src/index.ts';
import { type Answer, contract, kwargs, type Rpc, rpc, type TypedSubject } from '../../src/contract/index.ts';

interface Api {
  procedures: {
    'com.example.add': { args: [x: number, y: number]; result: number };
    'com.example.greet': { args: [name: string]; kwargs: { lang: 'en' | 'de'; loud?: boolean }; result: string };
    'com.example.search': { kwargs: { text?: string; tags?: readonly string[] }; result: readonly string[] };
    'com.example.count': { args: [to: number]; progress: number; result: 'done' };
    'com.example.log': { args: [line: string, level?: number] };
    'com.example.now': { result: Date };
    'com.example': { result: boolean };
    ping: {};
  };
  topics: {
    'com.example.news': { args: [headline: string]; kwargs: { author?: string } };
    'com.example.tick': { args: [n: number] };
    'com.example.moved': { args: [x: number, y: number] };
    'com.example.named': { kwargs: { name: string } };
    'com.example.any': { args: readonly unknown[] };
    reset: {};
  };
}

/** Compiles only where both types are the same. */
type Same<A, B> = [A, B] extends [B, A] ? true : false;
const same = <A, B>(proof: Same<A, B>): void => {
  expect(proof).toBeTrue();
};

/** Never runs: the compiler reads it. */
function compiled(_: (wamp: Client, session: Session) => unknown): void {
  expect(_.length).toBeLessThanOrEqual(2);
}

describe('Types of a contract', () => {
  it('type calls by their procedure', () => {
    compiled((wamp) => {
      const api = contract<Api>(wamp);
      const add = () => api.call('com.example.add', [1, 2]);
      same<ReturnType<typeof add>, Observable<Result<number>>>(true);
      return [
        add,
        api.call('com.example.greet', ['Ada'], { lang: 'en' }),
        api.call('com.example.greet', ['Ada'], { lang: 'de', loud: true }, { timeoutMs: 5 }),
        api.call('com.example.search'),
        api.call('com.example.search', [], { tags: ['a'] }),
        api.call('com.example.now').pipe(map(({ value }) => value.getTime())),
        api.call('com.example.log', ['a']).pipe(map(({ value }): undefined => value)),
        api.call('com.example.log', ['a', 1], {}, { waitMs: 0 }),
        api.call('ping'),
        api.call('com.example.count', [3]).pipe(map(({ value }): 'done' => value)),
        api
          .call('com.example.count', [3], undefined, { receive_progress: true })
          .pipe(map(({ value }) => (value === 'done' ? value.toUpperCase() : value.toFixed()))),
        // @ts-expect-error: no such procedure
        api.call('com.example.ad', [1, 2]),
        // @ts-expect-error: a topic is no procedure
        api.call('com.example.news', ['a']),
        // @ts-expect-error: arguments are missing
        api.call('com.example.add'),
        // @ts-expect-error: one argument is missing
        api.call('com.example.add', [1]),
        // @ts-expect-error: one too many
        api.call('com.example.add', [1, 2, 3]),
        // @ts-expect-error: a text is no number
        api.call('com.example.add', [1, '2']),
        // @ts-expect-error: arguments are a list
        api.call('com.example.add', 1),
        // @ts-expect-error: no keyword arguments there
        api.call('com.example.add', [1, 2], { z: 3 }),
        // @ts-expect-error: keyword arguments are missing
        api.call('com.example.greet', ['Ada']),
        // @ts-expect-error: one keyword is missing
        api.call('com.example.greet', ['Ada'], { loud: true }),
        // @ts-expect-error: no such value of a keyword
        api.call('com.example.greet', ['Ada'], { lang: 'fr' }),
        // @ts-expect-error: a misspelt keyword
        api.call('com.example.greet', ['Ada'], { lang: 'en', lout: true }),
        // @ts-expect-error: no positional arguments there
        api.call('com.example.search', ['a']),
        // @ts-expect-error: a keyword of the wrong type
        api.call('com.example.search', [], { tags: [1] }),
        // @ts-expect-error: a misspelt option
        api.call('com.example.add', [1, 2], {}, { timeOutMs: 5 }),
        // @ts-expect-error: the result is a number
        api.call('com.example.add', [1, 2]).pipe(map(({ value }) => value.trim())),
        // @ts-expect-error: there is no result
        api.call('com.example.log', ['a']).pipe(map(({ value }) => value.length)),
        // @ts-expect-error: without receive_progress there is only the result
        api.call('com.example.count', [3]).pipe(map(({ value }): number => value)),
        // @ts-expect-error: with receive_progress there is progress too
        api.call('com.example.count', [3], {}, { receive_progress: true }).pipe(map(({ value }): 'done' => value)),
      ];
    });
  });

  it('type registrations: what arrives and what is answered', () => {
    compiled((wamp) => {
      const api = contract<Api>(wamp);
      const ping = () =>
        api.register(
          'ping',
          map(() => undefined),
        );
      same<ReturnType<typeof ping>, Observable<Registered>>(true);
      return [
        ping,
        api.register(
          'com.example.add',
          map(({ args: [x, y], value }) => x + y + value),
        ),
        api.register(
          'com.example.greet',
          map(({ args: [name], kwargs: { lang, loud = false } }) => `${lang} ${loud ? name.toUpperCase() : name}`),
        ),
        api.register(
          'com.example.greet',
          map(({ value }) => result([value], { length: value.length })),
        ),
        api.register(
          'com.example.now',
          mergeMap(() => Promise.resolve(new Date())),
          { invoke: 'roundrobin' },
        ),
        api.register(
          'com.example.count',
          switchMap(({ args: [to] }) => interval(100).pipe(take(to))),
        ),
        api.register(
          'com.example.count',
          switchMap(() => of(1, 2, 'done' as const)),
        ),
        api.register(
          'com.example.log',
          map(({ args: [line, level] }) => {
            console.log(line.trim(), level?.toFixed());
          }),
        ),
        api.register(
          // @ts-expect-error: no such procedure
          'com.example.nothing',
          map(() => 1),
        ),
        api.register(
          'com.example.add',
          // @ts-expect-error: the answer is a number
          map(({ args: [x, y] }) => `${x + y}`),
        ),
        api.register(
          'com.example.add',
          // @ts-expect-error: there is no third argument
          map(({ args: [x, , z] }) => x + z),
        ),
        api.register(
          'com.example.add',
          // @ts-expect-error: arguments are numbers
          map(({ args: [x] }) => x.length),
        ),
        api.register(
          'com.example.greet',
          // @ts-expect-error: no such keyword
          map(({ kwargs: { language } }) => `${language}`),
        ),
        api.register(
          'com.example.greet',
          // @ts-expect-error: the keyword may be missing
          map(({ kwargs: { loud } }): string => loud.toString()),
        ),
        api.register(
          'com.example.now',
          // @ts-expect-error: a promise is no answer
          map(() => Promise.resolve(new Date())),
        ),
        api.register(
          'com.example.count',
          // @ts-expect-error: neither progress nor the result
          switchMap(() => of(true)),
        ),
        api.register(
          'com.example.add',
          // @ts-expect-error: several values, and the first one is a text
          map(() => result(['a', 1])),
        ),
        // @ts-expect-error: a function is no operator
        api.register('com.example.add', (x: number, y: number) => x + y),
        api.register(
          'ping',
          map(() => undefined),
          // @ts-expect-error: a pattern matches more than the contract says
          { match: 'prefix' },
        ),
      ];
    });
  });

  it('type topics, publications and subjects', () => {
    compiled((wamp) => {
      const api = contract<Api>(wamp);
      const news = () => api.topic('com.example.news', { get_retained: true });
      const publish = () => api.publish('com.example.news', ['a'], { author: 'b' }, { acknowledge: true });
      const tick = () => api.subject('com.example.tick');
      same<ReturnType<typeof news>, Observable<Event<[headline: string], { author?: string }>>>(true);
      same<ReturnType<typeof publish>, Observable<Id | undefined>>(true);
      same<ReturnType<typeof tick>, TypedSubject<number>>(true);
      return [
        news,
        publish,
        tick,
        api.topic('com.example.moved').pipe(map(({ args: [x, y] }) => x + y)),
        api.topic('com.example.any', { match: 'exact' }),
        api.subscribed('com.example.tick'),
        api.publish('com.example.news', ['a']),
        api.publish('com.example.named', [], { name: 'a' }),
        api.publish('com.example.any'),
        api.publish('reset'),
        interval(1000).subscribe(api.subject('com.example.tick', { holdLast: 1 })),
        api.subject('com.example.news').pipe(map((headline) => headline.trim())),
        // @ts-expect-error: no such topic
        api.topic('com.example.new'),
        // @ts-expect-error: a procedure is no topic
        api.topic('com.example.add'),
        // @ts-expect-error: a pattern matches more than the contract says
        api.topic('com.example.news', { match: 'prefix' }),
        // @ts-expect-error: no such topic
        api.subscribed('com.example.new'),
        // @ts-expect-error: the first argument is a text
        api.topic('com.example.news').pipe(map(({ value }) => value.toFixed())),
        // @ts-expect-error: there is one argument only
        api.topic('com.example.tick').pipe(map(({ args }) => args[1])),
        // @ts-expect-error: no such keyword
        api.topic('com.example.news').pipe(map(({ kwargs }) => kwargs.writer)),
        // @ts-expect-error: a text is needed
        api.publish('com.example.news', [1]),
        // @ts-expect-error: an argument is missing
        api.publish('com.example.news', []),
        // @ts-expect-error: arguments are missing
        api.publish('com.example.moved'),
        // @ts-expect-error: a misspelt keyword
        api.publish('com.example.news', ['a'], { autor: 'b' }),
        // @ts-expect-error: the keyword is needed
        api.publish('com.example.named', []),
        // @ts-expect-error: nothing to say there
        api.publish('reset', ['now']),
        // @ts-expect-error: a misspelt option
        api.publish('com.example.tick', [1], {}, { acknowledged: true }),
        // @ts-expect-error: a text is no tick
        () => api.subject('com.example.tick').next('one'),
        // @ts-expect-error: a subject sends one value, and this topic has two
        api.subject('com.example.moved'),
        // @ts-expect-error: a subject sends no keyword arguments, and this topic needs one
        api.subject('com.example.named'),
        // @ts-expect-error: texts are no ticks
        () => from(['a', 'b']).subscribe(api.subject('com.example.tick')),
      ];
    });
  });

  it('type calls by name', () => {
    compiled((wamp, session) => {
      const { rpc: by } = contract<Api>(wamp);
      const untyped = rpc(session);
      const add = () => by.com.example.add(1, 2);
      const typed: Rpc<Api> = rpc<Api>(session);
      same<ReturnType<typeof add>, Answer<number>>(true);
      return [
        add,
        typed.com.example.now(),
        by.com.example.greet('Ada', kwargs({ lang: 'en' })),
        by.com.example.greet('Ada', kwargs({ lang: 'en', loud: true })),
        by.com.example.search(),
        by.com.example.search(kwargs({ tags: ['a'] })),
        by.com.example.log('a'),
        by.com.example.log('a', 1),
        by.com.example().pipe(map((yes): boolean => yes)),
        by.ping().then((nothing): undefined => nothing),
        async () => (await by.com.example.count(3)).toUpperCase(),
        concatMap((text: string) => by.com.example.log(text)),
        untyped.any.name['at all'](1, 'a', kwargs({})),
        // @ts-expect-error: no such procedure
        by.com.example.ad(1, 2),
        // @ts-expect-error: no such name
        by.org,
        // @ts-expect-error: topics cannot be called
        by.com.example.news('a'),
        // @ts-expect-error: not a whole name
        by.com(),
        // @ts-expect-error: one argument is missing
        by.com.example.add(1),
        // @ts-expect-error: a text is no number
        by.com.example.add(1, '2'),
        // @ts-expect-error: one too many
        by.com.example.add(1, 2, 3),
        // @ts-expect-error: no keyword arguments there
        by.com.example.add(1, 2, kwargs({ z: 3 })),
        // @ts-expect-error: keyword arguments are missing
        by.com.example.greet('Ada'),
        // @ts-expect-error: keyword arguments need their mark
        by.com.example.greet('Ada', { lang: 'en' }),
        // @ts-expect-error: no such value of a keyword
        by.com.example.greet('Ada', kwargs({ lang: 'fr' })),
        // @ts-expect-error: the needed keyword is missing
        by.com.example.greet('Ada', kwargs({ loud: true })),
        // @ts-expect-error: a misspelt keyword
        by.com.example.search(kwargs({ txt: 'a' })),
        // @ts-expect-error: a misspelt keyword beside a good one
        by.com.example.search(kwargs({ text: 'a', tag: ['b'] })),
        // @ts-expect-error: the mark is an object of keywords
        by.com.example.search(kwargs('a')),
        // @ts-expect-error: the result is a number
        by.com.example.add(1, 2).pipe(map((sum) => sum.trim())),
        // @ts-expect-error: progress is not among the final values
        by.com.example.count(3).pipe(map((last): number => last)),
      ];
    });
  });

  it('take a contract that has procedures, topics or both', () => {
    compiled((wamp) => [
      contract<{ procedures: Api['procedures'] }>(wamp).call('ping'),
      contract<{ topics: Api['topics'] }>(wamp).publish('reset'),
      // @ts-expect-error: misspelt
      contract<{ procedure: Api['procedures'] }>(wamp),
      // @ts-expect-error: this contract has no topics
      contract<{ procedures: Api['procedures'] }>(wamp).topic('reset'),
      // @ts-expect-error: a contract is needed
      contract(wamp).call('ping'),
      // @ts-expect-error: the operations are needed
      contract<Api>(),
    ]);
  });
});
