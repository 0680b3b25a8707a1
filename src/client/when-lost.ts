// The `delay` of RxJS's `retry` for people who own the policy: waits after a lost connection, hands everything else on.
import { Observable, timer } from 'rxjs';
import { CLIENT_CLOSED, ConnectionError } from '../protocol/errors.ts';
import { retryDelay } from './backoff.ts';

/**
 * Waits after a `ConnectionError`; every other error is handed on, for waiting cannot mend it, and so is that of a closed client.
 *
 * @param delayMs Milliseconds, or a function of the attempt, from 1. Default: 500 doubled each time, at most 30 000, half of it random.
 * @returns The `delay` of `retry`, which stands below `switchMap` so that it sees the loss of every stream.
 */
export function whenLost(
  delayMs: number | ((attempt: number) => number) = retryDelay,
): (error: unknown, attempt: number) => Observable<unknown> {
  return (error, attempt) => {
    if (!(error instanceof ConnectionError) || error.uri === CLIENT_CLOSED)
      return new Observable((subscriber) => {
        subscriber.error(error);
      });
    return timer(typeof delayMs === 'number' ? delayMs : delayMs(attempt));
  };
}
