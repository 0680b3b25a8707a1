// Who leaves and who comes back: the session stays for `lingerMs`, and there are never two links at once.
import { NEVER } from 'rxjs';
import { CALL, GOODBYE, HELLO, SUBSCRIBE, UNSUBSCRIBE } from '../../src/protocol/messages.ts';
import { codes, marbles, words } from './setup.ts';

describe('Client with nobody left', () =>
  describe('linger', () => {
    it('L1 opens nothing before the first subscription, and one link for all', () => {
      marbles(({ client, router, expectObservable, at }) => {
        const wamp = client();
        expectObservable(words(wamp), '^ 1100ms !').toBe('i 49ms c 9ms o 1009ms j', {
          i: 'idle',
          c: 'connecting 1',
          o: 'open 1001',
          j: 'idle',
        });
        at(49, () => {
          expect(router.links.length).toBe(0);
        });
        expectObservable(wamp.sessions, '50ms ^ 8ms !').toBe('');
        expectObservable(wamp.call('com.example.add', [3]), '50ms ^').toBe('65ms (r|)', { r: jasmine.objectContaining({ value: 3 }) });
        at(2000, () => {
          expect(router.links.map(codes)).toEqual([[HELLO, CALL, GOODBYE]]);
        });
      });
    });

    it('L1 shares one link among status, sessions, a topic, a call and inspect', () => {
      marbles(({ client, router, expectObservable, at }) => {
        const wamp = client();
        expectObservable(wamp.topic('com.example.news'), '^ 29ms !').toBe('');
        expectObservable(wamp.subscribed('com.example.news'), '^ 29ms !').toBe('15ms s', { s: jasmine.objectContaining({ id: 101 }) });
        expectObservable(wamp.sessions, '^ 29ms !').toBe('10ms s', { s: jasmine.objectContaining({ id: 1001 }) });
        at(20, () => {
          expect(wamp.inspect()).toEqual(
            jasmine.objectContaining({ session: 1001, topics: [{ topic: 'com.example.news', subscribers: 2, id: 101 }] }),
          );
        });
        at(2000, () => {
          expect(router.links.map(codes)).toEqual([[HELLO, SUBSCRIBE, UNSUBSCRIBE, GOODBYE]]);
        });
      });
    });

    it('L8 leaves after lingerMs, and stays for a subscriber of the last millisecond', () => {
      marbles(({ client, router, expectObservable, at }) => {
        const wamp = client();
        expectObservable(wamp.sessions, '^ 19ms !').toBe('10ms s', { s: jasmine.anything() });
        // The last one left at 20: the session ends at 1020.
        expectObservable(wamp.sessions, '1019ms ^ 9ms !').toBe('1019ms s', { s: jasmine.anything() });
        // Left again at 1029.
        at(2028, () => {
          expect(codes(router.links[0])).toEqual([HELLO]);
        });
        at(2030, () => {
          expect(router.links.map(codes)).toEqual([[HELLO, GOODBYE]]);
        });
      });
    });

    it('L8 counts lingerMs from the last to leave, with one timer for any number of them', () => {
      marbles(({ client, router, at, scheduler }) => {
        const wamp = client({ lingerMs: 50 });
        const held = wamp.sessions.subscribe();
        for (const frame of [20, 40, 60]) {
          at(frame, () => {
            held.unsubscribe();
            for (let i = 0; i < 10; i++) wamp.sessions.subscribe().unsubscribe();
            expect(scheduler.actions.length).toBeLessThan(10);
          });
        }
        at(109, () => {
          expect(codes(router.links[0])).toEqual([HELLO]);
        });
        at(111, () => {
          expect(codes(router.links[0])).toEqual([HELLO, GOODBYE]);
        });
      });
    });

    it('L8 leaves in the next task with lingerMs 0, and never with Infinity', () => {
      marbles(({ client, router, at }) => {
        const wamp = client({ lingerMs: 0 });
        const held = wamp.sessions.subscribe();
        at(20, () => {
          held.unsubscribe();
        });
        at(21, () => {
          expect(codes(router.links[0])).toEqual([HELLO, GOODBYE]);
        });
      });
      marbles(({ client, router, at }) => {
        const wamp = client({ lingerMs: Infinity });
        const held = wamp.sessions.subscribe();
        at(20, () => {
          held.unsubscribe();
        });
        at(500_000, () => {
          expect(codes(router.links[0])).toEqual([HELLO]);
          void wamp.close();
        });
      });
    });

    it('L8 keeps the session for a call that is under way, and for a running invocation', () => {
      marbles(({ client, router, at, expectObservable }) => {
        const wamp = client({ lingerMs: 10 });
        expectObservable(wamp.call('com.silent.call'), '^ 499ms !').toBe('');
        at(499, () => {
          expect(codes(router.links[0])).toEqual([HELLO, CALL]);
        });
        at(520, () => {
          expect(codes(router.links[0]).at(-1)).toBe(GOODBYE);
        });
      });
      marbles(({ client, router, at }) => {
        const wamp = client({ lingerMs: 10 });
        const registered = wamp.register('com.example.slow', () => NEVER).subscribe();
        at(20, () => {
          router.link.receive([68, 1, 201, {}]);
        });
        at(500, () => {
          expect(wamp.inspect().registrations).toEqual([{ procedure: 'com.example.slow', running: 1, id: 201 }]);
          registered.unsubscribe();
        });
      });
    });

    it('L8 gives a subscriber during our GOODBYE a new connection after it, never two at once', () => {
      marbles(({ client, router, expectObservable, at }) => {
        const wamp = client();
        expectObservable(words(wamp), '^ 3000ms !').toBe('i 49ms c 9ms o 1009ms (jc) 6ms p 1093ms k', {
          ...{ i: 'idle', c: 'connecting 1', o: 'open 1001', j: 'idle' },
          ...{ p: 'open 1002', k: 'idle' },
        });
        expectObservable(wamp.sessions, '50ms ^ 14ms !').toBe('60ms s', { s: jasmine.objectContaining({ id: 1001 }) });
        // GOODBYE goes out at 1065 and is answered at 1070.
        expectObservable(wamp.call('com.example.add', [3]), '1066ms ^').toBe('1085ms (r|)', { r: jasmine.objectContaining({ value: 3 }) });
        expectObservable(wamp.subscribed('com.example.news'), '1067ms ^ 96ms !').toBe('1085ms s', {
          s: jasmine.objectContaining({ session: jasmine.objectContaining({ id: 1002 }) }),
        });
        at(1069, () => {
          expect(router.links.length).toBe(1);
        });
        at(1100, () => {
          expect(router.links.map((link) => link.closed)).toEqual([true, false]);
        });
      });
    });

    it('L8 does not come back for a subscriber that left again during our GOODBYE', () => {
      marbles(({ client, router, expectObservable, at }) => {
        const wamp = client({ lingerMs: 1 });
        expectObservable(wamp.sessions, '^ 19ms !').toBe('10ms s', { s: jasmine.anything() });
        // GOODBYE goes out at 21.
        expectObservable(wamp.sessions, '22ms ^!').toBe('');
        at(100, () => {
          expect(router.links.length).toBe(1);
        });
      });
    });

    it('L8 drops the connection without a message when everyone has left before WELCOME', () => {
      for (const fate of ['silent', 'mute'] as const) {
        marbles((stage) => {
          stage.fates = [fate];
          const wamp = stage.client({ lingerMs: 30 });
          stage.expectObservable(words(wamp), '^ 200ms !').toBe('i 9ms c 39ms j', { i: 'idle', c: 'connecting 1', j: 'idle' });
          stage.expectObservable(wamp.topic('com.example.news'), '10ms ^ 9ms !').toBe('');
          stage.at(51, () => {
            expect(stage.router.links.map(({ closed }) => closed)).toEqual([true]);
            expect(codes(stage.router.link)).toEqual(fate === 'mute' ? [HELLO] : []);
          });
        });
      }
    });

    it('L8 stops waiting for a session that nobody wants any more', () => {
      marbles((stage) => {
        stage.fates = ['refuse'];
        const wamp = stage.client({ lingerMs: 30, retryDelayMs: () => 10_000 });
        stage
          .expectObservable(words(wamp), '^ 200ms !')
          .toBe('i 9ms c 4ms w 34ms j', { i: 'idle', c: 'connecting 1', w: 'waiting 2 until 10015', j: 'idle' });
        stage.expectObservable(wamp.call('com.example.add'), '10ms ^ 9ms !').toBe('');
      });
    });

    it('L8 lets a topic that is remounted in the same turn keep its subscription', () => {
      marbles(({ client, router, at }) => {
        const wamp = client();
        let held = wamp.topic('com.example.news').subscribe();
        at(50, () => {
          held.unsubscribe();
          held = wamp.topic('com.example.news').subscribe();
        });
        at(60, () => {
          expect(codes(router.link)).toEqual([HELLO, SUBSCRIBE]);
        });
        at(70, () => {
          held.unsubscribe();
        });
      });
    });
  }));
