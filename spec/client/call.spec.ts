import { map, mergeMap, retry, take, timeout } from 'rxjs';
import { ApplicationError, CallTimeoutError, ConnectionError, WampError } from '../../src/protocol/errors.ts';
import { ABORT, CALL, CANCEL, ERROR, PUBLISH, RESULT } from '../../src/protocol/messages.ts';
import { Client } from '../../src/client/client.ts';
import { ScriptedRouter } from '../../src/testing/scripted.ts';
import { drawn } from './answers.ts';
import { hear, joined, kept, opened, turn } from './opened.ts';

const ADD = 'com.example.add';
const WORK = 'com.example.work';
const progress = { receive_progress: true };

describe('Client.call', () => {
  it('C1 sends one CALL for each subscription, and emits the result with all that came', () => {
    const { client, link, sent } = opened();
    const sum = client.call(ADD, [1, 2], { exact: true });
    expect(sent()).toEqual([]);
    const [first, second] = [hear(sum), hear(sum)];
    expect(sent()).toEqual([
      [CALL, 1, {}, ADD, [1, 2], { exact: true }],
      [CALL, 2, {}, ADD, [1, 2], { exact: true }],
    ]);
    link.receive([RESULT, 2, { callee: 5 }, [3, 'more'], { k: 1 }]);
    expect([first.values.length, first.completions, second.completions]).toEqual([0, 0, 1]);
    const { value, args, kwargs, details } = second.values[0]!;
    expect([value, args, kwargs, details] as unknown[]).toEqual([3, [3, 'more'], { k: 1 }, { callee: 5 }]);
  });

  it('C1 C2 is sent once and can be cancelled also where nobody hears of it', () => {
    const { client, link, sent } = opened();
    const [first, second] = [client.call(ADD).subscribe(), client.call(ADD).subscribe()];
    link.receive([RESULT, 1, {}, [3]]);
    expect([first.closed, second.closed]).toEqual([true, false]);
    second.unsubscribe();
    expect(sent()).toEqual([
      [CALL, 1, {}, ADD],
      [CALL, 2, {}, ADD],
      [CANCEL, 2, { mode: 'killnowait' }],
    ]);
  });

  it('C1 emits progressive results as they come, then the final one', () => {
    const { client, link, sent } = opened();
    const results = hear(client.call(WORK, [3], undefined, progress).pipe(map(({ value }) => value)));
    expect(sent()).toEqual([[CALL, 1, progress, WORK, [3]]]);
    link.receive([RESULT, 1, { progress: true }, [1]]);
    expect(results.values).toEqual([1]);
    link.receive([RESULT, 1, { progress: true }, [2]], [RESULT, 1, {}, [3]]);
    expect([results.values, results.completions]).toEqual([[1, 2, 3], 1]);
  });

  it('C1 only completes at an empty final RESULT behind progress', () => {
    for (const rest of [[], [[]], [[], {}]]) {
      const { client, link } = opened();
      const results = hear(client.call(WORK, [], {}, progress).pipe(map(({ value }) => value)));
      link.receive([RESULT, 1, { progress: true }, [1]], [RESULT, 1, {}, ...rest]);
      expect([results.values, results.completions]).toEqual([[1], 1]);
    }
  });

  it('C1 emits an empty final RESULT that stands alone, and one with nothing but keywords', () => {
    const { client, link } = opened();
    const alone = hear(client.call(WORK, [], {}, progress));
    const keywords = hear(client.call(WORK, [], {}, progress));
    link.receive([RESULT, 1, {}], [RESULT, 2, { progress: true }, [1]], [RESULT, 2, {}, [], { k: 1 }]);
    expect(alone.values.map(({ value, args, kwargs }) => [value, args, kwargs])).toEqual([[undefined, [], {}]]);
    expect(keywords.values.map(({ kwargs }) => kwargs)).toEqual([{}, { k: 1 }]);
    expect([alone.completions, keywords.completions]).toEqual([1, 1]);
  });

  it('C1 emits a progressive RESULT even when it is empty', () => {
    const { client, link } = opened();
    const results = hear(client.call(WORK, [], {}, progress));
    link.receive([RESULT, 1, { progress: true }], [RESULT, 1, { progress: true }, []], [RESULT, 1, {}]);
    expect([results.values.length, results.completions]).toEqual([2, 1]);
  });

  it('C2 sends nothing when it is left before there is a session', () => {
    drawn(({ client, requests, at, expectObservable }) => {
      const wamp = client();
      expectObservable(wamp.call(ADD, [1]), '^ 6ms !').toBe('');
      at(100, () => {
        expect(requests()).toEqual([]);
      });
    });
  });

  it('C2 sends CANCEL when it is left, and drops the late answer (trap 1)', () => {
    const { client, link, sent } = opened();
    const slow = hear(client.call(WORK));
    slow.leave();
    expect(sent()).toEqual([
      [CALL, 1, {}, WORK],
      [CANCEL, 1, { mode: 'killnowait' }],
    ]);
    expect(client.inspect().pending).toEqual([]);
    link.receive([RESULT, 1, {}, ['late']], [ERROR, CALL, 1, {}, 'wamp.error.canceled']);
    expect([slow.values.length, slow.errors.length, client.inspect().counters.dropped]).toEqual([0, 0, 2]);
    expect(client.inspect().session).toBe(1001);
  });

  it('C2 puts the mode of the call into CANCEL only', () => {
    const { client, sent } = opened();
    hear(client.call(WORK, [], {}, { mode: 'kill', timeout: 500 })).leave();
    expect(sent()).toEqual([
      [CALL, 1, { timeout: 500 }, WORK],
      [CANCEL, 1, { mode: 'kill' }],
    ]);
  });

  it('C2 sends no CANCEL to a dealer that did not announce it, unless forced', () => {
    const { client, sent } = opened({}, { roles: { broker: {}, dealer: {} } });
    hear(client.call(WORK)).leave();
    hear(client.call(WORK, [], {}, { force: true })).leave();
    expect(sent()).toEqual([
      [CALL, 1, {}, WORK],
      [CALL, 2, {}, WORK],
      [CANCEL, 2, { mode: 'killnowait' }],
    ]);
  });

  it('C2 sends nothing at teardown after completion', () => {
    const { client, link, sent } = opened();
    const sum = hear(client.call(ADD).pipe(take(1)));
    link.receive([RESULT, 1, {}, [3]]);
    sum.leave();
    expect([sum.completions, sent()]).toEqual([1, [[CALL, 1, {}, ADD]]]);
  });

  it('C2 cancels with take(1) at the first progressive result', () => {
    const { client, link, sent } = opened();
    const first = hear(client.call(WORK, [], {}, progress).pipe(take(1)));
    link.receive([RESULT, 1, { progress: true }, [1]], [RESULT, 1, { progress: true }, [2]]);
    expect([first.values.length, first.completions]).toEqual([1, 1]);
    expect(sent().slice(1)).toEqual([[CANCEL, 1, { mode: 'killnowait' }]]);
  });

  it('C3 takes an answer to what was never asked as a violation', () => {
    const { client, link, router } = opened();
    const sum = hear(client.call(ADD));
    link.receive([RESULT, 2, {}, ['early']]);
    expect(router.log.at(-1)).toEqual([ABORT, { message: 'request 2 was answered before it was sent' }, 'wamp.error.protocol_violation']);
    expect(sum.errors).toEqual([jasmine.objectContaining({ uri: 'wamp.error.protocol_violation', sent: true })]);
    expect(link.closed).toBeTrue();
  });

  it('C4 is limited by timeout() of RxJS, which cancels', () => {
    drawn(({ client, requests, at, expectObservable }) => {
      const wamp = client();
      expectObservable(wamp.call('com.example.silent').pipe(timeout(30))).toBe(
        '30ms #',
        undefined,
        jasmine.objectContaining({ name: 'TimeoutError' }),
      );
      at(31, () => {
        expect(requests()).toEqual([
          [CALL, 1, {}, 'com.example.silent'],
          [CANCEL, 1, { mode: 'killnowait' }],
        ]);
      });
    });
  });

  it('C4 is limited by timeoutMs, from subscription on, with a CallTimeoutError', () => {
    drawn(({ client, requests, at, expectObservable }) => {
      const wamp = client();
      const error = new CallTimeoutError('call of com.example.silent took longer than 30 ms');
      expectObservable(wamp.call('com.example.silent', [], {}, { timeoutMs: 30 })).toBe('30ms #', undefined, error);
      at(31, () => {
        expect(requests()).toEqual([
          [CALL, 1, {}, 'com.example.silent'],
          [CANCEL, 1, { mode: 'killnowait' }],
        ]);
      });
    });
  });

  it('C4 counts the wait for a session into timeoutMs, and then sends nothing', () => {
    drawn(({ client, requests, at, expectObservable }) => {
      const wamp = client({ callTimeoutMs: 8 });
      expectObservable(wamp.call(ADD)).toBe(
        '8ms #',
        undefined,
        new CallTimeoutError('call of com.example.add was not sent within 8 ms', { sent: false }),
      );
      at(50, () => {
        expect(requests()).toEqual([]);
      });
    });
  });

  it('C4 lets a call say otherwise than callTimeoutMs, and publishes are not calls', () => {
    drawn(({ client, expectObservable }) => {
      const wamp = client({ callTimeoutMs: 8 });
      expectObservable(wamp.call(ADD, [1], {}, { timeoutMs: 50 }).pipe(map(({ value }) => value))).toBe('15ms (1|)', { 1: 1 });
      expectObservable(wamp.publish('com.example.news', [], {}, { acknowledge: true })).toBe('15ms (p|)', { p: 302 });
    });
  });

  it('C4 has no limit of its own, and puts timeout on the wire only when it is given', () => {
    drawn(({ client, requests, at, expectObservable }) => {
      const wamp = client();
      expectObservable(wamp.call('com.example.silent'), '^ 600s !').toBe('');
      at(20, () => {
        expect(requests()).toEqual([[CALL, 1, {}, 'com.example.silent']]);
      });
    });
  });

  it('C4 takes a time-out of the router as a CallTimeoutError, under either name', () => {
    const { client, link } = opened();
    const calls = [hear(client.call(WORK, [], {}, { timeout: 5 })), hear(client.call(WORK, [], {}, { timeout: 5 }))];
    link.receive([ERROR, CALL, 1, {}, 'wamp.error.timeout'], [ERROR, CALL, 2, {}, 'wamp.error.canceled', ['timeout reached']]);
    for (const { errors } of calls) {
      expect(errors[0]).toBeInstanceOf(CallTimeoutError);
      expect(String(errors[0])).toBe('CallTimeoutError: call of com.example.work took longer than the limit that it gave the router');
      expect((errors[0] as Error).cause).toBeInstanceOf(ApplicationError);
    }
  });

  it('C5 errors with everything that ERROR carries, and the procedure in the sentence', () => {
    const { client, link } = opened();
    const sum = hear(client.call(ADD, ['x']));
    link.receive([ERROR, CALL, 1, { callee: 5 }, 'com.example.error.not_a_number', ['x is none'], { index: 0 }]);
    const [error] = sum.errors as [ApplicationError];
    expect(error).toBeInstanceOf(ApplicationError);
    expect([error.message, error.uri, error.args, error.kwargs, error.details]).toEqual([
      'call of com.example.add failed with com.example.error.not_a_number: x is none',
      'com.example.error.not_a_number',
      ['x is none'],
      { index: 0 },
      { callee: 5 },
    ]);
  });

  it('R1 waits for the next session when it is retried at once inside the loss', () => {
    drawn(({ client, router, requests, at, expectObservable }) => {
      const wamp = client();
      const values = wamp.call('com.example.silent', [1]).pipe(retry(1));
      expectObservable(values, '^ 199ms !').toBe('');
      at(50, () => {
        router.link.fail();
      });
      at(190, () => {
        expect(router.links.map((link) => link.sent.filter(([code]) => code === CALL))).toEqual([
          [[CALL, 1, {}, 'com.example.silent', [1]]],
          [[CALL, 1, {}, 'com.example.silent', [1]]],
        ]);
        expect(requests().length).toBe(1);
      });
    });
  });

  it('R2 errors with sent: true when the link broke under it, all with one instance', () => {
    const { client, link } = opened();
    const calls = [
      hear(client.call(ADD)),
      hear(client.call(WORK)),
      hear(client.publish('com.example.news', [], {}, { acknowledge: true })),
    ];
    link.fail(new ConnectionError('the link broke', { code: 1006, url: 'ws://router' }));
    const [error] = calls[0]!.errors as [ConnectionError];
    for (const { errors } of calls) expect(errors[0]).toBe(error);
    expect([error.message, error.sent, error.code, error.url]).toEqual(['the link broke', true, 1006, 'ws://router']);
  });

  it('L9 errors with sent: true at close(), and with sent: false who asks again then', async () => {
    const { client } = opened();
    const work = hear(client.call(WORK).pipe(retry(1)));
    const plain = hear(client.call(WORK));
    await client.close();
    expect(work.errors.map((error) => [String(error), (error as ConnectionError).sent])).toEqual([
      ['ConnectionError: the client is closed: make a new one', false],
    ]);
    expect(plain.errors.map((error) => [String(error), (error as ConnectionError).sent])).toEqual([
      ['ConnectionError: the client was closed', true],
    ]);
  });

  it('R4 leaves no connection behind when it waits for nothing', () => {
    drawn(({ client, router, at, expectObservable }) => {
      const wamp = client();
      const error = new ConnectionError('call of com.example.add found no session within 0 ms');
      expectObservable(wamp.call(ADD, [], {}, { waitMs: 0 })).toBe('#', undefined, error);
      at(2000, () => {
        expect([router.link.closed, wamp.inspect().session]).toEqual([true, undefined]);
      });
    });
  });

  it('numbers requests of all kinds 1, 2, 3 in the order in which they are sent (trap 5)', () => {
    const { client, sent } = opened();
    hear(client.call(ADD));
    hear(client.publish('com.example.news'));
    hear(client.call(ADD));
    expect(sent().map(([code, request]) => [code, request])).toEqual([
      [CALL, 1],
      [PUBLISH, 2],
      [CALL, 3],
    ]);
  });

  it('takes 0, false, an empty text and null for arguments and results (trap 7)', () => {
    const { client, link, sent } = opened();
    const values = [0, false, '', null];
    const results = values.map((value) => hear(client.call(ADD, [value]).pipe(map((one) => one.value))));
    expect(sent().map(([, , , , args]) => args)).toEqual(values.map((value) => [value]));
    values.forEach((value, index) => {
      link.receive([RESULT, index + 1, {}, [value]]);
    });
    expect(results.map(({ values: [value] }) => value)).toEqual(values);
  });

  it('goes on beside a call that ends, and right after the last one (trap 10)', () => {
    const { client, link, sent } = opened();
    const chain = hear(client.call(ADD, [1]).pipe(mergeMap(({ value }) => client.call(ADD, [value]))));
    const other = hear(client.call(WORK));
    link.receive([RESULT, 1, {}, [2]], [RESULT, 3, {}, [3]], [RESULT, 2, {}, ['done']]);
    expect(sent().map(([, request, , , args]) => [request, args])).toEqual([
      [1, [1]],
      [2, undefined],
      [3, [2]],
    ]);
    expect([chain.values[0]?.value, other.values[0]?.value]).toEqual([3, 'done']);
  });

  it('works with nobody else subscribed to anything (trap 10)', async () => {
    const router = new ScriptedRouter();
    const client = kept(new Client({ transport: router.transport, keepAliveMs: 0, logger: false }));
    for (const request of [1, 2]) {
      const sum = hear(client.call(ADD));
      router.run();
      router.link.receive([RESULT, request, {}, [request]]);
      expect(sum.values[0]?.value).toBe(request);
      await turn();
    }
    expect(router.links.length).toBe(1);
  });

  it('leaves nothing of a thousand calls behind (trap 11)', () => {
    const { client, link } = opened();
    const calls = Array.from({ length: 1000 }, () => hear(client.call(ADD)));
    for (let request = 1; request <= 1000; request++) link.receive([RESULT, request, {}]);
    expect(calls.every(({ completions }) => completions === 1)).toBeTrue();
    expect(client.inspect().pending).toEqual([]);
  });

  it('is refused in the stream where the router would misread an option, and sent when forced', () => {
    const { client, sent } = opened({}, { roles: { broker: {}, dealer: {} } });
    const limited = hear(client.call(ADD, [], {}, { timeout: 100 }));
    expect(limited.errors.map(String)).toEqual([
      'WampError: the router did not announce call_timeout, which timeout for com.example.add needs: force: true sends it all the same',
    ]);
    expect(limited.errors[0]).toBeInstanceOf(WampError);
    hear(client.call(ADD, [], {}, { timeout: 100, force: true }));
    expect(sent()).toEqual([[CALL, 1, { timeout: 100 }, ADD]]);
  });
});

describe('Session.call', () => {
  it('R2 errors with its session, and afterwards at once with sent: false', () => {
    const { session, link, sent } = joined();
    const before = hear(session.call(ADD));
    link.fail();
    const after = hear(session.call(ADD));
    expect([before, after].map(({ errors: [error] }) => [String(error), (error as ConnectionError).sent])).toEqual([
      ['ConnectionError: the link broke', true],
      ['ConnectionError: the link broke', false],
    ]);
    expect(sent().length).toBe(1);
  });
});
