// How a HELLO becomes a principal: the client's `authmethods` choose among the logins of its realm, and the chosen one goes its steps.
// Knows no session and no message; one file for each method stands in logins/.
// Source: WAMP advanced profile, "Authentication Methods".
import type { Dict, Id, List, Uri } from '../protocol/messages.ts';

/** Who a session is, as its WELCOME says. */
export interface Principal {
  readonly authid: string;
  readonly authrole: string;
  readonly authmethod: string;
  readonly authprovider: string;
  readonly authextra?: Dict;
}

/** Who is let in. */
export interface Admitted {
  readonly authid: string;
  /** Default: `user`. */
  readonly authrole?: string | undefined;
  /** Where the user is known from. Default: `dynamic`. */
  readonly authprovider?: string | undefined;
  /** What WELCOME says beside, for instance what proves the router. Default: nothing. */
  readonly authextra?: Dict;
}

/** What the client is asked, and who judges its answer. */
export interface Challenged {
  /** CHALLENGE.Extra. */
  readonly challenge: Dict;
  answer(signature: string, extra: Dict): LoginStep | Promise<LoginStep>;
}

/**
 * The outcome of a login, or of one step of it. `undefined` refuses without telling why: an unknown user and a wrong password must not
 * differ. `refused` tells what is wrong with the HELLO itself.
 */
export type LoginStep = Admitted | Challenged | { readonly refused: string } | undefined;

/** What a login is asked about. */
export interface LoginRequest {
  readonly realm: Uri;
  /** The id that the session will have. */
  readonly session: Id;
  /** HELLO.Details. */
  readonly details: Dict;
}

/** One way into a realm. */
export interface RouterLogin {
  /** The method's name on the wire, like `ticket`. */
  readonly authmethod: string;
  /** Begins a login. What it throws or rejects with refuses the client, and is logged. */
  begin(request: LoginRequest): LoginStep | Promise<LoginStep>;
}

/** Why nobody comes in. */
export interface Refusal {
  readonly abort: Uri;
  readonly message: string;
}

/** The first of the client's methods that the realm has; a client that names none asks for `anonymous`. */
export function loginFor(realm: Uri, logins: readonly RouterLogin[], details: Dict): RouterLogin | Refusal {
  const offered = (details['authmethods'] ?? []) as List;
  for (const authmethod of offered.length > 0 ? offered : ['anonymous']) {
    const found = logins.find((candidate) => candidate.authmethod === authmethod);
    if (found) return found;
  }
  const accepted = logins.map(({ authmethod }) => authmethod).join(', ') || 'nobody';
  return {
    abort: 'wamp.error.no_matching_auth_method',
    message: `realm "${realm}" accepts ${accepted}; the client offers ${offered.join(', ') || 'anonymous'}`,
  };
}

/** Who came in by a method. */
export function principal(authmethod: string, { authid, authrole = 'user', authprovider = 'dynamic', authextra }: Admitted): Principal {
  return { authid, authrole, authmethod, authprovider, ...(authextra && { authextra }) };
}

/** What is told to somebody who did not come in by a method. */
export function refusal(authmethod: string, step: { readonly refused: string } | undefined): Refusal {
  const message = step?.refused ?? `the login by ${authmethod} is refused: an unknown authid, or the wrong secret for it`;
  return { abort: 'wamp.error.authentication_failed', message };
}
