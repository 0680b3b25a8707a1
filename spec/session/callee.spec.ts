// Callee role: registrations in every state, twins under one id, revocation, the second try after a reconnect.
import { INVOCATION, REGISTER, REGISTERED, UNREGISTER, UNREGISTERED } from '../../src/protocol/messages.ts';
import type { Cancel } from '../../src/protocol/sink.ts';
import { expectNothingLeft, LOST, setup, type SetupOptions } from './setup.ts';

const ADD = 'com.example.add';
const ERROR = 8;
const refusal = (type: number, request: number, uri: string): unknown[] => [ERROR, type, request, {}, uri];
const EXISTS = 'wamp.error.procedure_already_exists';

/** A host that tries again when the spec says so. */

function patient(most = Infinity) {
  const asked: number[] = [];
  const stopped: number[] = [];
  const retries: (() => void)[] = [];
  const again: SetupOptions['again'] = (attempt, retry): Cancel | undefined => {
    asked.push(attempt);
    if (attempt > most) return undefined;
    retries.push(retry);
    return { unsubscribe: () => stopped.push(attempt) };
  };
  return { asked, stopped, again, retry: () => retries.shift()?.() };
}

describe('Registrations', () => {
  describe('register', () => {
    it('G1 opens at REGISTERED, and UNREGISTERs when it is left', () => {
      const s = setup();
      const a = s.register(ADD, { invoke: 'roundrobin' });
      s.receive([REGISTERED, 1, 55]);
      a.unsubscribe();
      a.unsubscribe();
      s.receive([UNREGISTERED, 2]);
      expect(s.sent).toEqual([
        [REGISTER, 1, { invoke: 'roundrobin' }, ADD],
        [UNREGISTER, 2, 55],
      ]);
      expect(a.heard).toEqual([['open', 55]]);
      expect(s.emptied).toEqual(['registrations']);
      expectNothingLeft(s);
    });

    it('G1 is not shared: each sends its own REGISTER', () => {
      const s = setup();
      s.register(ADD);
      s.register(ADD);
      expect(s.sent).toEqual([
        [REGISTER, 1, {}, ADD],
        [REGISTER, 2, {}, ADD],
      ]);
    });

    it('G1 a refusal errors it, naming the procedure, and leaves nothing', () => {
      const s = setup();
      const a = s.register(ADD);
      s.receive(refusal(REGISTER, 1, 'wamp.error.no_such_role'));
      expect(a.heard).toEqual([['error', 'wamp.error.no_such_role']]);
      expect(a.errors[0]!.message).toContain(`register of ${ADD} failed with wamp.error.no_such_role`);
      a.unsubscribe();
      expect(s.sent.length).toBe(1);
      expectNothingLeft(s);
    });

    it('I3 an option that the dealer did not announce errors, sends nothing and takes no id', () => {
      const s = setup({ roles: { dealer: {} } });
      const a = s.register(ADD, { match: 'prefix' });
      expect([a.heard, s.sent, s.core.nextRequest]).toEqual([[['error', 'wamp.error.feature_not_supported']], [], 1]);
      expectNothingLeft(s);
    });

    it('an error of the channel errors it, and the slot is free', () => {
      const s = setup();
      s.channel.refuses = () => new TypeError('cannot be encoded');
      const a = s.register(ADD);
      s.channel.refuses = undefined;
      expect([a.heard, s.core.nextRequest]).toEqual([[['error', undefined]], 1]);
      expectNothingLeft(s);
    });

    it('R9 REGISTER is not repeated, and given up after 30 s', () => {
      const s = setup();
      const a = s.register(ADD);
      s.seconds(29);
      expect([a.heard, s.sent.length]).toEqual([[], 1]);
      s.seconds(1);
      expect(a.heard).toEqual([['error', 'wamp.error.timeout']]);
      expectNothingLeft(s);
    });

    it('R9 REGISTERED that comes after that is given back', () => {
      const s = setup();
      s.register(ADD);
      s.seconds(30);
      s.receive([REGISTERED, 1, 55]);
      expect([s.sent.slice(1), s.core.counters.dropped]).toEqual([[[UNREGISTER, 2, 55]], 1]);
      s.receive([UNREGISTERED, 2]);
      expectNothingLeft(s);
    });

    it('R9 REGISTERED that comes while another is asked for is left: it may be the same', () => {
      const s = setup();
      s.register(ADD);
      s.seconds(30);
      const b = s.register(ADD);
      s.receive([REGISTERED, 1, 55], [REGISTERED, 2, 55]);
      expect([s.sent.slice(2), b.heard]).toEqual([[], [['open', 55]]]);
    });

    it('lists what stands, for people', () => {
      const s = setup();
      s.register(ADD);
      s.register('com.example.sub');
      s.receive([REGISTERED, 1, 55], [INVOCATION, 1, 55, {}], [INVOCATION, 2, 55, {}]);
      expect(s.registrations.list().registrations).toEqual([
        { procedure: ADD, running: 2, id: 55 },
        { procedure: 'com.example.sub', running: 0, id: undefined },
      ]);
      expect(s.registrations.size).toBe(2);
      s.core.lose(LOST);
      expect([s.registrations.list().registrations, s.registrations.size]).toEqual([[], 0]);
    });

    it('lists what waits for a session as not running', () => {
      const s = setup({ bound: false });
      s.register(ADD);
      s.core.lose(LOST);
      expect(s.registrations.list().registrations).toEqual([{ procedure: ADD, running: 0, id: undefined }]);
    });

    it('trap 13: a sink that throws in open keeps its registration, and those beside it', () => {
      const s = setup();
      const thrown = new TypeError('from open');
      const left = s.register(ADD);
      s.receive([REGISTERED, 1, 55]);
      const open = (): void => {
        throw thrown;
      };
      const a = s.register(ADD, {}, { open });
      left.unsubscribe();
      s.receive([REGISTERED, 2, 56]);
      expect(s.reported).toEqual([thrown]);
      expect(s.sent.slice(2)).toEqual([[UNREGISTER, 3, 55]]);
      a.unsubscribe();
      s.receive([UNREGISTERED, 3], [UNREGISTERED, 4]);
      expectNothingLeft(s);
    });

    it('who leaves inside open unregisters', () => {
      const s = setup();
      const a = s.register(ADD, {}, { open: () => a.unsubscribe() });
      s.receive([REGISTERED, 1, 55]);
      expect(s.sent.slice(1)).toEqual([[UNREGISTER, 2, 55]]);
      s.receive([UNREGISTERED, 2]);
      expectNothingLeft(s);
    });

    it('a sink without open can register too', () => {
      const s = setup();
      const cancel = s.registrations.claim(ADD, {}, { next: fail, error: fail, complete: fail }, true, () => ({ unsubscribe: fail }));
      s.receive([REGISTERED, 1, 55]);
      cancel.unsubscribe();
      s.receive([UNREGISTERED, 2]);
      expect(s.reported).toEqual([]);
      expectNothingLeft(s);
    });
  });

  describe('leaving', () => {
    it('trap 2: leaving before REGISTERED: UNREGISTER follows the confirmation', () => {
      const s = setup();
      const a = s.register(ADD);
      a.unsubscribe();
      expect(s.sent.length).toBe(1);
      s.receive([REGISTERED, 1, 55]);
      expect(s.sent).toEqual([
        [REGISTER, 1, {}, ADD],
        [UNREGISTER, 2, 55],
      ]);
      s.receive([UNREGISTERED, 2]);
      expect(a.heard).toEqual([]);
      expectNothingLeft(s);
    });

    it('trap 2: leaving before a refusal leaves nothing, and nobody hears of it', () => {
      const s = setup();
      const a = s.register(ADD);
      a.unsubscribe();
      s.receive(refusal(REGISTER, 1, EXISTS));
      expect([a.heard, s.sent.length]).toEqual([[], 1]);
      expectNothingLeft(s);
    });

    it('leaving before REGISTERED, which never comes, leaves nothing after 30 s', () => {
      const s = setup();
      s.register(ADD).unsubscribe();
      s.seconds(30);
      expect(s.sent.length).toBe(1);
      expectNothingLeft(s);
    });

    it('G5 an INVOCATION before UNREGISTERED is answered: unavailable', () => {
      const s = setup();
      const a = s.register(ADD);
      s.receive([REGISTERED, 1, 55]);
      a.unsubscribe();
      s.news();
      s.receive([INVOCATION, 9, 55, {}], [UNREGISTERED, 2], [INVOCATION, 10, 55, {}]);
      expect(s.news()).toEqual([
        [ERROR, INVOCATION, 9, {}, 'wamp.error.unavailable', ['the procedure is being unregistered']],
        [ERROR, INVOCATION, 10, {}, 'wamp.error.no_such_registration', ['there is no such registration']],
      ]);
      expect(a.runs).toEqual([]);
      expectNothingLeft(s);
    });

    it('G5 an INVOCATION right behind a REGISTERED that nobody wants any more is unavailable', () => {
      const s = setup();
      const a = s.register(ADD);
      a.unsubscribe();
      s.receive([REGISTERED, 1, 55], [INVOCATION, 9, 55, {}]);
      expect(s.sent.slice(1)).toEqual([
        [UNREGISTER, 2, 55],
        [ERROR, INVOCATION, 9, {}, 'wamp.error.unavailable', ['the procedure is being unregistered']],
      ]);
      expect(a.runs).toEqual([]);
    });

    for (const [name, answer] of [
      ['refuses', (s: ReturnType<typeof setup>) => s.receive(refusal(UNREGISTER, 2, 'wamp.error.no_such_registration'))],
      ['never answers', (s: ReturnType<typeof setup>) => s.seconds(30)],
    ] as const) {
      it(`an UNREGISTER that the router ${name} leaves nothing`, () => {
        const s = setup();
        const a = s.register(ADD);
        s.receive([REGISTERED, 1, 55]);
        a.unsubscribe();
        answer(s);
        expect([a.heard, s.sent.length]).toEqual([[['open', 55]], 2]);
        expectNothingLeft(s);
      });
    }

    it('what is left while it waits for the window is never sent', () => {
      const s = setup();
      const fillers = Array.from({ length: 32 }, (_, index) => s.register(`com.example.filler${index}`));
      s.register(ADD).unsubscribe();
      expect([s.sent.length, s.registrations.size]).toEqual([32, 33]);
      s.receive([REGISTERED, 1, 101]);
      expect([s.sent.length, s.registrations.size]).toEqual([32, 32]);
      for (let id = 2; id <= 32; id++) s.receive([REGISTERED, id, 100 + id]);
      for (const one of fillers) one.unsubscribe();
      for (let id = 33; id <= 64; id++) s.receive([UNREGISTERED, id]);
      expectNothingLeft(s);
    });
  });

  describe('two under one id', () => {
    it('one id for two: the first runs, the last to leave sends UNREGISTER', () => {
      const s = setup();
      const [a, b] = [s.register(ADD), s.register(ADD)];
      s.receive([REGISTERED, 1, 55], [REGISTERED, 2, 55], [INVOCATION, 1, 55, {}]);
      expect([a.runs.length, b.runs.length]).toEqual([1, 0]);
      a.unsubscribe();
      s.receive([INVOCATION, 2, 55, {}]);
      expect([a.runs.length, b.runs.length]).toEqual([1, 1]);
      expect(s.news().slice(2)).toEqual([[ERROR, INVOCATION, 1, {}, 'wamp.error.canceled']]);
      b.unsubscribe();
      expect(s.news()).toEqual([
        [ERROR, INVOCATION, 2, {}, 'wamp.error.canceled'],
        [UNREGISTER, 3, 55],
      ]);
      s.receive([UNREGISTERED, 3]);
      expectNothingLeft(s);
    });

    it('the second leaves first: the first goes on', () => {
      const s = setup();
      const [a, b] = [s.register(ADD), s.register(ADD)];
      s.receive([REGISTERED, 1, 55], [REGISTERED, 2, 55]);
      b.unsubscribe();
      s.receive([INVOCATION, 1, 55, {}]);
      expect([a.runs.length, s.sent.length]).toEqual([1, 2]);
    });

    it('one that leaves while the other is asked for waits for the answer, which may be the same id', () => {
      const s = setup();
      const a = s.register(ADD);
      s.receive([REGISTERED, 1, 55]);
      const b = s.register(ADD);
      a.unsubscribe();
      expect(s.news().length).toBe(2);
      s.receive([INVOCATION, 1, 55, {}]);
      expect([a.runs.length, s.news()]).toEqual([
        0,
        [[ERROR, INVOCATION, 1, {}, 'wamp.error.unavailable', ['the procedure is being unregistered']]],
      ]);
      s.receive([REGISTERED, 2, 55], [INVOCATION, 2, 55, {}]);
      expect([a.runs.length, b.runs.length, s.news()]).toEqual([0, 1, []]);
      b.unsubscribe();
      s.receive([UNREGISTERED, 3]);
      expectNothingLeft(s);
    });

    it('and another id lets the UNREGISTER go', () => {
      const s = setup();
      const a = s.register(ADD);
      s.receive([REGISTERED, 1, 55]);
      const b = s.register(ADD);
      a.unsubscribe();
      s.receive([REGISTERED, 2, 56]);
      expect(s.sent.slice(2)).toEqual([[UNREGISTER, 3, 55]]);
      b.unsubscribe();
      s.receive([UNREGISTERED, 3], [UNREGISTERED, 4]);
      expectNothingLeft(s);
    });

    for (const [name, ends] of [
      ['is refused', (s: ReturnType<typeof setup>) => s.receive(refusal(REGISTER, 2, EXISTS))],
      ['has no answer', (s: ReturnType<typeof setup>) => s.seconds(30)],
    ] as const) {
      it(`the other one ${name}: the UNREGISTER goes`, () => {
        const s = setup();
        const a = s.register(ADD);
        s.receive([REGISTERED, 1, 55]);
        s.register(ADD);
        a.unsubscribe();
        ends(s);
        expect(s.sent.slice(2)).toEqual([[UNREGISTER, 3, 55]]);
        s.receive([UNREGISTERED, 3]);
        expectNothingLeft(s);
      });
    }

    it('the other one is left while it waits for the window: the UNREGISTER goes', () => {
      const s = setup();
      const a = s.register(ADD);
      s.receive([REGISTERED, 1, 55]);
      for (let i = 0; i < 32; i++) s.topic(`com.example.filler${i}`);
      const b = s.register(ADD);
      a.unsubscribe();
      b.unsubscribe();
      s.news();
      s.receive([33, 2, 101]);
      expect(s.news()).toEqual([[UNREGISTER, 34, 55]]);
      s.receive([UNREGISTERED, 34]);
      expect([s.registrations.size, s.core.registrations.size]).toEqual([0, 0]);
    });

    it('another procedure that is asked for holds nothing back', () => {
      const s = setup();
      const a = s.register(ADD);
      s.receive([REGISTERED, 1, 55]);
      s.register('com.example.sub');
      a.unsubscribe();
      expect(s.sent.slice(2)).toEqual([[UNREGISTER, 3, 55]]);
    });
  });

  describe('revocation', () => {
    it('G1 trap 4: UNREGISTERED with request 0 errors it, telling why, cancels what runs and asks no more', () => {
      const s = setup();
      const a = s.register(ADD);
      s.receive([REGISTERED, 1, 55], [INVOCATION, 1, 55, {}], [UNREGISTERED, 0, { registration: 55, reason: 'com.example.replaced' }]);
      expect(a.heard).toEqual([
        ['open', 55],
        ['error', 'com.example.replaced'],
      ]);
      expect(a.errors[0]!.message).toBe(`the router revoked the registration of ${ADD}: com.example.replaced`);
      expect(s.sent.slice(1)).toEqual([[ERROR, INVOCATION, 1, {}, 'wamp.error.canceled']]);
      expect(a.runs[0]!.stopped).toBe(1);
      expectNothingLeft(s);
    });

    it('G1 without a reason it says that it is one', () => {
      const s = setup();
      const a = s.register(ADD);
      s.receive([REGISTERED, 1, 55], [UNREGISTERED, 0, { registration: 55 }]);
      expect(a.heard[1]).toEqual(['error', 'wamp.error.registration_revoked']);
      expect(a.errors[0]!.message).toBe(`the router revoked the registration of ${ADD}`);
    });

    it('trap 13: takes all under the id, and one that throws harms no other', () => {
      const s = setup();
      const thrown = new TypeError('from error');
      const error = (): void => {
        throw thrown;
      };
      s.register(ADD, {}, { error });
      const [b, c] = [s.register(ADD), s.register(ADD)];
      s.receive([REGISTERED, 1, 55], [REGISTERED, 2, 55], [REGISTERED, 3, 56], [UNREGISTERED, 0, { registration: 55 }]);
      expect([b.heard.length, c.heard.length, s.reported]).toEqual([2, 1, [thrown]]);
      s.receive([INVOCATION, 1, 55, {}]);
      expect(s.sent.at(-1)![4]).toBe('wamp.error.no_such_registration');
      c.unsubscribe();
      s.receive([UNREGISTERED, 4]);
      expectNothingLeft(s);
    });

    it('who registers again inside the error asks anew', () => {
      const s = setup();
      s.register(ADD, {}, { error: () => s.register(ADD) });
      s.receive([REGISTERED, 1, 55], [UNREGISTERED, 0, { registration: 55 }]);
      expect(s.sent.slice(1)).toEqual([[REGISTER, 2, {}, ADD]]);
      s.receive([REGISTERED, 2, 55], [INVOCATION, 1, 55, {}]);
      expect([s.core.invocations.size, s.registrations.size]).toEqual([1, 1]);
    });

    it('while UNREGISTER is unanswered it ends what is left', () => {
      const s = setup();
      const a = s.register(ADD);
      s.receive([REGISTERED, 1, 55]);
      a.unsubscribe();
      s.receive([UNREGISTERED, 0, { registration: 55 }], refusal(UNREGISTER, 2, 'wamp.error.no_such_registration'));
      expect([a.heard, s.core.isOpen]).toEqual([[['open', 55]], true]);
      expectNothingLeft(s);
    });

    it('of an id that nobody has is dropped', () => {
      const s = setup();
      s.receive([UNREGISTERED, 0, { registration: 5 }]);
      expect([s.core.counters.dropped, s.core.isOpen]).toEqual([1, true]);
    });
  });

  describe('sessions that come and go', () => {
    it('R3 what is not bound stays silent through a loss and is registered again, with the new id', () => {
      const old = setup({ bound: false });
      const [a, b] = [old.register(ADD), old.register('com.example.sub')];
      old.receive([REGISTERED, 1, 55]);
      old.core.lose(LOST);
      const s = setup({ bound: false, tables: old });
      s.receive([REGISTERED, 1, 5], [REGISTERED, 2, 6], [INVOCATION, 1, 5, {}]);
      expect([a.heard, b.heard, a.runs.length]).toEqual([
        [
          ['open', 55],
          ['open', 5],
        ],
        [['open', 6]],
        1,
      ]);
      a.unsubscribe();
      b.unsubscribe();
      expect(s.sent).toEqual([
        [REGISTER, 1, {}, ADD],
        [REGISTER, 2, {}, 'com.example.sub'],
        [ERROR, INVOCATION, 1, {}, 'wamp.error.canceled'],
        [UNREGISTER, 3, 5],
        [UNREGISTER, 4, 6],
      ]);
      s.receive([UNREGISTERED, 3], [UNREGISTERED, 4]);
      expectNothingLeft(s);
    });

    it('R2 what is bound gets the error of its session, and one that throws harms no other', () => {
      const s = setup();
      const thrown = new TypeError('from error');
      const error = (): void => {
        throw thrown;
      };
      s.register(ADD, {}, { error });
      const b = s.register('com.example.sub');
      s.receive([REGISTERED, 2, 55]);
      s.core.lose(LOST);
      expect([b.heard, b.errors[0] === LOST, s.reported]).toEqual([
        [
          ['open', 55],
          ['error', LOST.uri],
        ],
        true,
        [thrown],
      ]);
      expectNothingLeft(s);
    });

    it('what registers without a session waits for one; who leaves before it comes sends nothing', () => {
      const old = setup({ bound: false });
      old.core.lose(LOST);
      const [a] = [old.register(ADD), old.register('com.example.sub')];
      a.unsubscribe();
      expect([old.sent, setup({ tables: old }).sent]).toEqual([[], [[REGISTER, 1, {}, 'com.example.sub']]]);
    });

    it('what was being left does not come back', () => {
      const old = setup({ bound: false });
      const [a, b] = [old.register(ADD), old.register('com.example.sub')];
      old.receive([REGISTERED, 1, 55]);
      a.unsubscribe();
      b.unsubscribe();
      old.core.lose(LOST);
      expect([old.registrations.size, old.emptied]).toEqual([0, ['registrations']]);
      expect(setup({ tables: old }).sent).toEqual([]);
    });

    it('R1 who registers again inside the error of a loss finds no session, and waits', () => {
      const s = setup();
      const error = (): void => {
        s.registrations.claim(ADD, {}, { next: fail, error: fail, complete: fail }, false, () => ({ unsubscribe: fail }));
      };
      s.register(ADD, {}, { error });
      s.core.lose(LOST);
      expect([s.sent.length, s.registrations.size]).toEqual([1, 1]);
    });

    it('L9 ends gives everyone of this moment, each with a task of its own', () => {
      const s = setup();
      const [a, b] = [s.register(ADD), s.register('com.example.sub')];
      const ends = s.registrations.ends();
      const c = s.register('com.example.mul');
      b.unsubscribe();
      for (const end of ends) end();
      expect([ends.length, a.heard, b.heard, c.heard]).toEqual([2, [['complete']], [], []]);
      for (const end of s.registrations.ends(LOST)) end();
      expect(c.errors).toEqual([LOST]);
      s.receive([REGISTERED, 1, 1], [REGISTERED, 2, 2], [REGISTERED, 3, 3], [UNREGISTERED, 4], [UNREGISTERED, 5], [UNREGISTERED, 6]);
      expectNothingLeft(s);
    });
  });

  describe('again', () => {
    /** A registration that an earlier session had, refused by the next one. */

    function zombie(host = patient(), before: 'live' | 'asked' = 'live') {
      const old = setup({ bound: false, again: host.again });
      const a = old.register(ADD);
      if (before === 'live') old.receive([REGISTERED, 1, 55]);
      old.core.lose(LOST);
      const s = setup({ bound: false, tables: old });
      s.receive(refusal(REGISTER, 1, EXISTS));
      return { a, s, host, emptied: old.emptied };
    }

    for (const before of ['live', 'asked'] as const) {
      it(`R8 procedure_already_exists after a reconnect is tried again (${before} at the loss)`, () => {
        const { a, s, host } = zombie(patient(), before);
        expect([host.asked, a.errors, s.sent.length]).toEqual([[1], [], 1]);
        host.retry();
        s.receive(refusal(REGISTER, 2, EXISTS));
        host.retry();
        s.receive([REGISTERED, 3, 56]);
        expect([host.asked, s.sent]).toEqual([
          [1, 2],
          [
            [REGISTER, 1, {}, ADD],
            [REGISTER, 2, {}, ADD],
            [REGISTER, 3, {}, ADD],
          ],
        ]);
        expect(a.heard.at(-1)).toEqual(['open', 56]);
        a.unsubscribe();
        expect(s.sent.slice(3)).toEqual([[UNREGISTER, 4, 56]]);
        s.receive([UNREGISTERED, 4]);
        expectNothingLeft(s);
      });
    }

    it('R8 gives up when the host does', () => {
      const { a, s, host } = zombie(patient(1));
      host.retry();
      s.receive(refusal(REGISTER, 2, EXISTS));
      expect([host.asked, a.heard.at(-1)]).toEqual([
        [1, 2],
        ['error', EXISTS],
      ]);
      expectNothingLeft(s);
    });

    it('R8 at a first registration it errors at once', () => {
      const host = patient();
      const s = setup({ again: host.again });
      const a = s.register(ADD);
      s.receive(refusal(REGISTER, 1, EXISTS));
      expect([host.asked, a.heard]).toEqual([[], [['error', EXISTS]]]);
      expectNothingLeft(s);
    });

    it('R8 one that waited without a session is a first registration', () => {
      const host = patient();
      const old = setup({ bound: false, again: host.again });
      old.core.lose(LOST);
      const a = old.register(ADD);
      const s = setup({ tables: old });
      s.receive(refusal(REGISTER, 1, EXISTS));
      expect([host.asked, a.heard]).toEqual([[], [['error', EXISTS]]]);
    });

    it('R8 another refusal errors at once', () => {
      const host = patient();
      const old = setup({ bound: false, again: host.again });
      const a = old.register(ADD);
      old.core.lose(LOST);
      setup({ tables: old }).receive(refusal(REGISTER, 1, 'wamp.error.not_authorized'));
      expect([host.asked, a.heard]).toEqual([[], [['error', 'wamp.error.not_authorized']]]);
    });

    it('R8 a host that never tries again lets it error at once', () => {
      const old = setup({ bound: false });
      const a = old.register(ADD);
      old.core.lose(LOST);
      setup({ tables: old }).receive(refusal(REGISTER, 1, EXISTS));
      expect(a.heard).toEqual([['error', EXISTS]]);
    });

    it('R8 who left before the refusal is not tried again', () => {
      const host = patient();
      const old = setup({ bound: false, again: host.again });
      const a = old.register(ADD);
      old.core.lose(LOST);
      const s = setup({ tables: old });
      a.unsubscribe();
      s.receive(refusal(REGISTER, 1, EXISTS));
      expect([host.asked, a.heard]).toEqual([[], []]);
      expectNothingLeft(s);
    });

    it('R8 leaving ends the wait and sends nothing', () => {
      const { a, s, host, emptied } = zombie();
      a.unsubscribe();
      expect([host.stopped, s.sent.length, emptied]).toEqual([[1], 1, ['registrations']]);
      expectNothingLeft(s);
    });

    it('R8 trap 2: leaving while a second try is unanswered: UNREGISTER follows the confirmation', () => {
      const { a, s, host } = zombie();
      host.retry();
      a.unsubscribe();
      s.receive([REGISTERED, 2, 56]);
      expect(s.sent.slice(2)).toEqual([[UNREGISTER, 3, 56]]);
      s.receive([UNREGISTERED, 3]);
      expectNothingLeft(s);
    });

    it('R8 a loss ends the wait: the next session asks at once', () => {
      const { a, s, host } = zombie();
      s.core.lose(LOST);
      expect(host.stopped).toEqual([1]);
      const next = setup({ tables: s });
      next.receive([REGISTERED, 1, 57]);
      a.unsubscribe();
      expect(next.sent).toEqual([
        [REGISTER, 1, {}, ADD],
        [UNREGISTER, 2, 57],
      ]);
      next.receive([UNREGISTERED, 2]);
      expectNothingLeft(next);
    });

    it('R8 tries are counted anew after a success', () => {
      const { s, host } = zombie();
      host.retry();
      s.receive([REGISTERED, 2, 56]);
      s.core.lose(LOST);
      setup({ tables: s }).receive(refusal(REGISTER, 1, EXISTS));
      expect(host.asked).toEqual([1, 1]);
    });

    it('R8 one that waits for its next try does not hold back the UNREGISTER of another', () => {
      const host = patient();
      const old = setup({ bound: false, again: host.again });
      const [a] = [old.register(ADD), old.register(ADD)];
      old.core.lose(LOST);
      const s = setup({ tables: old });
      s.receive([REGISTERED, 1, 55], refusal(REGISTER, 2, EXISTS));
      a.unsubscribe();
      expect(s.sent.slice(2)).toEqual([[UNREGISTER, 3, 55]]);
    });
  });
});
