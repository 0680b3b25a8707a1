// What a client does when a link is lost or an attempt fails: the lines R1 to R7 and R11, and `reconnect()`.
/* eslint-disable rxjs-x/no-nested-subscribe, rxjs-x/no-subscribe-in-pipe -- subscribing inside of handlers is what is tried here */
import { defer, finalize, map, NEVER, type Observable, retry, tap } from 'rxjs';
import { ConnectionError, JoinError } from '../../src/protocol/errors.ts';
import { ABORT, CALL, GOODBYE, HELLO, type List, PUBLISH, REGISTER, SUBSCRIBE, SUBSCRIBED } from '../../src/protocol/messages.ts';
import type { ScriptedLink } from '../../src/testing/scripted.ts';
import { codes, lost, marbles, NOTHING, leftOf, sockets, wampError, words } from './setup.ts';

const VALUE_1 = jasmine.objectContaining({ value: 1 });
const session = (id: number): unknown => jasmine.objectContaining({ id });

/** Code and URI of each request. */
function codesAfterHello(sent: readonly List[]): unknown[] {
  return sent.slice(1).map(([code, , , uri]) => [code, uri]);
}

describe('Client across losses', () => {
  describe('at a loss', () => {
    it('R1 sets the state first: a synchronous retry of a call finds no session and waits for the next one', () => {
      marbles(({ client, router, expectObservable, at }) => {
        const wamp = client();
        const seen: unknown[] = [];
        let tries = 0;
        const call = defer(() => wamp.call<number>('com.silent.first', [++tries])).pipe(
          tap({ error: () => wamp.status.subscribe(({ state }) => seen.push(state)).unsubscribe() }),
          tap({ error: () => seen.push(leftOf(wamp)) }),
          retry(),
        );
        expectObservable(call, '^ 199ms !').toBe('');
        at(50, () => router.link.fail());
        at(180, () => {
          expect(seen).toEqual(['waiting', NOTHING]);
          expect(router.links.map(({ sent }) => codesAfterHello(sent))).toEqual([
            [[CALL, 'com.silent.first']],
            [[CALL, 'com.silent.first']],
          ]);
          expect(router.links.map(({ sent }) => sent[1]?.[1])).toEqual([1, 1]);
          expect(tries).toBe(2);
        });
      });
    });

    it('R1 sets the state before a pipeline is torn down, and its last words find no session', () => {
      marbles(({ client, router, at, expectObservable }) => {
        const wamp = client();
        const answers: unknown[] = [];
        const pipeline = (): Observable<never> =>
          NEVER.pipe(finalize(() => wamp.call('com.example.bye', [1]).subscribe(({ value }) => answers.push(value))));
        expectObservable(wamp.register('com.example.slow', pipeline).pipe(map(({ id }) => id)), '^ 299ms !').toBe('15ms a 149ms a', {
          a: 201,
        });
        at(20, () => router.link.receive([68, 1, 201, {}]));
        at(50, () => router.link.fail());
        at(200, () => {
          expect(answers).toEqual([1]);
          expect(codesAfterHello(router.links[1]!.sent)).toEqual([
            [REGISTER, 'com.example.slow'],
            [CALL, 'com.example.bye'],
          ]);
        });
      });
    });

    it('L9 is closed for good by a pipeline that closes the client when the link is lost', () => {
      marbles(({ client, router, at, expectObservable }) => {
        const wamp = client();
        const pipeline = (): Observable<never> => NEVER.pipe(finalize(() => void wamp.close()));
        expectObservable(wamp.register('com.example.slow', pipeline).pipe(map(({ id }) => id))).toBe('15ms a 34ms |', { a: 201 });
        expectObservable(words(wamp)).toBe('c 9ms o 39ms (j|)', { c: 'connecting 1', o: 'open 1001', j: 'closed' });
        at(20, () => router.link.receive([68, 1, 201, {}]));
        at(50, () => router.link.fail());
      });
    });

    it('R2 errors what was sent with one ConnectionError that says sent, and does not send it again', () => {
      marbles(({ client, router, expectObservable, at }) => {
        const wamp = client();
        const errors: unknown[] = [];
        const note = tap({ error: (error: unknown) => errors.push(error) });
        expectObservable(wamp.call('com.silent.a').pipe(note)).toBe('50ms #', undefined, lost({ sent: true, code: 1006 }));
        expectObservable(wamp.publish('com.silent.b', [], {}, { acknowledge: true }).pipe(note)).toBe(
          '50ms #',
          undefined,
          lost({ sent: true, code: 1006 }),
        );
        expectObservable(wamp.sessions, '^ 299ms !').toBe('10ms a 149ms b', { a: session(1001), b: session(1002) });
        at(50, () => router.link.fail());
        at(300, () => {
          expect(errors.length).toBe(2);
          expect(errors[0]).toBe(errors[1]);
          expect(router.links.map(codes)).toEqual([[HELLO, CALL, PUBLISH], [HELLO]]);
          expect(wamp.inspect().counters.reconnects).toBe(1);
        });
      });
    });

    it("R2 tells what the router's GOODBYE said, and answers it once", () => {
      marbles(({ client, router, expectObservable, at }) => {
        const wamp = client();
        expectObservable(wamp.call('com.silent.a')).toBe('50ms #', undefined, lost({ sent: true, uri: 'wamp.close.killed' }));
        expectObservable(words(wamp), '^ 199ms !').toBe('c 9ms o 39ms w 99ms d 9ms p', {
          c: 'connecting 1',

          o: 'open 1001',
          w: 'waiting 2 until 150',
          d: 'connecting 2',
          p: 'open 1002',
        });
        at(50, () => router.link.receive([GOODBYE, {}, 'wamp.close.killed'], [GOODBYE, {}, 'wamp.close.killed']));
        at(60, () => expect(codes(router.link)).toEqual([HELLO, CALL, GOODBYE]));
      });
    });

    it('R3 brings topics and registrations back in silence, before what waits', () => {
      marbles(({ client, router, expectObservable, at }) => {
        const wamp = client();
        expectObservable(wamp.topic('com.example.news').pipe(map(({ value }) => value)), '^ 299ms !').toBe('20ms a 159ms b', {
          a: 'before',
          b: 'after',
        });
        expectObservable(wamp.subscribed('com.example.news').pipe(map(({ id }) => id)), '^ 299ms !').toBe('15ms a 149ms a', { a: 101 });
        expectObservable(
          wamp
            .register(
              'com.example.add',
              map(() => 1),
            )
            .pipe(map(({ id }) => id)),
          '^ 299ms !',
        ).toBe('15ms a 149ms a', { a: 202 });
        expectObservable(wamp.call('com.example.add', [1]), '100ms ^').toBe('165ms (r|)', { r: VALUE_1 });
        at(20, () => router.link.receive([36, 101, 1, {}, ['before']]));
        at(50, () => router.link.fail());
        at(180, () => {
          router.link.receive([36, 101, 2, {}, ['after']]);
          expect(codes(router.link)).toEqual([HELLO, SUBSCRIBE, REGISTER, CALL]);
        });
      });
    });

    it('R3 keeps at most 32 of 100 topics and 40 registrations unconfirmed, and sends what waits behind the last one', () => {
      marbles(({ client, router, at, expectObservable }) => {
        const wamp = client({ logger: false });
        const held = [
          ...Array.from({ length: 100 }, (_, i) => wamp.topic(`com.example.t${i}`).subscribe()),
          ...Array.from({ length: 40 }, (_, i) =>
            wamp
              .register(
                `com.example.p${i}`,
                map(() => i),
              )
              .subscribe(),
          ),
        ];
        at(100, () => {
          expect(wamp.inspect().pending).toEqual([]);
          router.link.fail();
        });
        for (let i = 0; i < 5; i++)
          expectObservable(wamp.call<number>(`com.example.call${i}`, [i]).pipe(map(({ value }) => value)), '150ms ^').toBe('235ms (r|)', {
            r: i,
          });
        const most: number[] = [];
        for (let frame = 200; frame < 260; frame++)
          at(frame, () => most.push(wamp.inspect().pending.filter(({ kind }) => kind !== 'CALL').length));
        at(260, () => {
          const sent = codes(router.link).slice(1);
          expect(Math.max(...most)).toBe(32);
          expect(sent.slice(0, 100)).toEqual(new Array(100).fill(SUBSCRIBE));
          expect(sent.slice(100, 140)).toEqual(new Array(40).fill(REGISTER));
          expect(router.link.sent.slice(141).map(([, , , uri]) => uri)).toEqual([0, 1, 2, 3, 4].map((i) => `com.example.call${i}`));
          for (const one of held) one.unsubscribe();
        });
      });
    });

    it('R3 sends what waits as soon as the last one is sent, confirmed or not', () => {
      marbles(({ client, router, at, expectObservable }) => {
        const wamp = client();
        const held = Array.from({ length: 32 }, (_, i) => wamp.topic(`com.silent.t${i}`).subscribe());
        expectObservable(wamp.call('com.example.add', [1])).toBe('15ms (r|)', { r: VALUE_1 });
        at(20, () => {
          expect(codes(router.link)).toEqual([HELLO, ...new Array<number>(32).fill(SUBSCRIBE), CALL]);
          for (const one of held) one.unsubscribe();
          void wamp.close();
        });
      });
      marbles(({ client, router, at }) => {
        const wamp = client();
        for (let i = 0; i < 33; i++) wamp.topic(`com.silent.t${i}`).subscribe();
        const calls: unknown[] = [];
        wamp.call('com.example.add', [1]).subscribe({ error: (error: unknown) => calls.push((error as ConnectionError).sent) });
        at(500, () => {
          expect(codes(router.link)).toEqual([HELLO, ...new Array<number>(32).fill(SUBSCRIBE)]);
          expect(wamp.inspect().waiting).toBe(1);
          router.link.receive([SUBSCRIBED, 1, 77]);
          expect(codes(router.link).slice(33)).toEqual([SUBSCRIBE, CALL]);
          router.link.fail();
          expect(calls).toEqual([true]);
          void wamp.close();
        });
      });
    });

    it('trap 12: sends nothing with an id of a dead session when its subscribers leave', () => {
      marbles(({ client, router, at }) => {
        const wamp = client();
        const topic = wamp.topic('com.example.news').subscribe();
        const registered = wamp
          .register(
            'com.example.add',
            map(() => 1),
          )
          .subscribe();
        const other = wamp.topic('com.example.other').subscribe();
        at(50, () => {
          router.link.fail();
          topic.unsubscribe();
          registered.unsubscribe();
        });
        at(200, () => {
          expect(codesAfterHello(router.link.sent)).toEqual([[SUBSCRIBE, 'com.example.other']]);
          other.unsubscribe();
        });
      });
    });

    it('trap 12: a topic that was left in the turn of the loss is not asked for again', () => {
      marbles(({ client, router, at }) => {
        const wamp = client();
        const held = wamp.sessions.subscribe();
        const topic = wamp.topic('com.example.news').subscribe();
        at(50, () => {
          topic.unsubscribe();
          router.link.fail();
        });
        at(200, () => {
          expect(codes(router.link)).toEqual([HELLO]);
          held.unsubscribe();
        });
      });
    });
  });

  describe('while there is no session', () => {
    it('R4 lets calls and publishes wait, and sends them in the order in which they came', () => {
      marbles((stage) => {
        stage.fates = ['refuse', 'join'];
        const wamp = stage.client();
        stage.expectObservable(wamp.call('com.example.a', [1]), '^').toBe('120ms (r|)', { r: VALUE_1 });
        stage.expectObservable(wamp.publish('com.example.b', [1]), '30ms ^').toBe('115ms (u|)', { u: undefined });
        stage.expectObservable(wamp.call('com.example.c', [1]), '20ms ^').toBe('120ms (r|)', { r: VALUE_1 });
        stage.expectObservable(wamp.publish('com.example.d', [1], {}, { acknowledge: true }), '10ms ^').toBe('120ms (p|)', { p: 303 - 1 });
        stage.expectObservable(wamp.call('com.example.left', [1]), '10ms ^ 50ms !').toBe('');
        stage.at(50, () => expect(wamp.inspect().waiting).toBe(5));
        stage.at(200, () =>
          expect(stage.router.link.sent.map(([, , , uri]) => uri)).toEqual([
            undefined,
            'com.example.a',
            'com.example.d',
            'com.example.c',
            'com.example.b',
          ]),
        );
      });
    });

    it('R4 gives up after waitMs with the last reason and sent: false, of the call or of the client', () => {
      for (const [fate, uri] of [
        ['refuse', 'wamp.error.network_failure'],
        ['abort wamp.close.system_shutdown', 'wamp.close.system_shutdown'],
      ] as const) {
        marbles((stage) => {
          stage.fates = [fate];
          const wamp = stage.client({ waitMs: 250, lingerMs: 0 });
          const error = lost({ sent: false, uri });
          stage.expectObservable(wamp.call('com.example.a')).toBe('250ms #', undefined, error);
          stage.expectObservable(wamp.publish('com.example.a', [], {}, { waitMs: 400 })).toBe('400ms #', undefined, error);
          stage
            .expectObservable(wamp.call('com.example.b', [], {}, { waitMs: 0 }), '^')
            .toBe('#', undefined, lost({ sent: false, cause: undefined }));
          stage.expectObservable(wamp.call('com.example.b', [], {}, { waitMs: 0 }), '50ms ^').toBe('50ms #', undefined, error);
        });
      }
    });

    it('R4 knows the last reason also while the next attempt is under way', () => {
      marbles((stage) => {
        stage.fates = ['refuse', 'silent'];
        const wamp = stage.client({ lingerMs: 0 });
        const reason = (error: unknown): boolean =>
          (error as Error).message === 'call of com.example.a found no session within 500 ms: nobody listens';
        stage.expectObservable(wamp.call('com.example.a', [], {}, { waitMs: 500 })).toBe('500ms #', undefined, { asymmetricMatch: reason });
      });
    });

    it('R4 knows who has not answered where no attempt has failed yet', () => {
      marbles((stage) => {
        stage.fates = ['silent'];
        const wamp = stage.client({ lingerMs: 0 });
        const silence = (error: unknown): boolean =>
          (error as Error).message === 'call of com.example.a found no session within 500 ms: the router has not answered yet';
        stage
          .expectObservable(wamp.call('com.example.a', [], {}, { waitMs: 500 }))
          .toBe('500ms #', undefined, { asymmetricMatch: silence });
      });
    });

    it('R4 waits 30 s by default, for ever with Infinity, and topics wait on', () => {
      marbles((stage) => {
        stage.fates = ['refuse'];
        const wamp = stage.client({ retryDelayMs: () => 1000 });
        stage
          .expectObservable(wamp.call('com.example.a'))
          .toBe(
            '30000ms #',
            undefined,
            lost({ sent: false, message: 'call of com.example.a found no session within 30000 ms: nobody listens' }),
          );
        stage.expectObservable(wamp.call('com.example.a', [], {}, { waitMs: Infinity }), '^ 60s !').toBe('');
        stage.expectObservable(wamp.topic('com.example.a'), '^ 60s !').toBe('');
        stage
          .expectObservable(
            wamp.register(
              'com.example.a',
              map(() => 1),
            ),
            '^ 60s !',
          )
          .toBe('');
        stage.expectObservable(wamp.sessions, '^ 60s !').toBe('');
      });
    });

    it('R4 sends a call that came while others of its turn were being sent, once', () => {
      marbles(({ client, router, expectObservable, at }) => {
        const wamp = client();
        const inner: unknown[] = [];
        expectObservable(
          wamp
            .publish('com.example.a', [1])
            .pipe(tap(() => wamp.call('com.example.b', [2]).subscribe((result) => inner.push(result.value)))),
        ).toBe('10ms (u|)', { u: undefined });
        at(20, () => {
          expect(inner).toEqual([2]);
          expect(codes(router.link)).toEqual([HELLO, PUBLISH, CALL]);
        });
      });
    });
  });

  describe('between attempts', () => {
    it('R5 doubles the wait per round, with half of it random, up to 30 s', () => {
      marbles((stage) => {
        stage.fates = ['refuse'];
        const random = spyOn(Math, 'random').and.returnValue(0);
        const wamp = stage.client({ retryDelayMs: undefined as never, lingerMs: 0 });
        const waits: unknown[] = [];
        wamp.status.subscribe((status) => {
          if (status.state === 'waiting') waits.push([status.attempt, status.retryAt - stage.scheduler.frame]);
          if (waits.length === 3) random.and.returnValue(1);
        });
        const held = wamp.sessions.subscribe();
        stage.at(80_000, () => {
          expect(waits).toEqual([[2, 250], [3, 500], [4, 1000], ...[4000, 8000, 16_000, 30_000, 30_000].map((wait, i) => [i + 5, wait])]);
          held.unsubscribe();
        });
      });
    });

    it('R5 goes through a list of URLs at once, and waits once per round', () => {
      marbles((stage) => {
        const { tried, WebSocket } = sockets(stage);
        const rounds: number[] = [];
        const retryDelayMs = (round: number): number => {
          rounds.push(round);
          return 100 * round;
        };
        const url = ['ws://dead.example/a?token=secret', 'ws://dead.example/b', 'ws://dead.example/c'];
        const wamp = stage.client({ transport: undefined as never, url, socket: { WebSocket }, retryDelayMs, lingerMs: 0 });
        stage.expectObservable(words(wamp), '^ 128ms !').toBe('(i1) 1ms 2 4ms 3 4ms w 99ms 4 4ms 5 4ms 6', {
          ...{
            1: 'connecting 1 ws://dead.example/a?***',
            i: 'idle',
            2: 'connecting 2 ws://dead.example/b',
            3: 'connecting 3 ws://dead.example/c',
          },
          ...{
            w: 'waiting 4 until 115',
            4: 'connecting 4 ws://dead.example/a?***',
            5: 'connecting 5 ws://dead.example/b',
            6: 'connecting 6 ws://dead.example/c',
          },
        });
        stage.expectObservable(wamp.sessions, '^ 300ms !').toBe('');
        stage.at(301, () => {
          expect(tried.map(([frame]) => frame)).toEqual([0, 5, 10, 115, 120, 125]);
          expect(rounds).toEqual([1, 2]);
        });
      });
    });

    it('R5 begins with the first URL again after a session', () => {
      marbles((stage) => {
        const { tried, WebSocket } = sockets(stage);
        const wamp = stage.client({
          transport: undefined as never,
          url: ['ws://dead.example/', 'ws://good.example/'],
          socket: { WebSocket },
          lingerMs: 0,
        });
        const held = wamp.sessions.subscribe();
        stage.at(50, () => wamp.reconnect());
        stage.at(100, () => {
          expect(tried).toEqual([
            [0, 'ws://dead.example/'],
            [5, 'ws://good.example/'],
            [50, 'ws://dead.example/'],
            [55, 'ws://good.example/'],
          ]);
          expect(wamp.inspect().url).toBe('ws://good.example/');
          held.unsubscribe();
        });
      });
    });

    it('R5 takes the URL or a list of them from a function, at every attempt', () => {
      marbles((stage) => {
        const { tried, WebSocket } = sockets(stage);
        let asked = 0;
        const url = (): string | string[] => {
          asked++;
          if (asked === 1) throw new TypeError('no token yet');
          return asked === 2
            ? ['ws://dead.example/1', 'ws://dead.example/2']
            : asked < 4
              ? ['ws://dead.example/3', 'ws://dead.example/4']
              : asked === 4
                ? []
                : 'ws://good.example/';
        };
        const wamp = stage.client({ transport: undefined as never, url, socket: { WebSocket }, lingerMs: 0 });
        const reasons: string[] = [];
        wamp.status.subscribe((status) => {
          if (status.state === 'waiting') reasons.push(status.reason.message);
        });
        stage.expectObservable(wamp.sessions, '^ 500ms !').toBe('320ms s', { s: jasmine.anything() });
        stage.at(400, () => {
          expect(tried).toEqual([
            [100, 'ws://dead.example/1'],
            [105, 'ws://dead.example/4'],
            [310, 'ws://good.example/'],
          ]);
          expect(reasons[0]).toBe('the option url failed: no token yet');
          expect(reasons[2]).toBe('the option url failed: it gave no URL');
        });
      });
    });

    it('R5 forgets the failures only after a session of 5 s', () => {
      for (const [lived, expected] of [
        [4999, [1, 2, 3]],
        [5000, [1, 2, 1]],
      ] as const) {
        marbles((stage) => {
          stage.fates = ['refuse', 'refuse', 'join'];
          const rounds: number[] = [];
          const attempts: number[] = [];
          const retryDelayMs = (round: number): number => {
            rounds.push(round);
            return 100;
          };
          const wamp = stage.client({ retryDelayMs });
          wamp.status.subscribe((status) => {
            if (status.state === 'connecting') attempts.push(status.attempt);
          });
          const held = wamp.sessions.subscribe();
          // It opens at 220.
          stage.at(220 + lived, () => stage.router.link.fail());
          stage.at(6000, () => {
            expect(rounds).toEqual([...expected]);
            expect(attempts).toEqual(lived === 5000 ? [1, 2, 3, 1] : [1, 2, 3, 4]);
            held.unsubscribe();
          });
        });
      }
    });

    it('R5 trap 15: a SUBSCRIBE that makes the router drop the link is no storm of joins', () => {
      const reply = (link: ScriptedLink, [code]: List): void => {
        if (code === HELLO) link.welcome();
        if (code === SUBSCRIBE) link.fail();
      };
      marbles(
        (stage) => {
          spyOn(Math, 'random').and.returnValue(0);
          const wamp = stage.client({ retryDelayMs: undefined as never, lingerMs: 0 });
          const held = wamp.topic('com.example.bomb').subscribe();
          // The waits are 250 ms, 500 ms, 1 s, 2 s, 4 s, 8 s, 15 s, 15 s.
          stage.at(60_000, () => {
            expect(stage.router.links.length).toBe(9);
            held.unsubscribe();
          });
        },
        { reply },
      );
    });

    it('R7 gives up after maxAttempts rounds with the last reason, and starts afresh at the next subscription', () => {
      marbles((stage) => {
        stage.fates = ['refuse', 'refuse', 'abort wamp.close.system_shutdown', 'refuse', 'join'];
        const wamp = stage.client({ maxAttempts: 3, lingerMs: 0 });
        const reason = wampError('wamp.close.system_shutdown');
        stage.expectObservable(words(wamp), '^ 1300ms !').toBe('(ic) 1ms w 99ms d 4ms x 99ms e 9ms z 779ms f 4ms y 99ms g 9ms o', {
          ...{
            c: 'connecting 1',
            i: 'idle',
            w: 'waiting 2 until 105',
            d: 'connecting 2',
            x: 'waiting 3 until 210',
            e: 'connecting 3',
          },
          ...{ z: 'closed wamp.close.system_shutdown', f: 'connecting 1', y: 'waiting 2 until 1105', g: 'connecting 2', o: 'open 1001' },
        });
        stage.expectObservable(wamp.topic('com.example.news')).toBe('220ms #', undefined, reason);
        stage
          .expectObservable(
            wamp.register(
              'com.example.add',
              map(() => 1),
            ),
          )
          .toBe('220ms #', undefined, reason);
        stage.expectObservable(wamp.call('com.example.add')).toBe('220ms #', undefined, reason);
        stage.expectObservable(wamp.sessions).toBe('220ms #', undefined, reason);
        stage.expectObservable(wamp.sessions, '1000ms ^ 500ms !').toBe('1115ms s', { s: session(1001) });
      });
    });
  });

  describe('what waiting cannot mend', () => {
    it('R6 takes every ABORT but a shutdown for fatal before the first session', () => {
      marbles((stage) => {
        stage.fates = ['abort wamp.close.system_shutdown', 'abort wamp.error.no_such_realm'];
        const wamp = stage.client();
        const error = wampError('wamp.error.no_such_realm');
        stage.expectObservable(words(wamp), '^ 5s !').toBe('(ic) 6ms w 99ms d 9ms z', {
          c: 'connecting 1',
          i: 'idle',
          w: 'waiting 2 until 110',
          d: 'connecting 2',
          z: 'closed wamp.error.no_such_realm',
        });
        stage.expectObservable(wamp.sessions).toBe('120ms #', undefined, error);
        stage.expectObservable(wamp.call('com.example.add')).toBe('120ms #', undefined, error);
        // Closed it stays, with its reason.
        stage.expectObservable(words(wamp), '5s ^!').toBe('5s z', { z: 'closed wamp.error.no_such_realm' });
      });
    });

    it('R6 takes a refused subprotocol for fatal', () => {
      marbles((stage) => {
        const { tried, WebSocket } = sockets(stage);
        const wamp = stage.client({
          transport: undefined as never,
          url: ['ws://foreign.example/', 'ws://good.example/'],
          socket: { WebSocket },
        });
        stage.expectObservable(wamp.sessions).toBe('5ms #', undefined, wampError('wamp.error.no_serializer'));
        stage.at(100, () => expect(tried.length).toBe(1));
      });
    });

    it('R6 takes 401, 403 and 404 at the upgrade for fatal, other answers not', () => {
      for (const [status, fatal] of [
        [401, true],
        [403, true],
        [404, true],
        [400, false],
        [503, false],
        [undefined, false],
      ] as const) {
        marbles((stage) => {
          stage.fates = ['silent'];
          const wamp = stage.client({ lingerMs: 0 });
          const states: string[] = [];
          wamp.status.subscribe(({ state }) => states.push(state));
          const held = wamp.sessions.subscribe({ error: () => states.push('error') });
          stage.at(3, () => stage.router.link.fail(new ConnectionError('the upgrade failed', { status })));
          stage.at(50, () => {
            expect(states).toEqual(['idle', 'connecting', ...(fatal ? ['closed', 'error'] : ['waiting'])]);
            held.unsubscribe();
          });
        });
      }
    });

    it('R6 bears four refusals in a row after a session, and not the fifth', () => {
      marbles((stage) => {
        stage.fates = ['join', ...new Array<'abort wamp.error.not_authorized'>(9).fill('abort wamp.error.not_authorized')];
        const wamp = stage.client({ lingerMs: 0 });
        stage.expectObservable(wamp.topic('com.example.news')).toBe('600ms #', undefined, wampError('wamp.error.not_authorized'));
        stage.at(50, () => stage.router.link.fail());
        stage.at(5000, () => expect(stage.router.links.length).toBe(6));
      });
    });

    it('R6 counts refusals in a row: a broken link or a session in between begins anew', () => {
      const no = 'abort wamp.error.not_authorized' as const;
      for (const between of ['refuse', 'join', 'abort wamp.close.system_shutdown'] as const) {
        marbles((stage) => {
          stage.fates = ['join', no, no, no, no, between, no, no, no, no, 'join'];
          const wamp = stage.client({ lingerMs: 0 });
          const ids: number[] = [];
          const held = wamp.sessions.subscribe(({ id }) => ids.push(id));
          stage.at(50, () => stage.router.link.fail());
          stage.at(650, () => stage.router.open.filter(() => stage.router.links.length === 6).forEach((link) => link.fail()));
          stage.at(5000, () => {
            expect(ids.length).toBe(between === 'join' ? 3 : 2);
            expect(stage.router.links.length).toBe(11);
            held.unsubscribe();
          });
        });
      }
    });

    it('R6 never takes a close code or a GOODBYE for fatal', () => {
      marbles((stage) => {
        const wamp = stage.client({ lingerMs: 0 });
        const held = wamp.sessions.subscribe();
        [1000, 1001, 1002, 1008, 1011, 1006, 3000].forEach((code, i) =>
          stage.at(200 * i + 100, () => stage.router.link.fail(new ConnectionError('closed', { code }))),
        );
        stage.at(1500, () => stage.router.link.receive([ABORT, {}, 'wamp.error.protocol_violation']));
        stage.at(1700, () => stage.router.link.receive([GOODBYE, {}, 'wamp.close.normal']));
        stage.at(2000, () => {
          expect(wamp.inspect().counters.reconnects).toBe(9);
          held.unsubscribe();
        });
      });
    });

    it('R6 asks isFatal instead, with the error', () => {
      marbles((stage) => {
        stage.fates = ['abort wamp.error.no_such_realm', 'refuse'];
        const asked: unknown[] = [];
        const isFatal = (error: unknown): boolean => {
          asked.push(error);
          return !(error instanceof JoinError);
        };
        const wamp = stage.client({ isFatal, lingerMs: 0 });
        stage.expectObservable(wamp.sessions).toBe('115ms #', undefined, lost());
        stage.at(500, () => expect(asked).toEqual([wampError('wamp.error.no_such_realm'), lost()]));
      });
    });

    it('R6 starts afresh for whoever subscribes because of it, in the status or in an error handler', () => {
      marbles((stage) => {
        stage.fates = ['abort wamp.error.no_such_realm', 'join'];
        const wamp = stage.client();
        const ids: unknown[] = [];
        const again = wamp.status.subscribe(({ state }) => {
          if (state === 'closed')
            held.push(wamp.sessions.subscribe({ next: ({ id }) => ids.push(id), error: (error: unknown) => ids.push(error) }));
        });
        const held = [again];
        stage.expectObservable(wamp.call('com.example.add', [1]).pipe(retry())).toBe('25ms (r|)', { r: VALUE_1 });
        stage.expectObservable(wamp.topic('com.example.news').pipe(retry()), '^ 50ms !').toBe('');
        stage.at(50, () => {
          expect(ids).toEqual([1001]);
          expect(stage.router.links.length).toBe(2);
          for (const one of held) one.unsubscribe();
        });
      });
    });
  });

  describe('reconnect', () => {
    it('L10 does nothing on an idle, a connecting, a leaving or a closed client', () => {
      marbles(({ client, router, at }) => {
        const wamp = client({ lingerMs: 0 });
        wamp.reconnect();
        const held = wamp.sessions.subscribe();
        wamp.reconnect();
        at(7, () => wamp.reconnect());
        at(20, () => held.unsubscribe());
        at(22, () => wamp.reconnect());
        at(50, () => {
          wamp.reconnect();
          expect(codes(router.link)).toEqual([HELLO, GOODBYE]);
          void wamp.close();
          wamp.reconnect();
        });
        at(60, () => expect(router.links.length).toBe(1));
      });
      marbles((stage) => {
        stage.fates = ['abort wamp.error.no_such_realm'];
        const wamp = stage.client();
        wamp.sessions.subscribe({ error: () => wamp.reconnect() });
        stage.at(50, () => wamp.reconnect());
        stage.at(500, () => expect(stage.router.links.length).toBe(1));
      });
    });

    it('L10 ends a wait, and begins with the first URL', () => {
      marbles((stage) => {
        stage.fates = ['refuse', 'join'];
        const wamp = stage.client({ retryDelayMs: () => 60_000, lingerMs: 0 });
        stage.at(20, () => {
          wamp.reconnect();
          wamp.reconnect();
        });
        stage.expectObservable(wamp.sessions, '^ 99ms !').toBe('30ms s', { s: session(1001) });
      });
    });

    it('L10 replaces an open link at once, without a GOODBYE and without a wait', () => {
      marbles(({ client, router, expectObservable, at }) => {
        const wamp = client();
        expectObservable(words(wamp), '^ 199ms !').toBe('(ic) 6ms o 39ms d 9ms p', {
          c: 'connecting 1',
          i: 'idle',
          o: 'open 1001',
          d: 'connecting 2',
          p: 'open 1002',
        });
        expectObservable(wamp.call('com.silent.call')).toBe(
          '50ms #',
          undefined,
          lost({ sent: true, message: 'reconnect() replaced the link' }),
        );
        expectObservable(wamp.topic('com.example.news').pipe(map(({ value }) => value)), '^ 199ms !').toBe('80ms e', { e: 7 });
        at(50, () => {
          wamp.reconnect();
          wamp.reconnect();
        });
        at(80, () => router.link.receive([36, 101, 1, {}, [7]]));
        at(90, () =>
          expect(router.links.map(codes)).toEqual([
            [HELLO, SUBSCRIBE, CALL],
            [HELLO, SUBSCRIBE],
          ]),
        );
      });
    });

    it('L10 lets a loss after it wait again', () => {
      marbles(({ client, router, expectObservable, at }) => {
        const wamp = client();
        expectObservable(wamp.sessions, '^ 399ms !').toBe('10ms a 49ms b 149ms c', {
          a: session(1001),
          b: session(1002),
          c: session(1003),
        });
        at(50, () => wamp.reconnect());
        at(100, () => router.link.fail());
      });
    });

    it('L10 opens nothing when someone closes the client because of it', () => {
      marbles(({ client, router, expectObservable, at }) => {
        const wamp = client();
        wamp.sessions.subscribe((joined) => joined.topic('com.example.news').subscribe({ error: () => void wamp.close() }));
        expectObservable(words(wamp)).toBe('c 9ms o 39ms (z|)', { c: 'connecting 1', o: 'open 1001', z: 'closed' });
        at(50, () => wamp.reconnect());
        at(500, () => expect(router.links.length).toBe(1));
      });
    });

    it('L10 waits for nothing twice when someone reconnects because of a loss', () => {
      marbles(({ client, router, expectObservable, at }) => {
        const wamp = client();
        const states: string[] = [];
        wamp.status.subscribe(({ state }) => states.push(state));
        wamp.call('com.silent.call').subscribe({ error: () => wamp.reconnect() });
        expectObservable(wamp.sessions, '^ 199ms !').toBe('10ms a 49ms b', { a: session(1001), b: session(1002) });
        at(50, () => router.link.fail());
        at(100, () => expect(states).toEqual(['idle', 'connecting', 'open', 'waiting', 'connecting', 'open']));
      });
    });
  });
});
