// The primitive: one subscription is one connection. What can go stale, joining, the session's end, leaving; then when-lost.
/* eslint-disable rxjs-x/no-nested-subscribe -- a session's streams that stand alone are what is looked at */
import { catchError, firstValueFrom, map, of, retry, switchMap } from 'rxjs';
import { connect } from '../../src/client/connect.ts';
import { whenLost } from '../../src/client/when-lost.ts';
import { ApplicationError, ConnectionError, ProtocolError } from '../../src/protocol/errors.ts';
import type { Login } from '../../src/protocol/login.ts';
import { ABORT, AUTHENTICATE, CHALLENGE, GOODBYE, HELLO, type List, SUBSCRIBE, WELCOME } from '../../src/protocol/messages.ts';
import { ROLES } from '../../src/session/features.ts';
import { ScriptedRouter } from '../../src/testing/scripted.ts';
import { codes, lost, marbles, wampError } from './setup.ts';

const uriOf = (error: unknown): unknown => (error as ConnectionError).uri;

describe('connect', () => {
  it('L2 emits one session, then silence, then an error; its streams end with the same instance', () => {
    for (const [last, uri] of [
      [[GOODBYE, {}, 'wamp.close.killed'], 'wamp.close.killed'],
      [[GOODBYE, {}, 'wamp.close.normal'], 'wamp.close.normal'],
      [[ABORT, {}, 'wamp.error.no_such_realm'], 'wamp.error.no_such_realm'],
      [[WELCOME, 1, {}], 'wamp.error.protocol_violation'],
      [undefined, 'wamp.error.network_failure'],
    ] as const) {
      marbles(({ transport, router, expectObservable, at, in: within }) => {
        const errors: unknown[] = [];
        const error = (reason: unknown): void => void errors.push(reason);
        const session$ = connect({ transport, keepAliveMs: 0 });
        expectObservable(session$.pipe(map(({ id }) => id))).toBe('10ms s 39ms #', { s: 1001 }, lost({ uri, sent: true }));
        at(12, () => {
          const held = session$.subscribe({
            next: (session) => {
              session.topic('com.example.news').subscribe({ error });
              session
                .register(
                  'com.example.add',
                  map(() => 1),
                )
                .subscribe({ error });
              session.call('com.silent.call').subscribe({ error });
              within(28, () => (last === undefined ? router.link.fail() : router.link.receive(last)));
              within(60, () => {
                session
                  .call('com.example.add')
                  .subscribe({ error: (late: unknown) => error([uriOf(late), (late as ConnectionError).sent]) });
                session
                  .topic('com.example.news')
                  .subscribe({ error: (late: unknown) => error([uriOf(late), (late as ConnectionError).cause === errors[0]]) });
              });
            },
            error,
          });
          expect(held.closed).toBe(false);
        });
        at(50, () => (last === undefined ? router.links[0]!.fail() : router.links[0]!.receive(last)));
        at(200, () => {
          expect(errors.length).toBe(6);
          expect(new Set(errors.slice(0, 4)).size).toBe(1);
          expect(errors[0]).toEqual(lost({ uri, sent: true }));
          expect((errors[0] as ConnectionError).cause instanceof ProtocolError).toBe(uri === 'wamp.error.protocol_violation');
          expect(errors.slice(4)).toEqual([
            [uri, false],
            [uri, true],
          ]);
          expect(codes(router.links[0]).slice(1)).toEqual(
            last === undefined || last[0] === ABORT ? [] : [last[0] === WELCOME ? ABORT : GOODBYE],
          );
        });
      });
    }
  });

  it('L3 announces what is implemented, with details and the methods of its logins', () => {
    marbles(({ transport, router, at }) => {
      const auth: Login[] = [
        { authmethod: 'ticket', hello: () => ({ authid: 'joe', authextra: { a: 1 } }), answer: () => '' },
        { authmethod: 'wampcra', hello: () => ({ authid: 'joe', authextra: { a: 2 } }), answer: () => '' },
        { authmethod: 'bare', answer: () => '' },
      ];
      const held = connect({
        transport,
        realm: () => 'com.example.realm',
        details: { x_more: 1, agent: 'mine' },
        auth,
        keepAliveMs: 0,
      }).subscribe();
      const plain = connect({ transport, keepAliveMs: 0 }).subscribe();
      at(20, () => {
        expect(router.links[0]!.sent[0]).toEqual([
          HELLO,
          'com.example.realm',
          { agent: 'mine', authmethods: ['ticket', 'wampcra', 'bare'], authid: 'joe', authextra: { a: 1 }, x_more: 1, roles: ROLES },
        ]);
        expect(router.links[1]!.sent[0]).toEqual([HELLO, 'realm1', { agent: jasmine.stringMatching(/^rxwamp\/\d/), roles: ROLES }]);
        held.unsubscribe();
        plain.unsubscribe();
      });
    });
  });

  it('L3 asks what can go stale at every attempt, before the socket opens', async () => {
    const router = new ScriptedRouter();
    const asked: string[] = [];
    const note =
      <T>(name: string, value: T) =>
      async (): Promise<T> => {
        await Promise.resolve();
        asked.push(`${name} ${router.links.length}`);
        return value;
      };
    const auth: Login[] = [{ authmethod: 'ticket', hello: note('hello', {}), answer: () => '' }];
    const session$ = connect({
      transport: router.transport,
      realm: note('realm', 'realm2'),
      details: note('details', {}),
      auth,
      keepAliveMs: 0,
    });
    for (let i = 0; i < 2; i++) expect((await firstValueFrom(session$)).realm).toBe('realm2');
    expect(asked).toEqual(['realm 0', 'details 0', 'hello 0', 'realm 1', 'details 1', 'hello 1']);
  });

  it('L3 takes a failure of what is asked for a failed attempt, thrown or rejected', async () => {
    const router = new ScriptedRouter();
    const fail = (): never => {
      throw new TypeError('no token');
    };
    // eslint-disable-next-line @typescript-eslint/require-await -- a rejection
    const reject = async (): Promise<never> => fail();
    const rest = { transport: router.transport };
    const outcome = (options: Parameters<typeof connect>[0]): Promise<unknown> =>
      firstValueFrom(connect(options).pipe(catchError((error: unknown) => of(error))));
    for (const broken of [fail, reject]) {
      for (const options of [
        { ...rest, realm: broken },
        { ...rest, details: broken },
        { ...rest, realm: reject, details: fail },
        { url: broken },
        { url: () => undefined as never },
      ]) {
        const error = await outcome(options);
        expect(error).toBeInstanceOf(ConnectionError);
        expect((error as ConnectionError).message).toMatch(/no token|it gave no URL/);
      }
    }
    expect(router.links.length).toBe(0);
    const broken = (): never => fail();
    expect(await outcome({ transport: broken, realm: () => Promise.resolve('realm1') })).toEqual(lost({ message: 'no token' }));
    expect(await outcome({ url: () => 'http://no.example/' })).toEqual(lost());
  });

  it('L3 gives up after joinTimeoutMs, anew for each answer that the router owes', () => {
    for (const fate of ['silent', 'mute'] as const) {
      marbles((stage) => {
        stage.fates = [fate];
        const error = lost({ message: 'no session from the router within 10000 ms: nothing answers there, or it is no WAMP router' });
        stage.expectObservable(connect({ transport: stage.transport })).toBe('10s #', undefined, error);
        stage.expectObservable(connect({ transport: stage.transport, joinTimeoutMs: 20 })).toBe('20ms #', undefined, lost());
      });
    }
    marbles((stage) => {
      stage.fates = ['mute'];
      const auth: Login[] = [{ authmethod: 'ticket', answer: () => ['secret', { a: 1 }] }];
      stage.expectObservable(connect({ transport: stage.transport, auth, joinTimeoutMs: 100 })).toBe('190ms #', undefined, lost());
      stage.at(90, () => stage.router.link.receive([CHALLENGE, 'ticket', {}]));
      stage.at(100, () => expect(stage.router.link.sent[1]).toEqual([AUTHENTICATE, 'secret', { a: 1 }]));
    });
  });

  it('L3 names the URL without its secrets when nothing answers', () => {
    class Silent {
      readonly protocol = '';
      readonly bufferedAmount = 0;
      binaryType = 'blob';
      close(): void {}
      send(): void {}
      addEventListener(): void {}
    }
    marbles((stage) => {
      const silent = connect({
        url: 'wss://joe:secret@example.com/ws?token=secret',
        socket: { WebSocket: Silent as never },
        joinTimeoutMs: 20,
      });
      const url = 'wss://***@example.com/ws?***';
      const error = lost({ url, message: `no session from ${url} within 20 ms: nothing answers there, or it is no WAMP router` });
      stage.expectObservable(silent).toBe('20ms #', undefined, error);
    });
  });

  it('L4 takes a bare WELCOME, and lets the login verify what it must before the session is emitted', () => {
    for (const proven of [true, false]) {
      marbles((stage) => {
        stage.fates = ['mute'];
        const verify = ({ proof }: { proof?: unknown }): void => {
          if (proof !== 'good') throw new TypeError('a wrong signature');
        };
        const auth: Login[] = [
          { authmethod: 'scram', answer: () => 'x', verify },
          { authmethod: 'other', answer: () => 'y' },
        ];
        const session = connect({ transport: stage.transport, auth, keepAliveMs: 0 }).pipe(map(({ id, details }) => [id, details]));
        if (proven) stage.expectObservable(session, '^ 50ms !').toBe('30ms s', { s: [7, { proof: 'good' }] });
        else stage.expectObservable(session).toBe('30ms #', undefined, wampError('wamp.error.cannot_authenticate'));
        stage.at(20, () => stage.router.link.receive([CHALLENGE, 'scram', {}]));
        stage.at(30, () => stage.router.link.receive([WELCOME, 7, { proof: proven ? 'good' : 'bad' }]));
        stage.at(40, () =>
          expect(stage.router.link.sent.slice(1).map(([code]) => code)).toEqual(proven ? [AUTHENTICATE] : [AUTHENTICATE, ABORT]),
        );
      });
    }
    marbles((stage) => {
      stage.fates = ['mute'];
      stage
        .expectObservable(
          connect({ transport: stage.transport, keepAliveMs: 0 }).pipe(map(({ id, realm, details }) => [id, realm, details])),
          '^ 50ms !',
        )
        .toBe('30ms s', { s: [7, 'realm1', {}] });
      stage.at(30, () => stage.router.link.receive([WELCOME, 7, {}]));
    });
  });

  it('L4 answers a login that fails with ABORT', () => {
    marbles((stage) => {
      stage.fates = ['mute'];
      const answer = (): never => {
        throw new TypeError('no ticket');
      };
      stage
        .expectObservable(connect({ transport: stage.transport, auth: [{ authmethod: 'ticket', answer }] }))
        .toBe('20ms #', undefined, wampError('wamp.error.cannot_authenticate'));
      stage.at(20, () => stage.router.link.receive([CHALLENGE, 'ticket', {}]));
      stage.at(30, () => expect(codes(stage.router.link)).toEqual([HELLO, ABORT]));
    });
  });

  it('L5 leaves without a message before WELCOME, in each of its states', () => {
    for (const [left, sent] of [
      [0, []],
      [3, []],
      [7, [HELLO]],
    ] as const) {
      marbles(({ transport, router, at }) => {
        const held = connect({ transport }).subscribe();
        at(left, () => held.unsubscribe());
        at(left + 1, () => {
          expect(router.open).toEqual([]);
          expect(codes(router.link)).toEqual([...sent]);
        });
      });
    }
  });

  it('L5 drops what was asked when it is left meanwhile', async () => {
    const router = new ScriptedRouter();
    let answer: (realm: string) => void = () => undefined;
    const held = connect({ transport: router.transport, realm: () => new Promise<string>((resolve) => (answer = resolve)) }).subscribe();
    held.unsubscribe();
    answer('realm1');
    await Promise.resolve().then(() => Promise.resolve());
    expect(router.links.length).toBe(0);
  });

  it('L5 says GOODBYE, and waits for the echo, a close, or goodbyeTimeoutMs', () => {
    for (const [how, gone] of [
      ['echo', 55],
      ['close', 60],
      ['silence', 150],
    ] as const) {
      const reply = (link: { welcome(): void; receive(...messages: List[]): void }, [code]: List): void => {
        if (code === HELLO) link.welcome();
        if (code === GOODBYE && how === 'echo') link.receive([GOODBYE, {}, 'wamp.close.goodbye_and_out']);
      };
      marbles(
        ({ transport, router, at }) => {
          const held = connect({ transport, goodbyeTimeoutMs: 100, keepAliveMs: 0 }).subscribe();
          at(50, () => {
            held.unsubscribe();
            held.unsubscribe();
            expect(router.link.sent.slice(1)).toEqual([[GOODBYE, {}, 'wamp.close.close_realm']]);
          });
          if (how === 'close') at(60, () => router.link.fail());
          at(gone, () => expect(router.link.closed).toBe(how === 'close'));
          at(gone + 1, () => expect(router.link.closed).toBe(true));
        },
        { reply },
      );
    }
  });

  it("L6 takes the router's GOODBYE that crosses ours for the echo, and sends no second", () => {
    marbles(({ transport, router, at }) => {
      const held = connect({ transport, keepAliveMs: 0 }).subscribe();
      at(50, () => {
        held.unsubscribe();
        router.link.receive([GOODBYE, {}, 'wamp.close.system_shutdown']);
        expect(router.link.closed).toBe(true);
        expect(codes(router.link)).toEqual([HELLO, GOODBYE]);
      });
    });
  });

  it('reconnects by retry below switchMap, never with two links at once', () => {
    marbles(({ transport, router, expectObservable, at }) => {
      const session$ = connect({ transport, keepAliveMs: 0 });
      const events = session$.pipe(
        switchMap((session) => session.topic('com.example.news')),
        map(({ value }) => value),
      );
      expectObservable(events.pipe(retry({ delay: whenLost(100) })), '^ 299ms !').toBe('30ms a 169ms b', { a: 'one', b: 'two' });
      at(30, () => router.link.receive([36, 101, 1, {}, ['one']]));
      at(50, () => router.link.fail());
      at(200, () => {
        router.link.receive([36, 101, 1, {}, ['two']]);
        expect(router.links.map(codes)).toEqual([
          [HELLO, SUBSCRIBE],
          [HELLO, SUBSCRIBE],
        ]);
        expect(router.most).toBe(1);
      });
    });
  });

  it('survives a retry without delay: one link at a time', () => {
    marbles(({ transport, router, expectObservable, at }) => {
      const ids = connect({ transport, keepAliveMs: 0 }).pipe(
        map(({ id }) => id),
        retry(),
      );
      expectObservable(ids, '^ 99ms !').toBe('10ms a 49ms b', { a: 1001, b: 1002 });
      at(50, () => router.link.fail());
      at(90, () => expect(router.most).toBe(1));
    });
  });

  it('throws wrong options at once', () => {
    expect(() => connect({ url: 'http://example' })).toThrowError(TypeError, /ws:/);
    expect(() => connect({ realm: '' })).toThrowError(TypeError, /realm/);
    expect(() => connect({ lingerMs: 1 } as object)).toThrowError(TypeError, /lingerMs/);
  });
});

describe('whenLost', () => {
  it('ends a retry once the client is closed', () => {
    marbles(({ client, at, expectObservable }) => {
      const wamp = client();
      const call = wamp.call('com.example.silent').pipe(retry({ delay: whenLost(100) }));
      at(50, () => void wamp.close());
      const closed = lost({ uri: 'wamp.error.client_closed', message: 'the client is closed: make a new one' });
      expectObservable(call).toBe('150ms #', undefined, closed); // once more, for the call that was under way
      expectObservable(call, '300ms ^').toBe('300ms #', undefined, closed);
    });
  });

  it('waits after a ConnectionError, so many milliseconds or by the attempt, and hands everything else on', () => {
    marbles(({ expectObservable }) => {
      const error = new ConnectionError('lost');
      const other = new ApplicationError('com.example.error.no');
      expectObservable(whenLost(50)(error, 1)).toBe('50ms (t|)', { t: 0 });
      expectObservable(whenLost((attempt) => 10 * attempt)(error, 3)).toBe('30ms (t|)', { t: 0 });
      spyOn(Math, 'random').and.returnValue(1);
      expectObservable(whenLost()(error, 2)).toBe('1000ms (t|)', { t: 0 });
      expectObservable(whenLost(50)(other, 1)).toBe('#', undefined, other);
    });
  });
});
