// The mark that tells keyword arguments from a last positional one, where there is no place of their own.

/** Keyword arguments in a remote call by name; made by `kwargs`. */
export class KwargsMark<K extends object> {
  readonly #kwargs: K;

  /** @internal */
  constructor(values: K) {
    this.#kwargs = values;
  }

  get kwargs(): K {
    return this.#kwargs;
  }
}

/**
 * Keyword arguments of a call by name, always the last one: `rpc.com.example.greet('Joe', kwargs({ lang: 'en' }))`.
 *
 * @param values An object; a property that is undefined is not sent.
 */
export function kwargs<K extends object>(values: K): KwargsMark<K> {
  return new KwargsMark(values);
}
