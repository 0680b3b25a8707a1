// `rxwamp router`: the embedded router on a port, until Ctrl-C.
import { ConnectionError } from 'rxwamp';
import { type RealmAuth, Router } from 'rxwamp/router';
import { firstValueFrom } from 'rxjs';
import { DEFAULT_REALM } from '../connection.ts';
import type { Context } from '../context.ts';
import { EXIT, UsageError } from '../failure.ts';

export interface RouterFlags {
  readonly port: number;
  readonly host?: string;
  readonly path?: string;
  readonly realm?: readonly string[];
  /** `authid:secret` */
  readonly user?: readonly string[];
  readonly origin?: readonly string[];
}

export async function router({ output, interruption }: Context, flags: RouterFlags): Promise<number> {
  const { port, host, path, user, realm: realms = [DEFAULT_REALM], origin: origins } = flags;
  const auth = user === undefined ? {} : { auth: logins(user) };
  const router = new Router({ realms: realms.map((name) => ({ name, ...auth })) });
  try {
    const server = await router.listen({
      port,
      ...(host !== undefined && { host }),
      ...(path !== undefined && { path }),
      ...(origins !== undefined && { origins }),
    });
    output.result({ url: server.url, port: server.port, realms }, server.url);
    output.status(`realms: ${realms.join(', ')}; Ctrl-C stops it`);
    await firstValueFrom(interruption.leave, { defaultValue: undefined });
  } catch (error) {
    // Of a connection the hint would be to start a router.
    throw error instanceof ConnectionError ? Object.assign(error, { hint: '--port names another port, --host another address' }) : error;
  } finally {
    await router.close();
  }
  return EXIT.ok;
}

/** The same users by ticket and by WAMP-CRA; nobody else comes in. */
function logins(users: readonly string[]): RealmAuth {
  const secrets = Object.fromEntries(
    users.map((user) => {
      const at = user.indexOf(':');
      // What was typed may hold a secret, so it is not repeated.
      if (at < 1 || at === user.length - 1) throw new UsageError('--user needs authid:secret');
      return [user.slice(0, at), user.slice(at + 1)];
    }),
  );
  return { ticket: secrets, wampcra: secrets };
}
