// The desk: everything that the page asks of the router, and the only file that knows its names.
// Components get streams and signals from here; what they leave is unsubscribed, and so is off the wire.
import { inject, Injectable, signal } from '@angular/core';
import { contract } from 'rxwamp/contract';
import { injectWamp } from 'rxwamp/angular';
import { combineLatest, map, retry, scan, shareReplay, startWith, Subscription, switchMap, type Observable } from 'rxjs';
import type { DeskApi, History, Order, OrderRequest, Tick } from '../shared/api';
import { tickTopic, type Ticker } from '../shared/goods';
import { Credentials } from './connection';
import { sentence } from './sentences';

/** How many ticks of a good are kept. */
const SHOWN = 480;
// The back end may come back a moment after the router.
const AGAIN_MS = 1_000;

@Injectable({ providedIn: 'root' })
export class Desk {
  /** Who is logged in; stays through a lost connection. */
  readonly user = signal<string | undefined>(undefined);
  /** Why a login failed, or why one ended. */
  readonly problem = signal<string | undefined>(undefined);
  readonly isEntering = signal(false);
  readonly #credentials = inject(Credentials);
  readonly #api = contract<DeskApi>(injectWamp());
  readonly #client = injectWamp();
  readonly #histories = new Map<Ticker, Observable<History>>();
  #session = Subscription.EMPTY;

  /** Holds a session until `logout`; a lost one comes back by itself. */
  login(user: string, ticket: string): void {
    this.#session.unsubscribe();
    Object.assign(this.#credentials, { user, ticket });
    this.problem.set(undefined);
    this.isEntering.set(true);
    this.#session = this.#client.sessions.subscribe({
      next: () => {
        this.isEntering.set(false);
        this.user.set(user);
      },
      error: (error: unknown) => {
        this.logout();
        this.problem.set(sentence(error));
      },
    });
  }

  /** Without a user there are no components, so no topics and calls; without those and this there is no session. */
  logout(): void {
    this.#session.unsubscribe();
    Object.assign(this.#credentials, { user: '', ticket: '' });
    this.isEntering.set(false);
    this.user.set(undefined);
  }

  /**
   * A good's ticks without a gap, for as many components as like: one SUBSCRIBE and one call for all.
   * At each SUBSCRIBED the history is asked for while the ticks since then are collected, so a lost connection loses nothing.
   */
  history(symbol: Ticker): Observable<History> {
    const known = this.#histories.get(symbol);
    if (known !== undefined) return known;
    const topic = tickTopic(symbol);
    const past = this.#api.call('com.example.desk.history', [symbol]).pipe(retry({ delay: AGAIN_MS }));
    const since = this.#api.topic(topic).pipe(
      scan((ticks: readonly Tick[], { args }) => [...ticks, args].slice(-SHOWN), []),
      startWith([]),
    );
    const history = this.#api.subscribed(topic).pipe(
      switchMap(() => combineLatest([past, since])),
      map(([{ value }, ticks]) => ({ open: value.open, ticks: joined(value.ticks, ticks) })),
      shareReplay({ bufferSize: 1, refCount: true }),
    );
    this.#histories.set(symbol, history);
    return history;
  }

  /** Places an order and emits how far it is. Leaving cancels what is not filled yet. */
  order(request: OrderRequest): Observable<Order> {
    const options = { receive_progress: true, disclose_me: true } as const;
    return this.#api.call('com.example.desk.order', [request], undefined, options).pipe(map(({ value }) => value));
  }
}

/** The past, and of what came since whatever is newer. */
function joined(past: readonly Tick[], since: readonly Tick[]): readonly Tick[] {
  const last = past.at(-1)?.[0] ?? 0;
  return [...past, ...since.filter(([seq]) => seq > last)].slice(-SHOWN);
}
