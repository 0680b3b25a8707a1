import type { Client } from 'rxwamp';
import { catchError, debounceTime, defer, distinctUntilChanged, EMPTY, map, type Observable, switchMap } from 'rxjs';

/** What to suggest for what is being typed; the call for an older text is cancelled. */
export function suggestions(client: Client, typed: Observable<string>): Observable<readonly string[]> {
  return defer(() => {
    let failed = false;
    const ask = (text: string) => {
      failed = false;
      return client.call<string[]>('com.example.suggest', [text]).pipe(
        // One that fails takes nothing from the next, so it is caught inside.
        catchError(() => {
          failed = true;
          return EMPTY;
        }),
      );
    };
    return typed.pipe(
      debounceTime(200),
      distinctUntilChanged((last, text) => text === last && !failed), // what failed is asked again when it is typed again
      switchMap(ask),
      map(({ value }) => value),
    );
  });
}
