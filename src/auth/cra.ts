// The arithmetic of WAMP-CRA: HMAC-SHA256 over the challenge, PBKDF2 for salted secrets. Both sides of a login use it.
// Knows no message; WebCrypto only.
// Source: WAMP advanced profile, "Challenge Response Authentication"; RFC 2104, RFC 8018.
import { WampError } from '../protocol/errors.ts';

/** How a salted secret becomes a key. */
export interface Salting {
  readonly salt: string;
  /** Rounds of PBKDF2. Default: 1000. */
  readonly iterations?: number | undefined;
  /** Bytes of the key. Default: 32. */
  readonly keylen?: number | undefined;
}

const utf8 = new TextEncoder();

/**
 * Signs a WAMP-CRA challenge.
 *
 * @param key The secret itself, or what `deriveWampcraKey` made of a salted one.
 * @param challenge CHALLENGE.Extra.challenge, as it came.
 * @returns The signature for AUTHENTICATE, in base64.
 * @throws {WampError} This page has no WebCrypto.
 * @see WAMP advanced profile, "Challenge Response Authentication"
 */
export async function signWampcra(key: string, challenge: string): Promise<string> {
  const hmac = { name: 'HMAC', hash: 'SHA-256' };
  // WebCrypto refuses an empty key; HMAC fills up with zeros anyway.
  const bytes = key === '' ? new Uint8Array(1) : utf8.encode(key);
  const signing = await subtle().importKey('raw', bytes, hmac, false, ['sign']);
  return base64(await subtle().sign(hmac, signing, utf8.encode(challenge)));
}

/**
 * Derives the key of a salted WAMP-CRA secret.
 *
 * @param secret What the user knows.
 * @param salting `salt`, and `iterations` (1000) and `keylen` (32 bytes) where they are not the usual ones.
 * @returns The key for `signWampcra`, in base64; a router may keep this instead of the secret.
 * @throws {TypeError} `iterations` is not a whole number from 1 to 10 million, or `keylen` none from 1 to 1024.
 * @throws {WampError} This page has no WebCrypto.
 * @see WAMP advanced profile, "Challenge Response Authentication"
 */
export async function deriveWampcraKey(secret: string, { salt, iterations = 1000, keylen = 32 }: Salting): Promise<string> {
  // They come from the router, and a login has no time limit: neither may keep this machine busy for ever.
  whole('iterations', iterations, 10_000_000);
  whole('keylen', keylen, 1024);
  const material = await subtle().importKey('raw', utf8.encode(secret), 'PBKDF2', false, ['deriveBits']);
  const how = { name: 'PBKDF2', hash: 'SHA-256', salt: utf8.encode(salt), iterations };
  return base64(await subtle().deriveBits(how, material, keylen * 8));
}

function whole(name: string, value: unknown, most: number): void {
  if (Number.isInteger(value) && (value as number) >= 1 && (value as number) <= most) return;
  throw new TypeError(`${name} of WAMP-CRA must be a whole number from 1 to ${most}, not ${String(value)}`);
}

/** Browsers hide it from pages that came over an open network. */
function subtle(): SubtleCrypto {
  const { subtle: found } = crypto as Partial<Crypto>;
  if (found !== undefined) return found;
  throw new WampError(
    'wamp.error.cannot_authenticate',
    'wampcra needs crypto.subtle, which browsers give only to pages that came by https or from localhost',
  );
}

function base64(bytes: ArrayBuffer): string {
  return btoa(String.fromCharCode(...new Uint8Array(bytes)));
}
