import { materialize, type Observable, scan, startWith } from 'rxjs';
import { Client } from 'rxwamp';

// Connects when a component asks for something, and comes back by itself.
export const wamp = new Client({ url: new URLSearchParams(location.search).get('router') ?? 'ws://localhost:8080/ws' });

export interface StreamState<T> {
  readonly latest?: T;
  readonly error?: Error;
  readonly isDone: boolean;
}

/** An Observable is a store as it is; this one has errors as state too: an error of a store would go uncaught. */
export function stated<T>(source: Observable<T>): Observable<StreamState<T>> {
  const first: StreamState<T> = { isDone: false };
  return source.pipe(
    materialize(),
    scan(
      (state, { kind, value, error }) => (kind === 'N' ? { ...state, latest: value } : { ...state, error, isDone: kind === 'C' }),
      first,
    ),
    startWith(first),
  );
}
