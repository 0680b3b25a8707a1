// Comparing secrets so that the time tells nothing of them.
// Knows no login.

const utf8 = new TextEncoder();

/** Whether two texts are the same; takes a time that depends on the given one alone, which whoever sent it knows. */
export function equalSecrets(given: string, secret: string): boolean {
  const [one, other] = [utf8.encode(given), utf8.encode(secret)];
  let difference = one.length ^ other.length;
  for (let i = 0; i < one.length; i++) difference |= (one[i] as number) ^ (other[i % other.length] ?? 0);
  return difference === 0;
}

/** Unguessable text, for a nonce and in the place of a secret that does not exist. */
export function randomText(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(24)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
