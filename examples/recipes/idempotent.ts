import { type Client, type Invocation, isWampError, whenLost } from 'rxwamp';
import { defer, map, mergeMap, type Observable, type OperatorFunction, retry, timer } from 'rxjs';

/** Orders, over any number of lost connections. One key for all sendings: whether an earlier one ran does not matter. */
export function order(client: Client, item: string): Observable<number> {
  const isAbsent = (error: unknown) => isWampError(error, 'wamp.error.no_such_procedure'); // not back yet, after a restart of the router
  const again = (error: unknown, attempt: number) => (isAbsent(error) ? timer(500) : whenLost(500)(error, attempt));
  return defer(() => {
    const key = crypto.randomUUID();
    return client.call<number>('com.example.order', [item], { key }).pipe(retry({ delay: again, count: 60 }));
  }).pipe(map(({ value }) => value));
}

/** The service: what it has for a key is not made again. A real one keeps its keys where it keeps its orders. */
export function orders(place: (item: string) => Promise<number>): OperatorFunction<Invocation<[string], { key: string }>, number> {
  const placed = new Map<string, Promise<number>>();
  return mergeMap(({ value: item, kwargs: { key } }) => {
    const receipt = placed.get(key) ?? place(item);
    placed.set(key, receipt);
    return receipt;
  });
}
