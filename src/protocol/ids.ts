// Ids: sequential ones per session, random ones for the global scope.
// 2^53 is a legal id although it is not a safe integer.
// Source: WAMP basic profile, "IDs".
import type { Id } from './messages.ts';

export const MAX_ID: number = 2 ** 53;

/** The id after this one: 1 after 0, and 1 again after 2^53. */
export function nextId(id: Id): Id {
  return id >= MAX_ID ? 1 : id + 1;
}

/** A random id, uniform over 1 to 2^53. */
export function randomId(): Id {
  const [high, low] = crypto.getRandomValues(new Uint32Array(2)) as unknown as readonly [number, number];
  return (high & 0x1fffff) * 2 ** 32 + low + 1;
}

/** Whether a value can be an id. */
export function isId(value: unknown): value is Id {
  return typeof value === 'number' && value >= 1 && value <= MAX_ID && Number.isInteger(value);
}
