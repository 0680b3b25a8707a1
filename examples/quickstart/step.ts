// The steps of the story: each says what it does, and has a deadline of its own.
import { firstValueFrom, from, type ObservableInput, throwError, timeout } from 'rxjs';

const DEADLINE_MS = 10_000;
let count = 0;

/** Prints a title, does the work, and gives its first value. */
export async function step<T>(title: string, work: () => ObservableInput<T>): Promise<T> {
  count++;
  console.log(`${count}. ${title}`);
  const late = new Error(`step ${count} did not happen within ${DEADLINE_MS / 1000} s: ${title}`);
  return firstValueFrom(from(work()).pipe(timeout({ first: DEADLINE_MS, with: () => throwError(() => late) })));
}

/** Says that a step is left out, and why. */
export function skipped(title: string, why: string): void {
  count++;
  console.log(`${count}. ${title}: skipped, ${why}`);
}

/** Prints what somebody in the story says. */
export function say(who: string, what: string): void {
  console.log(`   ${`${who}:`.padEnd(10)}${what}`);
}
