import { ApplicationError, type Client, whenLost } from 'rxwamp';
import { concatMap, distinctUntilChanged, filter, map, merge, type Observable, retry, scan, switchMap, tap, timer } from 'rxjs';

/** `seq` is the number of the latest change. */
export interface List {
  readonly seq: number;
  readonly items: Readonly<Record<string, string>>;
}
/** Without a text it removes the item. */
export interface Edit {
  readonly id: string;
  readonly text?: string;
}
export type Change = Edit & { readonly seq: number };

export function changed({ items }: List, { seq, id, text }: Change): List {
  const { [id]: _, ...others } = items;
  return { seq, items: text === undefined ? others : { ...others, [id]: text } };
}

/** The owner numbers the edits, answers with the whole list, and publishes each change until the router has it. */
export function ownList(client: Client, edits: Observable<Edit>): Observable<unknown> {
  let list: List = { seq: Date.now(), items: {} }; // not 0: after a restart without memory the numbers must go on
  const changes = edits.pipe(
    map((edit): Change => ({ ...edit, seq: list.seq + 1 })),
    tap((change) => (list = changed(list, change))),
  );
  const answer = map(() => list);
  const publish = (change: Change) => client.publish('com.example.list.changed', [change], {}, { acknowledge: true });
  return merge(
    client.register('com.example.list', answer),
    changes.pipe(concatMap((change) => publish(change).pipe(retry({ delay: whenLost(500) })))),
  );
}

interface Known {
  readonly list?: List;
  readonly early: readonly Change[];
}

function step({ list, early }: Known, arrived: List | Change): Known {
  if ('items' in arrived) return { list: early.reduce(next, arrived), early: [] };
  return list ? { list: next(list, arrived), early } : { early: [...early, arrived] };
}

function next(list: List, change: Change): List {
  if (change.seq <= list.seq) return list; // the snapshot has it already, or it was published twice
  if (change.seq > list.seq + 1) throw new ApplicationError('com.example.error.gap');
  return changed(list, change);
}

/** The reader has the whole list, at first and after each change. */
export function liveList(client: Client): Observable<List> {
  const changes = client.topic<[Change]>('com.example.list.changed').pipe(map(({ value }) => value));
  const snapshot = client.call<List>('com.example.list').pipe(map(({ value }) => value));
  const again = (error: unknown, attempt: number) => (error instanceof ApplicationError ? timer(500) : whenLost(500)(error, attempt));
  return client.subscribed('com.example.list.changed').pipe(
    switchMap(() => merge(changes, snapshot).pipe(scan(step, { early: [] }))), // whatever changes from here on is heard
    map(({ list }) => list),
    filter((list) => list !== undefined),
    distinctUntilChanged(),
    retry({ delay: again, count: 100, resetOnSuccess: true }), // a gap; or the owner is not back yet
  );
}
