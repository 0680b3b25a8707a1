// The pattern table of the broker and the dealer: exact, prefix and wildcard URIs, found by look-ups and not by scanning.
// Knows no session and no message; what stands behind a pattern is the user's.
// Source: WAMP advanced profile, "Pattern-based Subscriptions" and "Pattern-based Registrations".
import type { Uri } from '../protocol/messages.ts';
import type { Match } from '../protocol/uris.ts';

/** Values by (match, pattern). One pattern may stand in the table once per match. */
export class PatternTable<T> {
  readonly #exact = new Map<Uri, T>();
  /** By the length of the prefix. */
  readonly #prefix = new Map<number, Map<Uri, T>>();
  /** By the shape of the pattern: a `0` for each literal component, a `1` for each empty one. */
  readonly #wildcard = new Map<string, Map<Uri, T>>();
  #size = 0;

  /** How many patterns stand in the table. */
  get size(): number {
    return this.#size;
  }

  get(match: Match, pattern: Uri): T | undefined {
    if (match === 'exact') return this.#exact.get(pattern);
    if (match === 'prefix') return this.#prefix.get(pattern.length)?.get(pattern);
    return this.#wildcard.get(shape(pattern))?.get(pattern);
  }

  set(match: Match, pattern: Uri, value: T): void {
    if (this.get(match, pattern) === undefined) this.#size++;
    if (match === 'exact') this.#exact.set(pattern, value);
    else if (match === 'prefix') tier(this.#prefix, pattern.length).set(pattern, value);
    else tier(this.#wildcard, shape(pattern)).set(pattern, value);
  }

  delete(match: Match, pattern: Uri): void {
    const gone =
      match === 'exact'
        ? this.#exact.delete(pattern)
        : match === 'prefix'
          ? drop(this.#prefix, pattern.length, pattern)
          : drop(this.#wildcard, shape(pattern), pattern);
    if (gone) this.#size--;
  }

  /** All of them: the exact ones, then the prefixes, then the wildcards. */
  values(): readonly T[] {
    const tiers = [this.#exact, ...this.#prefix.values(), ...this.#wildcard.values()];
    return tiers.flatMap((patterns) => [...patterns.values()]);
  }

  /** Everything that matches: the exact entry, then the prefixes, then the wildcards. */
  all(uri: Uri): readonly T[] {
    const found: T[] = [];
    const exact = this.#exact.get(uri);
    if (exact !== undefined) found.push(exact);
    for (const [length, patterns] of this.#prefix) {
      const value = patterns.get(uri.slice(0, length));
      if (length <= uri.length && value !== undefined) found.push(value);
    }
    if (this.#wildcard.size > 0) {
      const components = uri.split('.');
      for (const [mask, patterns] of this.#wildcard) {
        const value = patterns.get(masked(components, mask));
        if (value !== undefined) found.push(value);
      }
    }
    return found;
  }

  /**
   * The one that a call goes to: the exact entry, else the longest prefix, else the wildcard that stays literal longest
   * from the left. A prefix that ends inside a component gives way to a wildcard, as in the specification's table.
   */
  best(uri: Uri): T | undefined {
    const exact = this.#exact.get(uri);
    if (exact !== undefined) return exact;
    let longest: T | undefined;
    let longestLength = -1;
    let whole = false;
    for (const [length, patterns] of this.#prefix) {
      const value = patterns.get(uri.slice(0, length));
      if (value === undefined || length > uri.length) continue;
      whole ||= length === 0 || length === uri.length || uri[length] === '.' || uri[length - 1] === '.';
      if (length > longestLength) [longest, longestLength] = [value, length];
    }
    return whole ? longest : (this.#mostLiteral(uri) ?? longest);
  }

  #mostLiteral(uri: Uri): T | undefined {
    if (this.#wildcard.size === 0) return undefined;
    const components = uri.split('.');
    let best: T | undefined;
    let bestMask = '2';
    for (const [mask, patterns] of this.#wildcard) {
      // Two patterns that match one URI differ first where one is literal and the other is not: the smaller mask is literal.
      if (mask >= bestMask) continue;
      const value = patterns.get(masked(components, mask));
      if (value !== undefined) [best, bestMask] = [value, mask];
    }
    return best;
  }
}

/** Whether one pattern matches a URI. */
export function matches(match: Match, pattern: Uri, uri: Uri): boolean {
  if (match === 'exact') return pattern === uri;
  if (match === 'prefix') return uri.startsWith(pattern);
  return masked(uri.split('.'), shape(pattern)) === pattern;
}

function shape(pattern: Uri): string {
  return pattern
    .split('.')
    .map((component) => (component === '' ? '1' : '0'))
    .join('');
}

/** The only pattern of this shape that can match; where the numbers of components differ, a space, which is in no pattern. */
function masked(components: readonly string[], mask: string): Uri {
  if (components.length !== mask.length) return ' ';
  return components.map((component, index) => (mask[index] === '1' ? '' : component)).join('.');
}

function tier<K, T>(tiers: Map<K, Map<Uri, T>>, key: K): Map<Uri, T> {
  let patterns = tiers.get(key);
  if (patterns === undefined) tiers.set(key, (patterns = new Map<Uri, T>()));
  return patterns;
}

function drop<K, T>(tiers: Map<K, Map<Uri, T>>, key: K, pattern: Uri): boolean {
  const patterns = tiers.get(key);
  const gone = patterns?.delete(pattern) ?? false;
  if (patterns?.size === 0) tiers.delete(key);
  return gone;
}
