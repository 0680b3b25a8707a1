// Links that a test can hurt: cut, stall and delay, on this side of whatever transport is below.
// Knows no router and no socket, so that a link in memory and a real WebSocket are hurt in the same way.
import { ConnectionError } from '../protocol/errors.ts';
import { type Id, type List, WELCOME } from '../protocol/messages.ts';
import { type Cancel, type Channel, Garbled, type Sink, type Transport } from '../protocol/sink.ts';

/** All links of one kit. */
export class Lines {
  readonly #lines = new Set<Line>();
  /** How much later everything arrives that comes from below; in milliseconds. */
  delayMs = 0;

  /** @param below Asked at every use: it may throw where there is no router. */
  transport(below: () => Transport): Transport {
    return (sink) => {
      const line = new Line(this, sink);
      this.#lines.add(line);
      try {
        line.start(below());
      } catch (error) {
        this.#lines.delete(line);
        throw error;
      }
      return line;
    };
  }

  /** The links of one session, or all of them. */
  of(session?: Id): readonly Line[] {
    return [...this.#lines].filter((line) => session === undefined || line.session === session);
  }

  ended(line: Line): void {
    this.#lines.delete(line);
  }
}

/** One link, from one use of the transport to its end. */
export class Line implements Cancel, Channel {
  readonly #lines: Lines;
  readonly #sink: Sink<List | Garbled, Channel>;
  readonly #queue: (() => void)[] = [];
  #below: Cancel | undefined;
  #channel: Channel | undefined;
  #stalled = false;
  #over = false;
  session: Id | undefined;
  ping?: (pong: () => void) => void;
  binding?: Uint8Array;

  constructor(lines: Lines, sink: Sink<List | Garbled, Channel>) {
    this.#lines = lines;
    this.#sink = sink;
  }

  get isStalled(): boolean {
    return this.#stalled;
  }

  start(transport: Transport): void {
    this.#below = transport({
      open: (channel) => {
        this.#channel = channel;
        if (channel.ping) this.ping = (pong) => this.#ping(pong);
        if (channel.binding) this.binding = channel.binding;
        this.#pass(() => this.#sink.open?.(this));
      },
      next: (message) => {
        if (!(message instanceof Garbled) && message[0] === WELCOME) this.session = message[1] as Id;
        this.#pass(() => this.#sink.next(message));
      },
      error: (error) => this.#pass(() => this.#end(() => this.#sink.error(error))),
      complete: () => this.#pass(() => this.#end(() => this.#sink.complete())),
    });
  }

  get protocol(): string {
    return this.#channel?.protocol ?? '';
  }

  get bufferedAmount(): number {
    return this.#channel?.bufferedAmount ?? 0;
  }

  send(message: List): void {
    if (!this.#stalled) this.#channel?.send(message);
  }

  /** Nothing passes any more, and neither side learns of it. */
  stall(): void {
    this.#stalled = true;
  }

  /** Both sides learn that the link is gone. */
  cut(): void {
    const told = !this.#over;
    this.#stalled = false;
    this.#over = true;
    this.#lines.ended(this);
    this.#below?.unsubscribe();
    if (told) this.#sink.error(new ConnectionError('the test cut the link', { code: 1006 }));
  }

  unsubscribe(): void {
    this.#over = true;
    // The router does not learn that its client has gone, until the test heals the link.
    if (this.#stalled) return;
    this.#lines.ended(this);
    this.#below?.unsubscribe();
  }

  #ping(pong: () => void): void {
    if (this.#stalled) return;
    this.#channel?.ping?.(() => this.#pass(pong));
  }

  #end(tell: () => void): void {
    this.#over = true;
    this.#lines.ended(this);
    tell();
  }

  /** In order, whatever the delays are: each timer lets the oldest through. */
  #pass(task: () => void): void {
    if (this.#stalled || this.#over) return;
    if (this.#lines.delayMs === 0 && this.#queue.length === 0) {
      task();
      return;
    }
    this.#queue.push(task);
    setTimeout(() => {
      const next = this.#queue.shift();
      if (!this.#stalled && !this.#over) next?.();
    }, this.#lines.delayMs);
  }
}
