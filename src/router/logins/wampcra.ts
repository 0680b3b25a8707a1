// The router's half of WAMP-CRA: challenges, plain or salted, and judging the signature. Who does not exist is challenged like everybody.
// Source: WAMP advanced profile, "Challenge Response Authentication".
import { deriveWampcraKey, signWampcra } from '../../auth/cra.ts';
import type { Dict } from '../../protocol/messages.ts';
import type { RouterLogin } from '../login.ts';
import { equalSecrets, randomText } from './equal.ts';

/** A user with a secret. */
export interface WampcraUser {
  /** What the user knows, salted or not. */
  readonly secret: string;
  /** Default: `user`. */
  readonly authrole?: string;
  /** Where the user is known from. Default: `static`, or `dynamic` if a function told. */
  readonly authprovider?: string;
  /** Makes the client derive a key from its secret. Default: none, the secret is the key. */
  readonly salt?: string;
  /** Rounds of PBKDF2 for a salted secret. Default: 1000. */
  readonly iterations?: number;
  /** Bytes of the key of a salted secret. Default: 32. */
  readonly keylen?: number;
}

/** Looks a user up; `undefined` for one that does not exist. */
export type WampcraLookup = (authid: string, details: Dict) => WampcraUser | undefined | Promise<WampcraUser | undefined>;

/** Users by their authid, each with a secret, or with more than that. */
export type WampcraUsers = Readonly<Record<string, string | WampcraUser>> | WampcraLookup;

const SALTED = { salt: randomText(), iterations: 1000, keylen: 32 };

export function wampcraLogin(users: WampcraUsers): RouterLogin {
  const { lookup, models, key, authprovider } = typeof users === 'function' ? asked(users) : listed(users);
  return {
    authmethod: 'wampcra',
    begin: async ({ session, details }) => {
      const authid = details['authid'] as string | undefined;
      if (authid === undefined || authid === '') return { refused: 'HELLO.Details.authid must name the user for a login by wampcra' };
      // Made for everybody, so that it costs the same time for everybody.
      const decoy = await decoyOf(authid, key, models());
      const found = await lookup(authid, details);
      const user = found ?? decoy;
      const who = { authid, authrole: user.authrole ?? 'user', authprovider: user.authprovider ?? authprovider };
      const challenge = JSON.stringify({
        ...who,
        authmethod: 'wampcra',
        nonce: randomText(),
        session,
        timestamp: new Date().toISOString(),
      });
      const { secret, salt, iterations = 1000, keylen = 32 } = user;
      return {
        challenge: { challenge, ...(salt !== undefined && { salt, iterations, keylen }) },
        answer: async (signature) => {
          const signing = salt === undefined ? secret : await deriveWampcraKey(secret, { salt, iterations, keylen });
          const right = equalSecrets(signature, await signWampcra(signing, challenge));
          return found !== undefined && right ? who : undefined;
        },
      };
    },
  };
}

/** Where users are looked up, whom one that does not exist may resemble, and what keeps a decoy the same. */
interface Source {
  readonly lookup: WampcraLookup;
  readonly models: () => readonly WampcraUser[];
  readonly key: string;
  readonly authprovider: string;
}

function listed(users: Readonly<Record<string, string | WampcraUser>>): Source {
  const known = new Map(Object.entries(users).map(([authid, user]) => [authid, typeof user === 'string' ? { secret: user } : user]));
  const models = [...known.values()];
  // Made of the secrets, and so the same after the router was restarted.
  return { lookup: (authid) => known.get(authid), models: () => models, key: JSON.stringify(users), authprovider: 'static' };
}

function asked(lookup: WampcraLookup): Source {
  const models: WampcraUser[] = [];
  return {
    lookup: async (authid, details) => {
      const user = await lookup(authid, details);
      // The first one that is known is the model for those that are not; it stays, or a decoy would change.
      if (user !== undefined && models.length === 0) models.push(user);
      return user;
    },
    models: () => models,
    key: randomText(),
    authprovider: 'dynamic',
  };
}

/** A user that does not exist: looks like one that does, is always the same for an authid, and has a secret that nobody knows. */
async function decoyOf(authid: string, key: string, models: readonly WampcraUser[]): Promise<WampcraUser> {
  const digest = await signWampcra(key, authid);
  const model = models[digest.charCodeAt(0) % Math.max(models.length, 1)] ?? { ...SALTED, secret: '' };
  const salt = model.salt && digest.repeat(Math.ceil(model.salt.length / digest.length)).slice(0, model.salt.length);
  return { ...model, ...(salt !== undefined && { salt }), secret: randomText() };
}
