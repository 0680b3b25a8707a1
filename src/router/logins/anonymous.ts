// Lets everybody in under a random authid.
import { randomId } from '../../protocol/ids.ts';
import type { RouterLogin } from '../login.ts';

export interface AnonymousAccess {
  /** Default: `anonymous`. */
  readonly authrole?: string;
}

export function anonymousLogin({ authrole = 'anonymous' }: AnonymousAccess = {}): RouterLogin {
  return { authmethod: 'anonymous', begin: () => ({ authid: randomId().toString(36), authrole, authprovider: 'static' }) };
}
