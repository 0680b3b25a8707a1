// One source for many subscribers, with the latest value for late comers where there is one. Nobody outside can feed it.
// Knows nothing of WAMP. Not a Subject: that would be one behind a public stream, and `close` must differ from `complete`.
import { Observable, type Subscriber } from 'rxjs';

export class Multicast<T> {
  readonly #subscribers: Set<Subscriber<T>> = new Set();
  #completed = false;
  readonly stream: Observable<T>;

  /**
   * @param latest What a late comer gets at once, unless it is undefined. Default: nothing.
   * @param changed Called whenever someone comes or goes.
   */
  constructor(latest?: () => T | undefined, changed?: () => void) {
    this.stream = new Observable((subscriber) => {
      const value = latest?.();
      if (value !== undefined) subscriber.next(value);
      if (this.#completed) subscriber.complete();
      else {
        this.#subscribers.add(subscriber);
        changed?.();
      }
      return () => {
        if (this.#subscribers.delete(subscriber)) changed?.();
      };
    });
  }

  get size(): number {
    return this.#subscribers.size;
  }

  next(value: T): void {
    for (const subscriber of [...this.#subscribers]) subscriber.next(value);
  }

  /** Everyone of this moment, as tasks that end each: with an error, or by completion. */
  ends(error?: unknown): (() => void)[] {
    return [...this.#subscribers].map((subscriber) => () => {
      if (error === undefined) subscriber.complete();
      else subscriber.error(error);
    });
  }

  /** Completes everyone, and everyone who comes later. */
  complete(): void {
    this.#completed = true;
    for (const end of this.ends()) end();
  }
}
