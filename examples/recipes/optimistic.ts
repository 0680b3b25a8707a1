import type { Client } from 'rxwamp';
import { catchError, concatMap, groupBy, map, merge, mergeMap, type Observable, of, scan } from 'rxjs';

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
  // The one that is answered is always its item's first: an index, since the same rename may stand there twice.
  const without =
    ({ id }: Rename) =>
    ({ saved, pending }: Held): Held => {
      const first = pending.findIndex((other) => other.id === id);
      return { saved, pending: pending.filter((_, index) => index !== first) };
    };
  const loaded = names.pipe(map((saved) => (held: Held) => ({ ...held, saved })));
  const shown = map((one: Rename) => (held: Held) => ({ ...held, pending: [...held.pending, one] }));
  const sent = concatMap((one: Rename) =>
    client.call('com.example.rename', [one.id, one.name]).pipe(
      map(() => (held: Held) => without(one)({ ...held, saved: renamed(held.saved, one) })),
      catchError((error: unknown) => {
        refused(error);
        return of(without(one));
      }),
    ),
  );
  const steps = renames.pipe(
    groupBy(({ id }) => id), // those of one item go one after the other, so that the service has the last one last
    mergeMap((ofOneItem) => merge(shown(ofOneItem), sent(ofOneItem))),
  );
  return merge(loaded, steps).pipe(
    scan((held: Held, step) => step(held), { saved: {}, pending: [] }),
    map(({ saved, pending }) => pending.reduce(renamed, saved)),
  );
}
