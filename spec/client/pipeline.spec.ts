import {
  concat,
  EMPTY,
  finalize,
  from,
  interval,
  map,
  mergeMap,
  NEVER,
  Observable,
  of,
  pipe,
  Subject,
  switchMap,
  take,
  tap,
  throwError,
} from 'rxjs';
import type { Observer, OperatorFunction, Unsubscribable } from 'rxjs';
import { rpc } from '../../src/contract/rpc.ts';
import { ApplicationError } from '../../src/protocol/errors.ts';
import { CALL, ERROR, INTERRUPT, INVOCATION, type List, REGISTERED, RESULT, YIELD } from '../../src/protocol/messages.ts';
import { type Invocation, result } from '../../src/session/result.ts';
import { drawn } from './answers.ts';
import { hear, type Opened, opened, turn } from './opened.ts';

const WORK = 'com.example.work';
type Pipeline = OperatorFunction<Invocation, unknown>;

/** A client that has registered the pipeline under id 71. */
function serving(
  pipeline: Pipeline,
  options: Parameters<typeof opened>[0] = {},
): Opened & { invoke(details?: object, ...payload: List): void } {
  const stage = opened(options);
  hear(stage.client.register(WORK, pipeline));
  stage.link.receive([REGISTERED, 1, 71]);
  stage.sent();
  let request = 0;
  return Object.assign(stage, {
    invoke: (details: object = {}, ...payload: List) => {
      stage.link.receive([INVOCATION, ++request, 71, details, ...payload]);
    },
  });
}

const progressive = { receive_progress: true };

describe('A pipeline', () => {
  it('G2 gets the invocation whole, in the turn of its arrival, from a source that completes', () => {
    const seen: unknown[] = [];
    const { invoke, sent } = serving(
      pipe(
        tap({ next: (invocation) => seen.push(invocation), complete: () => seen.push('complete') }),
        map(({ args: [a, b] }) => (a as number) + (b as number)),
      ),
    );
    invoke({ caller: 5 }, [1, 2], { k: 1 });
    expect(seen).toEqual([{ value: 1, args: [1, 2], kwargs: { k: 1 }, procedure: WORK, details: { caller: 5 } }, 'complete']);
    expect(sent()).toEqual([[YIELD, 1, {}, [3]]]);
  });

  it('G2 is made anew for each invocation', () => {
    let made = 0;
    const { invoke, sent } = serving((source) => {
      made++;
      return source.pipe(map((_, index) => index));
    });
    invoke();
    invoke();
    expect(made).toBe(2);
    expect(sent()).toEqual([
      [YIELD, 1, {}, [0]],
      [YIELD, 2, {}, [0]],
    ]);
  });

  it('G2 answers one value for each kind of value, arrays too, and none for undefined', () => {
    for (const value of [0, false, '', null, [], [1, 2], { a: 1 }]) {
      const { invoke, sent } = serving(map(() => value));
      invoke();
      expect(sent()).toEqual([[YIELD, 1, {}, [value]]]);
    }
    const { invoke, sent } = serving(map(() => undefined));
    invoke();
    expect(sent()).toEqual([[YIELD, 1, {}]]);
  });

  it('G2 sends result(args, kwargs) whole', () => {
    const answers = [result([1, 2], { k: 1 }), result([]), result(), result([], { k: 1 })];
    const { invoke, sent } = serving(map(({ value }) => answers[value as number]));
    answers.forEach((_, index) => {
      invoke({}, [index]);
    });
    expect(sent()).toEqual([
      [YIELD, 1, {}, [1, 2], { k: 1 }],
      [YIELD, 2, {}],
      [YIELD, 3, {}],
      [YIELD, 4, {}, [], { k: 1 }],
    ]);
  });

  it('G2 hands a received Result on whole, and its details stay', () => {
    const stage = opened();
    hear(
      stage.client.register(
        WORK,
        mergeMap(({ args }) => stage.client.call('com.example.other', args)),
      ),
    );
    stage.link.receive([REGISTERED, 1, 71], [INVOCATION, 1, 71, {}, [1]], [RESULT, 2, { callee: 9 }, [3, 4], { k: 5 }]);
    expect(stage.sent().slice(1)).toEqual([
      [CALL, 2, {}, 'com.example.other', [1]],
      [YIELD, 1, {}, [3, 4], { k: 5 }],
    ]);
  });

  it('G3 answers with its last emission where nobody asked for progress', () => {
    const { invoke, sent } = serving(mergeMap(() => of(1, 2, 3)));
    invoke();
    expect(sent()).toEqual([[YIELD, 1, {}, [3]]]);
  });

  it('G3 answers an empty completion with an empty YIELD', () => {
    const { invoke, sent } = serving(mergeMap(() => EMPTY));
    invoke();
    invoke(progressive);
    expect(sent()).toEqual([
      [YIELD, 1, {}],
      [YIELD, 2, {}],
    ]);
  });

  it('G3 answers a progressive caller of map with one result', async () => {
    const { invoke, sent } = serving(map(({ value }) => value));
    invoke(progressive, ['a']);
    await turn();
    expect(sent()).toEqual([[YIELD, 1, {}, ['a']]]);
  });

  it('G3 sends what comes in one turn at once, but the latest, which is the result if completion comes first', () => {
    const { invoke, sent } = serving(mergeMap(() => of(1, 2, 3)));
    invoke(progressive);
    expect(sent()).toEqual([
      [YIELD, 1, { progress: true }, [1]],
      [YIELD, 1, { progress: true }, [2]],
      [YIELD, 1, {}, [3]],
    ]);
  });

  it('G3 holds the latest only to the end of the turn, and then completes with an empty result', async () => {
    const values = new Subject<number>();
    const { invoke, sent } = serving(() => values);
    invoke(progressive);
    values.next(1);
    expect(sent()).toEqual([]);
    await turn();
    expect(sent()).toEqual([[YIELD, 1, { progress: true }, [1]]]);
    values.complete();
    expect(sent()).toEqual([[YIELD, 1, {}]]);
  });

  it('G3 counts down with switchMap and interval', () => {
    drawn(({ client, router, requests, at, expectObservable }) => {
      const wamp = client();
      const down = wamp.register<[number]>(
        WORK,
        switchMap(({ args: [n] }) => interval(10).pipe(take(n))),
      );
      expectObservable(down.pipe(map(({ id }) => id)), '^ 99ms !').toBe('15ms r', { r: 201 });
      at(20, () => {
        router.link.receive([INVOCATION, 1, 201, progressive, [3]]);
      });
      at(45, () => {
        expect(requests().slice(1)).toEqual([
          [YIELD, 1, { progress: true }, [0]],
          [YIELD, 1, { progress: true }, [1]],
        ]);
      });
      at(51, () => {
        expect(requests().at(-1)).toEqual([YIELD, 1, {}, [2]]);
        expect(requests().length).toBe(4);
      });
    });
  });

  it('G3 sends progress that is undefined, and arrays as one value', async () => {
    const values = new Subject<unknown>();
    const { invoke, sent } = serving(() => values);
    invoke(progressive);
    values.next(undefined);
    values.next([1, 2]);
    await turn();
    expect(sent()).toEqual([
      [YIELD, 1, { progress: true }],
      [YIELD, 1, { progress: true }, [[1, 2]]],
    ]);
  });

  it('G3 answers once and no more, whatever comes behind', () => {
    const chatty: Pipeline = () =>
      new Observable((subscriber) => {
        const { next, complete, error } = subscriber;
        subscriber.add(() => {
          next.call(subscriber, 3);
          error.call(subscriber, new TypeError('late'));
        });
        next.call(subscriber, 1);
        complete.call(subscriber);
        next.call(subscriber, 2);
      });
    const { invoke, sent } = serving(chatty);
    invoke();
    expect(sent()).toEqual([[YIELD, 1, {}, [1]]]);
  });

  it('G4 sends an ApplicationError verbatim, thrown or as an error of the stream', () => {
    const error = new ApplicationError('com.example.error.no', ['why', 1], { k: 2 });
    const thrown = serving(
      map(() => {
        throw error;
      }),
    );
    const emitted = serving(mergeMap(() => throwError(() => error)));
    for (const { invoke, sent, log } of [thrown, emitted]) {
      invoke();
      expect(sent()).toEqual([[ERROR, INVOCATION, 1, {}, 'com.example.error.no', ['why', 1], { k: 2 }]]);
      expect(log.failed).toEqual([]);
      expect(log.debugged).toEqual(['the handler of com.example.work answered com.example.error.no: why']);
    }
  });

  it('G4 sends another Error as runtime_error with its message, logs it where it happened, and lives on', () => {
    const { invoke, sent, log, errors } = serving(
      map(({ value }) => {
        if (value === 'bad') throw new TypeError('not like this');
        return value;
      }),
    );
    invoke({}, ['bad']);
    invoke({}, ['good']);
    expect(sent()).toEqual([
      [ERROR, INVOCATION, 1, {}, 'wamp.error.runtime_error', ['not like this']],
      [YIELD, 2, {}, ['good']],
    ]);
    expect(log.failed).toEqual(['the handler of com.example.work failed: not like this']);
    expect(errors.map((error) => [String(error), error.uri, String(error.cause)])).toEqual([
      ['WampError: the handler of com.example.work failed: not like this', 'wamp.error.runtime_error', 'TypeError: not like this'],
    ]);
  });

  it('G4 sends what is no Error without arguments', () => {
    // eslint-disable-next-line rxjs-x/throw-error -- what this is about
    const { invoke, sent, log } = serving(() => throwError((): unknown => 'a secret'));
    invoke();
    expect(sent()).toEqual([[ERROR, INVOCATION, 1, {}, 'wamp.error.runtime_error']]);
    expect(log.failed).toEqual(['the handler of com.example.work failed: a secret']);
  });

  it('G4 keeps messages from callers with maskErrors, but not from the log', () => {
    const { invoke, sent, log } = serving(
      mergeMap(({ value }) =>
        throwError(() => (value === 1 ? new ApplicationError('com.example.error.no', ['why']) : new TypeError('secret'))),
      ),
      { maskErrors: true },
    );
    invoke({}, [0]);
    invoke({}, [1]);
    expect(sent()).toEqual([
      [ERROR, INVOCATION, 1, {}, 'wamp.error.runtime_error'],
      [ERROR, INVOCATION, 2, {}, 'com.example.error.no', ['why']],
    ]);
    expect(log.failed).toEqual(['the handler of com.example.work failed: secret']);
  });

  it('G4 replaces an error URI that a router would not take (trap 9)', () => {
    const { invoke, sent } = serving(() => throwError(() => new ApplicationError('not a uri', ['why'])));
    invoke();
    expect(sent()).toEqual([[ERROR, INVOCATION, 1, {}, 'wamp.error.runtime_error', ['not a uri: why']]]);
  });

  it('G4 sends what came before an error as progress, in the same turn too', async () => {
    const { invoke, sent } = serving(() =>
      concat(
        of(1),
        throwError(() => new TypeError('broken')),
      ),
    );
    invoke(progressive);
    await turn();
    expect(sent()).toEqual([
      [YIELD, 1, { progress: true }, [1]],
      [ERROR, INVOCATION, 1, {}, 'wamp.error.runtime_error', ['broken']],
    ]);
  });

  it('G5 is unsubscribed by INTERRUPT, which is answered', () => {
    let stopped = 0;
    const { invoke, link, sent, client } = serving(() => NEVER.pipe(finalize(() => stopped++)));
    invoke();
    link.receive([INTERRUPT, 1, { mode: 'kill' }]);
    expect(stopped).toBe(1);
    expect(sent()).toEqual([[ERROR, INVOCATION, 1, {}, 'wamp.error.canceled']]);
    expect(client.inspect().registrations).toEqual([{ procedure: WORK, running: 0, id: 71 }]);
  });

  it('G5 hears nothing of an INTERRUPT for what is finished (trap 8)', () => {
    const { invoke, link, sent, client } = serving(map(() => 1));
    invoke();
    link.receive([INTERRUPT, 1, {}]);
    expect(sent()).toEqual([[YIELD, 1, {}, [1]]]);
    expect(client.inspect().counters.dropped).toBe(1);
  });

  it('G6 answers a result that cannot be encoded with invalid_payload, and logs it', () => {
    const { invoke, sent, log } = serving(map(() => () => 'a function'));
    invoke();
    expect(sent()).toEqual([
      [ERROR, INVOCATION, 1, {}, 'wamp.error.invalid_payload', ['args[0] is a function and cannot be sent: send data']],
    ]);
    expect(log.failed).toEqual(['the handler of com.example.work failed: args[0] is a function and cannot be sent: send data']);
  });

  it('G6 ends with the first progress that cannot be encoded', () => {
    let stopped = 0;
    const { invoke, sent } = serving(() => from([Symbol('no'), 1, 2]).pipe(finalize(() => stopped++)));
    invoke(progressive);
    expect(stopped).toBe(1);
    expect(sent().map(([code]) => code)).toEqual([ERROR]);
  });

  it('is refused by the first invocation if it gives no Observable', () => {
    const { invoke, sent, log } = serving((() => 5) as never);
    invoke();
    const proxied = serving((() => rpc({ call: () => NEVER }) as unknown) as never);
    proxied.invoke();
    expect(proxied.sent().length).withContext('a proxy of remote calls').toBe(1);
    const sentence = 'the pipeline gave no Observable: register takes RxJS operators, like map(({ args }) => …)';
    expect(sent()).toEqual([[ERROR, INVOCATION, 1, {}, 'wamp.error.runtime_error', [sentence]]]);
    expect(log.failed).toEqual([`the handler of com.example.work failed: ${sentence}`]);
  });

  it('may come from another copy of rxjs, which is said once', () => {
    // What another copy's Observable looks like from here.
    class Foreign {
      [(Symbol as unknown as { readonly observable?: symbol }).observable ?? '@@observable'](): this {
        return this;
      }
      lift(): this {
        return this;
      }
      subscribe(observer: Observer<unknown>): Unsubscribable {
        observer.next('foreign');
        observer.complete();
        return { unsubscribe: () => {} };
      }
    }
    const { invoke, sent, log } = serving((() => new Foreign()) as never);
    invoke();
    invoke();
    expect(sent()).toEqual([
      [YIELD, 1, {}, ['foreign']],
      [YIELD, 2, {}, ['foreign']],
    ]);
    expect(log.warned).toEqual([
      'two copies of rxjs are loaded: a pipeline comes from another one than the client; npm ls rxjs shows them, npm dedupe mends it',
    ]);
  });

  it('leaves no observer behind after 1,000 invocations (trap 11)', () => {
    let [subscribed, stopped] = [0, 0];
    const { invoke, client } = serving(
      mergeMap(({ value }) =>
        new Observable((subscriber) => {
          subscribed++;
          subscriber.next(value);
          subscriber.complete();
        }).pipe(finalize(() => stopped++)),
      ),
    );
    for (let i = 0; i < 1000; i++) invoke({}, [i]);
    expect([subscribed, stopped]).toEqual([1000, 1000]);
    expect(client.inspect().registrations).toEqual([{ procedure: WORK, running: 0, id: 71 }]);
    expect(client.inspect().counters.sent).toBe(1002);
  });

  it('leaves the other alive when one of two is interrupted (trap 11)', async () => {
    const values = new Subject<number>();
    const { invoke, link, sent } = serving(() => values);
    invoke();
    invoke();
    expect(values.observed).toBeTrue();
    link.receive([INTERRUPT, 1, {}]);
    values.next(5);
    values.complete();
    await turn();
    expect(sent()).toEqual([
      [ERROR, INVOCATION, 1, {}, 'wamp.error.canceled'],
      [YIELD, 2, {}, [5]],
    ]);
  });
});
