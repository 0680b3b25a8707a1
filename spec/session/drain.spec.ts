// A registration that is left without cancelling: it is unregistered at once, and ends once what ran until then has been answered.
import { INTERRUPT, INVOCATION, REGISTER, REGISTERED, UNREGISTER, UNREGISTERED } from '../../src/protocol/messages.ts';
import type { Claim } from '../../src/session/claim.ts';
import { expectNothingLeft, LOST, type Listening, setup } from './setup.ts';

const ADD = 'com.example.add';
const ERROR = 8;
const YIELD = 70;
const drain = ({ handle }: Listening): void => {
  (handle as Claim).drain();
};

describe('Registrations.drain', () => {
  it('G7 sends UNREGISTER at once, runs what comes until UNREGISTERED, and completes behind the last answer', () => {
    const s = setup();
    const a = s.register(ADD);
    s.receive([REGISTERED, 1, 55], [INVOCATION, 1, 55, {}]);
    drain(a);
    drain(a);
    s.receive([INVOCATION, 2, 55, {}], [UNREGISTERED, 2]);
    expect(a.heard).toEqual([['open', 55]]);
    a.runs[0]!.reply.complete();
    a.runs[1]!.reply.error(new TypeError('no'));
    expect(s.sent).toEqual([
      [REGISTER, 1, {}, ADD],
      [UNREGISTER, 2, 55],
      [YIELD, 1, {}],
      [ERROR, INVOCATION, 2, {}, 'wamp.error.runtime_error', ['no']],
    ]);
    expect(a.heard).toEqual([['open', 55], ['complete']]);
    expectNothingLeft(s);
  });

  it('G7 has sent the last answer by the time it completes', () => {
    for (const end of [['complete'], ['error', new TypeError('no')], ['cancel']] as const) {
      const s = setup();
      let last: unknown;
      const a = s.register(ADD, {}, { complete: () => (last = s.sent.at(-1)) });
      s.receive([REGISTERED, 1, 55], [INVOCATION, 1, 55, {}]);
      drain(a);
      s.receive([UNREGISTERED, 2]);
      const { reply } = a.runs[0]!;
      if (end[0] === 'complete') reply.complete();
      else if (end[0] === 'error') reply.error(end[1]);
      else s.receive([INTERRUPT, 1, {}]);
      expect((last as number[])[0])
        .withContext(end[0])
        .toBe(end[0] === 'complete' ? YIELD : ERROR);
    }
  });

  it('G7 completes at UNREGISTERED where nothing runs', () => {
    const s = setup();
    const a = s.register(ADD);
    s.receive([REGISTERED, 1, 55]);
    drain(a);
    expect(a.heard).toEqual([['open', 55]]);
    s.receive([UNREGISTERED, 2]);
    expect(a.heard).toEqual([['open', 55], ['complete']]);
    expectNothingLeft(s);
  });

  it('G7 before REGISTERED it waits for it, and completes unseen (trap 2)', () => {
    const s = setup();
    const a = s.register(ADD);
    drain(a);
    s.receive([REGISTERED, 1, 55], [UNREGISTERED, 2]);
    expect([a.heard, s.sent.length]).toEqual([[['complete']], 2]);
    expectNothingLeft(s);
  });

  it('G7 leaving meanwhile cancels what still runs, before UNREGISTERED and behind it', () => {
    for (const confirmed of [false, true]) {
      const s = setup();
      const a = s.register(ADD);
      s.receive([REGISTERED, 1, 55], [INVOCATION, 1, 55, {}]);
      drain(a);
      if (confirmed) s.receive([UNREGISTERED, 2]);
      a.unsubscribe();
      if (!confirmed) s.receive([UNREGISTERED, 2]);
      expect(s.sent.slice(2)).toEqual([[ERROR, INVOCATION, 1, {}, 'wamp.error.canceled']]);
      expect([a.heard, a.runs[0]!.stopped]).toEqual([[['open', 55]], 1]);
      expectNothingLeft(s);
    }
  });

  it('G7 a lost session completes it, and it does not come back', () => {
    for (const confirmed of [false, true]) {
      const first = setup({ bound: false });
      const a = first.register(ADD);
      first.receive([REGISTERED, 1, 55], [INVOCATION, 1, 55, {}]);
      drain(a);
      if (confirmed) first.receive([UNREGISTERED, 2]);
      first.core.lose(LOST);
      const second = setup({ bound: false, tables: first });
      expect([a.heard, second.sent]).toEqual([[['open', 55], ['complete']], []]);
      expectNothingLeft(second);
    }
  });

  it('G7 another registration of the procedure follows at UNREGISTERED, while the old one still runs', () => {
    const s = setup();
    const a = s.register(ADD);
    s.receive([REGISTERED, 1, 55], [INVOCATION, 1, 55, {}]);
    drain(a);
    const b = s.register(ADD);
    expect(s.news().length).toBe(2);
    s.receive([UNREGISTERED, 2], [REGISTERED, 3, 56]);
    a.runs[0]!.reply.complete();
    expect(s.news()).toEqual([
      [REGISTER, 3, {}, ADD],
      [YIELD, 1, {}],
    ]);
    expect([a.heard.at(-1), b.heard]).toEqual([['complete'], [['open', 56]]]);
  });

  it('G7 closing ends it while it runs down', () => {
    const s = setup();
    const a = s.register(ADD);
    s.receive([REGISTERED, 1, 55], [INVOCATION, 1, 55, {}]);
    drain(a);
    s.receive([UNREGISTERED, 2]);
    for (const end of s.registrations.ends()) end();
    expect([a.heard.at(-1), a.runs[0]!.stopped]).toEqual([['complete'], 1]);
    expectNothingLeft(s);
  });
});
