// Whether two inputs of an adapter say the same: components write lists and objects anew at every render.
// Knows no framework.

/** Lists, plain objects, bytes and dates by what is in them, everything else (a client, a function) by identity. */
export function same(one: unknown, other: unknown): boolean {
  if (Object.is(one, other)) return true;
  if (one instanceof Date && other instanceof Date) return same(+one, +other);
  if (one instanceof Uint8Array && other instanceof Uint8Array)
    return one.length === other.length && one.every((byte, i) => byte === other[i]);
  if (Array.isArray(one) && Array.isArray(other)) return one.length === other.length && one.every((each, i) => same(each, other[i]));
  return (
    isPlain(one) &&
    isPlain(other) &&
    Object.keys(one).length === Object.keys(other).length &&
    Object.keys(one).every((key) => Object.hasOwn(other, key) && same(one[key], other[key]))
  );
}

/** Lists and plain objects copied at every depth: what is written to them later does not change the copy. */
export function copied<T>(value: T): T {
  if (Array.isArray(value)) return value.map(copied) as T;
  return isPlain(value) ? (Object.fromEntries(Object.entries(value).map(([key, each]) => [key, copied(each)])) as T) : value;
}

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  const prototype: unknown = Object.getPrototypeOf(value ?? 0);
  return prototype === Object.prototype || prototype === null;
}
