// Who a peer is where its options do not say so: in Node, from the environment, by the names that the command line has too.
// A secret is in no message.
import { ticket } from '../auth/ticket.ts';
import { wampcra } from '../auth/wampcra.ts';
import { JoinError } from '../protocol/errors.ts';
import type { Login } from '../protocol/login.ts';

const VARIABLES = 'RXWAMP_SECRET (or WAMPYSECRET) for WAMP-CRA or RXWAMP_TICKET for a ticket';
const HINT = `set ${VARIABLES}, or give the option auth instead of authid`;

/**
 * The logins of a peer; undefined for nobody in particular.
 *
 * @param authid The user. Default: `RXWAMP_AUTHID`.
 * @throws {TypeError} There is a user and nothing that proves it.
 */
export function loginsOf(
  name: string,
  auth: readonly Login[] | undefined,
  authid: string | undefined,
  env: Readonly<Record<string, string | undefined>> = environment(),
): readonly Login[] | undefined {
  if (auth !== undefined) {
    if (authid !== undefined) throw new TypeError(`${name} has both options authid and auth: the logins of auth name their users`);
    return auth;
  }
  const user = authid ?? env['RXWAMP_AUTHID'];
  if (user === undefined) return undefined;
  const [secret, proof] = [env['RXWAMP_SECRET'] ?? env['WAMPYSECRET'], env['RXWAMP_TICKET']];
  if (secret === undefined && proof === undefined) throw new TypeError(`${name} has no secret for ${JSON.stringify(user)}: ${HINT}`);
  return [
    ...(secret === undefined ? [] : [wampcra({ authid: user, secret })]),
    ...(proof === undefined ? [] : [ticket({ authid: user, ticket: proof })]),
  ];
}

/** What helps a peer without a login against an error of a router that asks for one, as the end of a sentence; nothing in a browser. */
export function adviceOf(error: unknown): string {
  const asks = error instanceof JoinError && /no_(matching_)?auth_method|authentication_required|cannot_authenticate/.test(error.uri);
  return asks && Object.keys(environment()).length > 0 ? `; or set RXWAMP_AUTHID, and ${VARIABLES}` : '';
}

/** Nothing in a browser. */
function environment(): Readonly<Record<string, string | undefined>> {
  return (globalThis as { readonly process?: { readonly env?: Readonly<Record<string, string | undefined>> } }).process?.env ?? {};
}
