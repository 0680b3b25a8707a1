import { ApplicationError, type Client, isWampError, whenLost } from 'rxwamp';
import { concatMap, distinctUntilChanged, filter, map, merge, type Observable, retry, scan, switchMap, tap, timer } from 'rxjs';

/** `seq` is the number of the latest change, counted from 0 in each `epoch`: the life of one owner. */
export interface List {
  readonly epoch: string;
  readonly seq: number;
  readonly items: Readonly<Record<string, string>>;
}
/** Without a text it removes the item. */
export interface Edit {
  readonly id: string;
  readonly text?: string;
}
export type Change = Edit & { readonly epoch: string; readonly seq: number };
/** An owner has registered: a new one, or the same one again. */
export interface Started {
  readonly epoch: string;
}

export function changed(list: List, { seq, id, text }: Change): List {
  const { [id]: _, ...others } = list.items;
  return { ...list, seq, items: text === undefined ? others : { ...others, [id]: text } };
}

/** The owner tells that it has started, numbers the edits, answers with the whole list, and publishes each change until the router has it. */
export function ownList(client: Client, edits: Observable<Edit>): Observable<unknown> {
  let list: List = { epoch: crypto.randomUUID(), seq: 0, items: {} };
  const answer = map(() => list);
  const registered = client.register('com.example.list', answer).pipe(map((): Started => ({ epoch: list.epoch })));
  const changes = edits.pipe(
    map((edit): Change => ({ ...edit, epoch: list.epoch, seq: list.seq + 1 })),
    tap((change) => (list = changed(list, change))),
  );
  const publish = (news: Started | Change) => client.publish('com.example.list.changed', [news], {}, { acknowledge: true });
  return merge(registered, changes).pipe(concatMap((news) => publish(news).pipe(retry({ delay: whenLost(500) }))));
}

interface Known {
  readonly list?: List;
  readonly early: readonly (Started | Change)[];
}

function step({ list, early }: Known, arrived: List | Started | Change): Known {
  if ('items' in arrived) return { list: early.reduce(next, arrived), early: [] };
  return list ? { list: next(list, arrived), early } : { early: [...early, arrived] };
}

const GAP = 'com.example.error.gap';

function next(list: List, news: Started | Change): List {
  if (news.epoch !== list.epoch) throw new ApplicationError(GAP); // another owner, whose list is another one
  if (!('seq' in news) || news.seq <= list.seq) return list; // the snapshot has it already, or it was published twice
  if (news.seq > list.seq + 1) throw new ApplicationError(GAP);
  return changed(list, news);
}

/** What waiting can mend. The owner is not registered at this moment, is leaving, or left before it answered. */
const WORTH_WAITING = [GAP, 'wamp.error.no_such_procedure', 'wamp.error.unavailable', 'wamp.error.canceled'];

function again(error: unknown, attempt: number): Observable<unknown> {
  return WORTH_WAITING.some((uri) => isWampError(error, uri)) ? timer(500) : whenLost(500)(error, attempt);
}

/** The reader has the whole list, at first and after each change. It errors after half a minute without an owner. */
export function liveList(client: Client): Observable<List> {
  const changes = client.topic<[Started | Change]>('com.example.list.changed').pipe(map(({ value }) => value));
  const snapshot = client.call<List>('com.example.list').pipe(map(({ value }) => value));
  return client.subscribed('com.example.list.changed').pipe(
    switchMap(() => merge(changes, snapshot).pipe(scan(step, { early: [] }))), // whatever changes from here on is heard
    map(({ list }) => list),
    filter((list) => list !== undefined),
    distinctUntilChanged(),
    retry({ delay: again, count: 60, resetOnSuccess: true }),
  );
}
