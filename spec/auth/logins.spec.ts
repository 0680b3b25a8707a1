// Logins end to end: a client, the embedded router, and real encoding in between.
import { firstValueFrom } from 'rxjs';
import { Client, JoinError, type ClientOptions, type Login } from '../../src/index.ts';
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

  for (const [name, login] of [
    ['a wrong ticket', ticket({ authid: 'tina', ticket: 'xxxx' })],
    ['an unknown user of tickets', ticket({ authid: 'xaver', ticket: 'tina-ticket' })],
    ['a wrong secret', wampcra({ authid: 'cora', secret: 'xxxx' })],
    ['a wrong salted secret', wampcra({ authid: 'sally', secret: 'xxxx' })],
    ['an unknown user of secrets', wampcra({ authid: 'xaver', secret: 'cora-secret' })],
  ] as const) {
    it(`refuse ${name}`, async () => {
      const error = await joined([login]);
      expect(error).toBeInstanceOf(JoinError);
      expect((error as JoinError).uri).toBe('wamp.error.authentication_failed');
    });
  }
});
