// The schemas of three libraries, over a real WebSocket: checked on both sides, at once and later, and what they change arrives changed.
import { type } from 'arktype';
import { concat, concatMap, EMPTY, finalize, from, map, type Observable, of, take, toArray } from 'rxjs';
import * as v from 'valibot';
import { z } from 'zod';
import { ApplicationError, type Operations, type Registered, type Result } from '../../src/index.ts';
import { answer, contract, ContractError, kwargs, type Typed } from '../../src/contract/index.ts';
import { hear } from '../client/opened.ts';
import { client } from '../end-to-end/clients.ts';

/** What all three say: what is given, and what of it arrives. */
interface Given {
  procedures: {
    'com.example.until': { args: [string]; kwargs: { unit?: 'ms' | 's' | undefined }; result: number };
    'com.example.greet': { args: [string]; result: string };
    'com.example.count': { args: [number]; progress: number; result: string };
    'com.example.wrong': { result: number };
  };
  topics: { 'com.example.news': { args: [string]; kwargs: { by?: string | undefined } } };
}
interface Arriving {
  procedures: {
    'com.example.until': { args: [Date]; kwargs: { unit: 'ms' | 's' }; result: number };
    'com.example.greet': { args: [string]; result: { text: string } };
    'com.example.count': { args: [number]; progress: number; result: string };
    'com.example.wrong': { result: number };
  };
  topics: { 'com.example.news': { args: [string]; kwargs: { by?: string | undefined } } };
}
type Api = Typed<Given, Arriving>;

/** Answers later. */
const known = (name: string): Promise<boolean> => Promise.resolve(name !== 'nobody');

const zod = (on: Operations): Api =>
  contract(on, {
    procedures: {
      'com.example.until': {
        args: z.tuple([z.iso.datetime().transform((text) => new Date(text))]),
        kwargs: z.object({ unit: z.enum(['ms', 's']).default('ms') }),
        result: z.number(),
      },
      'com.example.greet': {
        args: z.tuple([z.string().refine(known, 'nobody is not known')]),
        result: z.string().transform((text) => ({ text })),
      },
      'com.example.count': { args: z.tuple([z.number()]), progress: z.number(), result: z.string() },
      'com.example.wrong': { result: z.number() },
    },
    topics: { 'com.example.news': { args: z.tuple([z.string()]), kwargs: z.object({ by: z.string().optional() }) } },
  });
const valibot = (on: Operations): Api =>
  contract(on, {
    procedures: {
      'com.example.until': {
        args: v.tuple([
          v.pipe(
            v.string(),
            v.isoTimestamp(),
            v.transform((text) => new Date(text)),
          ),
        ]),
        kwargs: v.object({ unit: v.optional(v.picklist(['ms', 's']), 'ms') }),
        result: v.number(),
      },
      'com.example.greet': {
        args: v.tupleAsync([v.pipeAsync(v.string(), v.checkAsync(known, 'nobody is not known'))]),
        result: v.pipe(
          v.string(),
          v.transform((text) => ({ text })),
        ),
      },
      'com.example.count': { args: v.tuple([v.number()]), progress: v.number(), result: v.string() },
      'com.example.wrong': { result: v.number() },
    },
    topics: { 'com.example.news': { args: v.tuple([v.string()]), kwargs: v.object({ by: v.optional(v.string()) }) } },
  });
const arktype = (on: Operations): Api =>
  contract(on, {
    procedures: {
      'com.example.until': {
        args: type(['string.date.iso.parse']),
        kwargs: type({ unit: "'ms' | 's' = 'ms'" }),
        result: type('number'),
      },
      // All its schemas answer at once.
      'com.example.greet': { args: type(['/^(?!nobody$)/']), result: type('string').pipe((text) => ({ text })) },
      'com.example.count': { args: type(['number']), progress: type('number'), result: type('string') },
      'com.example.wrong': { result: type('number') },
    },
    topics: { 'com.example.news': { args: type(['string']), kwargs: type({ 'by?': 'string' }) } },
  });

const LIBRARIES = [
  ['zod', zod],
  ['valibot', valibot],
  ['arktype', arktype],
] as const;

/** Resolves when the registration stands. */
function standing(registration: Observable<Registered>): Promise<unknown> {
  return new Promise((resolve) => hear(registration.pipe(map(resolve))));
}

for (const [library, seen] of LIBRARIES) {
  describe(`A contract of ${library}`, () => {
    it('types what is given and what arrives, and changes it on its way in', async () => {
      const [callee, caller] = [seen(client()), seen(client())];
      const heard: unknown[] = [];
      await standing(
        callee.register(
          'com.example.until',
          map(({ value, kwargs: { unit } }) => {
            heard.push(value);
            return unit === 's' ? value.getTime() / 1000 : value.getTime();
          }),
        ),
      );
      expect(await caller.rpc.com.example.until('1970-01-01T00:00:05.000Z', kwargs({ unit: 's' }))).toBe(5);
      // The default of a keyword is put in where it arrives.
      expect(await caller.rpc.com.example.until('1970-01-01T00:00:05.000Z', kwargs({}))).toBe(5000);
      expect(heard).toEqual([new Date(5000), new Date(5000)]);
    });

    it('takes checks that take time, and gives the changed result', async () => {
      const [callee, caller] = [seen(client()), seen(client())];
      await standing(
        callee.register(
          'com.example.greet',
          map(({ value }) => `hello ${value}`),
        ),
      );
      expect(await caller.rpc.com.example.greet('Ada')).toEqual({ text: 'hello Ada' });
      const refused = caller.rpc.com.example.greet('nobody').then(undefined, (error: unknown) => error);
      expect((await refused) as ContractError).toEqual(
        jasmine.objectContaining({ uri: 'wamp.error.invalid_argument', issues: [{ path: 'args[0]', message: jasmine.any(String) }] }),
      );
    });

    it('answers the wrong arguments of a caller without a contract, naming the path', async () => {
      const [callee, caller] = [seen(client()), client()];
      await standing(
        callee.register(
          'com.example.until',
          map(() => 1),
        ),
      );
      const refused = (args: readonly unknown[], keywords: object): PromiseLike<unknown> =>
        answer(caller.call('com.example.until', args, keywords)).then(undefined, (error: unknown) => {
          const { uri, args: said, kwargs: more } = error as ApplicationError;
          return [error instanceof ApplicationError, uri, said, (more['issues'] as { path: string }[]).map(({ path }) => path)];
        });
      expect(await refused(['yesterday'], {})).toEqual([
        true,
        'wamp.error.invalid_argument',
        [jasmine.stringMatching(/^args\[0\]: ./)],
        ['args[0]'],
      ]);
      expect(await refused(['1970-01-01T00:00:05.000Z'], { unit: 'h' })).toEqual([
        true,
        'wamp.error.invalid_argument',
        [jasmine.stringMatching(/^kwargs\.unit: ./)],
        ['kwargs.unit'],
      ]);
    });

    it('errors at the wrong result of a callee without a contract, and at wrong progress', async () => {
      const [callee, caller] = [client(), seen(client())];
      await standing(
        callee.register(
          'com.example.count',
          concatMap(({ value }) => from([1, 2, value === 3 ? 'three' : 'done'])),
        ),
      );
      await standing(
        callee.register(
          'com.example.wrong',
          map(() => 'a text'),
        ),
      );
      const counted = caller.call('com.example.count', [2], {}, { receive_progress: true }).pipe(map(({ value }) => value));
      expect(await answer(counted.pipe(toArray()))).toEqual([1, 2, 'done']);
      const wrong = await caller.rpc.com.example.wrong().then(undefined, (error: unknown) => error);
      expect(wrong).toEqual(jasmine.any(ContractError));
      expect((wrong as ContractError).message).toMatch(/^result of com\.example\.wrong breaks the contract: result: ./);
    });

    it('hands on events in their order, and ends the stream at a wrong one', async () => {
      const [reader, author] = [client(), client()];
      const read = seen(reader)
        .topic('com.example.news')
        .pipe(map(({ args: [text], kwargs: { by } }) => [text, by]));
      let news = hear(EMPTY as Observable<unknown>);
      const ended = new Promise<void>((resolve) => {
        news = hear(read.pipe(finalize(resolve)));
      });
      await new Promise((resolve) => hear(reader.subscribed('com.example.news').pipe(take(1), map(resolve))));
      const publish = (args: unknown[], more?: object): Observable<unknown> =>
        author.publish('com.example.news', args, more, { acknowledge: true });
      await answer(concat(publish(['a']), publish(['b'], { by: 'me' }), publish([3]), publish(['d'])));
      await ended;
      expect(news.values).toEqual([
        ['a', undefined],
        ['b', 'me'],
      ]);
      expect((news.errors as ContractError[]).map(({ issues }) => issues.map(({ path }) => path))).toEqual([['args[0]']]);
    });
  });
}

/** The types of all three are those of the interface, both ways. */
type Same<A, B> = [A, B] extends [B, A] ? true : false;

describe('The types of schemas', () => {
  it('are those of what is given and of what arrives', () => {
    const api = (on: Operations) =>
      contract(on, {
        procedures: {
          'a.zod': { args: z.tuple([z.string().transform(Number)]), result: z.string().transform(Number) },
          'a.valibot': { args: v.tuple([v.pipe(v.string(), v.transform(Number))]), result: v.pipe(v.string(), v.transform(Number)) },
          'a.arktype': { args: type(['string.numeric.parse']), result: type('string.numeric.parse') },
        },
        topics: { 'b.zod': { args: z.tuple([z.string().transform(Number)]) } },
      });
    const same = <A, B>(proof: Same<A, B>): void => {
      expect(proof).toBeTrue();
    };
    type Rpcs = ReturnType<typeof api>['rpc']['a'];
    same<Parameters<Rpcs['zod']>, [string]>(true);
    same<Parameters<Rpcs['valibot']>, [string]>(true);
    same<Parameters<Rpcs['arktype']>, [string]>(true);
    same<
      [Awaited<ReturnType<Rpcs['zod']>>, Awaited<ReturnType<Rpcs['valibot']>>, Awaited<ReturnType<Rpcs['arktype']>>],
      [number, number, number]
    >(true);
    const called = (on: Operations): Observable<Result<number>> => api(on).call('a.zod', ['1']);
    expect(called.length).toBe(1);
  });

  it('refuse the other side at compile time', () => {
    const compiled = (_: (on: Operations) => unknown): void => {
      expect(_.length).toBe(1);
    };
    compiled((on) => {
      const api = contract(on, {
        procedures: {
          'a.length': {
            args: z.tuple([z.string().transform(Number)]),
            kwargs: z.object({ unit: z.string() }),
            result: z.string().transform(Number),
          },
        },
        topics: { 'a.topic': { args: z.tuple([z.string().transform(Number)]) } },
      });
      return [
        api.register(
          'a.length',
          map(({ args: [n], kwargs: { unit } }) => n.toFixed() + unit),
        ),
        api.topic('a.topic').pipe(map(({ value }) => value.toFixed())),
        () => of('1').subscribe(api.subject('a.topic')),
        // @ts-expect-error: a text is given, a number arrives
        api.call('a.length', [1], { unit: 'm' }),
        // @ts-expect-error: the keyword is needed
        api.call('a.length', ['1'], {}),
        // @ts-expect-error: a number arrives
        api.call('a.length', ['1'], { unit: 'm' }).pipe(map(({ value }): string => value)),
        api.register(
          'a.length',
          // @ts-expect-error: a text is answered
          map(({ args: [n] }) => n),
        ),
        // @ts-expect-error: a text is published
        api.publish('a.topic', [1]),
        // @ts-expect-error: a number arrives
        api.topic('a.topic').pipe(map(({ value }): string => value)),
        // @ts-expect-error: texts are given
        () => of(1).subscribe(api.subject('a.topic')),
        // @ts-expect-error: the schemas do not have that name
        api.call('a.size', ['1'], { unit: 'm' }),
        // @ts-expect-error: arguments are a list
        contract(on, { procedures: { 'a.b': { args: z.string() } } }),
        // @ts-expect-error: keyword arguments are an object
        contract(on, { procedures: { 'a.b': { kwargs: z.string() } } }),
        // @ts-expect-error: that is no schema
        contract(on, { topics: { 'a.b': { args: [z.string()] } } }),
      ];
    });
  });
});
