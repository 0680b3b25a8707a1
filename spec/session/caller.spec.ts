// Caller role: results, progress, errors, cancelling, late answers.
import { CallTimeoutError, type WampError } from '../../src/protocol/errors.ts';
import { CALL, CANCEL, RESULT } from '../../src/protocol/messages.ts';
import { expectNothingLeft, LOST, setup } from './setup.ts';

const ADD = 'com.example.add';
const ERROR = 8;
const progress = (request: number, ...args: unknown[]): unknown[] => [RESULT, request, { progress: true }, args];
const refusal = (request: number, uri: string, ...rest: unknown[]): unknown[] => [ERROR, CALL, request, {}, uri, ...rest];

describe('call', () => {
  it('C1 sends CALL, emits the result and completes', () => {
    const s = setup();
    const a = s.call(ADD, { args: [1, 2] });
    s.receive([RESULT, 1, { callee: 5 }, [3]]);
    expect(s.sent).toEqual([[CALL, 1, {}, ADD, [1, 2]]]);
    expect(a.heard).toEqual([['next', [3]], ['complete']]);
    expect(s.log).toEqual(['pending', 'idle']);
    expectNothingLeft(s);
  });

  it('C1 a result has its value, args, kwargs and details', () => {
    const s = setup();
    const results: unknown[] = [];
    const next = (one: unknown): void => {
      results.push({ ...(one as object) });
    };
    s.call(ADD, {}, { next });
    s.call(ADD, {}, { next });
    s.receive([RESULT, 1, { callee: 5 }, [3, 4], { a: 1 }], [RESULT, 2, {}]);
    expect(results).toEqual([
      { value: 3, args: [3, 4], kwargs: { a: 1 }, details: { callee: 5 } },
      { value: undefined, args: [], kwargs: {}, details: {} },
    ]);
  });

  it('I2 puts an empty list before kwargs that stand alone, and sends options as they are', () => {
    const s = setup();
    s.call(ADD, { kwargs: { a: 1 }, options: { receive_progress: true } });
    expect(s.sent).toEqual([[CALL, 1, { receive_progress: true }, ADD, [], { a: 1 }]]);
  });

  it('C1 emits progressive results as they come, then the final one', () => {
    const s = setup();
    const a = s.call(ADD);
    s.receive(progress(1, 'a'), progress(1, 'b'), [RESULT, 1, {}, ['c']]);
    expect(a.heard).toEqual([['next', ['a']], ['next', ['b']], ['next', ['c']], ['complete']]);
    expectNothingLeft(s);
  });

  for (const [name, payload] of [
    ['no args', []],
    ['empty args', [[]]],
    ['empty args and kwargs', [[], {}]],
  ] as const) {
    it(`C1 a final RESULT with ${name} behind progress only completes, and alone it is emitted`, () => {
      const s = setup();
      const [a, b] = [s.call(ADD), s.call(ADD)];
      s.receive(progress(1, 'a'), [RESULT, 1, {}, ...payload], [RESULT, 2, {}, ...payload]);
      expect(a.heard).toEqual([['next', ['a']], ['complete']]);
      expect(b.heard).toEqual([['next', []], ['complete']]);
    });
  }

  it('C1 kwargs alone are no empty result', () => {
    const s = setup();
    const a = s.call(ADD);
    s.receive(progress(1), [RESULT, 1, {}, [], { a: 1 }]);
    expect(a.heard).toEqual([['next', []], ['next', []], ['complete']]);
  });

  it('trap 7: 0, false, empty text and null are results', () => {
    const s = setup();
    const values = [0, false, '', null];
    const calls = values.map(() => s.call(ADD, { args: values }));
    values.forEach((value, index) => {
      s.receive(progress(index + 1, 'x'), [RESULT, index + 1, {}, [value]]);
    });
    expect(s.sent[0]).toEqual([CALL, 1, {}, ADD, [0, false, '', null]]);
    expect(calls.map(({ heard }) => heard[1])).toEqual(values.map((value) => ['next', [value]]));
  });

  it('C5 ERROR errors it with the uri, args, kwargs and details, and the procedure in its message', () => {
    const s = setup();
    const a = s.call(ADD);
    s.receive([ERROR, CALL, 1, { callee: 5 }, 'com.example.error.odd', ['too odd', 2], { a: 1 }]);
    expect(a.heard).toEqual([['error', 'com.example.error.odd']]);
    expect({ ...(a.errors[0] as object), message: a.errors[0]!.message }).toEqual({
      name: 'ApplicationError',
      uri: 'com.example.error.odd',
      args: ['too odd', 2],
      kwargs: { a: 1 },
      details: { callee: 5 },
      message: `call of ${ADD} failed with com.example.error.odd: too odd`,
    } as unknown as WampError & { message: string });
    expectNothingLeft(s);
  });

  it('C5 the text may stand in kwargs, or nowhere', () => {
    const s = setup();
    const [a, b, c] = [s.call(ADD), s.call(ADD), s.call(ADD)];
    s.receive(refusal(1, 'com.example.error.odd', [1], { message: 'too odd' }), refusal(2, 'com.example.error.odd', [1], { message: 2 }));
    s.receive(refusal(3, 'com.example.error.odd'));
    expect([a, b, c].map(({ errors }) => errors[0]!.message)).toEqual([
      `call of ${ADD} failed with com.example.error.odd: too odd`,
      `call of ${ADD} failed with com.example.error.odd`,
      `call of ${ADD} failed with com.example.error.odd`,
    ]);
  });

  it('C5 an ERROR behind progress errors too', () => {
    const s = setup();
    const a = s.call(ADD);
    s.receive(progress(1, 'a'), refusal(1, 'com.example.error.odd'));
    expect(a.heard).toEqual([
      ['next', ['a']],
      ['error', 'com.example.error.odd'],
    ]);
    expectNothingLeft(s);
  });

  for (const [name, uri, args] of [
    ['wamp.error.timeout', 'wamp.error.timeout', []],
    ['wamp.error.canceled with the text of Crossbar.io', 'wamp.error.canceled', ['timeout reached']],
    ['wamp.error.cancelled with that text', 'wamp.error.cancelled', ['timeout reached']],
  ] as const) {
    it(`C4 a router's own time-out is a CallTimeoutError: ${name}`, () => {
      const s = setup();
      const a = s.call(ADD);
      s.receive(refusal(1, uri, args));
      expect(a.errors[0]).toBeInstanceOf(CallTimeoutError);
      expect(a.errors[0]!.message).toContain(`call of ${ADD} took longer than the limit`);
      expect((a.errors[0]!.cause as WampError).uri).toBe(uri);
    });
  }

  it('C4 a cancelled call, or another error with that text, is none', () => {
    const s = setup();
    const [a, b] = [s.call(ADD), s.call(ADD)];
    s.receive(refusal(1, 'wamp.error.canceled', ['by the caller']), refusal(2, 'com.example.error.slow', ['timeout reached']));
    expect([a.heard, b.heard]).toEqual([[['error', 'wamp.error.canceled']], [['error', 'com.example.error.slow']]]);
    expect([...a.errors, ...b.errors].some((error) => error instanceof CallTimeoutError)).toBeFalse();
  });

  describe('unsubscribe', () => {
    it('C2 trap 1: sends CANCEL, forgets the call at once, and drops its late answers', () => {
      const s = setup();
      const a = s.call(ADD);
      a.unsubscribe();
      expect(s.core.requests.size).toBe(0);
      s.receive(progress(1, 1), [RESULT, 1, {}, [3]], refusal(1, 'wamp.error.canceled'));
      expect(s.sent.slice(1)).toEqual([[CANCEL, 1, { mode: 'killnowait' }]]);
      expect([a.heard, s.core.counters.dropped, s.core.isOpen]).toEqual([[], 3, true]);
      expectNothingLeft(s);
    });

    it('C2 trap 5: the mode goes into CANCEL only, and CANCEL takes no id', () => {
      const s = setup();
      s.call(ADD, { given: { mode: 'kill' } }).unsubscribe();
      s.call(ADD);
      expect(s.sent).toEqual([
        [CALL, 1, {}, ADD],
        [CANCEL, 1, { mode: 'kill' }],
        [CALL, 2, {}, ADD],
      ]);
    });

    it('C2 sends one CANCEL, however often', () => {
      const s = setup();
      const a = s.call(ADD);
      a.unsubscribe();
      a.unsubscribe();
      expect(s.sent.length).toBe(2);
    });

    it('C2 a dealer that did not announce call_canceling gets no CANCEL, unless forced', () => {
      const s = setup({ roles: { dealer: { features: {} } } });
      s.call(ADD).unsubscribe();
      expect(s.sent.length).toBe(1);
      s.call(ADD, { given: { force: true } }).unsubscribe();
      expect(s.sent.slice(1)).toEqual([
        [CALL, 2, {}, ADD],
        [CANCEL, 2, { mode: 'killnowait' }],
      ]);
      expectNothingLeft(s);
    });

    it('C2 after the end it sends nothing', () => {
      const s = setup();
      const [a, b, c] = [s.call(ADD), s.call(ADD), s.call(ADD)];
      s.receive([RESULT, 1, {}], refusal(2, 'com.example.error.odd'));
      a.unsubscribe();
      b.unsubscribe();
      s.core.lose(LOST);
      c.unsubscribe();
      expect(s.sent.length).toBe(3);
    });

    it('C2 inside progress it ends the call: what comes behind is dropped', () => {
      const s = setup();
      const a = s.call(ADD, {}, { next: () => a.unsubscribe() });
      s.receive(progress(1, 'a'), progress(1, 'b'), [RESULT, 1, {}, ['c']]);
      expect([a.heard, s.sent.slice(1), s.core.counters.dropped]).toEqual([[['next', ['a']]], [[CANCEL, 1, { mode: 'killnowait' }]], 2]);
      expectNothingLeft(s);
    });

    it('C2 inside the final result, or inside the end, it sends nothing', () => {
      const s = setup();
      const a = s.call(ADD, {}, { next: () => a.unsubscribe() });
      const b = s.call(ADD, {}, { complete: () => b.unsubscribe() });
      const c = s.call(ADD, {}, { error: () => c.unsubscribe() });
      s.receive([RESULT, 1, {}], [RESULT, 2, {}], refusal(3, 'com.example.error.odd'));
      expect(s.sent.length).toBe(3);
      expectNothingLeft(s);
    });
  });

  it('trap 10: a second call beside the first, and one right after the last, work', () => {
    const s = setup();
    const a = s.call(ADD, {}, { complete: () => (c = s.call(ADD)) });
    let c = a;
    const b = s.call(ADD);
    s.receive([RESULT, 2, {}, [2]], [RESULT, 1, {}, [1]], [RESULT, 3, {}, [3]]);
    expect([a.heard, b.heard, c.heard].map(([first]) => first)).toEqual([
      ['next', [1]],
      ['next', [2]],
      ['next', [3]],
    ]);
    expect(s.log).toEqual(['pending', 'idle', 'pending', 'idle']);
  });

  it('trap 13: a sink that throws in next, complete or error leaves no entry, and the next call works', () => {
    const s = setup();
    const thrown = new TypeError('from a sink');
    const throws = (): void => {
      throw thrown;
    };
    s.call(ADD, {}, { next: throws });
    s.call(ADD, {}, { complete: throws });
    s.call(ADD, {}, { error: throws });
    const last = s.call(ADD);
    s.receive([RESULT, 1, {}], [RESULT, 2, {}], refusal(3, 'com.example.error.odd'), [RESULT, 4, {}, [4]]);
    expect([s.reported, last.heard]).toEqual([
      [thrown, thrown, thrown],
      [['next', [4]], ['complete']],
    ]);
    expectNothingLeft(s);
  });

  it('trap 5: what cannot be sent throws, and takes no id', () => {
    const s = setup();
    const refused = new TypeError('cannot be encoded');
    s.channel.refuses = () => refused;
    expect(() => s.call(ADD)).toThrow(refused);
    s.channel.refuses = undefined;
    s.call(ADD);
    expect([s.sent, s.core.requests.size]).toEqual([[[CALL, 1, {}, ADD]], 1]);
  });

  it('R9 a call is never given up by the sweep', () => {
    const s = setup();
    const a = s.call(ADD);
    s.seconds(1000);
    s.receive([RESULT, 1, {}, [3]]);
    expect(a.heard).toEqual([['next', [3]], ['complete']]);
  });

  it('one long call beside 10,000 short ones gets its answer', () => {
    const s = setup();
    const long = s.call('com.example.long');
    let done = 0;
    for (let id = 2; id <= 10_001; id++) {
      s.call(ADD, {}, { complete: () => done++ });
      s.receive([RESULT, id, {}]);
    }
    s.receive([RESULT, 1, {}, ['at last']]);
    expect([done, long.heard]).toEqual([10_000, [['next', ['at last']], ['complete']]]);
    expectNothingLeft(s);
  });
});
