// Mixed load behind a network that breaks: clients that publish, call, serve and subscribe, and links that are cut at random moments.
// Every decision is drawn from one seed; the moments at which messages pass are not. Knows no scenario and asserts nothing: it keeps count.
import { setTimeout as sleep } from 'node:timers/promises';
import { ApplicationError, ConnectionError, isWampError, type Client, type Event, type SubscribeOptions } from 'rxwamp';
import { interval, lastValueFrom, map, mergeMap, of, Subscription, take, toArray } from 'rxjs';
import type { Proxy, ProxyLink } from './proxy.ts';

/** Numbers from 0 up to 1, the same for the same seed (mulberry32). */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number from `low` to `high`. */
  whole(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1));
  }

  of<T>(values: readonly T[]): T {
    return values[this.whole(0, values.length - 1)]!;
  }

  /** A generator of its own, so that what one actor draws does not depend on the pace of the others. */
  split(): Random {
    return new Random(Math.floor(this.next() * 2 ** 32));
  }
}

/** What was asked and how it ended. */
export interface Tally {
  answered: number;
  lost: number;
  /** Beyond the limit of a call, which nothing but a hang reaches. */
  hung: number;
  /** What must not happen, in sentences. */
  readonly wrong: string[];
}

export interface Uris {
  /** Every publication goes here: `[publisher, number]`. */
  readonly numbers: string;
  readonly echo: string;
  /** Counts up to its argument, with progress. */
  readonly count: string;
  /** Subscribed to as a prefix: that of `numbers` where the router bears it. */
  readonly pattern: string;
  /** Procedures that come and go, with a number behind. */
  readonly passing: string;
}

/** Calls to a procedure that always answers take milliseconds, and end with their link. */
const CALL_LIMIT_MS = 15_000;

/** One client behind the proxy with its load, until `stop`. */
export class Actor {
  readonly name: string;
  readonly client: Client;
  readonly tally: Tally = { answered: 0, lost: 0, hung: 0, wrong: [] };
  /** The numbers of the publications that the broker has acknowledged. */
  readonly acknowledged: number[] = [];
  published = 0;
  registered = 0;
  subscribed = 0;
  readonly #uris: Uris;
  #stopped = false;
  #loops: Promise<unknown> = Promise.resolve();

  constructor(name: string, client: Client, uris: Uris) {
    this.name = name;
    this.client = client;
    this.#uris = uris;
  }

  /** @param other Calls what this one registers, on a link of its own. */
  start(random: Random, other: Client): void {
    const loops = [
      ...[1, 2].map(() => (draw: Random) => this.#publish(draw)),
      ...[1, 2].map(() => (draw: Random) => this.#echo(draw)),
      (draw: Random) => this.#count(draw),
      (draw: Random) => this.#register(draw, other),
      ...[1, 2].map(() => (draw: Random) => this.#subscribe(draw)),
    ];
    this.#loops = Promise.all(loops.map((step) => this.#loop(step, random.split())));
  }

  /** Resolves when nothing of the load is under way any more. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#loops;
  }

  async #loop(step: (draw: Random) => Promise<void>, draw: Random): Promise<void> {
    while (!this.#stopped) {
      try {
        await step(draw);
        this.tally.answered++;
      } catch (error) {
        this.#judge(error);
      }
      await sleep(draw.whole(0, 8));
    }
  }

  #judge(error: unknown): void {
    // A callee whose link was cut takes the calls to it with it; the routers tell so each in their own way.
    const calleeLeft = error instanceof ApplicationError && ['wamp.error.canceled', 'wamp.error.no_such_procedure'].includes(error.uri);
    if (error instanceof ConnectionError || calleeLeft) this.tally.lost++;
    else if (isWampError(error, 'wamp.error.timeout')) this.tally.hung++;
    else this.tally.wrong.push(`${this.name}: ${String(error)}`);
  }

  async #publish(draw: Random): Promise<void> {
    const number = ++this.published;
    const payload = 'x'.repeat(draw.whole(0, 400));
    await lastValueFrom(this.client.publish(this.#uris.numbers, [this.name, number, payload], undefined, { acknowledge: true }));
    this.acknowledged.push(number);
  }

  async #echo(draw: Random): Promise<void> {
    const sent = [this.name, draw.whole(0, 2 ** 40), 'y'.repeat(draw.whole(0, 2000))];
    const { value } = await lastValueFrom(this.client.call(this.#uris.echo, [sent], undefined, { timeoutMs: CALL_LIMIT_MS }));
    if (JSON.stringify(value) !== JSON.stringify(sent)) this.tally.wrong.push(`${this.name}: a call got the answer to another one`);
  }

  async #count(draw: Random): Promise<void> {
    const upTo = draw.whole(1, 12);
    const options = { timeoutMs: CALL_LIMIT_MS, receive_progress: true };
    const results = this.client.call<number>(this.#uris.count, [upTo], undefined, options).pipe(map(({ value }) => value));
    // Some are left in the middle.
    const leaves = draw.next() < 0.3 ? results.pipe(take(draw.whole(1, upTo))) : results;
    const values = await lastValueFrom(leaves.pipe(toArray()));
    const inOrder = values.every((value, index) => value === index) && values.length > 0 && (leaves !== results || values.length === upTo);
    if (!inOrder) this.tally.wrong.push(`${this.name}: progress up to ${upTo} was ${values.join(' ')}`);
  }

  async #register(draw: Random, other: Client): Promise<void> {
    const number = ++this.registered;
    const procedure = `${this.#uris.passing}.${this.name}.n${number}`;
    const stays = draw.whole(0, 150);
    const subscription = new Subscription();
    try {
      await new Promise<void>((resolve, reject) => {
        const limit = setTimeout(() => reject(new Error(`${procedure} was not registered in time`)), CALL_LIMIT_MS);
        subscription.add(() => clearTimeout(limit));
        subscription.add(
          this.client
            .register(
              procedure,
              map(() => number),
            )
            .subscribe({ next: () => resolve(), error: reject }),
        );
      });
      const { value } = await lastValueFrom(other.call(procedure, [], undefined, { timeoutMs: CALL_LIMIT_MS }));
      if (value !== number) this.tally.wrong.push(`${this.name}: procedure ${number} answered ${String(value)}`);
      await sleep(stays);
    } finally {
      subscription.unsubscribe();
    }
  }

  async #subscribe(draw: Random): Promise<void> {
    const { numbers } = this.#uris;
    const kinds: readonly [string, SubscribeOptions][] = [
      [numbers, {}],
      [numbers, { x_rxwamp: draw.whole(1, 3) }],
      [this.#uris.pattern, { match: 'prefix' }],
      [`${this.#uris.passing}.${draw.whole(1, 5)}`, {}],
    ];
    const [topic, options] = draw.of(kinds);
    const got = new Deliveries();
    const subscription = this.client.topic(topic, options).subscribe({
      next: (event) => got.add(event),
      error: (error: unknown) => this.tally.wrong.push(`${this.name}: ${topic} failed: ${String(error)}`),
    });
    this.subscribed++;
    // Often it is gone before it was confirmed.
    await sleep(draw.next() < 0.3 ? 0 : draw.whole(0, 100));
    subscription.unsubscribe();
    if (got.twice.length > 0) this.tally.wrong.push(`${this.name}: ${got.twice.join(', ')} came twice at a passing subscriber`);
  }
}

/** The events that one subscriber got. */
export class Deliveries {
  readonly twice: string[] = [];
  readonly #seen = new Set<string>();

  add({ args: [publisher, number] }: Event): void {
    const key = `${String(publisher)} ${String(number)}`;
    if (this.#seen.has(key)) this.twice.push(key);
    this.#seen.add(key);
  }

  has(publisher: string, number: number): boolean {
    return this.#seen.has(`${publisher} ${number}`);
  }

  get size(): number {
    return this.#seen.size;
  }
}

export const ECHO = map(({ value }: { value: unknown }) => value);
export const COUNT = mergeMap(({ value }: { value: unknown }) => (value === 1 ? of(0) : interval(4).pipe(take(value as number))));

const WAYS = ['cut', 'tear', 'stall', 'halve'] as const;
export type Cuts = Record<(typeof WAYS)[number], number>;

/**
 * Cuts links of the proxies until there were so many cuts: in the middle of a session, while it joins, while it comes back.
 * @param stillGoing False when the run is over.
 */
export async function cutAtRandom(proxies: readonly Proxy[], cuts: number, draw: Random, stillGoing: () => boolean): Promise<Cuts> {
  const counts: Cuts = { cut: 0, tear: 0, stall: 0, halve: 0 };
  const pending: Promise<void>[] = [];
  let done = 0;
  while (done < cuts && stillGoing()) {
    await sleep(draw.next() < 0.2 ? draw.whole(0, 15) : draw.whole(20, 350));
    const open = proxies.flatMap(({ links }) => links.filter(({ isOpen, isWhole }) => isOpen && isWhole));
    if (open.length === 0) continue;
    const way = draw.of(WAYS);
    pending.push(hurt(draw.of(open), way, draw.whole(5, 400)));
    counts[way]++;
    done++;
  }
  await Promise.all(pending);
  return counts;
}

async function hurt(link: ProxyLink, way: (typeof WAYS)[number], milliseconds: number): Promise<void> {
  if (way !== 'cut') link[way]();
  await sleep(way === 'cut' ? 0 : milliseconds);
  // A link that was to be torn and fell silent is cut as well.
  if (link.isOpen) link.cut();
}
