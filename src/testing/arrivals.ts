// Waiting for those who come to a realm and for what they hold there, and for those who are to be gone.
// Knows no router, only a census of it, and no link.
import { type Observable, Subscription } from 'rxjs';
import type { Client } from '../client/client.ts';
import type { Session } from '../client/session.ts';
import type { Id, Uri } from '../protocol/messages.ts';
import type { Match } from '../protocol/uris.ts';
import type { Holding } from '../router/index.ts';
import type { Census, Kind } from './census.ts';
import { LIMIT_MS, type LimitOptions, Waiters } from './waiters.ts';

export interface HoldingOptions extends LimitOptions {
  /** How the URI matches. Default: however. */
  readonly match?: Match;
  /** How many sessions share it. Default: 1. */
  readonly count?: number;
}

export class Arrivals {
  readonly #realm: Uri;
  readonly #census: Census;
  readonly #waiters: Waiters;
  readonly #limitMs: number;
  readonly #held = new Subscription();

  /** @param limitMs How long each wait may take that is not told. */
  constructor(realm: Uri, census: Census, waiters: Waiters, limitMs: number = LIMIT_MS) {
    this.#realm = realm;
    this.#census = census;
    this.#waiters = waiters;
    this.#limitMs = limitMs;
  }

  /** Until somebody holds it. */
  holding(kind: Kind, uri: Uri, { match, count = 1, limitMs }: HoldingOptions): Promise<Holding> {
    const verb = kind === 'registration' ? 'registered' : 'subscribed to';
    return this.#waiters.until(
      async () => {
        const all = await this.#census.holdings(kind);
        return all.find((each) => each.uri === uri && (match === undefined || each.match === match) && each.sessions.length >= count);
      },
      async () => {
        const all = await this.#census.holdings(kind);
        const there = all.map((each) => `${each.uri} (${each.match}, ${String(each.sessions.length)})`).slice(0, 10);
        const who = count === 1 ? 'nobody has' : `fewer than ${String(count)} sessions have`;
        const how = match === undefined ? '' : ` with match ${match}`;
        return `${who} ${verb} ${uri}${how}; in realm ${this.#realm} ${there.length === 0 ? 'nothing' : there.join(', ')} is ${verb}`;
      },
      limitMs ?? this.#limitMs,
    );
  }

  /** Until so many sessions are there. */
  sessions(count: number, { limitMs }: LimitOptions): Promise<readonly Id[]> {
    const there = async (): Promise<readonly Id[]> => this.#census.sessions();
    return this.#waiters.until(
      async () => {
        const ids = await there();
        return ids.length >= count ? ids : undefined;
      },
      async () => `${String((await there()).length)} of ${String(count)} sessions are in realm ${this.#realm}`,
      limitMs ?? this.#limitMs,
    );
  }

  /** Until this client has one, which is then held. */
  async session(client: Client, { limitMs }: LimitOptions): Promise<Session> {
    const found = latest(client.sessions, this.#held, () => this.#waiters.look());
    const status = latest(client.status, this.#held);
    return this.#waiters.until(
      () => {
        if ('error' in found) throw found.error;
        return found.value;
      },
      () => {
        const now = status.value;
        const why = now?.state === 'waiting' ? `, because ${now.reason.message}` : '';
        return `the client has no session, it is ${now?.state ?? 'closed'}${why}`;
      },
      limitMs ?? this.#limitMs,
    );
  }

  /** Until the router has none of these any more. The census is asked again and again, since their end is no message; also after `end`. */
  async gone(sessions: readonly Id[]): Promise<void> {
    if (sessions.length === 0) return;
    await new Waiters(5).until(
      async () => {
        const there = await this.#census.sessions();
        return sessions.some((id) => there.includes(id)) ? undefined : true;
      },
      () => `the router still has the sessions ${sessions.join(', ')}, whose links were cut`,
      this.#limitMs,
    );
  }

  /** Whoever waits, or comes later, is told this at once. */
  end(why: string): void {
    this.#waiters.end(why);
  }

  /** Lets go of the sessions that it holds. */
  release(): void {
    this.#held.unsubscribe();
  }
}

/** The latest value of a stream, or its error, for as long as it is held. */
function latest<T>(stream: Observable<T>, held: Subscription, changed: () => void = (): void => undefined): { value?: T; error?: unknown } {
  const found: { value?: T; error?: unknown } = {};
  held.add(
    stream.subscribe({
      next: (value) => {
        found.value = value;
        changed();
      },
      error: (error: unknown) => {
        found.error = error;
        changed();
      },
    }),
  );
  return found;
}
