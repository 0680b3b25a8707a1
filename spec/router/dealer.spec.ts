import {
  CALL,
  CANCEL,
  ERROR,
  GOODBYE,
  INTERRUPT,
  INVOCATION,
  REGISTER,
  REGISTERED,
  RESULT,
  UNREGISTER,
  UNREGISTERED,
  YIELD,
  type Id,
} from '../../src/protocol/messages.ts';
import { Router } from '../../src/router/index.ts';
import { join, ROLES } from './client.ts';

const CANCELED = 'wamp.error.canceled';
const ANY: Id = jasmine.any(Number) as unknown as Id;

interface Setup {
  readonly router: Router;
  readonly caller: ReturnType<typeof join>;
  readonly callee: ReturnType<typeof join>;
}

function setup(callee = ROLES): Setup {
  const router = new Router({ realms: ['realm1'] });
  return { router, caller: join(router), callee: join(router, callee) };
}

/** A caller with one call under way: request 9 there, invocation 1 at the callee. */
function calling(options = {}, callee = ROLES): Setup & { readonly registration: Id } {
  const made = setup(callee);
  const registration = made.callee.ask(REGISTER, 1, {}, 'a.b');
  made.caller.send(CALL, 9, options, 'a.b');
  return { ...made, registration };
}

describe('Dealer', () => {
  describe('call', () => {
    it('carries arguments to the callee and its result back, empty ones left out', () => {
      const { caller, callee } = setup();
      const registration = callee.ask(REGISTER, 1, {}, 'a.b');
      caller.send(CALL, 7, {}, 'a.b', [0, ''], {});
      expect(callee.take()).toEqual([[INVOCATION, 1, registration, {}, [0, '']]]);
      callee.send(YIELD, 1, {}, [], { sum: null });
      expect(caller.take()).toEqual([[RESULT, 7, {}, [], { sum: null }]]);
    });

    it('carries an error verbatim', () => {
      const { caller, callee } = calling();
      callee.send(ERROR, INVOCATION, 1, { hint: 1 }, 'com.example.error', [1], { a: 2 });
      expect(caller.take()).toEqual([[ERROR, CALL, 9, { hint: 1 }, 'com.example.error', [1], { a: 2 }]]);
    });

    it('numbers the invocations of each callee from 1', () => {
      const { router, caller, callee } = setup();
      const other = join(router);
      callee.ask(REGISTER, 1, {}, 'a.b');
      other.ask(REGISTER, 1, {}, 'a.c');
      for (const [request, procedure] of [
        [5, 'a.b'],
        [6, 'a.c'],
        [7, 'a.b'],
      ] as const)
        caller.send(CALL, request, {}, procedure);
      expect(callee.take().map(([, request]) => request)).toEqual([1, 2]);
      expect(other.take().map(([, request]) => request)).toEqual([1]);
    });

    it('tells the callee of a pattern which procedure was called', () => {
      const { caller, callee } = setup();
      callee.ask(REGISTER, 1, { match: 'prefix' }, 'a.');
      caller.send(CALL, 1, {}, 'a.b.c');
      expect(callee.take()).toEqual([[INVOCATION, 1, ANY, { procedure: 'a.b.c' }]]);
    });

    it('answers what nobody has registered with no_such_procedure, reserved procedures always', () => {
      const { caller, callee } = setup();
      callee.ask(REGISTER, 1, { match: 'prefix' }, '');
      callee.send(UNREGISTER, 2, callee.ask(REGISTER, 3, {}, 'c'));
      callee.take();
      caller.send(CALL, 1, {}, 'wamp.mine', [1]);
      expect(caller.take()).toEqual([[ERROR, CALL, 1, {}, 'wamp.error.no_such_procedure', ['no callee has registered wamp.mine']]]);
      expect(callee.take()).toEqual([]);
    });

    it('answers a procedure that is no URI with invalid_uri', () => {
      const { caller } = setup();
      caller.send(CALL, 1, {}, 'a b');
      expect(caller.take()).toEqual([[ERROR, CALL, 1, {}, 'wamp.error.invalid_uri', ['"a b" is not a URI that may stand here']]]);
    });

    it('discloses the caller who asks for it, and to a callee who registered so', () => {
      const { caller, callee } = setup();
      callee.ask(REGISTER, 1, {}, 'a.b');
      callee.ask(REGISTER, 2, { disclose_caller: true }, 'a.c');
      caller.send(CALL, 1, {}, 'a.b');
      caller.send(CALL, 2, { disclose_me: true }, 'a.b');
      caller.send(CALL, 3, {}, 'a.c');
      const disclosed = { caller: caller.id, caller_authid: caller.authid, caller_authrole: 'anonymous' };
      expect(callee.take().map(([, , , details]) => details)).toEqual([{}, disclosed, disclosed]);
    });

    it('takes the id of a running call for a violation', () => {
      const { caller } = calling();
      caller.send(CALL, 9, {}, 'a.b');
      expect(caller.take()[0]?.[1]).toEqual({ message: 'CALL.Request 9 is the id of a call that still runs' });
    });

    it('ends with an error where the callee’s link cannot carry the call', () => {
      const { router, caller, callee } = setup();
      callee.ask(REGISTER, 1, {}, 'a.b');
      caller.send(CALL, 1, {}, 'a.b', [1n]);
      expect(caller.take().map(([code, , , , uri]) => [code, uri])).toEqual([[ERROR, 'wamp.error.invalid_payload']]);
      caller.send(CALL, 2, {}, 'a.b');
      expect(callee.take().map(([, request]) => request)).toEqual([1]);
      expect(router.counts().invocations).toBe(1);
    });

    it('ends with an error where the caller’s link cannot carry the result, or the arguments of an error', () => {
      const { router, caller, callee } = calling();
      callee.send(YIELD, 1, {}, [1n]);
      caller.send(CALL, 10, {}, 'a.b');
      callee.send(ERROR, INVOCATION, 2, {}, 'com.example.error', [1n]);
      expect(caller.take().map(([code, , , , uri]) => [code, uri])).toEqual([
        [ERROR, 'wamp.error.invalid_payload'],
        [ERROR, 'com.example.error'],
      ]);
      expect(callee.take().map(([code]) => code)).toEqual([INVOCATION, INVOCATION]);
      expect(router.counts().invocations).toBe(0);
    });
  });

  describe('progressive results', () => {
    it('are asked of a callee that announced them, and carried until the final one', () => {
      const { caller, callee, registration } = calling({ receive_progress: true });
      expect(callee.take()).toEqual([[INVOCATION, 1, registration, { receive_progress: true }]]);
      callee.send(YIELD, 1, { progress: true }, [1]);
      callee.send(YIELD, 1, { progress: true });
      callee.send(YIELD, 1, {});
      expect(caller.take()).toEqual([
        [RESULT, 9, { progress: true }, [1]],
        [RESULT, 9, { progress: true }],
        [RESULT, 9, {}],
      ]);
    });

    it('are not asked of a callee that cannot be interrupted', () => {
      const { callee } = calling({ receive_progress: true }, { callee: { features: { progressive_call_results: true } } });
      expect(callee.take()[0]?.[3]).toEqual({});
    });

    it('are a violation where nobody asked, and the caller gets an error', () => {
      const { caller, callee } = calling();
      callee.take();
      callee.send(YIELD, 1, { progress: true }, [1]);
      expect(callee.take()[0]?.[1]).toEqual({ message: 'YIELD.Options.progress for invocation 1, which asked for no progress' });
      expect(caller.take()).toEqual([[ERROR, CALL, 9, {}, CANCELED, ['the callee left']]]);
    });
  });

  describe('cancel', () => {
    it('by skip answers at once, tells the callee nothing and drops its answer', () => {
      const { caller, callee } = calling();
      callee.take();
      caller.send(CANCEL, 9, { mode: 'skip' });
      callee.send(YIELD, 1, {}, [1]);
      expect(caller.take()).toEqual([[ERROR, CALL, 9, {}, CANCELED, ['the caller cancelled the call']]]);
      expect(callee.take()).toEqual([]);
    });

    it('by killnowait, the default, interrupts the callee, answers at once and drops what the callee still says', () => {
      for (const options of [{}, { mode: 'killnowait' }]) {
        const { router, caller, callee } = calling({ receive_progress: true });
        callee.take();
        caller.send(CANCEL, 9, options);
        expect(router.counts().invocations).toBe(0);
        callee.send(YIELD, 1, { progress: true }, [1]);
        callee.send(ERROR, INVOCATION, 1, {}, CANCELED);
        expect(caller.take().map(([code]) => code)).toEqual([ERROR]);
        expect(callee.take()).toEqual([[INTERRUPT, 1, { mode: 'killnowait' }]]);
      }
    });

    it('by kill interrupts the callee once and waits for its answer, be it a result or an error', () => {
      for (const answer of [
        [YIELD, 1, {}, ['done']],
        [ERROR, INVOCATION, 1, {}, CANCELED],
      ]) {
        const { caller, callee } = calling();
        callee.take();
        caller.send(CANCEL, 9, { mode: 'kill' });
        caller.send(CANCEL, 9, { mode: 'kill' });
        expect([caller.take(), callee.take()]).toEqual([[], [[INTERRUPT, 1, { mode: 'kill' }]]]);
        callee.send(...answer);
        expect(caller.take()).toEqual([answer[0] === YIELD ? [RESULT, 9, {}, ['done']] : [ERROR, CALL, 9, {}, CANCELED]]);
      }
    });

    it('in every mode skips a callee that did not announce call_canceling', () => {
      for (const mode of ['kill', 'killnowait']) {
        const { caller, callee } = calling({}, { callee: {} });
        callee.take();
        caller.send(CANCEL, 9, { mode });
        expect(caller.take().map(([code]) => code)).toEqual([ERROR]);
        expect(callee.take()).toEqual([]);
      }
    });

    it('of a call that is over does nothing', () => {
      const { caller, callee } = calling();
      callee.send(YIELD, 1, {});
      caller.take();
      caller.send(CANCEL, 9, {});
      caller.send(CANCEL, 99, {});
      expect(caller.take()).toEqual([]);
    });
  });

  describe('timeout', () => {
    beforeEach(() => {
      jasmine.clock().install();
    });
    afterEach(() => {
      jasmine.clock().uninstall();
    });

    it('in milliseconds ends the call with wamp.error.timeout and interrupts the callee', () => {
      const { router, caller, callee } = calling({ timeout: 50 });
      expect(callee.take()[0]?.[3]).toEqual({});
      jasmine.clock().tick(49);
      expect(caller.take()).toEqual([]);
      jasmine.clock().tick(1);
      expect(caller.take()).toEqual([[ERROR, CALL, 9, {}, 'wamp.error.timeout', ['no answer within 50 ms']]]);
      expect(callee.take()).toEqual([[INTERRUPT, 1, { mode: 'killnowait' }]]);
      expect(router.counts().invocations).toBe(0);
    });

    it('starts anew with each progressive result', () => {
      const { caller, callee } = calling({ timeout: 50, receive_progress: true });
      jasmine.clock().tick(40);
      callee.send(YIELD, 1, { progress: true });
      jasmine.clock().tick(40);
      expect(caller.take().map(([code]) => code)).toEqual([RESULT]);
      jasmine.clock().tick(10);
      expect(caller.take().map(([code]) => code)).toEqual([ERROR]);
    });

    it('is off once the call is over', () => {
      const { caller, callee } = calling({ timeout: 50 });
      callee.send(YIELD, 1, {});
      caller.take();
      callee.take();
      jasmine.clock().tick(100);
      expect([caller.take(), callee.take()]).toEqual([[], []]);
    });

    it('is the callee’s own business if it registered with forward_timeout', () => {
      const { caller, callee } = setup();
      callee.ask(REGISTER, 1, { forward_timeout: true }, 'a.b');
      caller.send(CALL, 1, { timeout: 50 }, 'a.b');
      jasmine.clock().tick(100);
      expect(callee.take()).toEqual([[INVOCATION, 1, ANY, { timeout: 50 }]]);
      expect(caller.take()).toEqual([]);
    });
  });

  describe('a session that ends', () => {
    const ends: readonly (readonly [how: string, end: (client: Setup['caller']) => void])[] = [
      ['by GOODBYE', (client) => client.send(GOODBYE, {}, 'wamp.close.close_realm')],
      ['by a loss', (client) => client.lose()],
    ];
    for (const [how, end] of ends) {
      it(`${how} as a caller has its calls interrupted, and their answers dropped`, () => {
        const { router, caller, callee } = calling();
        callee.take();
        end(caller);
        expect(callee.take()).toEqual([[INTERRUPT, 1, { mode: 'killnowait' }]]);
        callee.send(YIELD, 1, {});
        expect(callee.ended).toBeFalse();
        expect(router.counts().invocations).toBe(0);
      });

      it(`${how} as a callee gives its callers wamp.error.canceled, and its registrations back`, () => {
        const { router, caller, callee } = calling();
        end(callee);
        expect(caller.take()).toEqual([[ERROR, CALL, 9, {}, CANCELED, ['the callee left']]]);
        expect(router.counts()).toEqual(jasmine.objectContaining({ sessions: 1, registrations: 0, invocations: 0 }));
      });
    }

    it('as the caller of itself leaves nothing behind', () => {
      const { router, callee } = setup();
      callee.ask(REGISTER, 1, {}, 'a.b');
      callee.send(CALL, 2, {}, 'a.b');
      callee.lose();
      expect(router.counts()).toEqual(jasmine.objectContaining({ sessions: 1, registrations: 0, invocations: 0 }));
    });
  });

  describe('register', () => {
    it('refuses a second callee of a single procedure, the same session too', () => {
      const { router, callee } = setup();
      callee.ask(REGISTER, 1, {}, 'a.b');
      const other = join(router);
      for (const client of [other, callee]) {
        client.send(REGISTER, 2, { invoke: 'single' }, 'a.b');
        expect(client.take()).toEqual([
          [
            ERROR,
            REGISTER,
            2,
            {},
            'wamp.error.procedure_already_exists',
            ['a.b is registered already, and with invoke "single" a procedure has one callee only'],
          ],
        ]);
      }
    });

    it('refuses another policy than the first callee’s, and names both', () => {
      const { router, callee } = setup();
      callee.ask(REGISTER, 1, { invoke: 'first' }, 'a.b');
      const other = join(router);
      for (const invoke of ['last', 'single']) {
        other.send(REGISTER, 1, { invoke }, 'a.b');
        expect(other.take()).toEqual([
          [
            ERROR,
            REGISTER,
            1,
            {},
            'wamp.error.procedure_already_exists',
            [`a.b is registered already with invoke "first", and this registration asks for "${invoke}"`],
          ],
        ]);
      }
    });

    it('gives all callees of a shared procedure one id, and a session that registers twice no second part in it', () => {
      const { router, caller, callee } = setup();
      const other = join(router);
      const shared = { invoke: 'roundrobin' };
      const id = callee.ask(REGISTER, 1, shared, 'a.b');
      expect([callee.ask(REGISTER, 2, shared, 'a.b'), other.ask(REGISTER, 1, shared, 'a.b')]).toEqual([id, id]);
      for (const request of [1, 2, 3, 4]) caller.send(CALL, request, {}, 'a.b');
      expect([callee.take().length, other.take().length]).toEqual([2, 2]);
      callee.send(UNREGISTER, 3, id);
      expect(callee.take()).toEqual([[UNREGISTERED, 3]]);
      caller.send(CALL, 5, {}, 'a.b');
      caller.send(CALL, 6, {}, 'a.b');
      expect([callee.take().length, other.take().length]).toEqual([0, 2]);
    });

    it('chooses the callee by the policy', () => {
      const chosen = (invoke: string): number[] => {
        const { router, caller } = setup();
        const callees = [join(router), join(router), join(router)];
        for (const callee of callees) callee.ask(REGISTER, 1, { invoke }, 'a.b');
        for (let request = 1; request <= 30; request++) caller.send(CALL, request, {}, 'a.b');
        return callees.map((callee) => callee.take().length);
      };
      expect([chosen('first'), chosen('last'), chosen('roundrobin')]).toEqual([
        [30, 0, 0],
        [0, 0, 30],
        [10, 10, 10],
      ]);
      spyOn(Math, 'random').and.returnValues(...Array.from({ length: 30 }, (_, turn) => (turn % 10) / 10));
      expect(chosen('random')).toEqual([12, 9, 9]);
    });

    it('refuses reserved procedures and what is no URI', () => {
      const { callee } = setup();
      callee.send(REGISTER, 1, {}, 'wamp.mine');
      callee.send(REGISTER, 2, {}, 'a..b');
      callee.send(REGISTER, 3, { match: 'wildcard' }, 'a..b');
      expect(callee.take()).toEqual([
        [ERROR, REGISTER, 1, {}, 'wamp.error.invalid_uri', ['wamp.mine is reserved: the router alone registers there']],
        [ERROR, REGISTER, 2, {}, 'wamp.error.invalid_uri', ['"a..b" is not a URI that may stand here']],
        [REGISTERED, 3, ANY],
      ]);
    });

    it('answers UNREGISTER of what the session does not have with no_such_registration', () => {
      const { callee } = setup();
      callee.send(UNREGISTER, 1, 77);
      expect(callee.take()).toEqual([[ERROR, UNREGISTER, 1, {}, 'wamp.error.no_such_registration', ['this session has no 77']]]);
    });

    it('leaves what runs when it is taken back: the callee may still answer', () => {
      const { router, caller, callee, registration } = calling();
      callee.send(UNREGISTER, 2, registration);
      callee.send(YIELD, 1, {}, ['late']);
      expect(caller.take()).toEqual([[RESULT, 9, {}, ['late']]]);
      expect(router.counts().registrations).toBe(0);
    });
  });

  describe('revoke', () => {
    it('tells a client that announced registration_revocation, and ends the registration', () => {
      const { router, caller, callee } = setup();
      const registration = callee.ask(REGISTER, 1, {}, 'a.b');
      expect(router.revokeRegistration('realm1', callee.id, 'a.b')).toBeTrue();
      expect(callee.take()).toEqual([[UNREGISTERED, 0, { registration, reason: 'wamp.error.no_such_registration' }]]);
      caller.send(CALL, 1, {}, 'a.b');
      expect(caller.take()[0]?.[4]).toBe('wamp.error.no_such_procedure');
      expect(router.revokeRegistration('realm1', callee.id, 'a.b')).toBeFalse();
    });

    it('says nothing to a client that did not', () => {
      const { router, callee } = setup({ callee: {} });
      callee.ask(REGISTER, 1, {}, 'a.b');
      router.revokeRegistration('realm1', callee.id, 'a.b');
      expect([callee.take(), router.counts().registrations]).toEqual([[], 0]);
    });
  });
});
