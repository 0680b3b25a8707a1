// Waiting for what a test needs: looked at again whenever something has happened, up to a limit, then one sentence that says what was missing.
// Knows no client and no router. Never polls, unless it is told how often.
import { WampError } from '../protocol/errors.ts';

export interface LimitOptions {
  /** How long it may take; in milliseconds. Default: 2,000, less than the limit of a test in any of the usual runners. */
  readonly limitMs?: number | undefined;
}

export interface EventuallyOptions extends LimitOptions {
  /** The pause between two attempts; in milliseconds. Default: 10. */
  readonly everyMs?: number;
}

export const LIMIT_MS = 2_000;

/** Those that wait for something of one thing. */
export class Waiters {
  readonly #everyMs: number;
  #wake = new Set<() => void>();
  #over: string | undefined;

  /** @param everyMs Looks again this often, where nobody calls `look`. Default: never. */
  constructor(everyMs?: number) {
    this.#everyMs = everyMs ?? Infinity;
  }

  /** Something has happened: everybody looks again. */
  look(): void {
    const woken = this.#wake;
    this.#wake = new Set();
    for (const wake of woken) wake();
  }

  /** Whoever waits, or comes later, is told this at once. */
  end(why: string): void {
    this.#over = why;
    this.look();
  }

  /**
   * Resolves to what `find` finds.
   *
   * @param missing What the error says; ` within … ms` is put behind it.
   * @throws {WampError} `wamp.error.timeout`: not found in time; `wamp.error.canceled`: ended meanwhile.
   */
  async until<T>(
    find: () => T | undefined | Promise<T | undefined>,
    missing: () => string | Promise<string>,
    limitMs: number = LIMIT_MS,
  ): Promise<T> {
    const until = performance.now() + limitMs;
    for (;;) {
      // Before the look: what happens while it is under way counts.
      const { promise, stop } = this.#next();
      try {
        const found = await find();
        if (found !== undefined) return found;
        const leftMs = until - performance.now();
        if (this.#over !== undefined) throw new WampError('wamp.error.canceled', `${await missing()}: ${this.#over}`);
        if (leftMs <= 0) throw new WampError('wamp.error.timeout', `${await missing()} (waited for ${String(limitMs)} ms)`);
        await within(promise, Math.min(leftMs, this.#everyMs));
      } finally {
        stop();
      }
    }
  }

  #next(): { readonly promise: Promise<void>; readonly stop: () => void } {
    let wake = (): void => undefined;
    const promise = new Promise<void>((resolve) => {
      wake = resolve;
    });
    this.#wake.add(wake);
    return { promise, stop: () => this.#wake.delete(wake) };
  }
}

/** Resolves with the promise, or at the latest after so many milliseconds. */
function within(promise: Promise<void>, milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    void promise.then(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}

/**
 * Tries until it no longer throws or rejects, for assertions on what comes about by itself.
 *
 * @param attempt Run again and again, never twice at a time.
 * @returns What the attempt returned.
 * @throws What the last attempt threw, once the limit is over.
 * @example
 * await eventually(() => expect(received).toEqual(['hello']));
 */
export async function eventually<T>(attempt: () => T | PromiseLike<T>, options: EventuallyOptions = {}): Promise<T> {
  const { limitMs = LIMIT_MS, everyMs = 10 } = options;
  const until = performance.now() + limitMs;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (performance.now() >= until) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}
