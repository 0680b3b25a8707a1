// The invocations that run: exactly one final answer each, progress in between, and none behind a lost session.
import { ApplicationError, WampError } from '../../src/protocol/errors.ts';
import { INTERRUPT, INVOCATION, REGISTERED, YIELD } from '../../src/protocol/messages.ts';
import { describeError, type Handler } from '../../src/session/callee.ts';
import { result } from '../../src/session/result.ts';
import { expectNothingLeft, LOST, type Run, setup } from './setup.ts';

const ADD = 'com.example.add';
const ERROR = 8;
const PROGRESS = { progress: true };
const canceled = (request: number): unknown[] => [ERROR, INVOCATION, request, {}, 'wamp.error.canceled'];

/** A live registration under id 55, what it was asked, and how it is asked. */

function registered(handler?: Handler) {
  const s = setup();
  const a = s.register(ADD, {}, handler === undefined ? {} : { handler });
  s.receive([REGISTERED, 1, 55]);
  s.news();
  const invoke = (request: number, ...payload: unknown[]): Run => {
    s.receive([INVOCATION, request, 55, {}, ...payload]);
    return a.runs.at(-1)!;
  };
  const invokeProgressive = (request: number): Run => {
    s.receive([INVOCATION, request, 55, { receive_progress: true }]);
    return a.runs.at(-1)!;
  };
  const done = (): void => {
    a.unsubscribe();
    s.receive([67, s.core.nextRequest - 1]);
    expectNothingLeft(s);
  };
  return { ...s, s, a, invoke, invokeProgressive, done };
}

describe('Invocations', () => {
  it('G2 hands on everything that the INVOCATION says', () => {
    const { a, receive } = registered();
    receive([INVOCATION, 7, 55, { caller: 5 }, ['x', 2], { k: 1 }], [INVOCATION, 8, 55, { procedure: `${ADD}.fast` }]);
    expect(a.runs.map(({ invocation }) => invocation)).toEqual([
      { value: 'x', args: ['x', 2], kwargs: { k: 1 }, procedure: ADD, details: { caller: 5 } },
      { value: undefined, args: [], kwargs: {}, procedure: `${ADD}.fast`, details: { procedure: `${ADD}.fast` } },
    ]);
  });

  it('G2 an INVOCATION right behind REGISTERED runs', () => {
    const s = setup();
    const a = s.register(ADD);
    s.receive([REGISTERED, 1, 55], [INVOCATION, 1, 55, {}]);
    expect(a.runs.length).toBe(1);
  });

  it('G6 an INVOCATION for no registration of ours is answered: no_such_registration', () => {
    const s = setup();
    s.receive([INVOCATION, 7, 99, {}]);
    expect(s.sent).toEqual([[ERROR, INVOCATION, 7, {}, 'wamp.error.no_such_registration', ['there is no such registration']]]);
    expect(s.core.isOpen).toBeTrue();
  });

  for (const [name, value, payload] of [
    ['one value', 3, [[3]]],
    ['a list as one value', [1, 2], [[[1, 2]]]],
    ['null', null, [[null]]],
    ['0', 0, [[0]]],
    ['undefined as no arguments', undefined, []],
    ['a whole result', result([1, 2], { k: 1 }), [[1, 2], { k: 1 }]],
    ['a result of keyword values', result([], { k: 1 }), [[], { k: 1 }]],
    ['an empty result', result(), []],
  ] as const) {
    it(`G2 G3 without progress the last emission is the result: ${name}`, () => {
      const { invoke, news, turn, done } = registered();
      const run = invoke(7);
      run.reply.next('earlier');
      run.reply.next(value);
      turn();
      expect(news()).toEqual([]);
      run.reply.complete();
      expect(news()).toEqual([[YIELD, 7, {}, ...payload]]);
      done();
    });
  }

  it('G3 empty completion is an empty YIELD, with progress too', () => {
    const { invoke, invokeProgressive, news, done } = registered();
    invoke(7).reply.complete();
    invokeProgressive(8).reply.complete();
    expect(news()).toEqual([
      [YIELD, 7, {}],
      [YIELD, 8, {}],
    ]);
    done();
  });

  it('G3 with progress asked for, emissions go at once, and the latest is held to the end of the turn', () => {
    const { invokeProgressive, news, turn, done } = registered();
    const { reply } = invokeProgressive(7);
    reply.next('a');
    expect(news()).toEqual([]);
    reply.next('b');
    expect(news()).toEqual([[YIELD, 7, PROGRESS, ['a']]]);
    turn();
    expect(news()).toEqual([[YIELD, 7, PROGRESS, ['b']]]);
    turn();
    expect(news()).toEqual([]);
    reply.next('c');
    turn();
    reply.complete();
    expect(news()).toEqual([
      [YIELD, 7, PROGRESS, ['c']],
      [YIELD, 7, {}],
    ]);
    done();
  });

  it('G3 if completion comes before the end of the turn, the latest is the final YIELD', () => {
    const { invokeProgressive, news, turn, done } = registered();
    const { reply } = invokeProgressive(7);
    reply.next('a');
    reply.next('b');
    reply.complete();
    turn();
    expect(news()).toEqual([
      [YIELD, 7, PROGRESS, ['a']],
      [YIELD, 7, {}, ['b']],
    ]);
    done();
  });

  it('G3 one flush per turn, however many emissions', () => {
    const { s, invokeProgressive, news, turn } = registered();
    const { reply } = invokeProgressive(7);
    let deferred = 0;
    const { defer } = s.core.host;
    s.core.host.defer = (task) => {
      deferred++;
      defer(task);
    };
    for (const value of ['a', 'b', 'c']) reply.next(value);
    turn();
    reply.next('d');
    turn();
    expect([deferred, news().length]).toEqual([2, 4]);
  });

  it('G3 a progressive undefined is an empty YIELD', () => {
    const { invokeProgressive, news, turn } = registered();
    invokeProgressive(7).reply.next(undefined);
    turn();
    expect(news()).toEqual([[YIELD, 7, PROGRESS]]);
  });

  it('G3 exactly one final answer: nothing behind completion, error or cancellation', () => {
    const { receive, invoke, news, turn, reported, done } = registered();
    const [a, b, c] = [invoke(7), invoke(8), invoke(9)];
    a.reply.complete();
    b.reply.error(new ApplicationError('com.example.error.odd'));
    receive([INTERRUPT, 9, {}]);
    expect(news().length).toBe(3);
    for (const { reply } of [a, b, c]) {
      reply.next(1);
      reply.error(new TypeError('late'));
      reply.complete();
    }
    turn();
    expect([news(), reported.length]).toEqual([[], 1]);
    done();
  });

  describe('error', () => {
    it('G4 an ApplicationError goes verbatim', () => {
      const { invoke, news, reported, done } = registered();
      const error = new ApplicationError('com.example.error.odd', [1, 'x'], { k: 1 });
      invoke(7).reply.error(error);
      expect(news()).toEqual([[ERROR, INVOCATION, 7, {}, 'com.example.error.odd', [1, 'x'], { k: 1 }]]);
      expect(reported).toEqual([error]);
      done();
    });

    it('G4 a handler that throws is answered, reported, and can be called again', () => {
      const thrown = new TypeError('no such number');
      const { receive, news, reported, done } = registered(() => {
        throw thrown;
      });
      receive([INVOCATION, 7, 55, {}], [INVOCATION, 8, 55, {}]);
      expect(news()).toEqual([
        [ERROR, INVOCATION, 7, {}, 'wamp.error.runtime_error', ['no such number']],
        [ERROR, INVOCATION, 8, {}, 'wamp.error.runtime_error', ['no such number']],
      ]);
      expect(reported).toEqual([thrown, thrown]);
      done();
    });

    it('G4 what a handler throws behind its answer is reported, and answered no second time', () => {
      const thrown = new TypeError('too late');
      const { receive, news, reported, done } = registered((_, reply) => {
        reply.next(1);
        reply.complete();
        throw thrown;
      });
      receive([INVOCATION, 7, 55, {}]);
      expect([news(), reported]).toEqual([[[YIELD, 7, {}, [1]]], [thrown]]);
      done();
    });

    it('G4 an error whose arguments cannot be sent goes without them', () => {
      const { channel, invoke, news, reported, done } = registered();
      const refused = new TypeError('cannot be encoded');
      invoke(7).reply.error(new ApplicationError('com.example.error.odd', [() => 1]));
      channel.refuses = (message) => (message.length > 5 ? refused : undefined);
      invoke(8).reply.error(new ApplicationError('com.example.error.odd', [1n]));
      expect(news()).toEqual([
        [ERROR, INVOCATION, 7, {}, 'com.example.error.odd'],
        [ERROR, INVOCATION, 8, {}, 'com.example.error.odd'],
      ]);
      expect([reported.length, reported[3]]).toEqual([4, refused]);
      channel.refuses = undefined;
      done();
    });

    it('G4 progress before an error is sent before it', () => {
      const { invokeProgressive, invoke, news, turn, done } = registered();
      const { reply } = invokeProgressive(7);
      reply.next('a');
      reply.error(new ApplicationError('com.example.error.odd'));
      const plain = invoke(8).reply;
      plain.next('never');
      plain.error(new ApplicationError('com.example.error.odd'));
      turn();
      expect(news()).toEqual([
        [YIELD, 7, PROGRESS, ['a']],
        [ERROR, INVOCATION, 7, {}, 'com.example.error.odd'],
        [ERROR, INVOCATION, 8, {}, 'com.example.error.odd'],
      ]);
      done();
    });
  });

  describe('what cannot be sent', () => {
    it('G6 a result that cannot be encoded is answered: invalid_payload', () => {
      const { invoke, news, reported, done } = registered();
      const run = invoke(7);
      run.reply.next(() => 1);
      run.reply.complete();
      expect(news()).toEqual([
        [ERROR, INVOCATION, 7, {}, 'wamp.error.invalid_payload', ['args[0] is a function and cannot be sent: send data']],
      ]);
      expect([run.stopped, reported.length]).toEqual([1, 1]);
      done();
    });

    it('G6 a progressive one ends the invocation, and what comes behind is not sent', () => {
      const { channel, invokeProgressive, news, turn, done } = registered();
      const run = invokeProgressive(7);
      const large = new WampError('wamp.error.payload_size_exceeded', 'larger than 10 bytes');
      channel.refuses = (message) => (message[0] === YIELD ? large : undefined);
      run.reply.next('large');
      run.reply.next('next');
      run.reply.complete();
      turn();
      expect(news()).toEqual([[ERROR, INVOCATION, 7, {}, 'wamp.error.payload_size_exceeded', ['larger than 10 bytes']]]);
      expect(run.stopped).toBe(1);
      channel.refuses = undefined;
      done();
    });

    it('G6 progress that cannot be sent is the only error, also where one follows', () => {
      const { invokeProgressive, news, done } = registered();
      const run = invokeProgressive(7);
      run.reply.next(Symbol('x'));
      run.reply.error(new ApplicationError('com.example.error.odd'));
      expect(news().map((message) => message[4])).toEqual(['wamp.error.invalid_payload']);
      done();
    });

    it('G6 what a serializer throws, and is no Error, has a sentence too', () => {
      const { channel, invoke, news } = registered();
      channel.refuses = (message) => (message[0] === YIELD ? 'no' : undefined);
      invoke(7).reply.complete();
      expect(news()).toEqual([[ERROR, INVOCATION, 7, {}, 'wamp.error.invalid_payload', ['the result cannot be encoded']]]);
    });
  });

  describe('cancelling', () => {
    it('G5 INTERRUPT unsubscribes the pipeline and answers: canceled', () => {
      const { receive, invoke, news, done } = registered();
      const [a, b] = [invoke(7), invoke(8)];
      receive([INTERRUPT, 7, { mode: 'kill' }]);
      expect([a.stopped, b.stopped, news()]).toEqual([1, 0, [canceled(7)]]);
      b.reply.complete();
      done();
    });

    it('trap 8: an INTERRUPT for a finished invocation is dropped and counted', () => {
      const { s, receive, invoke, news } = registered();
      invoke(7).reply.complete();
      news();
      receive([INTERRUPT, 7, {}], [INTERRUPT, 99, {}]);
      expect([news(), s.core.counters.dropped, s.core.isOpen]).toEqual([[], 2, true]);
    });

    it('G5 leaving the registration cancels what runs for it, and for no other', () => {
      const { s, a, receive, invoke, news } = registered();
      const other = s.register('com.example.sub');
      receive([REGISTERED, 2, 56], [INVOCATION, 6, 56, {}]);
      const [x, y] = [invoke(7), invoke(8)];
      news();
      a.unsubscribe();
      expect(news()).toEqual([canceled(7), canceled(8), [66, 3, 55]]);
      expect([x.stopped, y.stopped, other.runs[0]!.stopped]).toEqual([1, 1, 0]);
    });

    it('G3 a teardown that ends another invocation: each has one answer', () => {
      const replies: Run['reply'][] = [];
      const { a, receive, news, done } = registered((_, reply) => {
        replies.push(reply);
        return {
          unsubscribe: () => {
            for (const one of replies) one.complete();
          },
        };
      });
      receive([INVOCATION, 7, 55, {}], [INVOCATION, 8, 55, {}]);
      a.unsubscribe();
      expect(news()).toEqual([canceled(7), [YIELD, 8, {}], [66, 2, 55]]);
      done();
    });

    it('a handler that is cancelled while it starts is unsubscribed when it returns', () => {
      let stopped = 0;
      const { receive, news, done } = registered(() => {
        receive([INTERRUPT, 7, {}]);
        return { unsubscribe: () => stopped++ };
      });
      receive([INVOCATION, 7, 55, {}]);
      expect([stopped, news()]).toEqual([1, [canceled(7)]]);
      done();
    });

    it('a handler that ends while it starts is unsubscribed when it returns, once', () => {
      let stopped = 0;
      const { a, receive, news, done } = registered((_, reply) => {
        reply.complete();
        return { unsubscribe: () => stopped++ };
      });
      receive([INVOCATION, 7, 55, {}]);
      expect([stopped, a.runs.length, news()]).toEqual([1, 0, [[YIELD, 7, {}]]]);
      done();
    });

    it('trap 13: a teardown that throws is reported, and the others are cancelled', () => {
      const thrown = new TypeError('from teardown');
      const { a, receive, news, reported, done } = registered(() => ({
        unsubscribe: () => {
          throw thrown;
        },
      }));
      receive([INVOCATION, 7, 55, {}], [INVOCATION, 8, 55, {}]);
      a.unsubscribe();
      expect([news().length, reported]).toEqual([3, [thrown, thrown]]);
      done();
    });

    it('G5 on a lost session pipelines are unsubscribed and nothing is sent', () => {
      const { s, invoke, invokeProgressive, news, turn } = registered();
      const [a, b] = [invoke(7), invokeProgressive(8)];
      b.reply.next('held');
      s.core.lose(LOST);
      a.reply.complete();
      b.reply.next('more');
      b.reply.error(new TypeError('late'));
      turn();
      expect([a.stopped, b.stopped, news(), s.reported]).toEqual([1, 1, [], []]);
      expectNothingLeft(s);
    });

    it('trap 11: 1,000 invocations leave nothing behind', () => {
      const { s, invoke, news, log, done } = registered();
      log.length = 0;
      for (let request = 1; request <= 1000; request++) invoke(request).reply.complete();
      expect([news().length, s.core.invocations.size]).toEqual([1000, 0]);
      expect(log).toEqual(new Array(1000).fill('idle'));
      done();
    });
  });

  describe('describeError', () => {
    it('trap 9: a URI that a router would not take is replaced', () => {
      expect(describeError(new ApplicationError('TypeError: x', [1], {}, { message: 'x' }), false)).toEqual([
        'wamp.error.runtime_error',
        ['x'],
        {},
      ]);
      expect(describeError(new ApplicationError('com.example.odd', [1], { k: 1 }), true)).toEqual(['com.example.odd', [1], { k: 1 }]);
    });

    it('G4 another Error goes with its message, which can be masked; anything else without', () => {
      expect([describeError(new RangeError('x'), false), describeError(new RangeError('x'), true), describeError('x', false)]).toEqual([
        ['wamp.error.runtime_error', ['x'], {}],
        ['wamp.error.runtime_error', [], {}],
        ['wamp.error.runtime_error', [], {}],
      ]);
    });
  });
});
