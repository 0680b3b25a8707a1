// Logins end to end: a client, the embedded router, and real encoding in between.
import { firstValueFrom } from 'rxjs';
import {
  Client,
  ConnectionError,
  intercept,
  JoinError,
  ProtocolError,
  trace,
  WampError,
  type ClientOptions,
  type Login,
} from '../../src/index.ts';
import { anonymous, ticket, wampcra } from '../../src/auth/index.ts';
import { Router, type RealmAuth } from '../../src/router/index.ts';

const AUTH: RealmAuth = {
  ticket: { tina: 'tina-ticket', tom: { ticket: 'tom-ticket', authrole: 'admin' } },
  wampcra: { cora: 'cora-secret', sally: { secret: 'sally-secret', authrole: 'admin', salt: 'salt123', iterations: 10, keylen: 16 } },
};

/** Joins once: the details of WELCOME, or the error. */
async function joined(auth: readonly Login[], realm: RealmAuth = AUTH, options: ClientOptions = {}): Promise<unknown> {
  const router = new Router({ realms: [{ name: 'realm1', auth: realm }], logger: false });
  const client = new Client({ transport: router.transport(), auth, logger: false, ...options });
  const details = await firstValueFrom(client.sessions).then(
    (session) => session.details,
    (error: unknown) => error,
  );
  await client.close();
  await router.close();
  return details;
}

function who(authid: string, authrole: string, authmethod: string): unknown {
  return jasmine.objectContaining({ authid, authrole, authmethod, authprovider: 'static' });
}

describe('Logins', () => {
  for (const [name, login, expected] of [
    ['ticket', ticket({ authid: 'tina', ticket: 'tina-ticket' }), who('tina', 'user', 'ticket')],
    ['ticket, with a role', ticket({ authid: 'tom', ticket: 'tom-ticket' }), who('tom', 'admin', 'ticket')],
    ['wampcra, plain', wampcra({ authid: 'cora', secret: 'cora-secret' }), who('cora', 'user', 'wampcra')],
    ['wampcra, salted', wampcra({ authid: 'sally', secret: 'sally-secret' }), who('sally', 'admin', 'wampcra')],
  ] as const) {
    it(`let in by ${name}`, async () => {
      expect(await joined([login])).toEqual(expected);
    });
  }

  it('L3 may all be offered, and the router takes the first that its realm has', async () => {
    const offered = [wampcra({ authid: 'tina', secret: 'x' }), ticket({ authid: 'tina', ticket: 'tina-ticket' }), anonymous()];
    expect(await joined(offered, { ticket: { tina: 'tina-ticket' } })).toEqual(who('tina', 'user', 'ticket'));
    expect(await joined(offered, { anonymous: { authrole: 'guest' } })).toEqual(
      jasmine.objectContaining({ authrole: 'guest', authmethod: 'anonymous' }),
    );
  });

  it('L4 are of one user, else nothing is sent and nothing tried again', async () => {
    const offered = [wampcra({ authid: 'cora', secret: 'cora-secret' }), ticket({ authid: () => 'tina', ticket: 'tina-ticket' })];
    const sent: unknown[] = [];
    const error = (await joined(offered, AUTH, {
      interceptors: [intercept((_direction, message) => (sent.push(message), message))],
    })) as JoinError;
    expect([error instanceof JoinError, error.uri, error.message]).toEqual([
      true,
      'wamp.error.cannot_authenticate',
      'the option auth has logins of cora and tina: give those of one user',
    ]);
    expect(sent).toEqual([]);
  });

  const wrong = 'an unknown authid, or the wrong secret for it; check the user and the secret in the option auth';
  for (const [name, login, authid] of [
    ['a wrong ticket', ticket({ authid: 'tina', ticket: 'xxxx' }), 'tina'],
    ['an unknown user of tickets', ticket({ authid: 'xaver', ticket: 'tina-ticket' }), 'xaver'],
    ['a wrong secret', wampcra({ authid: 'cora', secret: 'xxxx' }), 'cora'],
    ['a wrong salted secret', wampcra({ authid: 'sally', secret: 'xxxx' }), 'sally'],
    ['an unknown user of secrets', wampcra({ authid: 'xaver', secret: 'cora-secret' }), 'xaver'],
  ] as const) {
    it(`refuse ${name}, and the error names the user and the remedy`, async () => {
      const error = (await joined([login])) as JoinError;
      expect(error).toBeInstanceOf(JoinError);
      expect([error.uri, error.message]).toEqual([
        'wamp.error.authentication_failed',
        `the router refused ${authid} in realm realm1 with wamp.error.authentication_failed: the login by ${login.authmethod} is refused: ${wrong}`,
      ]);
    });
  }

  it('end at once with ABORT and the remedy where the router asks for one that was not offered', async () => {
    const dressed = ticket({ authid: 'tina', ticket: 'tina-ticket' });
    const asking: RealmAuth = { custom: [{ authmethod: 'anonymous', begin: () => ({ challenge: {}, answer: () => undefined }) }] };
    expect(((await joined([], asking)) as JoinError).message).toBe(
      'the router asks for a login by anonymous, which was not offered: give it in the option auth',
    );
    expect(((await joined([anonymous()], asking)) as JoinError).message).toBe(
      'the login by anonymous could not answer the challenge to realm realm1: anonymous is a login without a challenge, and the router sent one',
    );
    expect(((await joined([dressed], { wampcra: {} })) as JoinError).message).toContain(
      'realm "realm1" accepts wampcra; the client offers ticket; give a login that the realm takes in the option auth',
    );
  });

  describe('whose secrets are functions', () => {
    it('L3 ask them again at every attempt, both together, before the link is opened', async () => {
      const router = new Router({ realms: [{ name: 'realm1', auth: { ticket: { tina: 'third' } } }] });
      const log: string[] = [];
      const tickets = ['first', 'second', 'third'];
      const inner = router.transport();
      const client = new Client({
        transport: (sink) => {
          log.push('open');
          return inner(sink);
        },
        auth: [
          ticket({
            authid: () => {
              log.push('authid');
              return Promise.resolve('tina');
            },
            ticket: () => {
              log.push('ticket');
              return tickets.shift()!;
            },
          }),
        ],
        isFatal: () => false,
        retryDelayMs: () => 0,
        logger: false,
      });
      const { details } = await firstValueFrom(client.sessions);
      expect(details['authid']).toBe('tina');
      expect(log).toEqual(new Array(3).fill(['authid', 'ticket', 'open']).flat());
      await client.close();
    });

    it('L3 what they throw or reject with is a failed attempt like any other', async () => {
      for (const broken of [
        () => {
          throw new TypeError('the vault is closed');
        },
        () => Promise.reject(new TypeError('the vault is closed')),
      ]) {
        const login = wampcra({ authid: () => Promise.reject(new TypeError('the vault is closed')), secret: broken });
        const error = await joined([login], AUTH, { maxAttempts: 1 });
        expect(error).toBeInstanceOf(ConnectionError);
        expect((error as ConnectionError).message).toMatch(
          /^the function (authid of the login wampcra|secret of the login wampcra for its user) failed: the vault is closed$/,
        );
      }
    });

    it('whose function failed is said, with the user and the cause', async () => {
      const sealed = new Error('vault is sealed');
      for (const broken of [
        () => {
          throw sealed;
        },
        () => Promise.reject(sealed),
      ]) {
        const error = (await joined([ticket({ authid: 'joe', ticket: broken })], AUTH, { maxAttempts: 1 })) as ConnectionError;
        expect(error.message).toBe('the function ticket of the login ticket for "joe" failed: vault is sealed');
        expect((error.cause as Error).cause).toBe(sealed);
      }
    });

    it('what they give instead of a text is told by its kind, with the user', async () => {
      for (const [given, kind] of [
        [undefined, 'undefined'],
        ['', 'an empty text'],
        [4711, 'a number'],
        [{ password: 'x' }, 'a dict'],
      ] as const) {
        const error = await joined([ticket({ authid: 'tina', ticket: () => given as never })], AUTH, { maxAttempts: 1 });
        expect((error as Error).message).toBe(`the function ticket of ticket must give the ticket of "tina", not ${kind}`);
      }
      const nobody = await joined([wampcra({ authid: () => Promise.resolve(''), secret: 'x' })], AUTH, { maxAttempts: 1 });
      expect((nobody as Error).message).toBe("the function authid of wampcra must give the user's name, not an empty text");
    });

    it('serve several clients at once, each attempt with the secret that was asked for it', async () => {
      const router = new Router({
        realms: [
          {
            name: 'realm1',
            auth: {
              ticket: async (authid, given) => {
                await gate;
                return authid === given ? {} : undefined;
              },
            },
          },
        ],
      });
      let open = (): void => undefined;
      const gate = new Promise<void>((resolve) => (open = resolve));
      const users = ['ann', 'ben', 'cleo'];
      let asked = 0;
      const login = ticket({ authid: () => users[asked]!, ticket: () => users[asked++]! });
      const clients = users.map(() => new Client({ transport: router.transport(), auth: [login], logger: false }));
      const sessions = Promise.all(clients.map((client) => firstValueFrom(client.sessions)));
      open();
      expect((await sessions).map(({ details }) => details['authid'])).toEqual(users);
      await Promise.all(clients.map((client) => client.close()));
    });
  });

  describe('that cannot be meant', () => {
    for (const [fact, make, message] of [
      [
        'no options',
        () => ticket(undefined as never),
        "ticket needs the option authid: the user's name, or a function that gives it, not undefined",
      ],
      [
        'no user',
        () => ticket({ ticket: 'x' } as never),
        "ticket needs the option authid: the user's name, or a function that gives it, not undefined",
      ],
      [
        'no ticket, as of a variable that is not set',
        () => ticket({ authid: 'tina', ticket: undefined as never }),
        'ticket needs the option ticket for "tina": a text, or a function that gives it, not undefined',
      ],
      [
        'an empty secret',
        () => wampcra({ authid: 'cora', secret: '' }),
        'wampcra needs the option secret for "cora": a text, or a function that gives it, not an empty text',
      ],
      [
        'a number as the secret, which is not shown',
        () => wampcra({ authid: () => 'cora', secret: 4711 as never }),
        'wampcra needs the option secret for its user: a text, or a function that gives it, not a number',
      ],
    ] as const) {
      it(`are refused when they are made: ${fact}`, () => {
        expect(make).toThrowError(TypeError, message);
      });
    }
  });

  it('show no secret in errors, logs, traces and inspections', async () => {
    for (const [auth, secret] of [
      [[ticket({ authid: 'tina', ticket: 'tina-ticket' })], 'tina-ticket'],
      [[ticket({ authid: 'tina', ticket: () => 'hush-hush' })], 'hush-hush'],
      [[wampcra({ authid: 'cora', secret: 'cora-secret' })], 'cora-secret'],
      [[wampcra({ authid: 'sally', secret: () => Promise.resolve('hush-hush') })], 'hush-hush'],
    ] as const) {
      const seen: string[] = [];
      const log = (...what: unknown[]): unknown =>
        seen.push(what.map((one) => (one instanceof Error ? everything(one) : String(one))).join(' '));
      const router = new Router({ realms: [{ name: 'realm1', auth: AUTH }] });
      const transport = trace(router.transport(), { log });
      const client = new Client({ transport, auth, logger: { warn: log, error: log, debug: log }, maxAttempts: 1 });
      client.status.subscribe((status) =>
        log(JSON.stringify(status, (_key, value: unknown) => (value instanceof Error ? everything(value) : value))),
      );
      client.errors.subscribe(log);
      await firstValueFrom(client.sessions).catch(log);
      log(JSON.stringify(client.inspect()), JSON.stringify(auth), JSON.stringify(client), ...Object.values<unknown>({ ...auth[0] }));
      await client.close();
      expect(seen.join('\n')).toContain('AUTHENTICATE ***');
      expect(seen.join('\n')).not.toContain(secret);
    }
  });

  it('by wampcra say so where the page has no crypto.subtle', async () => {
    // Where a page came over an open network, the getter gives undefined.
    const own = Object.getOwnPropertyDescriptor(crypto, 'subtle');
    const login = wampcra({ authid: 'cora', secret: 'cora-secret' });
    const hello = await login.hello!();
    Object.defineProperty(crypto, 'subtle', { value: undefined, configurable: true });
    try {
      await expectAsync(Promise.resolve(login.answer({ challenge: '{}' }, hello))).toBeRejectedWithError(
        WampError,
        'wampcra needs crypto.subtle, which browsers give only to pages that came by https or from localhost',
      );
    } finally {
      if (own === undefined) Reflect.deleteProperty(crypto, 'subtle');
      else Object.defineProperty(crypto, 'subtle', own);
    }
  });

  for (const [fact, extra, message] of [
    ['without a challenge', {}, 'the CHALLENGE for wampcra has no text called challenge'],
    ['with a salt that is no text', { challenge: '{}', salt: 1 }, 'the salt in the CHALLENGE for wampcra is no text'],
  ] as const) {
    it(`by wampcra refuse a CHALLENGE ${fact}`, async () => {
      const login = wampcra({ authid: 'cora', secret: 'cora-secret' });
      await expectAsync(Promise.resolve(login.answer(extra, await login.hello!()))).toBeRejectedWithError(ProtocolError, message);
    });
  }
});

function everything(error: Error): string {
  const { message, stack, cause, ...rest } = error;
  return [message, stack, JSON.stringify(rest), cause instanceof Error ? everything(cause) : String(cause)].join(' ');
}
