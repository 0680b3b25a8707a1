// One source for many subscribers, with the latest value for late comers where there is one. Nobody outside can feed it.
// Knows nothing of WAMP. Not a Subject: that would be one behind a public stream, and `close` must differ from `complete`.
import type { Subscriber } from 'rxjs';
import { Observable } from 'rxjs';

export class Multicast<T> {
  readonly #subscribers: Set<Subscriber<T>> = new Set();
  readonly #changed: (() => void) | undefined;
  readonly #latest: (() => T | undefined) | undefined;
  #completed = false;
  readonly stream: Observable<T>;

  /**
   * @param latest What a late comer gets at once, unless it is undefined. Default: nothing.
   * @param changed Called whenever someone comes or goes.
   */
  constructor(latest?: () => T | undefined, changed?: () => void) {
    this.#latest = latest;
    this.#changed = changed;
    this.stream = new Observable((subscriber) => {
      const value = this.#latest?.();
      if (value !== undefined) subscriber.next(value);
      if (this.#completed) {
        subscriber.complete();
        return undefined;
      }
      this.#subscribers.add(subscriber);
      this.#changed?.();
      return () => {
        if (this.#subscribers.delete(subscriber)) this.#changed?.();
      };
    });
  }

  get size(): number {
    return this.#subscribers.size;
  }

  next(value: T): void {
    for (const subscriber of [...this.#subscribers]) subscriber.next(value);
  }

  /** Everyone of this moment, as tasks that end each with an error. */
  ends(error: unknown): (() => void)[] {
    const all = [...this.#subscribers];
    return all.map((subscriber) => () => {
      subscriber.error(error);
    });
  }

  /** Completes everyone, and everyone who comes later. */
  complete(): void {
    this.#completed = true;
    for (const subscriber of [...this.#subscribers]) subscriber.complete();
  }
}
