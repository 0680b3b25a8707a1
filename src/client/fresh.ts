// Values that can go stale may be functions, asked again at every attempt; what is at hand is taken in the same turn.
// Knows nothing of sessions.
import type { Fresh } from '../protocol/fresh.ts';
import type { Cancel } from '../protocol/sink.ts';

type Values<F extends readonly Fresh<unknown>[]> = { [K in keyof F]: F[K] extends Fresh<infer T> ? T : never };

/** Asks all of them: one list, or the first failure; what `done` throws is one too. After `unsubscribe` neither is called. */
export function askAll<const F extends readonly Fresh<unknown>[]>(
  fresh: F,
  done: (values: Values<F>) => void,
  failed: (error: unknown) => void,
): Cancel {
  let wanted = true;
  const answered = (answers: unknown): void => {
    if (wanted) done(answers as Values<F>);
  };
  const refused = (error: unknown): void => {
    if (wanted) failed(error);
  };
  const values: unknown[] = [];
  try {
    for (const one of fresh) values.push(typeof one === 'function' ? (one as () => unknown)() : one);
    if (values.some((value) => typeof (value as Partial<PromiseLike<unknown>> | null | undefined)?.then === 'function'))
      Promise.all(values).then(answered).catch(refused);
    else answered(values);
  } catch (error) {
    // Nobody waits for the others any more; their failure must not end the process.
    Promise.all(values).catch(() => undefined);
    refused(error);
  }
  return {
    unsubscribe: () => {
      wanted = false;
    },
  };
}
