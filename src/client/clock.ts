// Time: RxJS's asyncScheduler and asapScheduler, so that TestScheduler makes it virtual; every timer starts through one hook.
// Knows nothing of sessions.
import { asapScheduler, asyncScheduler, type SchedulerAction } from 'rxjs';
import type { Cancel } from '../protocol/sink.ts';

/** Runs what starts sockets and timers, for instance outside of Angular's zone. */
export type RunOutside = <T>(start: () => T) => T;

export const inside: RunOutside = (start) => start();

/** The longest that a timer can be set to, 24 days; what is longer, like Infinity, never comes. */
const LONGEST_MS = 2 ** 31 - 1;
const NEVER: Cancel = { unsubscribe: () => undefined };

export class Clock {
  readonly #runOutside: RunOutside;

  constructor(runOutside: RunOutside = inside) {
    this.#runOutside = runOutside;
  }

  now(): number {
    return asyncScheduler.now();
  }

  after(milliseconds: number, task: () => void): Cancel {
    if (milliseconds > LONGEST_MS) return NEVER;
    return this.#runOutside(() => asyncScheduler.schedule(task, milliseconds));
  }

  every(milliseconds: number, task: () => void): Cancel {
    if (milliseconds > LONGEST_MS) return NEVER;
    return this.#runOutside(() =>
      asyncScheduler.schedule(function (this: SchedulerAction<void>) {
        task();
        this.schedule(undefined, milliseconds);
      }, milliseconds),
    );
  }

  /** Runs a task at the end of this turn. */
  readonly defer = (task: () => void): void => {
    this.#runOutside(() => asapScheduler.schedule(task));
  };
}
