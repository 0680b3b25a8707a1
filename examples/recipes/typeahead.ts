import type { Client } from 'rxwamp';
import { catchError, debounceTime, distinctUntilChanged, EMPTY, map, type Observable, switchMap } from 'rxjs';

/** What to suggest for what is being typed; the call for an older text is cancelled. */
export function suggestions(client: Client, typed: Observable<string>): Observable<readonly string[]> {
  return typed.pipe(
    debounceTime(200),
    distinctUntilChanged(),
    // One that fails takes nothing from the next, so it is caught inside.
    switchMap((text) => client.call<string[]>('com.example.suggest', [text]).pipe(catchError(() => EMPTY))),
    map(({ value }) => value),
  );
}
