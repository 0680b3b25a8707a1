// The router's logins, message by message: what is asked, who is let in, and what an outsider can tell from the answers.
import { deriveWampcraKey, signWampcra } from '../../src/auth/index.ts';
import { ABORT, AUTHENTICATE, CHALLENGE, HELLO, PUBLISH, WELCOME, type Dict, type List } from '../../src/protocol/messages.ts';
import { Router, type RealmAuth, type RouterOptions } from '../../src/router/index.ts';
import { Client, ROLES } from './client.ts';

const REFUSED = 'wamp.error.authentication_failed';

function setup(auth: RealmAuth, options: Partial<RouterOptions> = {}): { router: Router; errors: unknown[] } {
  const errors: unknown[] = [];
  const logger = { error: (message: string, error: unknown) => errors.push([message, error]) };
  return { router: new Router({ realms: [{ name: 'realm1', auth }], logger, ...options }), errors };
}

/** The next message of the router; some of its logins take turns. */
async function next(client: Client): Promise<List> {
  for (let turns = 0; turns < 1000; turns++) {
    const message = client.received.shift();
    if (message) return message;
    await new Promise((resolve) => setTimeout(resolve));
  }
  throw new TypeError('the router said nothing');
}

// A login that waits holds a timer until its link ends.
const clients: Client[] = [];
afterEach(() => {
  for (const client of clients.splice(0)) client.lose();
});

/** Says HELLO and gives the router's first word. */
async function hello(router: Router, details: Dict): Promise<{ client: Client; first: List }> {
  const client = new Client(router);
  clients.push(client);
  client.send(HELLO, 'realm1', { roles: ROLES, ...details });
  return { client, first: await next(client) };
}

async function challenged(auth: RealmAuth, authid: string, router = setup(auth).router): Promise<{ client: Client; extra: Dict }> {
  const { client, first } = await hello(router, { authmethods: ['wampcra'], authid });
  expect(first.slice(0, 2)).toEqual([CHALLENGE, 'wampcra']);
  return { client, extra: first[2] as Dict };
}

/** Answers a ticket or a signature and gives the router's verdict. */
async function verdict(client: Client, signature: string): Promise<List> {
  client.send(AUTHENTICATE, signature, {});
  return next(client);
}

const who = (expected: object): List => [WELCOME, jasmine.any(Number), jasmine.objectContaining(expected)];
const refused = (method: string): List => [
  ABORT,
  { message: `the login by ${method} is refused: an unknown authid, or the wrong secret for it` },
  REFUSED,
];

describe('Logins of the router', () => {
  describe('by ticket', () => {
    const auth: RealmAuth = { ticket: { tina: 'tina-ticket', tom: { ticket: 'tom-ticket', authrole: 'admin' } } };
    for (const [authid, ticket, expected] of [
      ['tina', 'tina-ticket', who({ authid: 'tina', authrole: 'user', authmethod: 'ticket', authprovider: 'static' })],
      ['tom', 'tom-ticket', who({ authid: 'tom', authrole: 'admin' })],
      ['tina', 'tom-ticket', refused('ticket')],
      ['tina', 'tina-ticket2', refused('ticket')],
      ['tina', 'tina', refused('ticket')],
      ['tina', 'tina-tickettina-ticket', refused('ticket')],
      ['tina', '', refused('ticket')],
      ['xaver', 'tina-ticket', refused('ticket')],
      ['constructor', 'tina-ticket', refused('ticket')],
    ] as const) {
      it(`answers ${authid} with "${ticket}" by ${expected[0] === WELCOME ? 'WELCOME' : 'ABORT'}`, async () => {
        const { client, first } = await hello(setup(auth).router, { authmethods: ['ticket'], authid });
        expect(first).toEqual([CHALLENGE, 'ticket', {}]);
        expect(await verdict(client, ticket)).toEqual(expected);
        expect(client.ended).toBe(expected[0] === ABORT);
      });
    }

    it('asks a function, which may name the user anew', async () => {
      const asked: unknown[] = [];
      const check = (authid: string, ticket: string, details: Dict) => {
        asked.push([authid, ticket, details['authmethods']]);
        return Promise.resolve(ticket === 'token' ? { authid: 'tina@example.com', authrole: 'admin', authprovider: 'tokens' } : undefined);
      };
      const { router } = setup({ ticket: check });
      const [good, bad] = [
        await hello(router, { authmethods: ['ticket'], authid: 'tina' }),
        await hello(router, { authmethods: ['ticket'], authid: 'tina' }),
      ];
      expect(await verdict(good.client, 'token')).toEqual(who({ authid: 'tina@example.com', authrole: 'admin', authprovider: 'tokens' }));
      expect(await verdict(bad.client, 'wrong')).toEqual(refused('ticket'));
      expect(asked).toEqual([
        ['tina', 'token', ['ticket']],
        ['tina', 'wrong', ['ticket']],
      ]);
    });
  });

  describe('by wampcra', () => {
    const salted = { secret: 'sally-secret', authrole: 'admin', salt: 'salt123', iterations: 20, keylen: 16 };
    const auth: RealmAuth = { wampcra: { cora: 'cora-secret', sally: salted } };

    it('challenges with a text that names who asks for what, and never the same', async () => {
      const [one, other] = [await challenged(auth, 'cora'), await challenged(auth, 'cora')];
      const text = JSON.parse(one.extra['challenge'] as string) as Dict;
      expect(text).toEqual({
        authid: 'cora',
        authrole: 'user',
        authmethod: 'wampcra',
        authprovider: 'static',
        nonce: jasmine.stringMatching(/^[0-9a-f]{48}$/),
        session: one.client.link.id,
        timestamp: jasmine.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      });
      expect(Object.keys(one.extra)).toEqual(['challenge']);
      expect(other.extra['challenge']).not.toBe(one.extra['challenge']);
    });

    it('takes the signature of this challenge, and of no other', async () => {
      const [one, other] = [await challenged(auth, 'cora'), await challenged(auth, 'cora')];
      const signature = await signWampcra('cora-secret', one.extra['challenge'] as string);
      expect(await verdict(other.client, signature)).toEqual(refused('wampcra'));
      expect(await verdict(one.client, signature)).toEqual(
        who({ authid: 'cora', authrole: 'user', authmethod: 'wampcra', authprovider: 'static' }),
      );
    });

    it('tells how to derive the key of a salted secret', async () => {
      const { client, extra } = await challenged(auth, 'sally');
      const { challenge, ...salting } = extra;
      expect(salting).toEqual({ salt: 'salt123', iterations: 20, keylen: 16 });
      const key = await deriveWampcraKey('sally-secret', { salt: 'salt123', iterations: 20, keylen: 16 });
      expect(await verdict(client, await signWampcra(key, challenge as string))).toEqual(who({ authid: 'sally', authrole: 'admin' }));
    });

    it('looks users up by a function', async () => {
      const lookup = (authid: string) => Promise.resolve(authid === 'cora' ? { secret: 'cora-secret', authrole: 'clerk' } : undefined);
      const { client, extra } = await challenged({ wampcra: lookup }, 'cora');
      const signature = await signWampcra('cora-secret', extra['challenge'] as string);
      expect(await verdict(client, signature)).toEqual(who({ authid: 'cora', authrole: 'clerk', authprovider: 'dynamic' }));
    });

    it('challenges a user that does not exist like one that does, always with the same salt', async () => {
      const users = { ...auth, wampcra: { sally: salted } };
      const [known, one, again, other] = [
        await challenged(users, 'sally'),
        await challenged(users, 'xaver'),
        await challenged(users, 'xaver'),
        await challenged(users, 'yvonne'),
      ];
      const shape = ({ extra }: { extra: Dict }): unknown => {
        const { challenge, salt, ...rest } = extra;
        const { authid, nonce, session, timestamp, ...text } = JSON.parse(challenge as string) as Dict;
        return [Object.keys(extra), (salt as string).length, rest, text, typeof authid, typeof nonce, typeof session, typeof timestamp];
      };
      expect([shape(one), shape(again), shape(other)]).toEqual([shape(known), shape(known), shape(known)]);
      expect(again.extra['salt']).toBe(one.extra['salt']);
      expect(other.extra['salt']).not.toBe(one.extra['salt']);
      const key = await deriveWampcraKey('sally-secret', salted);
      expect(await verdict(one.client, await signWampcra(key, one.extra['challenge'] as string))).toEqual(refused('wampcra'));
      expect(await verdict(other.client, 'nonsense')).toEqual(refused('wampcra'));
    });

    it('makes users that do not exist resemble all kinds of users that do', async () => {
      const { router } = setup(auth);
      const kinds = new Set<boolean>();
      for (let i = 0; i < 40; i++) kinds.add('salt' in (await challenged(auth, `nobody${i}`, router)).extra);
      expect(kinds.size).toBe(2);
    });

    it('makes them resemble the first that a function knew, and keeps to that', async () => {
      const users: Record<string, { secret: string; salt?: string }> = { ann: { secret: 'x', salt: 'pinch' }, ben: { secret: 'y' } };
      const { router } = setup({ wampcra: (authid) => users[authid] });
      const before = await challenged({}, 'xaver', router);
      expect(before.extra['salt']).toEqual(jasmine.any(String));
      for (const authid of ['ann', 'ben']) await challenged({}, authid, router);
      const [one, again] = [await challenged({}, 'xaver', router), await challenged({}, 'xaver', router)];
      expect(one.extra['salt']).toHaveSize('pinch'.length);
      expect(again.extra['salt']).toBe(one.extra['salt']);
    });
  });

  for (const method of ['ticket', 'wampcra']) {
    it(`refuses a login by ${method} without a user, and says so`, async () => {
      for (const details of [{}, { authid: '' }]) {
        const { first } = await hello(setup({ ticket: {}, wampcra: {} }).router, { authmethods: [method], ...details });
        expect(first).toEqual([ABORT, { message: `HELLO.Details.authid must name the user for a login by ${method}` }, REFUSED]);
      }
    });
  }

  it('takes the first method of the client that the realm has', async () => {
    const { router } = setup({ ticket: { tina: 'x' }, wampcra: { tina: 'y' } });
    for (const [authmethods, chosen] of [
      [['scram', 'wampcra', 'ticket'], 'wampcra'],
      [['ticket', 'wampcra'], 'ticket'],
    ] as const) {
      expect((await hello(router, { authmethods, authid: 'tina' })).first[1]).toBe(chosen);
    }
    const message = 'realm "realm1" accepts ticket, wampcra; the client offers anonymous';
    expect((await hello(router, {})).first).toEqual([ABORT, { message }, 'wamp.error.no_matching_auth_method']);
  });

  it('lets strangers in beside users, under a role of their own', async () => {
    const { router } = setup({ ticket: { tina: 'x' }, anonymous: { authrole: 'guest' } });
    expect((await hello(router, {})).first).toEqual(who({ authrole: 'guest', authmethod: 'anonymous', authprovider: 'static' }));
  });

  describe('a login of one’s own', () => {
    it('goes as many steps as it likes, and says in WELCOME what it wants', async () => {
      const last = { authid: 'tina', authextra: { proof: 'p' } };
      const { router } = setup({
        custom: [
          {
            authmethod: 'two-steps',
            begin: ({ realm, session, details }) => ({
              challenge: { realm, session, agent: details['agent'] },
              answer: (signature, extra) => ({
                challenge: { signature, ...extra },
                answer: (second) => (second === 'b' ? last : undefined),
              }),
            }),
          },
        ],
      });
      const { client, first } = await hello(router, { authmethods: ['two-steps'], agent: 'spec' });
      expect(first).toEqual([CHALLENGE, 'two-steps', { realm: 'realm1', session: client.link.id, agent: 'spec' }]);
      client.send(AUTHENTICATE, 'a', { x: 1 });
      expect(await next(client)).toEqual([CHALLENGE, 'two-steps', { signature: 'a', x: 1 }]);
      expect(await verdict(client, 'b')).toEqual(
        who({ authid: 'tina', authrole: 'user', authmethod: 'two-steps', authprovider: 'dynamic', authextra: { proof: 'p' } }),
      );
    });

    it('that fails refuses the client without telling why, and tells the logger', async () => {
      const oops = new TypeError('the password of the database is wrong');
      const message = 'the login by ticket could not be checked: see the log of the router';
      for (const check of [
        (): never => {
          throw oops;
        },
        () => Promise.reject(oops),
      ]) {
        const { router, errors } = setup({ ticket: check });
        const { client } = await hello(router, { authmethods: ['ticket'], authid: 'tina' });
        expect(await verdict(client, 'x')).toEqual([ABORT, { message }, REFUSED]);
        expect(errors).toEqual([['the login by ticket in realm realm1 failed', oops]]);
      }
      const { router, errors } = setup({ custom: [{ authmethod: 'ticket', begin: () => Promise.reject(oops) }] });
      expect((await hello(router, { authmethods: ['ticket'] })).first).toEqual([ABORT, { message }, REFUSED]);
      expect(errors.length).toBe(1);
    });
  });

  describe('while a login is under way', () => {
    const auth: RealmAuth = { ticket: () => new Promise(() => undefined) };
    const begun = async (options: Partial<RouterOptions> = {}): Promise<{ router: Router; client: Client }> => {
      const { router } = setup(auth, options);
      return { router, client: (await hello(router, { authmethods: ['ticket'], authid: 'tina' })).client };
    };

    it('takes AUTHENTICATE once, and no other message', async () => {
      const VIOLATION = 'wamp.error.protocol_violation';
      const [twice, early] = [(await begun()).client, (await begun()).client];
      twice.send(AUTHENTICATE, 'x', {});
      twice.send(AUTHENTICATE, 'x', {});
      early.send(PUBLISH, 1, {}, 'a.b');
      expect(twice.take()).toEqual([[ABORT, { message: 'AUTHENTICATE without a CHALLENGE' }, VIOLATION]]);
      expect(early.take()).toEqual([[ABORT, { message: 'PUBLISH before WELCOME' }, VIOLATION]]);
      expect([twice.ended, early.ended]).toEqual([true, true]);
    });

    it('ends it after loginTimeoutMs', async () => {
      const { router, client } = await begun({ loginTimeoutMs: 5 });
      expect(await next(client)).toEqual([ABORT, { message: 'the login by ticket took longer than 5 ms' }, 'wamp.error.timeout']);
      expect([client.ended, router.counts().sessions]).toEqual([true, 0]);
    });

    it('ends a link that does not say HELLO within loginTimeoutMs, and none that has', async () => {
      const { router } = setup({ anonymous: true }, { loginTimeoutMs: 5 });
      const { client: joined, first } = await hello(router, {});
      const silent = new Client(router);
      clients.push(silent);
      expect(await next(silent)).toEqual([ABORT, { message: 'no HELLO came within 5 ms' }, 'wamp.error.timeout']);
      expect([silent.ended, first[0], joined.ended, joined.take(), router.counts().sessions]).toEqual([true, WELCOME, false, [], 1]);
    });

    it('says ABORT when the router closes, and forgets a client that leaves', async () => {
      const [closing, leaving] = [await begun(), await begun()];
      await closing.router.close();
      expect(closing.client.take()).toEqual([[ABORT, { message: 'the router is closing' }, 'wamp.close.system_shutdown']]);
      leaving.client.send(ABORT, {}, 'wamp.error.cannot_authenticate');
      expect([leaving.client.ended, leaving.client.take(), leaving.router.counts().sessions]).toEqual([true, [], 0]);
    });

    it('lets nobody in who has left meanwhile', async () => {
      let admit = (_grant: object): void => undefined;
      const { router } = setup({ ticket: () => new Promise((resolve) => (admit = resolve)) });
      const { client } = await hello(router, { authmethods: ['ticket'], authid: 'tina' });
      client.send(AUTHENTICATE, 'x', {});
      client.lose();
      admit({});
      await new Promise((resolve) => setTimeout(resolve));
      expect([client.take(), router.sessions('realm1')]).toEqual([[], []]);
    });
  });
});
