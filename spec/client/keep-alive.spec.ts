// The time of a session: signs of life, the sweep over unanswered requests, the zombie of an old registration, waking up.
import { asyncScheduler, map } from 'rxjs';
import { wakeUps, whenLeft } from '../../src/client/wake.ts';
import { CALL, ERROR, HELLO, REGISTER, RESULT, SUBSCRIBE, type List } from '../../src/protocol/messages.ts';
import type { ScriptedLink } from '../../src/testing/scripted.ts';
import { codes, lost, marbles, wampError } from './setup.ts';

const welcomes = (link: ScriptedLink, [code]: List): void => {
  if (code === HELLO) link.welcome();
};

describe('keep-alive', () => {
  it('R10 calls wamp.session.get with the own id after a silent interval; any answer is life', () => {
    for (const answer of [
      [RESULT, 1, {}, [{}]],
      [ERROR, CALL, 1, {}, 'wamp.error.no_such_procedure'],
      [36, 7, 7, {}],
    ]) {
      marbles(
        ({ client, router, at }) => {
          const wamp = client({ keepAliveMs: 1000, lingerMs: 0 });
          const held = wamp.sessions.subscribe();
          // The session opens at 10.
          at(1011, () => {
            expect(router.link.sent.slice(1)).toEqual([[CALL, 1, {}, 'wamp.session.get', [1001]]]);
            router.link.receive(answer);
          });
          at(2500, () => expect(codes(router.link).length).toBe(2));
          at(3011, () => {
            expect(codes(router.link).at(-1)).toBe(CALL);
            held.unsubscribe();
            router.link.fail();
          });
        },
        { reply: welcomes },
      );
    }
  });

  it('R10 cuts a link that gives no sign of life, one turn after the second interval', () => {
    for (const pings of [false, true]) {
      marbles(
        ({ client, router, expectObservable, at }) => {
          const wamp = client({ keepAliveMs: 1000 });
          const message = 'nothing came from the other end for 2000 ms, nor an answer to a sign of life';
          expectObservable(wamp.call('com.silent.call')).toBe('2010ms #', undefined, lost({ sent: true, message }));
          at(2005, () => expect(router.link.pongs.length).toBe(pings ? 1 : 0));
          at(2050, () => void wamp.close());
        },
        { reply: welcomes, pings },
      );
    }
  });

  it('R10 takes what came in the extra turn, and a pong, for life', () => {
    marbles(
      ({ client, router, at, in: within }) => {
        const wamp = client({ keepAliveMs: 1000, lingerMs: 0 });
        const held = wamp.sessions.subscribe();
        at(1500, () => router.link.pongs.splice(0).forEach((pong) => pong()));
        // Silent from 1500 on; at 4010 the last turn begins.
        at(4009, () => {
          expect(router.link.pongs.length).toBe(1);
          within(1, () => router.link.receive([36, 7, 7, {}]));
        });
        at(4500, () => {
          expect(router.links.length).toBe(1);
          expect(wamp.inspect().session).toBe(1001);
          held.unsubscribe();
          router.link.fail();
        });
      },
      { reply: welcomes, pings: true },
    );
  });

  it('R10 asks at once after a sleep, and cuts nothing for it', () => {
    marbles(
      ({ client, router, at, scheduler }) => {
        let slept = 0;
        spyOn(asyncScheduler, 'now').and.callFake(() => scheduler.frame + slept);
        const wamp = client({ keepAliveMs: 1000, lingerMs: 0 });
        const held = wamp.sessions.subscribe();
        at(500, () => router.link.receive([36, 7, 7, {}]));
        at(600, () => (slept = 501));
        at(1011, () => expect(router.link.pongs.length).toBe(1));
        at(1700, () => (slept += 600));
        // Silent and late: asked again, and the link is still there.
        at(2011, () => expect([router.link.pongs.length, router.link.closed]).toEqual([2, false]));
        at(3012, () => {
          expect(router.link.closed).toBe(true);
          held.unsubscribe();
        });
      },
      { reply: welcomes, pings: true },
    );
  });

  it('R10 asks nothing with 0, and asks after 30 s by default', () => {
    for (const [keepAliveMs, asked] of [
      [0, 0],
      [undefined, 1],
    ] as const) {
      marbles(
        ({ client, router, at }) => {
          const wamp = client({ keepAliveMs: keepAliveMs as number, lingerMs: 0 });
          const held = wamp.sessions.subscribe();
          at(30_009, () => expect(router.link.pongs.length).toBe(0));
          at(40_000, () => {
            expect(router.link.pongs.length).toBe(asked);
            held.unsubscribe();
          });
        },
        { pings: true },
      );
    }
  });
});

describe('Client over time', () => {
  it('R9 sends an unanswered SUBSCRIBE once more after 10 s, and errors confirmations after 30 s', () => {
    marbles(
      ({ client, router, expectObservable, at }) => {
        const wamp = client({ lingerMs: 0 });
        const error = wampError('wamp.error.timeout');
        expectObservable(wamp.topic('com.example.news')).toBe('30010ms #', undefined, error);
        expectObservable(
          wamp.register(
            'com.example.add',
            map(() => 1),
          ),
        ).toBe('30010ms #', undefined, error);
        expectObservable(wamp.publish('com.example.news', [], {}, { acknowledge: true })).toBe('30010ms #', undefined, error);
        expectObservable(wamp.call('com.example.slow'), '^ 100s !').toBe('');
        at(5500, () =>
          expect(wamp.inspect().pending.map(({ kind, ageMs }) => [kind, ageMs])).toEqual(
            ['SUBSCRIBE', 'REGISTER', 'PUBLISH', 'CALL'].map((kind) => [kind, 5000]),
          ),
        );
        at(29_000, () => expect(codes(router.link).filter((code) => code === SUBSCRIBE).length).toBe(2));
        at(29_000, () => expect(codes(router.link).filter((code) => code === REGISTER).length).toBe(1));
      },
      { reply: welcomes },
    );
  });

  it('R8 tries a REGISTER again for 60 s while the old session holds the procedure, but not the first time', () => {
    const refuses = (link: ScriptedLink, message: List): void => {
      const [code, request] = message as [number, number];
      if (code === HELLO) link.welcome();
      else if (code === REGISTER && (link.sent[1] !== message || message[3] === 'com.example.taken' || late)) {
        link.receive([ERROR, REGISTER, request, {}, 'wamp.error.procedure_already_exists']);
      } else if (code === REGISTER) link.receive([65, request, 7]);
    };
    let late = false;
    marbles(
      ({ client, router, expectObservable, at }) => {
        const wamp = client({ lingerMs: 0 });
        const error = wampError('wamp.error.procedure_already_exists');
        // 15 waits of one minute in all, and 16 answers from 165 on.
        expectObservable(
          wamp
            .register(
              'com.example.add',
              map(() => 1),
            )
            .pipe(map(({ id }) => id)),
        ).toBe('15ms r 60224ms #', { r: 7 }, error);
        expectObservable(
          wamp.register(
            'com.example.taken',
            map(() => 1),
          ),
          '20ms ^',
        ).toBe('25ms #', undefined, error);
        at(50, () => {
          late = true;
          router.link.fail();
        });
        at(60_000, () => expect(router.link.sent.slice(1, 4).map(([, id]) => id)).toEqual([1, 2, 3]));
      },
      { reply: refuses },
    );
  });

  it("R11 ends a wait when the page is online again, and is not blocked by 'offline'", () => {
    const page = globalThis as unknown as {
      addEventListener?: unknown;
      removeEventListener?: unknown;
      dispatchEvent?: (event: Event) => void;
    };
    const onPage = typeof page.addEventListener === 'function';
    const target = new EventTarget();
    if (!onPage) for (const name of ['addEventListener', 'removeEventListener'] as const) page[name] = target[name].bind(target);
    const say = (type: string): void => void (onPage ? globalThis : target).dispatchEvent(new Event(type));
    try {
      marbles((stage) => {
        stage.fates = ['refuse', 'join'];
        const wamp = stage.client({ retryDelayMs: () => 60_000, lingerMs: 0 });
        stage.expectObservable(wamp.sessions.pipe(map(({ id }) => id)), '^ 99ms !').toBe('40ms s', { s: 1001 });
        stage.at(20, () => say('offline'));
        stage.at(30, () => {
          say('online');
          say('online');
        });
        stage.at(90, () => {
          say('online');
          expect(stage.router.links.length).toBe(2);
        });
      });
    } finally {
      if (!onPage) for (const name of ['addEventListener', 'removeEventListener'] as const) Reflect.deleteProperty(page, name);
    }
  });
});

describe('wakeUps', () => {
  it('R11 tells online, pageshow and becoming visible; nothing elsewhere than on a page', () => {
    marbles(({ expectObservable, at }) => {
      const page = new EventTarget();
      const document = Object.assign(new EventTarget(), { visibilityState: 'hidden' });
      expectObservable(wakeUps(Object.assign(page, { document }) as never), '^ 99ms !').toBe('10ms a 9ms a 19ms a', { a: undefined });
      expectObservable(wakeUps(new EventTarget()), '^ 9ms !').toBe('');
      expectObservable(wakeUps({})).toBe('|');
      at(10, () => page.dispatchEvent(new Event('online')));
      at(20, () => page.dispatchEvent(new Event('pageshow')));
      at(30, () => document.dispatchEvent(new Event('visibilitychange')));
      at(40, () => {
        document.visibilityState = 'visible';
        document.dispatchEvent(new Event('visibilitychange'));
      });
    });
  });
});

describe('whenLeft', () => {
  it('L5 tells that the page is left, until it is ended; elsewhere nothing', () => {
    const page = new EventTarget();
    const told: string[] = [];
    const end = whenLeft(() => told.push('left'), page);
    whenLeft(() => told.push('never'), {})();
    page.dispatchEvent(new Event('pagehide'));
    end();
    page.dispatchEvent(new Event('pagehide'));
    expect(told).toEqual(['left']);
  });
});
