// The login without one: offered beside others where the router may let strangers in.
// Source: WAMP advanced profile, "Authentication Methods".
import { ProtocolError } from '../protocol/errors.ts';
import type { Login } from '../protocol/login.ts';

/** Offers to come in without a name. Without any login in `auth` that is what happens; this is for offering it beside others. */
export function anonymous(): Login {
  return {
    authmethod: 'anonymous',
    answer: () => {
      throw new ProtocolError('anonymous is a login without a challenge, and the router sent one');
    },
  };
}
