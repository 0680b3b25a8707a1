// Time: RxJS's asyncScheduler and asapScheduler, so that TestScheduler makes it virtual; every timer starts through one hook.
// Knows nothing of sessions.
import { asapScheduler, asyncScheduler, type SchedulerAction, Subscription } from 'rxjs';

/** Runs what starts sockets and timers, for instance outside of Angular's zone. */
export type RunOutside = <T>(start: () => T) => T;

/** The longest that a timer can be set to, 24 days; what is longer, like Infinity, never comes. */
const LONGEST_MS = 2 ** 31 - 1;

export class Clock {
  readonly #runOutside: RunOutside;

  constructor(runOutside: RunOutside = (start) => start()) {
    this.#runOutside = runOutside;
  }

  now(): number {
    return asyncScheduler.now();
  }

  after(milliseconds: number, task: (this: SchedulerAction<unknown>) => void): Subscription {
    return milliseconds > LONGEST_MS ? new Subscription() : this.#runOutside(() => asyncScheduler.schedule(task, milliseconds));
  }

  every(milliseconds: number, task: () => void): Subscription {
    return this.after(milliseconds, function () {
      task();
      this.schedule(undefined, milliseconds);
    });
  }

  /** Runs a task at the end of this turn. */
  readonly defer = (task: () => void): void => {
    this.#runOutside(() => asapScheduler.schedule(task));
  };
}
