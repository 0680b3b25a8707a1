// The mark that tells keyword arguments from a last positional one, where there is no place of their own.
import type { Dict } from '../protocol/messages.ts';

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

/** The same type, for which the compiler looks elsewhere: where the mark is used, not at what is given. */
type Fixed<K> = [K][K extends unknown ? 0 : never];

/**
 * Keyword arguments of a call by name, always the last one: `rpc.com.example.greet('Joe', kwargs({ lang: 'en' }))`.
 *
 * @param values An object; a property that is undefined is not sent.
 */
// The place says which keywords there are, so that a misspelt one is found also beside good ones.
export function kwargs<K extends object = Dict>(values: Fixed<K>): KwargsMark<K> {
  return new KwargsMark(values);
}
