// What a leak would show in: the heap after a forced collection, weak references, and the resources that keep the process alive.
// Knows nothing of WAMP.
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const gc = runInNewContext('gc') as () => void;

/** The end of everything that microtasks and messages in memory still have to do. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Collects garbage, in a turn of its own: what a WeakRef was asked for lives until its turn ends. */
export async function collect(): Promise<void> {
  await turn();
  gc();
  await turn();
  gc();
}

/**
 * Waits until something is so, as it will be once messages have gone their way.
 * @throws {TypeError} It is not, after five seconds.
 */
export async function until(what: string, so: () => boolean): Promise<void> {
  const start = performance.now();
  while (!so()) {
    if (performance.now() - start > 5_000) throw new TypeError(`waited in vain: ${what}`);
    await turn();
  }
}

/** Bytes on the heap, but for compiled code: the engine goes on compiling for thousands of operations. */
function heapUsed(): number {
  return getHeapSpaceStatistics().reduce(
    (sum, { space_name, space_used_size }) => sum + (space_name.includes('code') ? 0 : space_used_size),
    0,
  );
}

/**
 * Runs operations in ten batches, and measures the heap after each from the second on: from the 2,000th operation of 10,000 to the last.
 *
 * @param batch Runs the operations from `first` to `last`, `last` not included.
 * @returns By how many bytes the heap grows with each operation: the median of the slopes between any two measurements, so that the odd
 *   one (a function that was compiled meanwhile) does not count.
 */
export async function growth(operations: number, batch: (first: number, last: number) => Promise<void>): Promise<number> {
  const size = operations / 10;
  const heap: number[] = [];
  for (let done = size; done <= operations; done += size) {
    await batch(done - size, done);
    if (done === size) continue;
    await turn();
    gc();
    heap.push(heapUsed());
  }
  const slopes = heap.flatMap((later, i) => heap.slice(0, i).map((earlier, j) => (later - earlier) / ((i - j) * size)));
  return slopes.sort((a, b) => a - b)[Math.floor(slopes.length / 2)]!;
}

/** Objects that are to be collected once nobody needs them. */
export class Tracked {
  readonly #refs = new Map<string, WeakRef<object>[]>();
  #finalized = 0;
  readonly #registry = new FinalizationRegistry<undefined>(() => this.#finalized++);

  add<T extends object>(kind: string, object: T): T {
    this.#refs.set(kind, [...(this.#refs.get(kind) ?? []), new WeakRef(object)]);
    this.#registry.register(object, undefined);
    return object;
  }

  /** After collections: how many objects of each kind are still alive. */
  async alive(): Promise<Record<string, number>> {
    for (let times = 0; times < 5 && Object.values(this.held()).some((count) => count > 0); times++) await collect();
    return this.held();
  }

  /** How many objects of each kind have not been collected by now. */
  held(): Record<string, number> {
    const count = (refs: readonly WeakRef<object>[]): number => refs.filter((ref) => ref.deref() !== undefined).length;
    return Object.fromEntries([...this.#refs].map(([kind, refs]) => [kind, count(refs)]));
  }

  /** How many were finalized, in turns after their collection. */
  get finalized(): number {
    return this.#finalized;
  }

  get added(): number {
    return [...this.#refs.values()].reduce((sum, refs) => sum + refs.length, 0);
  }
}

/** How many timers and sockets keep this process alive. */
export function resources(): Readonly<Record<'timers' | 'sockets', number>> {
  const kinds = process.getActiveResourcesInfo();
  return {
    timers: kinds.filter((kind) => kind === 'Timeout').length,
    sockets: kinds.filter((kind) => kind.startsWith('TCP')).length,
  };
}

/** The resources once there are no more than these, or after two seconds: a socket takes a while to close. */
export async function settled(wanted: ReturnType<typeof resources>): Promise<ReturnType<typeof resources>> {
  const start = performance.now();
  const isDone = ({ timers, sockets } = resources()): boolean => timers <= wanted.timers && sockets <= wanted.sockets;
  while (!isDone() && performance.now() - start < 2_000) await turn();
  return resources();
}
