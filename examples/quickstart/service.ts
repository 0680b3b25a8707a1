// A service with two procedures. It knows nothing of reconnecting: registrations come back by themselves.
import { finalize, map, merge, type Observable, type Observer, switchMap, take, timer } from 'rxjs';
import type { Client, Registered } from 'rxwamp';
import { say } from './step.ts';

/**
 * Registers both procedures, for as long as the client lives.
 * @param countdowns Gets the number at which a countdown ended: 0, or where it was cancelled.
 * @returns Resolves when both are there.
 */
export function startService(client: Client, countdowns: Observer<number>): Promise<void> {
  const binary = client.register<[number]>(
    'get_binary_number',
    map(({ args: [n] }) => `0b${n.toString(2)}`),
  );
  const countdown = client.register<[number]>(
    'countdown',
    switchMap(({ args: [n] }) => countFrom(n, countdowns)),
  );

  return new Promise((resolve, reject) => {
    const there = new Set<string>();
    merge(binary, countdown).subscribe({
      // Once for each procedure now, and once more after every reconnect.
      next: ({ procedure }: Registered) => {
        say('service', `registered ${procedure}`);
        if (there.add(procedure).size === 2) resolve();
      },
      error: reject,
    });
  });
}

/** n, n - 1, … 0: each emission is a progressive result, and whoever cancels the call unsubscribes this. */
function countFrom(n: number, countdowns: Observer<number>): Observable<number> {
  let left = n + 1;
  return timer(0, 100).pipe(
    take(n + 1),
    map(() => --left),
    finalize(() => {
      say('service', left > 0 ? `countdown was cancelled at ${left}` : 'countdown is through');
      countdowns.next(left);
    }),
  );
}
