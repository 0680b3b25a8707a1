// The orders: each is filled part by part at the price of the moment, until it is filled or its caller leaves.
// Knows of WAMP only the error that a caller gets.
import { ApplicationError } from 'rxwamp';
import { defer, finalize, interval, map, startWith, takeWhile, type Observable } from 'rxjs';
import type { Order, OrderRequest } from '../shared/api.ts';
import { GOODS } from '../shared/goods.ts';
import type { Market } from './market.ts';

const LARGEST = 1_000;
const PARTS = 14;
const PART_MS = 250;
const REMEMBERED = 6;

export class Orders {
  readonly #market: Market;
  readonly #random: () => number;
  readonly #placed: { readonly trader: string; order: Order }[] = [];
  #count = 0;

  constructor(market: Market, random: () => number) {
    this.#market = market;
    this.#random = random;
  }

  /** The last orders of a trader, newest first. */
  of(trader: string): readonly Order[] {
    const own = this.#placed.filter((each) => each.trader === trader);
    return own
      .slice(-REMEMBERED)
      .reverse()
      .map(({ order }) => order);
  }

  /**
   * Emits the order as it is placed and after each part that was filled; ends with the last one.
   * Leaving early cancels what is not filled yet.
   * @throws {ApplicationError} The order cannot be taken.
   */
  place(trader: string, { symbol, side, quantity }: OrderRequest): Observable<Order> {
    check(symbol, quantity);
    return defer(() => {
      const order: Order = { id: ++this.#count, symbol, side, quantity, filled: 0, average: 0, state: 'working', at: Date.now() };
      const entry = { trader, order };
      this.#placed.push(entry);
      return interval(PART_MS).pipe(
        map(() => (entry.order = this.#fill(entry.order))),
        startWith(order),
        takeWhile(({ state }) => state === 'working', true),
        finalize(() => {
          if (entry.order.state === 'working') entry.order = { ...entry.order, state: 'cancelled' };
        }),
      );
    });
  }

  #fill(order: Order): Order {
    const part = Math.ceil((order.quantity / PARTS) * (0.5 + this.#random()));
    const filled = Math.min(order.quantity, order.filled + part);
    const cost = order.average * order.filled + this.#market.price(order.symbol) * (filled - order.filled);
    return { ...order, filled, average: cost / filled, state: filled === order.quantity ? 'filled' : 'working' };
  }
}

function check(symbol: string, quantity: number): void {
  const refuse = (why: string): never => {
    throw new ApplicationError('com.example.desk.error.refused', [why]);
  };
  if (!GOODS.some((good) => good.symbol === symbol)) refuse(`Nobody trades ${symbol} here.`);
  if (!Number.isInteger(quantity) || quantity < 1) refuse('The quantity must be a whole number from 1.');
  if (quantity > LARGEST) refuse(`${quantity} is more than the market takes at once: ${LARGEST} is the largest order.`);
}
