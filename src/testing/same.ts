// Whether two values are the same at every depth, for those who bring no assertion library; and how they are written.
// Knows no scheduler. Errors are the same if name and message are, as in the usual runners.

/** An assertion that does not hold. */
export class NotSame extends Error {
  override readonly name = 'NotSame';
}

/** Compares data: lists, dicts, bytes, errors, and objects of the same class by their own keys. */
export function isSame(one: unknown, other: unknown): boolean {
  if (Object.is(one, other)) return true;
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false;
  if (Object.getPrototypeOf(one) !== Object.getPrototypeOf(other)) return false;
  if (one instanceof Error && other instanceof Error) return one.name === other.name && one.message === other.message;
  const [keys, others] = [Object.keys(one), Object.keys(other)];
  return (
    keys.length === others.length &&
    keys.every((key) => Object.hasOwn(other, key) && isSame((one as Record<string, unknown>)[key], (other as Record<string, unknown>)[key]))
  );
}

/** A value on one line, for a sentence. */
export function written(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) => {
    if (item instanceof Error) return `${item.name}: ${item.message}`;
    return typeof item === 'bigint' || typeof item === 'symbol' || typeof item === 'function' ? String(item) : item;
  });
}
