// Calls and publishes that wait for a session: the subscriber is the queue.
// Knows no connection: whoever has a session flushes it.
import { ConnectionError, type WampError } from '../protocol/errors.ts';
import type { Cancel, Sink } from '../protocol/sink.ts';
import type { SessionCore } from '../session/session.ts';
import type { Clock } from './clock.ts';
import type { Request } from './requests.ts';

/** The requests of one client that wait, in the order in which they came. */
export class WaitingRoom {
  readonly #waiting: Set<Waiting<unknown>> = new Set();
  readonly #clock: Clock;
  readonly #reason: () => WampError | undefined;
  readonly #left: () => void;

  constructor(clock: Clock, reason: () => WampError | undefined, left: () => void) {
    this.#clock = clock;
    this.#reason = reason;
    this.#left = left;
  }

  get size(): number {
    return this.#waiting.size;
  }

  /** Waits for at most so many milliseconds; 0 fails at once. */
  add<T>(request: Request<T>, sink: Sink<T>, milliseconds: number): Cancel {
    const waiting = new Waiting(this, request, sink) as Waiting<unknown>;
    const overdue = (): void => {
      this.leave(waiting);
      sink.error(unsent(`${request.what} found no session within ${String(milliseconds)} ms`, this.#reason()));
    };
    if (milliseconds === 0) overdue();
    else {
      this.#waiting.add(waiting);
      if (milliseconds !== Infinity) waiting.limit = this.#clock.after(milliseconds, overdue);
    }
    return waiting;
  }

  leave(waiting: Waiting<unknown>): void {
    waiting.limit?.unsubscribe();
    if (this.#waiting.delete(waiting)) this.#left();
  }

  /** Sends everything, oldest first. */
  flush(core: SessionCore): void {
    for (const waiting of [...this.#waiting]) if (core.isOpen && this.#waiting.has(waiting)) waiting.send(core);
  }

  /** Everyone of this moment, as tasks that end each: there will be no session. */
  ends(reason: WampError | string): (() => void)[] {
    return [...this.#waiting].map((waiting) => () => {
      this.leave(waiting);
      waiting.sink.error(typeof reason === 'string' ? unsent(`${waiting.request.what} found no session: ${reason}`, undefined) : reason);
    });
  }
}

class Waiting<T> implements Cancel {
  readonly #room: WaitingRoom;
  readonly request: Request<T>;
  readonly sink: Sink<T>;
  limit: Cancel | undefined;
  #sent: Cancel | undefined;

  constructor(room: WaitingRoom, request: Request<T>, sink: Sink<T>) {
    this.#room = room;
    this.request = request;
    this.sink = sink;
  }

  send(core: SessionCore): void {
    try {
      this.#sent = this.request.send(core, this.sink);
    } catch (error) {
      this.sink.error(error);
    }
    this.#room.leave(this);
  }

  unsubscribe(): void {
    this.#sent?.unsubscribe();
    this.#room.leave(this);
  }
}

/** What never left: it certainly did not run. */
function unsent(message: string, reason: WampError | undefined): ConnectionError {
  return new ConnectionError(reason === undefined ? message : `${message}: ${reason.message}`, {
    ...(reason === undefined ? {} : { uri: reason.uri, cause: reason }),
    ...(reason instanceof ConnectionError ? { url: reason.url, code: reason.code, reason: reason.reason, status: reason.status } : {}),
    sent: false,
  });
}
