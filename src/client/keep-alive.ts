// Keep-alive: a link on which nothing arrives is asked for a sign of life, and cut if there is none.
// It compares counters, not clocks: a machine that slept has no dead link yet. Where the transport can ping it pings, elsewhere it calls.
// Source: WAMP has no ping of its own; `wamp.session.get` is of the advanced profile, "Session Meta API", and any answer is life.
import { ConnectionError } from '../protocol/errors.ts';
import type { Cancel } from '../protocol/sink.ts';
import { call } from '../session/caller.ts';
import type { SessionCore } from '../session/session.ts';
import type { Clock } from './clock.ts';

/** Watches a session until it is unsubscribed; `everyMs` 0 never asks. */
export function keepAlive(core: SessionCore, everyMs: number, clock: Clock): Cancel {
  const pulse = new Pulse(core, everyMs, clock);
  return everyMs === 0 ? pulse : pulse.start();
}

class Pulse implements Cancel {
  readonly #core: SessionCore;
  readonly #everyMs: number;
  readonly #clock: Clock;
  #timers: Cancel[] = [];
  #probe: Cancel | undefined;
  #seen = 0;
  #pongs = 0;
  #asked = false;
  #due = 0;

  constructor(core: SessionCore, everyMs: number, clock: Clock) {
    this.#core = core;
    this.#everyMs = everyMs;
    this.#clock = clock;
  }

  start(): this {
    this.#seen = this.#signs();
    this.#due = this.#clock.now() + this.#everyMs;
    this.#timers = [
      this.#clock.every(this.#everyMs, () => {
        this.#tick();
      }),
    ];
    return this;
  }

  unsubscribe(): void {
    for (const timer of this.#timers) timer.unsubscribe();
    this.#probe?.unsubscribe();
  }

  #signs(): number {
    return this.#core.counters.received + this.#pongs;
  }

  #tick(): void {
    const signs = this.#signs();
    const silent = signs === this.#seen;
    const now = this.#clock.now();
    const late = now - this.#due > this.#everyMs / 2;
    this.#seen = signs;
    this.#due = now + this.#everyMs;
    if (!silent && !late) this.#asked = false;
    else if (this.#asked && silent && !late) this.#lastTurn(signs);
    else this.#ask();
  }

  #ask(): void {
    this.#asked = true;
    const { channel, welcomed } = this.#core;
    if (channel.ping !== undefined) {
      channel.ping(() => {
        this.#pongs++;
      });
      return;
    }
    this.#probe?.unsubscribe();
    const answered = (): void => {
      this.#probe = undefined;
    };
    const request = { procedure: 'wamp.session.get', args: [welcomed.id], kwargs: undefined, options: {}, mode: undefined, force: false };
    this.#probe = call(this.#core, request, { next: answered, error: answered, complete: answered });
  }

  /** After a sleep timers run before the socket is read: what stands in it counts. */
  #lastTurn(signs: number): void {
    this.#timers.push(
      this.#clock.after(0, () => {
        if (this.#signs() !== signs) return;
        const where = this.#core.welcomed.url ?? 'the other end';
        const message = `nothing came from ${where} for ${String(2 * this.#everyMs)} ms, nor an answer to a sign of life`;
        this.#core.lose(new ConnectionError(message, { url: this.#core.welcomed.url, sent: true }));
      }),
    );
  }
}
