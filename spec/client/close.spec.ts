// `close()` in every state, and what `status` tells of it.
/* eslint-disable rxjs-x/no-nested-subscribe -- subscribing inside of handlers is what is tried here */
import { map } from 'rxjs';
import type { Client } from '../../src/client/client.ts';
import { CALL, GOODBYE, HELLO } from '../../src/protocol/messages.ts';
import { Client as RealClient } from '../../src/client/client.ts';
import { ScriptedRouter } from '../../src/testing/scripted.ts';
import { codes, lost, marbles, NOTHING, leftOf, type Fate, words } from './setup.ts';

describe('Client.close', () => {
  it('L9 completes topics, registrations, sessions and status, errors calls, and refuses what comes later', () => {
    marbles(({ client, router, expectObservable, at }) => {
      const wamp = client();
      expectObservable(wamp.topic('com.example.news')).toBe('50ms |');
      expectObservable(wamp.subscribed('com.example.news').pipe(map(({ id }) => id))).toBe('15ms s 34ms |', { s: 101 });
      expectObservable(
        wamp
          .register(
            'com.example.add',
            map(() => 1),
          )
          .pipe(map(({ id }) => id)),
      ).toBe('15ms r 34ms |', { r: 202 });
      expectObservable(wamp.sessions.pipe(map(({ id }) => id))).toBe('10ms s 39ms |', { s: 1001 });
      expectObservable(wamp.errors).toBe('50ms |');
      expectObservable(wamp.call('com.silent.call')).toBe('50ms #', undefined, lost({ sent: true }));
      expectObservable(wamp.publish('com.silent.topic', [], {}, { acknowledge: true })).toBe('50ms #', undefined, lost({ sent: true }));
      expectObservable(words(wamp)).toBe('c 9ms o 44ms (z|)', { c: 'connecting 1', o: 'open 1001', z: 'closed' });
      at(50, () => {
        void wamp.close();
        expect(leftOf(wamp)).toEqual(NOTHING);
        expect(codes(router.link).at(-1)).toBe(GOODBYE);
        void wamp.close();
      });
      for (const frame of ['51ms ^', '100ms ^']) {
        const at51 = `${frame.slice(0, -2)} #`;
        for (const late of [
          wamp.topic('com.example.a'),
          wamp.call('com.example.a'),
          wamp.publish('com.example.a'),
          wamp.register(
            'com.example.a',
            map(() => 1),
          ),
          wamp.sessions,
        ]) {
          expectObservable<unknown>(late, frame).toBe(
            at51,
            undefined,
            lost({ sent: false, message: 'the client is closed: make a new one' }),
          );
        }
      }
      at(500, () => expect(codes(router.link).filter((code) => code === GOODBYE).length).toBe(1));
    });
  });

  it('L9 ends what waits with sent: false, in every state without a session', () => {
    const states: [Fate, number, (wamp: Client) => void][] = [
      ['join', 0, () => undefined],
      ['silent', 3, () => undefined],
      ['mute', 7, () => undefined],
      ['refuse', 50, () => undefined],
    ];
    for (const [fate, frame] of states) {
      marbles((stage) => {
        stage.fates = [fate];
        const wamp = stage.client({ retryDelayMs: () => 10_000 });
        const waiting = lost({ sent: false, message: 'call of com.example.add found no session: the client was closed' });
        stage.at(0, () => undefined);
        stage.expectObservable(wamp.call('com.example.add')).toBe(`${frame}ms #`.replace(/^0ms /, ''), undefined, waiting);
        stage.expectObservable(wamp.topic('com.example.news')).toBe(`${frame}ms |`.replace(/^0ms /, ''));
        stage.in(frame, () => void wamp.close());
        stage.at(frame + 1, () => {
          expect(stage.router.open).toEqual([]);
          expect(codes(stage.router.link)).toEqual(fate === 'mute' ? [HELLO] : []);
        });
      });
    }
  });

  it('L9 resolves when the link is gone, also while leaving, twice, on an idle client and on one that gave up', async () => {
    const router = new ScriptedRouter({ polite: false });
    const wamp = new RealClient({ transport: router.transport, keepAliveMs: 0, lingerMs: 0 });
    const joined = new Promise<void>((resolve) => wamp.sessions.subscribe(() => resolve()));
    router.run();
    router.link.welcome();
    await joined;
    const order: string[] = [];
    const first = wamp.close().then(() => order.push('first'));
    const second = wamp[Symbol.asyncDispose]().then(() => order.push('second'));
    await Promise.resolve();
    order.push('gone');
    router.link.receive([GOODBYE, {}, 'wamp.close.goodbye_and_out']);
    await Promise.all([first, second]);
    expect(order).toEqual(['gone', 'first', 'second']);
    expect(router.link.closed).toBe(true);
    await wamp.close();
    await new RealClient({ transport: router.transport }).close();
    expect(router.links.length).toBe(1);
  });

  it('L9 takes at most goodbyeTimeoutMs', () => {
    marbles(
      ({ client, router, at, expectObservable }) => {
        const wamp = client({ goodbyeTimeoutMs: 70 });
        wamp.sessions.subscribe();
        expectObservable(words(wamp)).toBe('c 9ms o 109ms (z|)', { c: 'connecting 1', o: 'open 1001', z: 'closed' });
        at(50, () => void wamp.close());
        at(119, () => expect(router.link.closed).toBe(false));
      },
      {
        reply: (link, [code]) => {
          if (code === HELLO) link.welcome();
        },
      },
    );
  });

  it('L9 finishes a leaving that is under way, and forgets who wanted to come back', () => {
    marbles(({ client, router, at, expectObservable }) => {
      const wamp = client({ lingerMs: 0 });
      expectObservable(words(wamp)).toBe('i 9ms c 9ms o 14ms (z|)', { i: 'idle', c: 'connecting 1', o: 'open 1001', z: 'closed' });
      expectObservable(wamp.sessions.pipe(map(({ id }) => id)), '10ms ^ 19ms !').toBe('20ms s', { s: 1001 });
      expectObservable(wamp.topic('com.example.news'), '32ms ^').toBe('33ms |');
      at(33, () => void wamp.close());
      at(99, () => expect(router.links.map(codes)).toEqual([[HELLO, GOODBYE]]));
    });
  });

  it('L9 is final in handlers of the status and of sessions', () => {
    for (const state of ['connecting', 'open', 'waiting'] as const) {
      marbles((stage) => {
        stage.fates = [state === 'waiting' ? 'refuse' : 'join'];
        const wamp = stage.client();
        const seen: string[] = [];
        wamp.status.subscribe((status) => {
          seen.push(status.state);
          if (status.state === state) void wamp.close();
        });
        wamp.call('com.example.add').subscribe({ error: () => seen.push('error') });
        stage.at(1000, () => {
          expect(seen).toContain('closed');
          expect(seen).toContain('error');
          expect(stage.router.links.length).toBe(state === 'connecting' ? 0 : 1);
        });
      });
    }
    marbles(({ client, router, at }) => {
      const wamp = client();
      wamp.sessions.subscribe(() => void wamp.close());
      wamp.call('com.example.add').subscribe({ error: () => undefined });
      at(100, () => expect(codes(router.link)).toEqual([HELLO, GOODBYE]));
    });
  });

  it('L9 closes for good when closed inside of an error of the loss', () => {
    marbles(({ client, router, at, expectObservable }) => {
      const wamp = client();
      wamp.call('com.silent.call').subscribe({ error: () => void wamp.close() });
      expectObservable(words(wamp)).toBe('c 9ms o 39ms (wz|)', {
        c: 'connecting 1',
        o: 'open 1001',
        w: 'waiting 2 until 150',
        z: 'closed',
      });
      at(50, () => router.link.fail());
      at(500, () => expect(router.links.map(codes)).toEqual([[HELLO, CALL]]));
    });
  });
});

describe('Client.status', () => {
  it('L7 replays the latest state, neither opens nor holds a connection, and completes only after close', () => {
    marbles(({ client, router, at, expectObservable }) => {
      const wamp = client({ lingerMs: 10 });
      expectObservable(words(wamp), '^').toBe('i 9ms c 9ms o 24ms j 14ms (z|)', {
        i: 'idle',
        c: 'connecting 1',
        o: 'open 1001',
        j: 'idle',
        z: 'closed',
      });
      for (const [frame, word] of [
        [5, 'idle'],
        [15, 'connecting 1'],
        [25, 'open 1001'],
        [50, 'idle'],
      ] as const) {
        expectObservable(words(wamp), `${frame}ms ^!`).toBe(`${frame}ms s`, { s: word });
      }
      at(9, () => expect(router.links.length).toBe(0));
      expectObservable(wamp.sessions.pipe(map(({ id }) => id)), '10ms ^ 19ms !').toBe('20ms s', { s: 1001 });
      at(60, () => void wamp.close());
      expectObservable(words(wamp), '70ms ^').toBe('70ms (z|)', { z: 'closed' });
    });
  });
});

describe('Client.sessions', () => {
  it('emits the current session to late comers, and each once, also to those who come inside of its handlers', () => {
    marbles(({ client, at }) => {
      const wamp = client({ lingerMs: 0 });
      const ids: string[] = [];
      const held = [
        wamp.sessions.subscribe(({ id }) => {
          ids.push(`a ${id}`);
          held.push(wamp.sessions.subscribe((late) => ids.push(`b ${late.id}`)));
        }),
        wamp.publish('com.example.news').subscribe({ complete: () => held.push(wamp.sessions.subscribe(({ id }) => ids.push(`c ${id}`))) }),
      ];
      at(20, () => held.push(wamp.sessions.subscribe(({ id }) => ids.push(`d ${id}`))));
      at(30, () => {
        expect(ids).toEqual(['a 1001', 'b 1001', 'c 1001', 'd 1001']);
        for (const one of held) one.unsubscribe();
      });
    });
  });
});
