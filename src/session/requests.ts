// Requests that wait for their answer, found by id in one look-up.
// A ring of slots, as ids are sequential; a new entry evicts an older one to a Map, so that one long call beside millions
// of short ones costs nothing. Knows nothing of what an entry is for.
import type { Id } from '../protocol/messages.ts';

/** Takes the low bits of an id as its slot: the rest of a division of a random one would be a slow call. */
const MASK = 255;

/** Entries by their request id. */
export class Requests<T extends { readonly request: Id }> {
  readonly #slots: (T | undefined)[] = [];
  readonly #evicted: Map<Id, T> = new Map();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  add(entry: T): void {
    const slot = entry.request & MASK;
    const older = this.#slots[slot];
    if (older !== undefined) this.#evicted.set(older.request, older);
    this.#slots[slot] = entry;
    this.#size++;
  }

  get(request: Id): T | undefined {
    const entry = this.#slots[request & MASK];
    if (entry?.request === request) return entry;
    return this.#evicted.size === 0 ? undefined : this.#evicted.get(request);
  }

  /** Takes an entry out; false if it was not in. */
  remove(entry: T): boolean {
    const slot = entry.request & MASK;
    if (this.#slots[slot] === entry) this.#slots[slot] = undefined;
    else if (this.#evicted.size === 0 || this.#evicted.get(entry.request) !== entry) return false;
    else this.#evicted.delete(entry.request);
    this.#size--;
    return true;
  }

  /** All entries, oldest first. */
  list(): T[] {
    if (this.#size === 0) return [];
    return [...this.#evicted.values(), ...this.#slots.filter((entry) => entry !== undefined)].sort((a, b) => a.request - b.request);
  }

  /** Takes all entries out, oldest first. */
  detach(): T[] {
    const entries = this.list();
    this.#slots.length = 0;
    this.#evicted.clear();
    this.#size = 0;
    return entries;
  }
}
