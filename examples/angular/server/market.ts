// The market: every good's price is a random walk that is drawn back to where the day began.
// Knows no WAMP. It goes on whether or not somebody listens, and remembers the latest ticks.
import { interval, map, share, type Observable } from 'rxjs';
import type { History, Tick } from '../shared/api.ts';
import { GOODS, type Ticker } from '../shared/goods.ts';

/** How many ticks of each good are remembered. */
export const REMEMBERED = 480;
const STEP = 0.0016;
const PULL = 0.004;

export interface Move {
  readonly symbol: Ticker;
  readonly tick: Tick;
}

export class Market {
  /** Every price change. Hot while there is a subscriber: the market sleeps without one. */
  readonly moves: Observable<Move>;
  readonly #random: () => number;
  readonly #histories = new Map<Ticker, Tick[]>();

  /** @param tickMs Milliseconds from one price change to the next, among all goods. */
  constructor(random: () => number, tickMs: number) {
    this.#random = random;
    const now = Date.now();
    const morning = REMEMBERED * GOODS.length;
    for (let i = morning; i > 0; i--) this.#move(now - i * tickMs);
    this.moves = interval(tickMs).pipe(
      map(() => this.#move(Date.now())),
      share(),
    );
  }

  history(symbol: Ticker): History {
    return { open: this.#open(symbol), ticks: this.#ticks(symbol) };
  }

  price(symbol: Ticker): number {
    return this.#ticks(symbol).at(-1)?.[1] ?? this.#open(symbol);
  }

  #open(symbol: Ticker): number {
    return GOODS.find((good) => good.symbol === symbol)?.open ?? 0;
  }

  /** One step of one good. */
  #move(at: number): Move {
    const { symbol, open } = GOODS[Math.floor(this.#random() * GOODS.length)] as (typeof GOODS)[number];
    const ticks = this.#ticks(symbol);
    const last = ticks.at(-1)?.[1] ?? open;
    // The sum of three even numbers is near enough to a bell.
    const step = (this.#random() + this.#random() + this.#random() - 1.5) * 2 * STEP + Math.log(open / last) * PULL;
    const tick: Tick = [(ticks.at(-1)?.[0] ?? 0) + 1, Math.round(last * Math.exp(step) * 100) / 100, at];
    ticks.push(tick);
    if (ticks.length > REMEMBERED) ticks.shift();
    return { symbol, tick };
  }

  #ticks(symbol: Ticker): Tick[] {
    let ticks = this.#histories.get(symbol);
    if (ticks === undefined) this.#histories.set(symbol, (ticks = []));
    return ticks;
  }
}
