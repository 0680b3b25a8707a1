import type { Client } from 'rxwamp';
import { EMPTY, type Observable, switchMap, using } from 'rxjs';

/** Runs an app for each user that logs in, on a client of his own; `undefined` is nobody: everything ends, and the session with it. */
export function perUser<User, T>(
  user: Observable<User | undefined>,
  clientOf: (user: User) => Client,
  app: (client: Client) => Observable<T>,
): Observable<T> {
  const session = (client: Client) =>
    using(
      () => ({ unsubscribe: () => void client.close() }),
      () => app(client),
    );
  return user.pipe(switchMap((one) => (one === undefined ? EMPTY : session(clientOf(one)))));
}
