// A topic as a Subject: an Observable of first arguments that is also an Observer.
// Knows no session: the ground says when there is one.
import { map, Observable, type Observer } from 'rxjs';
import { WampError } from '../protocol/errors.ts';
import type { Uri } from '../protocol/messages.ts';
import type { Cancel } from '../protocol/sink.ts';
import type { Event } from '../session/result.ts';
import type { Ground } from './operations.ts';
import type { PublishOptions } from './options.ts';
import { publishOnce } from './requests.ts';

/**
 * `next(value)` publishes `[value]`, `next(undefined)` no arguments; subscribers get `args[0]`. The first `next` makes the client
 * connect, and holds the session until `complete` or `error`. Own values come back only with `exclude_me: false`.
 */
export interface TopicSubject<T> extends Observable<T>, Observer<T> {
  /** How many values were dropped because there was no session. */
  readonly dropped: number;
}

export function subject<T>(
  ground: Ground,
  events: Observable<Event>,
  topic: Uri,
  options: PublishOptions,
  holdLast: number,
): TopicSubject<T> {
  const publisher = new Publisher(ground, topic, options, holdLast);
  const values = events.pipe(map(({ value }) => value as T));
  return Object.defineProperty(
    Object.assign(new Observable<T>((subscriber) => values.subscribe(subscriber)), {
      next: (value: T) => {
        publisher.next(value);
      },
      error: () => {
        publisher.end();
      },
      complete: () => {
        publisher.end();
      },
    }),
    'dropped',
    { get: () => publisher.dropped, enumerable: true },
  ) as unknown as TopicSubject<T>;
}

class Publisher {
  readonly #ground: Ground;
  readonly #topic: Uri;
  readonly #options: PublishOptions;
  readonly #holdLast: number;
  #held: unknown[] = [];
  #hold: Cancel | undefined;
  #ended = false;
  dropped = 0;

  constructor(ground: Ground, topic: Uri, options: PublishOptions, holdLast: number) {
    this.#ground = ground;
    this.#topic = topic;
    this.#options = options;
    this.#holdLast = holdLast;
  }

  next(value: unknown): void {
    if (this.#ended) return;
    // What is held goes first, also while a new session has not sent everything that comes before it.
    if (this.#ground.session === undefined || this.#held.length > 0) {
      this.#held.push(value);
      if (this.#held.length > this.#holdLast) {
        this.#held.shift();
        this.dropped++;
      }
    } else this.#publish(value);
    // A client that gave up starts afresh for a new value, as for a new subscriber.
    if (this.#hold !== undefined) this.#ground.open();
    this.#hold ??= this.#ground.hold(() => {
      for (const held of this.#held.splice(0)) this.#publish(held);
    });
  }

  end(): void {
    this.#ended = true;
    this.#hold?.unsubscribe();
  }

  #publish(value: unknown): void {
    const failed = (error: unknown): void => {
      const text = error instanceof Error ? error.message : String(error);
      this.#ground.report(error instanceof WampError ? error : new WampError('wamp.error.invalid_payload', text, { cause: error }));
    };
    try {
      // Its URI was checked when the subject was made.
      const request = publishOnce(this.#topic, value === undefined ? undefined : [value], undefined, this.#options);
      this.#ground.start(request, { next: () => undefined, error: failed, complete: () => undefined });
    } catch (error) {
      failed(error);
    }
  }
}
