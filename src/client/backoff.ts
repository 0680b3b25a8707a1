// How long to wait before the next try. Pure arithmetic.

/** 500 ms doubled at every attempt, at most 30 s; of each the second half is random, so that clients do not come back in step. */
export function retryDelay(attempt: number): number {
  const full = Math.min(500 * 2 ** (attempt - 1), 30_000);
  return full / 2 + (Math.random() * full) / 2;
}

const ZOMBIE_LIMIT = 60_000;

/** The wait before try number `attempt` for a procedure that the old session still holds; undefined after a minute in all. */
export function zombieDelay(attempt: number): number | undefined {
  let waited = 0;
  for (let before = 1; before < attempt; before++) waited += step(before);
  return waited < ZOMBIE_LIMIT ? Math.min(step(attempt), ZOMBIE_LIMIT - waited) : undefined;
}

function step(attempt: number): number {
  return Math.min(500 * 2 ** (attempt - 1), 5_000);
}
