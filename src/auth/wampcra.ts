// Login by challenge and response: the secret stays here, plain or salted.
// Source: WAMP advanced profile, "Challenge Response Authentication".
import { ProtocolError } from '../protocol/errors.ts';
import type { Fresh } from '../protocol/fresh.ts';
import type { Login } from '../protocol/login.ts';
import { deriveWampcraKey, signWampcra } from './cra.ts';
import { credentials } from './credentials.ts';

export interface WampcraOptions {
  /** The user, or a function asked at every attempt. */
  readonly authid: Fresh<string>;
  /** What the user knows, salted or not, or a function asked at every attempt. */
  readonly secret: Fresh<string>;
}

/**
 * Logs in by WAMP-CRA: the router's challenge is signed with the secret, or with the key that is derived from it if the router salts it.
 *
 * @returns A login for the option `auth`. Its functions are asked together, at every attempt, before the socket opens; an attempt for which
 *   one of them fails, or gives no text, has failed like any other. They take the time they need, for a person may be typing: `joinTimeoutMs`
 *   begins when the socket opens, so a function that may hang needs a limit of its own.
 * @throws {TypeError} A user or a secret is missing.
 * @see WAMP advanced profile, "Challenge Response Authentication"
 */
export function wampcra(options: WampcraOptions): Login {
  const { hello, secretOf } = credentials('wampcra', 'secret', options);
  return {
    authmethod: 'wampcra',
    hello,
    answer: async ({ challenge, salt, iterations, keylen }, said) => {
      if (typeof challenge !== 'string') throw new ProtocolError('the CHALLENGE for wampcra has no text called challenge');
      const secret = secretOf(said);
      if (salt === undefined) return signWampcra(secret, challenge);
      if (typeof salt !== 'string') throw new ProtocolError('the salt in the CHALLENGE for wampcra is no text');
      const salting = { salt, iterations: iterations as number | undefined, keylen: keylen as number | undefined };
      return signWampcra(await deriveWampcraKey(secret, salting), challenge);
    },
  };
}
