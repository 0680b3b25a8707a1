// The session core: ids, dispatch, both ways to end it, violations, the sweep, frames that cannot be decoded.
import { ConnectionError, ProtocolError, WampError } from '../../src/protocol/errors.ts';
import {
  ABORT,
  CALL,
  GOODBYE,
  INVOCATION,
  type List,
  PUBLISHED,
  REGISTERED,
  RESULT,
  SUBSCRIBE,
  SUBSCRIBED,
} from '../../src/protocol/messages.ts';
import { Garbled } from '../../src/protocol/sink.ts';
import { expectNothingLeft, type Listening, LOST, setup, URL } from './setup.ts';

const ADD = 'com.example.add';
const TICKS = 'com.example.ticks';
const ERROR = 8;
const ACKNOWLEDGE = { acknowledge: true };
type Setup = ReturnType<typeof setup>;

/** The error with which a session ended. */
const ended = (s: Setup): ConnectionError | undefined =>
  (s.log.find((entry) => Array.isArray(entry)) as [string, ConnectionError] | undefined)?.[1];

describe('SessionCore', () => {
  describe('ids', () => {
    it('trap 5: run 1, 2, 3 over all kinds of requests, and only requests take one', () => {
      const s = setup();
      s.call(ADD);
      s.publish(TICKS);
      s.topic(TICKS);
      s.register(ADD).unsubscribe();
      s.receive([REGISTERED, 4, 55], [INVOCATION, 9, 55, {}]);
      s.call(ADD).unsubscribe();
      s.call(ADD);
      expect(s.sent.map(([code, id]) => [code, id])).toEqual([
        [48, 1],
        [16, 2],
        [32, 3],
        [64, 4],
        [66, 5],
        [ERROR, INVOCATION],
        [48, 6],
        [49, 6],
        [48, 7],
      ]);
    });

    it('trap 5: start at 1 in every session, and after 2^53 comes 1', () => {
      const s = setup();
      expect(s.core.nextRequest).toBe(1);
      s.core.issue([CALL, 2 ** 53, {}, ADD]);
      s.call(ADD);
      expect(s.sent[1]).toEqual([CALL, 1, {}, ADD]);
    });

    it('counts what goes out and what comes in, HELLO and WELCOME included', () => {
      const s = setup();
      s.topic(TICKS);
      s.core.send([GOODBYE, {}, 'wamp.close.normal']);
      s.receive([SUBSCRIBED, 1, 77]);
      expect(s.core.counters).toEqual({ sent: 3, received: 2, dropped: 0 });
    });
  });

  describe('host', () => {
    it('R9 hears when something waits and nothing did before, and when nothing waits any more', () => {
      const s = setup();
      s.call(ADD);
      s.call(ADD);
      s.receive([RESULT, 1, {}]);
      expect([s.log, s.core.isIdle]).toEqual([['pending'], false]);
      s.receive([RESULT, 2, {}]);
      expect([s.log, s.core.isIdle]).toEqual([['pending', 'idle'], true]);
    });

    it('is not idle while an invocation runs', () => {
      const s = setup();
      const a = s.register(ADD);
      s.receive([REGISTERED, 1, 55], [INVOCATION, 9, 55, {}]);
      s.call(ADD);
      s.receive([RESULT, 2, {}]);
      expect([s.log, s.core.isIdle]).toEqual([['pending', 'idle', 'pending'], false]);
      a.runs[0]!.reply.complete();
      expect([s.log.length, s.core.isIdle]).toEqual([4, true]);
    });
  });

  describe('answers', () => {
    it('C3 trap 8: one for an id that was issued and that nobody waits for is dropped and counted', () => {
      const s = setup();
      s.publish(TICKS);
      s.receive([17, 1, 5], [33, 1, 5], [35, 1], [65, 1, 5], [67, 1], [RESULT, 1, {}], [ERROR, 48, 1, {}, 'com.example.odd']);
      expect([s.core.counters.dropped, s.core.isOpen]).toEqual([7, true]);
    });

    for (const [name, message] of [
      ['RESULT', [RESULT, 2, {}]],
      ['SUBSCRIBED', [SUBSCRIBED, 2, 77]],
      ['ERROR', [ERROR, CALL, 2, {}, 'com.example.odd']],
    ] as const) {
      it(`C3 ${name} for a later id is a violation`, () => {
        const s = setup();
        const a = s.call(ADD);
        s.receive(message);
        expect(s.sent.slice(1)).toEqual([
          [ABORT, { message: 'request 2 was answered before it was sent' }, 'wamp.error.protocol_violation'],
        ]);
        expect([a.heard, s.core.isOpen]).toEqual([[['error', 'wamp.error.protocol_violation']], false]);
        expectNothingLeft(s);
      });
    }

    it('an answer of another kind than its request is a violation', () => {
      const s = setup();
      s.call(ADD);
      s.receive([SUBSCRIBED, 1, 77]);
      expect(s.sent[1]).toEqual([
        ABORT,
        { message: 'message type 33 answers request 1, which is of type 48' },
        'wamp.error.protocol_violation',
      ]);
    });

    it('an ERROR of another type than its request is dropped: nexus answers CANCEL so', () => {
      const s = setup();
      const a = s.call(ADD);
      s.receive([ERROR, 49, 1, {}, 'wamp.error.canceled'], [ERROR, 32, 1, {}, 'wamp.error.canceled'], [RESULT, 1, {}, [3]]);
      expect([a.heard, s.core.counters.dropped]).toEqual([[['next', [3]], ['complete']], 2]);
    });
  });

  describe('violations', () => {
    for (const message of [
      [RESULT, 1, []],
      [RESULT, 1],
      [36, 77],
      [36, 77, 9, {}, 'text'],
      [INVOCATION, 1, 55, null],
      [INVOCATION, 'x', 55, {}],
      [INVOCATION, 1, 55, {}, [], []],
      [SUBSCRIBED, 1],
      [REGISTERED, 1, '55'],
      [17, 1, null],
      [35],
      [2, 5, { roles: {} }],
      [4, 'ticket', {}],
      [48, 1, {}, ADD],
      [99],
      [],
    ]) {
      it(`I5 ${JSON.stringify(message)} is answered with ABORT and ends the session`, () => {
        const s = setup();
        s.topic(TICKS);
        s.receive(message);
        const [code, details, uri] = s.sent[1] as [number, { message: string }, string];
        expect([code, uri, details.message.length > 10]).toEqual([ABORT, 'wamp.error.protocol_violation', true]);
        const error = ended(s)!;
        expect(error).toBeInstanceOf(ConnectionError);
        expect([error.uri, error.sent, error.url]).toEqual(['wamp.error.protocol_violation', true, URL]);
        expect(error.message).toBe(`the router at ${URL} broke the protocol: ${details.message}`);
        expect(error.cause).toBeInstanceOf(ProtocolError);
        expect((error.cause as ProtocolError).message).toBe(details.message);
        expect([s.log.includes('cut'), s.sent.length]).toEqual([true, 2]);
        expectNothingLeft(s);
      });
    }

    it('I5 says which message must not come', () => {
      const s = setup();
      s.receive([2, 5, { roles: {} }]);
      expect(s.sent).toEqual([[ABORT, { message: 'message type 2 must not come in an open session' }, 'wamp.error.protocol_violation']]);
    });

    it('binary in the place of a list is an older payload form: dropped', () => {
      const s = setup();
      s.topic(TICKS);
      s.receive([SUBSCRIBED, 1, 77], [36, 77, 9, {}, new Uint8Array(2)], [RESULT, 1, {}, new Uint8Array(2)]);
      expect([s.core.counters.dropped, s.core.isOpen]).toEqual([2, true]);
    });
  });

  describe('lose', () => {
    it('R1 first the state, then the owner, then everyone who waits: a retry inside the error finds no session', () => {
      const s = setup();
      const order: unknown[] = [];
      s.ending.also = () => order.push(['owner', s.core.isOpen, s.core.requests.size]);
      const error = (): void => {
        order.push('call');
        expect(() => s.call(ADD)).toThrow(LOST);
      };
      s.call(ADD, {}, { error });
      s.call(ADD, {}, { error });
      s.core.lose(LOST);
      expect(order).toEqual([['owner', false, 0], 'call', 'call']);
      expect([s.sent.length, s.core.failure]).toEqual([2, LOST]);
    });

    it('R2 all streams of one loss share the instance, and it says sent: true', () => {
      const s = setup();
      const broken = new ConnectionError('the link broke', { code: 1006, reason: 'gone', url: URL, status: 500, uri: 'com.example.gone' });
      const all = [s.call(ADD), s.publish(TICKS, ACKNOWLEDGE), s.topic(TICKS), s.register(ADD)];
      s.receive([SUBSCRIBED, 3, 77]);
      s.core.lose(broken);
      const first = all[0]!.errors[0] as ConnectionError | undefined;
      expect(all.map(({ errors }) => errors.length === 1 && errors[0] === first)).toEqual([true, true, true, true]);
      expect([first!.sent, first!.code, first!.reason, first!.url, first!.status, first!.uri, first!.message, first!.cause]).toEqual([
        true,
        1006,
        'gone',
        URL,
        500,
        'com.example.gone',
        'the link broke',
        broken,
      ]);
      expectNothingLeft(s);
    });

    it('trap 12: nothing is sent with an id of a dead session', () => {
      const s = setup();
      const [a, b] = [s.call(ADD), s.register(ADD)];
      s.receive([REGISTERED, 2, 55], [INVOCATION, 9, 55, {}]);
      s.core.lose(LOST);
      s.news();
      a.unsubscribe();
      b.unsubscribe();
      b.runs[0]!.reply.complete();
      expect(() => s.publish(TICKS)).toThrow(LOST);
      s.core.leave();
      s.core.lose(new ConnectionError('again'));
      s.receive([RESULT, 1, {}], [GOODBYE, {}, 'wamp.close.normal'], [99]);
      expect([s.sent, s.log.filter((entry) => entry === 'cut').length, ended(s), s.log.includes('complete')]).toEqual([[], 1, LOST, false]);
    });

    it('trap 13: one that throws in its error harms no other, nor does the owner', () => {
      const s = setup();
      const thrown = new TypeError('from error');
      const throws = (): void => {
        throw thrown;
      };
      s.ending.also = throws;
      s.call(ADD, {}, { error: throws });
      const b = s.call(ADD);
      s.core.lose(LOST);
      expect([b.errors, s.reported]).toEqual([[LOST], [thrown, thrown]]);
    });
  });

  describe('the router ends it', () => {
    it('L2 L6 GOODBYE is answered once, and ends it with its reason', () => {
      const s = setup();
      const a = s.call(ADD);
      s.receive([GOODBYE, { message: 'bye' }, 'wamp.close.system_shutdown'], [GOODBYE, {}, 'wamp.close.goodbye_and_out']);
      expect(s.sent.slice(1)).toEqual([[GOODBYE, {}, 'wamp.close.goodbye_and_out']]);
      const error = a.errors[0] as ConnectionError | undefined;
      expect([error!.uri, error!.message, error!.sent, error!.url]).toEqual([
        'wamp.close.system_shutdown',
        `the router at ${URL} closed the session with wamp.close.system_shutdown: bye`,
        true,
        URL,
      ]);
      expect(ended(s)).toBe(error);
      expectNothingLeft(s);
    });

    it('L2 ABORT is not answered, and ends it with its reason', () => {
      const s = setup();
      const a = s.call(ADD);
      s.receive([ABORT, {}, 'wamp.error.protocol_violation']);
      expect([s.sent.length, a.errors[0]!.message]).toEqual([
        1,
        `the router at ${URL} aborted the session with wamp.error.protocol_violation`,
      ]);
      expect(a.errors[0]).toBeInstanceOf(ConnectionError);
      expectNothingLeft(s);
    });
  });

  describe('leave', () => {
    it('L5 says GOODBYE, and completes at the echo', () => {
      const s = setup();
      s.core.leave();
      s.core.leave();
      expect([s.sent, s.log, s.core.isOpen]).toEqual([[[GOODBYE, {}, 'wamp.close.close_realm']], [], false]);
      s.receive([GOODBYE, {}, 'wamp.close.goodbye_and_out'], [GOODBYE, {}, 'wamp.close.goodbye_and_out']);
      expect([s.sent.length, s.log]).toEqual([1, ['cut', 'complete']]);
    });

    for (const [name, ends] of [
      ['L6 the router’s own GOODBYE, which crossed, is the echo', (s: Setup) => s.receive([GOODBYE, {}, 'wamp.close.system_shutdown'])],
      ['L5 ABORT in the place of the echo ends it', (s: Setup) => s.receive([ABORT, {}, 'wamp.error.protocol_violation'])],
      ['L5 a close in the place of the echo ends it', (s: Setup) => s.core.lose(LOST)],
    ] as const) {
      it(name, () => {
        const s = setup();
        s.core.leave();
        ends(s);
        s.core.lose(LOST);
        expect([s.sent.length, s.log]).toEqual([1, ['cut', 'complete']]);
      });
    }

    it('L5 what comes before the echo is ignored, whatever it is', () => {
      const s = setup();
      s.register(ADD);
      s.topic(TICKS);
      s.receive([REGISTERED, 1, 55], [SUBSCRIBED, 2, 77]);
      s.core.leave();
      s.core.receive(new Garbled('x', [GOODBYE]));
      s.receive([INVOCATION, 9, 55, {}], [36, 77, 9, {}], [RESULT, 99, {}], [99]);
      expect([s.sent.length, s.log.includes('complete'), s.core.counters.dropped]).toEqual([3, false, 0]);
    });

    it('L9 what waits for an answer errors at once, with sent: true and the reason for leaving', () => {
      const s = setup();
      const [a, b] = [s.call(ADD), s.publish(TICKS, ACKNOWLEDGE)];
      s.core.leave('the client was closed');
      const error = a.errors[0] as ConnectionError | undefined;
      expect([error!.uri, error!.message, error!.sent, error!.url]).toEqual(['wamp.close.close_realm', 'the client was closed', true, URL]);
      expect([b.errors[0] === error, s.core.failure === error]).toEqual([true, true]);
      expect(() => s.call(ADD)).toThrow(error!);
      s.core.leave();
      expect(s.core.failure).toBe(error);
    });

    it('L5 says by itself that the session was left', () => {
      const s = setup();
      s.core.leave();
      expect(s.core.failure!.message).toBe('the session was left');
    });

    it('G5 cancels what runs before it says GOODBYE', () => {
      const s = setup();
      const a = s.register(ADD);
      s.receive([REGISTERED, 1, 55], [INVOCATION, 9, 55, {}]);
      s.core.leave();
      expect(s.sent.slice(1)).toEqual([
        [ERROR, INVOCATION, 9, {}, 'wamp.error.canceled'],
        [GOODBYE, {}, 'wamp.close.close_realm'],
      ]);
      expect([a.runs[0]!.stopped, s.core.invocations.size]).toEqual([1, 0]);
      s.receive([GOODBYE, {}, 'wamp.close.goodbye_and_out']);
      expect(s.core.registrations.size).toBe(0);
    });

    it('L5 what waits for the window is not sent any more', () => {
      const s = setup();
      for (let i = 0; i < 40; i++) s.topic(`com.example.topic${i}`);
      s.core.leave();
      s.receive([SUBSCRIBED, 1, 77]);
      expect(s.sent.length).toBe(33);
    });

    it('R1 a teardown that loses the link while it is left ends it once', () => {
      const s = setup();
      s.register(ADD, {}, { handler: () => ({ unsubscribe: () => s.core.lose(LOST) }) });
      s.receive([REGISTERED, 1, 55], [INVOCATION, 9, 55, {}]);
      s.core.leave();
      s.core.lose(LOST);
      expect([s.core.failure, s.log.includes('complete'), s.log.filter((entry) => entry === 'cut').length]).toEqual([LOST, false, 1]);
    });

    it('trap 13: one that throws in its error harms no other', () => {
      const s = setup();
      const thrown = new TypeError('from error');
      const error = (): void => {
        throw thrown;
      };
      s.call(ADD, {}, { error });
      const b = s.call(ADD);
      s.core.leave();
      expect([b.errors.length, s.reported]).toEqual([1, [thrown]]);
    });
  });

  describe('tick', () => {
    it('R9 counts an age from the sending, not from the session', () => {
      const s = setup();
      s.call(ADD);
      s.seconds(100);
      const a = s.topic(TICKS);
      s.seconds(9);
      expect(s.sent.length).toBe(2);
      s.seconds(1);
      expect(s.sent.length).toBe(3);
      s.seconds(20);
      expect(a.heard).toEqual([['error', 'wamp.error.timeout']]);
    });

    it('R9 one that an earlier error of the same second ended is not ended twice', () => {
      const s = setup();
      const first = s.publish(TICKS, ACKNOWLEDGE, [], {}, { error: () => second.unsubscribe() });
      const second = s.publish(TICKS, ACKNOWLEDGE);
      s.seconds(30);
      expect([first.heard.length, second.heard]).toEqual([1, []]);
      expectNothingLeft(s);
    });

    it('R9 one that an earlier error of the same second ended is not repeated', () => {
      const s = setup();
      s.publish(TICKS, ACKNOWLEDGE, [], {}, { error: () => s.core.lose(LOST) });
      s.seconds(20);
      const a = s.topic(TICKS);
      s.seconds(10);
      expect([a.heard, s.sent.length, s.reported]).toEqual([[['error', LOST.uri]], 2, []]);
    });

    it('trap 13: one that throws in its error does not stop the sweep', () => {
      const s = setup();
      const thrown = new TypeError('from error');
      const error = (): void => {
        throw thrown;
      };
      s.publish(TICKS, ACKNOWLEDGE, [], {}, { error });
      const b = s.publish(TICKS, ACKNOWLEDGE);
      s.seconds(30);
      expect([b.heard, s.reported]).toEqual([[['error', 'wamp.error.timeout']], [thrown]]);
    });
  });

  describe('Garbled', () => {
    it('I5 is dropped and counted; what follows comes', () => {
      const s = setup();
      const a = s.call(ADD);
      for (const head of [[], [36, 77, 9], [SUBSCRIBED, 1, 77], [ERROR, 32, 1], [ERROR], [RESULT], [RESULT, 5], [INVOCATION]]) {
        s.core.receive(new Garbled('x', head));
      }
      s.receive([RESULT, 1, {}, [3]]);
      expect([a.heard, s.core.counters.dropped, s.sent.length]).toEqual([[['next', [3]], ['complete']], 8, 1]);
    });

    for (const head of [
      [RESULT, 1],
      [ERROR, CALL, 1],
    ]) {
      it(`I5 with the head ${JSON.stringify(head)} its call errors`, () => {
        const s = setup();
        const cause = new SyntaxError('NaN');
        const a = s.call(ADD);
        s.core.receive(new Garbled(cause, head));
        expect([a.heard, a.errors[0]!.cause]).toEqual([[['error', 'wamp.error.invalid_payload']], cause]);
        expect(a.errors[0]).toBeInstanceOf(WampError);
        expect(a.errors[0]!.message).toBe('call of com.example.add: the answer could not be decoded');
        expectNothingLeft(s);
      });
    }

    for (const [kind, head, name, ask] of [
      ['PUBLISHED', [PUBLISHED, 1], 'publish to', (s) => s.publish(TICKS, ACKNOWLEDGE)],
      ['SUBSCRIBED', [SUBSCRIBED, 1], 'subscribe to', (s) => s.topic(TICKS)],
      ['REGISTERED', [REGISTERED, 1], 'register of', (s) => s.register(TICKS)],
      ['ERROR for SUBSCRIBE', [ERROR, SUBSCRIBE, 1], 'subscribe to', (s) => s.topic(TICKS)],
    ] as readonly (readonly [string, List, string, (s: Setup) => Listening])[]) {
      it(`I5 ${kind} errors its request at once`, () => {
        const s = setup();
        const a = ask(s);
        s.core.receive(new Garbled('x', head));
        expect([a.heard, a.errors[0]?.message]).toEqual([
          [['error', 'wamp.error.invalid_payload']],
          `${name} ${TICKS}: the answer could not be decoded`,
        ]);
        expectNothingLeft(s);
      });
    }

    it('I5 the id of a request of another kind is nobody’s', () => {
      const s = setup();
      const a = s.publish(TICKS, ACKNOWLEDGE);
      for (const head of [
        [RESULT, 1],
        [ERROR, CALL, 1],
        [SUBSCRIBED, 1],
        [REGISTERED, 1],
      ])
        s.core.receive(new Garbled('x', head));
      expect([a.heard, s.core.requests.size]).toEqual([[], 1]);
    });

    it('I5 an INVOCATION is answered: invalid_payload', () => {
      const s = setup();
      s.core.receive(new Garbled('x', [INVOCATION, 9, 55]));
      expect(s.sent).toEqual([[ERROR, INVOCATION, 9, {}, 'wamp.error.invalid_payload', ['the arguments could not be decoded']]]);
    });
  });

  it('announces what the router announced as true, and nothing else', () => {
    const s = setup({ roles: { broker: { features: { a: true, b: false, c: 1 } }, dealer: {} } });
    expect(['a', 'b', 'c', 'd'].map((feature) => s.core.announces('broker', feature))).toEqual([true, false, false, false]);
    expect([s.core.announces('dealer', 'a'), setup({ roles: {} }).core.announces('dealer', 'a')]).toEqual([false, false]);
  });
});
