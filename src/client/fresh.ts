// Values that can go stale may be functions, asked again at every attempt; what is at hand is taken in the same turn.
// Knows nothing of sessions.
import type { Fresh } from '../protocol/fresh.ts';
import type { Cancel, Sink } from '../protocol/sink.ts';

type Values<F extends readonly Fresh<unknown>[]> = { [K in keyof F]: F[K] extends Fresh<infer T> ? T : never };

/** Asks all of them: the sink gets one list and completes, or the first failure. */
export function askAll<const F extends readonly Fresh<unknown>[]>(fresh: F, sink: Sink<Values<F>>): Cancel {
  let wanted = true;
  const done = (values: unknown): void => {
    if (!wanted) return;
    sink.next(values as Values<F>);
    sink.complete();
  };
  const failed = (error: unknown): void => {
    if (wanted) sink.error(error);
  };
  const values: unknown[] = [];
  try {
    for (const one of fresh) values.push(typeof one === 'function' ? (one as () => unknown)() : one);
    if (values.some((value) => typeof (value as Partial<PromiseLike<unknown>> | null | undefined)?.then === 'function'))
      Promise.all(values).then(done).catch(failed);
    else done(values);
  } catch (error) {
    // Nobody waits for the others any more; their failure must not end the process.
    Promise.all(values).catch(() => undefined);
    failed(error);
  }
  return {
    unsubscribe: () => {
      wanted = false;
    },
  };
}
