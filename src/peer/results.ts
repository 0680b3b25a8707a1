// What a handler returns, as a stream of its results: a value, a promise, an Observable or an async iterable. And how many run at once.
// Knows no session.
import { from, isObservable, mergeMap, Observable } from 'rxjs';

/** One emission for a value or a promise; all values of an Observable or an async iterable. */
export function resultsOf(returned: unknown): Observable<unknown> {
  // A proxy of remote calls is a function that seems to have every method; `of` would take it for a scheduler.
  if (typeof returned !== 'object' || returned === null) return from([returned]);
  if (isObservable(returned)) return from(returned);
  if ('then' in returned && typeof returned.then === 'function')
    return from(returned as unknown as PromiseLike<unknown>).pipe(mergeMap(resultsOf));
  if (Symbol.asyncIterator in returned) return iterated(returned as AsyncIterable<unknown>);
  return from([returned]);
}

/** Unlike rxjs's `from`, leaving ends the iterator, so that a generator's `finally` runs. */
function iterated(values: AsyncIterable<unknown>): Observable<unknown> {
  return new Observable((subscriber) => {
    const iterator = values[Symbol.asyncIterator]();
    let over = false;
    const end = (how: () => void): void => {
      over = true;
      how();
    };
    const step = async (): Promise<void> => {
      while (!subscriber.closed) {
        const next = await iterator.next();
        if (next.done === true) {
          end(() => {
            subscriber.complete();
          });
          return;
        }
        subscriber.next(next.value);
      }
    };
    step().catch((error: unknown) => {
      end(() => {
        subscriber.error(error);
      });
    });
    return () => {
      // Nobody is left who could hear of its failure.
      if (!over) void Promise.resolve(iterator.return?.()).catch(() => undefined);
    };
  });
}

/** @returns An operator for several streams: at most `limit` of them run at once, the others wait in their order. */
export function atMost(limit: number): <T>(source: Observable<T>) => Observable<T> {
  const waiting = new Set<() => void>();
  let running = 0;
  let busy = false;
  const advance = (): void => {
    if (busy) return;
    busy = true;
    // A loop, because each of them may end at once.
    for (const enter of waiting) {
      if (running >= limit) break;
      waiting.delete(enter);
      enter();
    }
    busy = false;
  };
  return (source) =>
    new Observable((subscriber) => {
      let entered = false;
      const enter = (): void => {
        entered = true;
        running++;
        subscriber.add(source.subscribe(subscriber));
      };
      subscriber.add(() => {
        waiting.delete(enter);
        if (entered) running--;
        advance();
      });
      waiting.add(enter);
      advance();
    });
}
