// What schemas do to each operation, on a scripted router: what is sent and when, what arrives and in which order, and what ends what.
import { concatMap, EMPTY, map, mergeMap, Observable, of } from 'rxjs';
import { CALL, CANCEL, ERROR, EVENT, INTERRUPT, INVOCATION, PUBLISH, RESULT, YIELD } from '../../src/protocol/messages.ts';
import { contract, ContractError, type Schema, type Schemas } from '../../src/contract/index.ts';
import { ApplicationError, result } from '../../src/index.ts';
import { hear, opened, turn } from '../client/opened.ts';
import { deferred, numbers, schema, written } from './setup.ts';

const number = schema<number>((value) => {
  if (typeof value === 'number') return value;
  throw new TypeError('a number is needed');
});
const text = schema<string>((value) => {
  if (typeof value === 'string') return value;
  throw new TypeError('a text is needed');
});
const lang = schema<{ lang: string }>(
  (value) => {
    if (typeof (value as { lang?: unknown }).lang === 'string') return value as { lang: string };
    throw new TypeError('a text is needed');
  },
  ['lang'],
);

/** A session on a scripted router, seen through schemas. */
function seen<const S extends Schemas>(schemas: S) {
  const stage = opened();
  const api = contract(stage.session, schemas);
  /** What was sent since the last time. */
  return { ...stage, api, receive: (...messages: unknown[][]) => stage.link.receive(...messages) };
}

describe('contract with schemas', () => {
  describe('call', () => {
    const schemas = { procedures: { 'com.example.add': { args: numbers, kwargs: lang, result: number, progress: text } } } as const;

    it('sends what is right as it is given, at once', () => {
      const { api, sent } = seen(schemas);
      hear(api.call('com.example.add', [1, 2], { lang: 'en' }));
      expect(sent()).toEqual([[CALL, 1, {}, 'com.example.add', [1, 2], { lang: 'en' }]]);
    });

    it('errors before anything is sent, naming every place', () => {
      const { api, sent } = seen(schemas);
      const { errors } = hear(api.call('com.example.add', ['1'] as unknown as [], {} as { lang: string }));
      expect(errors).toEqual([jasmine.any(ContractError)]);
      const [error] = errors as ContractError[];
      expect([error?.uri, error?.message, error?.issues]).toEqual([
        'wamp.error.invalid_argument',
        'call of com.example.add breaks the contract: args: numbers are needed; kwargs.lang: a text is needed',
        [
          { path: 'args', message: 'numbers are needed' },
          { path: 'kwargs.lang', message: 'a text is needed' },
        ],
      ]);
      expect(sent()).toEqual([]);
    });

    it('checks at every subscription, and nothing before', () => {
      let asked = 0;
      const counting = schema<readonly unknown[]>((value) => {
        asked++;
        return value as readonly unknown[];
      });
      const { api } = seen({ procedures: { 'com.example.a': { args: counting } } });
      const call = api.call('com.example.a', []);
      expect(asked).toBe(0);
      hear(call);
      hear(call);
      expect(asked).toBe(2);
    });

    it('gives the result and its progress as their schemas give them, in their order', () => {
      const { api, receive } = seen({ procedures: { 'com.example.a': { progress: text, result: written } } });
      const heard = hear(api.call('com.example.a', [], {}, { receive_progress: true }).pipe(map(({ value }) => value)));
      receive([RESULT, 1, { progress: true }, ['half']], [RESULT, 1, {}, ['7']]);
      expect(heard.values).toEqual(['half', 7]);
      expect(heard.completions).toBe(1);
    });

    it('errors at a result that is wrong, and only that call', () => {
      const { api, receive } = seen(schemas);
      const bad = hear(api.call('com.example.add', [1], { lang: 'en' }));
      const good = hear(api.call('com.example.add', [2], { lang: 'en' }));
      receive([RESULT, 1, {}, ['1']], [RESULT, 2, {}, [2]]);
      expect(bad.errors.map(String)).toEqual(['ContractError: result of com.example.add breaks the contract: result: a number is needed']);
      expect((bad.errors[0] as ContractError).uri).toBe('wamp.error.invalid_payload');
      expect([good.values.map(({ value }) => value), good.completions]).toEqual([[2], 1]);
    });

    it('errors at progress that is wrong, and cancels the call', () => {
      const { api, receive, sent } = seen(schemas);
      const { errors } = hear(api.call('com.example.add', [1], { lang: 'en' }, { receive_progress: true }));
      sent();
      receive([RESULT, 1, { progress: true }, [0.5]]);
      expect(errors.map((error) => (error as ContractError).issues)).toEqual([[{ path: 'progress', message: 'a text is needed' }]]);
      expect(sent()).toEqual([[CANCEL, 1, { mode: 'killnowait' }]]);
    });

    it('takes progress for results where there is no schema of its own', () => {
      const { api, receive } = seen({ procedures: { 'com.example.a': { result: written } } });
      const { values } = hear(api.call('com.example.a', [], {}, { receive_progress: true }).pipe(map(({ value }) => value)));
      receive([RESULT, 1, { progress: true }, ['1']], [RESULT, 1, {}, ['2']]);
      expect(values).toEqual([1, 2]);
    });

    it('errors at an empty result where one is needed, and keeps further values and keyword arguments', () => {
      const { api, receive } = seen({ procedures: { 'com.example.a': { result: written } } });
      const empty = hear(api.call('com.example.a'));
      const rich = hear(api.call('com.example.a'));
      receive([RESULT, 1, {}], [RESULT, 2, {}, ['1', 'more'], { a: 1 }]);
      expect(empty.errors.length).toBe(1);
      expect(rich.values.map(({ value, args, kwargs }) => ({ value, args, kwargs }))).toEqual([
        { value: 1, args: [1, 'more'], kwargs: { a: 1 } },
      ]);
    });

    it('waits for a schema that takes time, sends nothing when left meanwhile, and cancels when left later', async () => {
      const slow = deferred<readonly unknown[]>();
      const { api, sent } = seen({ procedures: { 'com.example.a': { args: slow.schema } } });
      const [first, second] = [[1], [2]];
      const left = hear(api.call('com.example.a', first));
      const kept = hear(api.call('com.example.a', second));
      expect(sent()).toEqual([]);
      left.leave();
      await slow.answer(first);
      await slow.answer(second);
      expect(sent()).toEqual([[CALL, 1, {}, 'com.example.a', [2]]]);
      kept.leave();
      expect(sent()).toEqual([[CANCEL, 1, { mode: 'killnowait' }]]);
    });

    it('checks calls by name too', async () => {
      const { api, receive, sent } = seen({ procedures: { 'com.example.a': { args: numbers, result: written } } });
      await expectAsync(Promise.resolve(api.rpc.com.example.a(...(['1'] as unknown as [])))).toBeRejectedWithError(
        ContractError,
        /args: numbers are needed/,
      );
      const answer = Promise.resolve(api.rpc.com.example.a(1, 2));
      await turn();
      expect(sent()).toEqual([[CALL, 1, {}, 'com.example.a', [1, 2]]]);
      receive([RESULT, 1, {}, ['3']]);
      expect(await answer).toBe(3);
    });
  });

  describe('register', () => {
    const schemas = { procedures: { 'com.example.add': { args: numbers, kwargs: lang, result: number, progress: text } } } as const;
    const registered = (stage: { receive: (...messages: unknown[][]) => void; sent: () => unknown }, id = 7): void => {
      stage.sent();
      stage.receive([65, 1, id]);
    };

    it('answers wrong arguments with wamp.error.invalid_argument and their path; the handler does not run', () => {
      const stage = seen(schemas);
      let ran = 0;
      const { errors } = hear(
        stage.api.register(
          'com.example.add',
          map(() => ++ran),
        ),
      );
      registered(stage);
      stage.receive([INVOCATION, 5, 7, {}, [1], { lang: 2 }], [INVOCATION, 6, 7, {}, [1], { lang: 'en' }]);
      expect(stage.sent()).toEqual([
        [
          ERROR,
          INVOCATION,
          5,
          {},
          'wamp.error.invalid_argument',
          ['kwargs.lang: a text is needed'],
          { issues: [{ path: 'kwargs.lang', message: 'a text is needed' }] },
        ],
        [YIELD, 6, {}, [1]],
      ]);
      expect([ran, errors, stage.log.failed]).toEqual([1, [], []] as never);
    });

    it('gives the handler what the schemas give, synchronously', () => {
      const stage = seen({
        procedures: {
          'com.example.a': { args: schema<readonly [string], readonly [number]>((value) => [Number((value as string[])[0])]) },
        },
      });
      const heard: unknown[] = [];
      hear(
        stage.api.register(
          'com.example.a',
          map(({ args: [first], value, kwargs, procedure }) => {
            heard.push([first.toFixed(1), value, kwargs, procedure]);
          }),
        ),
      );
      registered(stage);
      stage.receive([INVOCATION, 5, 7, {}, ['4'], { a: 1 }]);
      expect(heard).toEqual([['4.0', 4, { a: 1 }, 'com.example.a']]);
      expect(stage.sent()).toEqual([[YIELD, 5, {}]]);
    });

    it('answers a wrong result as a fault of the handler, logs it, and the registration lives on', () => {
      const stage = seen({ procedures: { 'com.example.a': { result: number } } });
      const { errors } = hear(
        stage.api.register(
          'com.example.a',
          map(({ value }) => value as unknown as number),
        ),
      );
      registered(stage);
      stage.receive([INVOCATION, 5, 7, {}, ['1']], [INVOCATION, 6, 7, {}, [1]]);
      const sentence = 'handler of com.example.a breaks the contract: result: a number is needed';
      expect(stage.sent()).toEqual([
        [ERROR, INVOCATION, 5, {}, 'wamp.error.runtime_error', [sentence]],
        [YIELD, 6, {}, [1]],
      ]);
      expect(stage.log.failed).toEqual([`the handler of com.example.a failed: ${sentence}`]);
      expect(errors).toEqual([]);
    });

    it('takes no answer for a wrong one where a result is needed', () => {
      const stage = seen({ procedures: { 'com.example.a': { result: number } } });
      hear(stage.api.register('com.example.a', concatMap(() => EMPTY) as never));
      registered(stage);
      stage.receive([INVOCATION, 5, 7, {}]);
      expect(stage.sent()).toEqual([[ERROR, INVOCATION, 5, {}, 'wamp.error.runtime_error', jasmine.anything()]]);
    });

    it('lets progress through as progress or as result, and several values by the first of them', async () => {
      const stage = seen(schemas);
      hear(
        stage.api.register(
          'com.example.add',
          concatMap(() => of('half', result([1, 'more'], { a: 1 }))),
        ),
      );
      registered(stage);
      stage.receive([INVOCATION, 5, 7, { receive_progress: true }, [], { lang: 'en' }]);
      await turn();
      expect(stage.sent()).toEqual([
        [YIELD, 5, { progress: true }, ['half']],
        [YIELD, 5, {}, [1, 'more'], { a: 1 }],
      ]);
    });

    it('sends results as they are given, not as the schema gives them', () => {
      const stage = seen({ procedures: { 'com.example.a': { result: written } } });
      hear(
        stage.api.register(
          'com.example.a',
          map(() => '12'),
        ),
      );
      registered(stage);
      stage.receive([INVOCATION, 5, 7, {}]);
      expect(stage.sent()).toEqual([[YIELD, 5, {}, ['12']]]);
    });

    it('keeps the order of results that take time to check', async () => {
      const slow = deferred<string>();
      const stage = seen({ procedures: { 'com.example.a': { result: slow.schema } } });
      hear(
        stage.api.register(
          'com.example.a',
          mergeMap(() => of('a', 'b')),
        ),
      );
      registered(stage);
      stage.receive([INVOCATION, 5, 7, { receive_progress: true }]);
      expect(slow.asked).toEqual(['a']);
      await slow.answer('a');
      expect(stage.sent()).toEqual([[YIELD, 5, { progress: true }, ['a']]]);
      await slow.answer('b');
      expect(stage.sent()).toEqual([[YIELD, 5, {}, ['b']]]);
    });

    it('hands an INTERRUPT on to the handler, and runs none that was interrupted while it was checked', async () => {
      const slow = deferred<readonly unknown[]>();
      const stage = seen({ procedures: { 'com.example.a': { args: slow.schema } } });
      const ran: unknown[] = [];
      let left = 0;
      hear(
        stage.api.register(
          'com.example.a',
          concatMap(({ value }) => {
            ran.push(value);
            return new Observable<never>(() => () => left++);
          }),
        ),
      );
      registered(stage);
      const [first, second] = [[1], [2]];
      stage.receive([INVOCATION, 5, 7, {}, first], [INVOCATION, 6, 7, {}, second]);
      await slow.answer(first);
      stage.receive([INTERRUPT, 5, {}], [INTERRUPT, 6, {}]);
      await slow.answer(second);
      expect([ran, left]).toEqual([[1], 1] as never);
      expect(stage.sent().map(([, , request, , uri]) => [request, uri])).toEqual([
        [5, 'wamp.error.canceled'],
        [6, 'wamp.error.canceled'],
      ]);
    });

    it('refuses what is no operator, and answers what gives no Observable, as ever', () => {
      const stage = seen({ procedures: { 'com.example.a': { result: number } } });
      expect(() => stage.api.register('com.example.a', 1 as never)).toThrowError(TypeError, /register of com.example.a needs an operator/);
      hear(stage.api.register('com.example.a', (() => Promise.resolve(1)) as never));
      registered(stage);
      stage.receive([INVOCATION, 5, 7, {}]);
      expect(stage.sent()[0]?.[5]).toEqual([jasmine.stringContaining('the pipeline gave no Observable')]);
    });

    it('lets an ApplicationError of the handler through', () => {
      const stage = seen({ procedures: { 'com.example.a': { result: number } } });
      hear(
        stage.api.register(
          'com.example.a',
          map((): number => {
            throw new ApplicationError('com.example.error.no', ['no']);
          }),
        ),
      );
      registered(stage);
      stage.receive([INVOCATION, 5, 7, {}]);
      expect(stage.sent()).toEqual([[ERROR, INVOCATION, 5, {}, 'com.example.error.no', ['no']]]);
    });
  });

  describe('topic', () => {
    const subscribed = (stage: { receive: (...messages: unknown[][]) => void; sent: () => unknown }): void => {
      stage.sent();
      stage.receive([33, 1, 9]);
    };

    it('gives events as the schemas give them, synchronously and whole', () => {
      const stage = seen({
        topics: {
          'com.example.a': {
            args: schema<readonly [string], readonly [number]>((value) => [Number((value as string[])[0])]),
            kwargs: lang,
          },
        },
      });
      const { values } = hear(stage.api.topic('com.example.a'));
      subscribed(stage);
      stage.receive([EVENT, 9, 1, { a: 1 }, ['4'], { lang: 'en' }]);
      expect(values).toEqual([
        { value: 4, args: [4], kwargs: { lang: 'en' }, topic: 'com.example.a', publication: 1, details: { a: 1 } } as never,
      ]);
    });

    it('errors at an event that is wrong: that stream, and no other', () => {
      const stage = seen({ topics: { 'com.example.a': { args: numbers } } });
      const checked = hear(stage.api.topic('com.example.a').pipe(map(({ value }) => value)));
      const plain = hear(stage.session.topic('com.example.a').pipe(map(({ value }) => value)));
      subscribed(stage);
      stage.receive([EVENT, 9, 1, {}, [1]], [EVENT, 9, 2, {}, ['2']], [EVENT, 9, 3, {}, [3]]);
      expect(checked.values).toEqual([1]);
      expect(checked.errors.map(String)).toEqual(['ContractError: event of com.example.a breaks the contract: args: numbers are needed']);
      expect([plain.values, plain.errors]).toEqual([[1, '2', 3], []]);
    });

    it('keeps the order of events that take time to check, and gives nothing to those who left', async () => {
      const slow = deferred<readonly string[]>();
      const stage = seen({ topics: { 'com.example.a': { args: slow.schema } } });
      const { values, leave } = hear(stage.api.topic('com.example.a').pipe(map(({ value }) => value)));
      subscribed(stage);
      const [a, b, c] = [['a'], ['b'], ['c']];
      stage.receive([EVENT, 9, 1, {}, a], [EVENT, 9, 2, {}, b], [EVENT, 9, 3, {}, c]);
      expect(slow.asked).toEqual([a]);
      await slow.answer(a);
      expect([values, slow.asked]).toEqual([['a'], [a, b]] as never);
      await slow.answer(b);
      leave();
      await slow.answer(c);
      expect(values).toEqual(['a', 'b']);
    });

    it('errors where a schema throws or rejects by itself', async () => {
      const failure = new RangeError('a fault of the schema');
      const failing = (validate: () => never | Promise<never>): Schema<readonly unknown[]> => ({
        '~standard': { version: 1, vendor: 'spec', validate },
      });
      const throwing = failing(() => {
        throw failure;
      });
      const rejecting = failing(() => Promise.reject(failure));
      const stage = seen({ topics: { 'com.example.a': { args: throwing }, 'com.example.b': { args: rejecting } } });
      const first = hear(stage.api.topic('com.example.a'));
      const second = hear(stage.api.publish('com.example.b'));
      subscribed(stage);
      stage.receive([EVENT, 9, 1, {}]);
      await turn();
      expect([first.errors, second.errors]).toEqual([[failure], [failure]]);
      expect(stage.sent().map(([code]) => code)).toEqual([34]);
    });

    it('tells when it is subscribed', () => {
      const stage = seen({ topics: { 'com.example.a': {} } });
      const { values } = hear(stage.api.subscribed('com.example.a').pipe(map(({ id }) => id)));
      subscribed(stage);
      expect(values).toEqual([9]);
    });
  });

  describe('publish and subject', () => {
    const schemas = { topics: { 'com.example.a': { args: numbers } } } as const;

    it('publishes what is right, and errors before anything is sent at what is not', () => {
      const { api, sent } = seen(schemas);
      const { errors } = hear(api.publish('com.example.a', ['1'] as never));
      hear(api.publish('com.example.a', [1]));
      expect(errors.map(String)).toEqual(['ContractError: publish to com.example.a breaks the contract: args: numbers are needed']);
      expect(sent()).toEqual([[PUBLISH, 1, {}, 'com.example.a', [1]]]);
    });

    it('publishes the values of a subject in their order; a wrong one goes to the errors of the client', async () => {
      const slow = deferred<readonly unknown[]>();
      const stage = opened();
      const api = contract(stage.client, { topics: { 'com.example.a': { args: slow.schema } } });
      const subject = api.subject('com.example.a');
      for (const value of [1, 2, undefined]) subject.next(value);
      subject.complete();
      subject.next(4);
      for (const error of [undefined, new TypeError('no'), undefined]) await slow.answer(slow.asked.at(-1)!, error);
      expect(slow.asked).toEqual([[1], [2], []]);
      expect(stage.sent()).toEqual([
        [PUBLISH, 1, {}, 'com.example.a', [1]],
        [PUBLISH, 2, {}, 'com.example.a'],
      ]);
      expect(stage.errors.map(String)).toEqual(['ContractError: publish to com.example.a breaks the contract: args: no']);
      expect(stage.log.failed).toEqual(['publish to com.example.a breaks the contract: args: no']);
    });

    it('gives the subscribers of a subject the first value as the schema gives it', () => {
      const stage = seen({
        topics: { 'com.example.a': { args: schema<readonly [string], readonly [number]>((value) => [Number((value as string[])[0])]) } },
      });
      const subject = stage.api.subject('com.example.a', { get_retained: true, exclude_me: false });
      const { values } = hear(subject);
      expect(stage.sent()).toEqual([[32, 1, { get_retained: true }, 'com.example.a']]);
      stage.receive([33, 1, 9], [EVENT, 9, 1, {}, ['4']]);
      subject.next('5');
      expect([values, stage.sent()]).toEqual([[4], [[PUBLISH, 2, { exclude_me: false }, 'com.example.a', ['5']]]] as never);
    });

    it('counts what a subject drops while there is no session', () => {
      const { client, link } = opened();
      const subject = contract(client, schemas).subject('com.example.a');
      link.fail();
      subject.next(1);
      expect(subject.dropped).toBe(1);
    });
  });

  it('refuses names that its schemas do not have', () => {
    const api = contract(opened().session, { procedures: {}, topics: {} }) as never as ReturnType<
      typeof contract<{ procedures: { a: {} }; topics: { a: {} } }>
    >;
    expect(() => api.call('a')).toThrowError(TypeError, 'the contract has no procedure a');
    expect(() =>
      api.register(
        'a',
        map(() => undefined),
      ),
    ).toThrowError(TypeError, 'the contract has no procedure a');
    expect(() => api.topic('a')).toThrowError(TypeError, 'the contract has no topic a');
    expect(() => api.subscribed('a')).toThrowError(TypeError, 'the contract has no topic a');
    expect(() => api.publish('toString' as 'a')).toThrowError(TypeError, 'the contract has no topic toString');
    expect(() => api.subject('a' as never)).toThrowError(TypeError, 'the contract has no topic a');
    expect(() => api.rpc.a()).toThrowError(TypeError, 'the contract has no procedure a');
  });

  it('refuses what is no schema, or misspelt, at once', () => {
    const { session } = opened();
    const refused = (schemas: unknown): string => {
      try {
        contract(session, schemas as Schemas);
      } catch (error) {
        return String(error);
      }
      return 'taken';
    };
    expect([
      refused({ procedure: {} }),
      refused({ procedures: { 'a.b': { arg: numbers } } }),
      refused({ topics: { 'a.b': { result: numbers } } }),
      refused({ topics: { 'a.b': { args: [numbers] } } }),
      refused({ topics: { 'a.b': { args: undefined } } }),
      refused({ topics: { 'a.b': null } }),
      refused(7),
    ]).toEqual([
      'TypeError: contract: unknown name procedure: schemas have procedures and topics',
      'TypeError: contract: unknown name arg of a.b: procedures have args, kwargs, progress, result',
      'TypeError: contract: unknown name result of a.b: topics have args, kwargs',
      'TypeError: contract: args of a.b is no Standard Schema: use zod, valibot, arktype, or an object with "~standard"',
      'taken',
      'TypeError: contract: a.b must be an object of args, kwargs',
      'TypeError: contract: schemas must be an object of procedures and topics',
    ]);
  });

  it('passes everything on where there are no schemas', () => {
    const stage = opened();
    const api = contract<{ procedures: { 'com.example.a': { args: [number] } }; topics: { 'com.example.b': { args: [number] } } }>(
      stage.session,
    );
    hear(api.call('com.example.a', ['no number'] as never, {}, { timeout: 5 }));
    hear(api.publish('com.example.b', [1], {}, { acknowledge: true }));
    hear(api.topic('com.example.b', { get_retained: true }));
    hear(api.subscribed('com.example.b'));
    hear(
      api.register(
        'com.example.a',
        map(() => undefined),
        { invoke: 'last' },
      ),
    );
    api.subject('com.example.b', { exclude_me: false }).next(2);
    expect(stage.sent()).toEqual([
      [CALL, 1, { timeout: 5 }, 'com.example.a', ['no number']],
      [PUBLISH, 2, { acknowledge: true }, 'com.example.b', [1]],
      [32, 3, { get_retained: true }, 'com.example.b'],
      [32, 4, {}, 'com.example.b'],
      [64, 5, { invoke: 'last' }, 'com.example.a'],
      [PUBLISH, 6, { exclude_me: false }, 'com.example.b', [2]],
    ]);
  });
});
