import type { Client } from 'rxwamp';
import { catchError, map, merge, mergeMap, type Observable, of, scan, startWith } from 'rxjs';

export type Names = Readonly<Record<string, string>>;
export interface Rename {
  readonly id: string;
  readonly name: string;
}
interface Held {
  readonly saved: Names;
  readonly pending: readonly Rename[];
}

const renamed = (names: Names, { id, name }: Rename): Names => ({ ...names, [id]: name });

/** The names as the user wants them, at once; one that the service refuses takes its old name again, and `refused` is told. */
export function edited(
  client: Client,
  names: Observable<Names>,
  renames: Observable<Rename>,
  refused: (error: unknown) => void,
): Observable<Names> {
  const without = (one: Rename) => (held: Held) => ({ ...held, pending: held.pending.filter((other) => other !== one) });
  const loaded = names.pipe(map((saved) => (held: Held) => ({ ...held, saved })));
  const steps = renames.pipe(
    mergeMap((one) =>
      client.call('com.example.rename', [one.id, one.name]).pipe(
        map(() => (held: Held) => without(one)({ ...held, saved: renamed(held.saved, one) })),
        catchError((error: unknown) => {
          refused(error);
          return of(without(one));
        }),
        startWith((held: Held) => ({ ...held, pending: [...held.pending, one] })),
      ),
    ),
  );
  return merge(loaded, steps).pipe(
    scan((held: Held, step) => step(held), { saved: {}, pending: [] }),
    map(({ saved, pending }) => pending.reduce(renamed, saved)),
  );
}
