// How a HELLO becomes a principal: a realm has a list of logins, the client's `authmethods` choose among them.
// Knows no session and no message; one file for each further method.
// Source: WAMP advanced profile, "Authentication Methods".
import { randomId } from '../protocol/ids.ts';
import type { Dict, List, Uri } from '../protocol/messages.ts';

/** Who a session is, as its WELCOME says. */
export interface Principal {
  readonly authid: string;
  readonly authrole: string;
  readonly authmethod: string;
  readonly authprovider: string;
}

/** The outcome of a login, or of one step of it. */
export type LoginStep = { readonly principal: Principal } | { readonly abort: Uri; readonly message: string };

/** One way in. */
export interface Login {
  readonly authmethod: string;
  begin(details: Dict): LoginStep;
}

/** Lets everybody in under a random authid. */
export function anonymous(): Login {
  return {
    authmethod: 'anonymous',
    begin: () => ({
      principal: {
        authid: randomId().toString(36),
        authrole: 'anonymous',
        authmethod: 'anonymous',
        authprovider: 'static',
      },
    }),
  };
}

/** The first of the client's methods that the realm has; a client that names none asks for `anonymous`. */
export function login(realm: Uri, logins: readonly Login[], details: Dict): LoginStep {
  const offered = (details['authmethods'] ?? []) as List;
  for (const authmethod of offered.length > 0 ? offered : ['anonymous']) {
    const found = logins.find((candidate) => candidate.authmethod === authmethod);
    if (found) return found.begin(details);
  }
  const accepted = logins.map(({ authmethod }) => authmethod).join(', ') || 'no login of this router yet';
  return {
    abort: 'wamp.error.no_matching_auth_method',
    message: `realm "${realm}" accepts ${accepted}; the client offers ${offered.join(', ') || 'anonymous'}`,
  };
}
