// The desk's side of the wire: three procedures and the topics, on whatever client it is given.
// Errors are not handled here: the stream ends with them, and whoever started it decides.
import type { Client, Invocation } from 'rxwamp';
import { contract } from 'rxwamp/contract';
import { catchError, EMPTY, ignoreElements, map, merge, mergeMap, timer, type Observable } from 'rxjs';
import type { DeskApi } from '../shared/api.ts';
import { tickTopic } from '../shared/goods.ts';
import type { Market } from './market.ts';
import { HEADLINES } from './news.ts';
import type { Orders } from './orders.ts';

const NEWS_MS = 7_000;
// Without a session a price is not worth waiting with: whoever comes back asks for the history.
const AT_ONCE = { waitMs: 0 };

/** @returns Emits the name of each procedure whenever it is registered: three at every session. */
export function service(client: Client, market: Market, orders: Orders, random: () => number): Observable<string> {
  const desk = contract<DeskApi>(client);

  const registered = merge(
    desk.register(
      'com.example.desk.history',
      map(({ value: symbol }) => market.history(symbol)),
    ),
    desk.register(
      'com.example.desk.order',
      mergeMap((call) => orders.place(traderOf(call), call.value)),
    ),
    desk.register(
      'com.example.desk.orders',
      map((call) => orders.of(traderOf(call))),
    ),
  ).pipe(map(({ procedure }) => procedure));

  const prices = market.moves.pipe(
    mergeMap(({ symbol, tick }) => desk.publish(tickTopic(symbol), tick, undefined, AT_ONCE).pipe(catchError(() => EMPTY))),
  );
  const news = timer(0, NEWS_MS).pipe(
    map(() => HEADLINES[Math.floor(random() * HEADLINES.length)] as string),
    mergeMap((headline) =>
      desk.publish('com.example.desk.news', [headline], undefined, { ...AT_ONCE, retain: true }).pipe(catchError(() => EMPTY)),
    ),
  );
  return merge(registered, merge(prices, news).pipe(ignoreElements()));
}

/** Who calls, as the router tells it of callers that ask for that with `disclose_me`. */
function traderOf({ details }: Pick<Invocation, 'details'>): string {
  return String(details['caller_authid'] ?? 'nobody');
}
