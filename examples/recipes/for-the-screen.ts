import type { Client } from 'rxwamp';
import { asyncScheduler, map, type Observable, shareReplay, throttleTime } from 'rxjs';

/** One stream for all: whoever comes later has the last value at once. Keep what it returns; a second one would have its own memory. */
export function latest(client: Client, topic: string): Observable<number> {
  return client.topic<[number]>(topic).pipe(
    map(({ value }) => value),
    shareReplay({ bufferSize: 1, refCount: true }), // without refCount the topic stays subscribed for ever
  );
}

/** At most ten a second; the first at once, and the last one always. */
export function forTheScreen<T>(values: Observable<T>): Observable<T> {
  return values.pipe(throttleTime(100, asyncScheduler, { leading: true, trailing: true }));
}
