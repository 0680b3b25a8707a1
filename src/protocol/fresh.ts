// Values that can go stale may be functions, asked again at every attempt.
// Knows nobody who asks; a type only.

/** A value, or a function asked again at every attempt. */
export type Fresh<T> = T | (() => T | Promise<T>);
