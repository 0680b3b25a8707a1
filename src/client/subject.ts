// A topic as a Subject: an Observable of first arguments that is also an Observer.
// Knows no session: the ground says when there is one.
import type { Observable, Observer, Subscription } from 'rxjs';
import { textOf, WampError } from '../protocol/errors.ts';
import type { Ground } from './ground.ts';

/**
 * `next(value)` publishes `[value]`, `next(undefined)` no arguments; subscribers get `args[0]`. The first `next` makes the client
 * connect, and holds the session until `complete` or `error`. Own values come back only with `exclude_me: false`.
 */
export interface TopicSubject<T> extends Observable<T>, Observer<T> {
  /** How many values were dropped because there was no session. */
  readonly dropped: number;
}

/**
 * @param values Becomes the subject.
 * @param publication Makes what publishes these args.
 */
export function subject<T>(
  ground: Ground,
  values: Observable<T>,
  publication: (args: readonly T[] | undefined) => Observable<unknown>,
  holdLast: number,
): TopicSubject<T> {
  const held: T[] = [];
  let dropped = 0;
  let isEnded = false;
  let hold: Subscription | undefined;
  const publish = (value: T): void => {
    publication(value === undefined ? undefined : [value]).subscribe({
      error: (error: unknown) => {
        ground.shared.report(
          error instanceof WampError ? error : new WampError('wamp.error.invalid_payload', textOf(error), { cause: error }),
        );
      },
    });
  };
  const end = (): void => {
    isEnded = true;
    hold?.unsubscribe();
  };
  const next = (value: T): void => {
    if (isEnded) return;
    // What is held goes first, also while a new session has not sent everything that comes before it.
    if (ground.session !== undefined && held.length === 0) publish(value);
    else if (held.push(value) > holdLast) {
      held.shift();
      dropped++;
    }
    // Until the end it counts as somebody who wants the session; a client that gave up starts afresh for a new value.
    if (hold?.closed !== false)
      hold = ground.sessions.subscribe({
        next: () => {
          for (const value of held.splice(0)) publish(value);
        },
        error: () => undefined,
      });
  };
  return Object.defineProperty(Object.assign(values, { next, error: end, complete: end }), 'dropped', {
    get: () => dropped,
    enumerable: true,
  }) as unknown as TopicSubject<T>;
}
