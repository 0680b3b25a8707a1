// The Observables of the client: RxJS's own, but that a plain observer is listened to by one object instead of three, on the path of every message.
// Knows no WAMP. Operators bring a Subscriber of their own and go RxJS's way.
import { Observable, type Observer, Subscription } from 'rxjs';
import type { Cancel } from '../protocol/sink.ts';

/** Who listens, whichever way it came. */
export type Listening<T> = Observer<T> & Subscription;

/** An Observable that carries what it needs in fields: `begin` runs at every subscription, and what it returns is unsubscribed with it. */
// eslint-disable-next-line rxjs-x/no-subclass -- operators are as they were, and `subscribe` does the same
export abstract class Source<T> extends Observable<T> {
  constructor() {
    super(begin as (this: Observable<T>, subscriber: Listening<T>) => Cancel | undefined);
  }

  /** @throws What is then the error of the stream. */
  abstract begin(listener: Listening<T>): Cancel | undefined;

  /** Whether it was done without a listener, as nobody listens. */
  unheard(): boolean {
    return false;
  }

  override subscribe(first?: unknown, error?: unknown, complete?: unknown): Subscription {
    if ((first ?? error ?? complete) === undefined && this.unheard()) return Subscription.EMPTY;
    if (typeof (first as Partial<Subscription> | null | undefined)?.add === 'function') return super.subscribe(first as Observer<T>);
    const observer = typeof first === 'object' && first !== null ? first : { next: first, error, complete };
    const listener = new Listener<T>(observer);
    try {
      listener.hold(this.begin(listener));
    } catch (thrown) {
      listener.error(thrown);
    }
    return listener;
  }
}

function begin<T>(this: Source<T>, subscriber: Listening<T>): Cancel | undefined {
  return this.begin(subscriber);
}

/** What RxJS makes of an observer, and the Subscription that it gives for it. */
class Listener<T> extends Subscription implements Observer<T> {
  /** Until it has heard the end, or left. */
  #observer: Partial<Observer<T>> | undefined;
  #entry: Cancel | undefined = undefined;

  constructor(observer: Partial<Observer<T>>) {
    super();
    this.#observer = observer;
  }

  next(value: T): void {
    try {
      this.#observer?.next?.(value);
    } catch (error) {
      unheard(error);
    }
  }

  error(reason: unknown): void {
    this.#end('error', reason);
  }

  complete(): void {
    this.#end('complete');
  }

  /** Takes what ends with this. */
  hold(entry: Cancel | undefined): void {
    if (this.closed) entry?.unsubscribe();
    else this.#entry = entry;
  }

  override unsubscribe(): void {
    this.#observer = undefined;
    const entry = this.#entry;
    this.#entry = undefined;
    try {
      super.unsubscribe();
    } finally {
      entry?.unsubscribe();
    }
  }

  #end(how: 'error' | 'complete', reason?: unknown): void {
    const observer = this.#observer;
    if (observer === undefined) return;
    this.#observer = undefined;
    try {
      if (observer[how]) observer[how](reason);
      else if (how === 'error') unheard(reason);
    } catch (error) {
      unheard(error);
    }
    this.unsubscribe();
  }
}

/** An error that nobody hears goes where RxJS sends those. */
function unheard(error: unknown): void {
  new Observable((subscriber) => {
    subscriber.error(error);
  }).subscribe();
}
