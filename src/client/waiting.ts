// Calls and publishes that wait for a session: the subscriber is the queue.
// Knows no connection: whoever has a session flushes it.
import { ConnectionError, type WampError } from '../protocol/errors.ts';
import type { Cancel, Sink } from '../protocol/sink.ts';
import type { SessionCore } from '../session/session.ts';
import type { Clock } from './clock.ts';
import type { Connection } from './connection.ts';
import { because } from './ground.ts';
import type { Request } from './requests.ts';

/** The requests of one client that wait, in the order in which they came. */
export interface WaitingRoom {
  readonly size: number;
  /** Waits for at most so many milliseconds; 0 fails at once. */
  add<T>(request: Request<T>, sink: Sink<T>, milliseconds: number): Cancel;
  /** Sends everything, oldest first. */
  flush(core: SessionCore): void;
  /** Everyone of this moment, as tasks that end each: there will be no session, for this reason or, as text, for lack of any. */
  ends(reason: WampError | string): (() => void)[];
}

interface Waiting {
  send(core: SessionCore): void;
  /** With an error as it is, or with our own that says why, and what led to it. */
  fail(why: WampError | string, cause?: WampError): void;
}

/**
 * @param why Why there is no session, where that is known.
 * @param left Called whenever one waits no more.
 */
export function waitingRoom(clock: Clock, why: () => Pick<Connection, 'reason' | 'silence'>, left: () => void): WaitingRoom {
  const all = new Set<Waiting>();
  return {
    get size() {
      return all.size;
    },
    add: (request, sink, milliseconds) => {
      let limit: Cancel | undefined;
      let sent: Cancel | undefined;
      const leave = (): void => {
        limit?.unsubscribe();
        if (all.delete(one)) left();
      };
      const one: Waiting = {
        send: (core) => {
          try {
            sent = request.send(core, sink);
          } catch (error) {
            sink.error(request.unsendable(error));
          }
          leave();
        },
        fail: (why, cause) => {
          leave();
          // What never left certainly did not run.
          const unsent = Object.assign({}, cause, { cause, sent: false });
          sink.error(typeof why === 'string' ? new ConnectionError(because(`${request.what} found no session${why}`, cause), unsent) : why);
        },
      };
      const overdue = (): void => {
        const { silence, reason } = why();
        one.fail(` within ${milliseconds} ms${silence}`, reason);
      };
      if (milliseconds === 0) overdue();
      else {
        all.add(one);
        limit = clock.after(milliseconds, overdue);
      }
      return {
        unsubscribe: () => {
          sent?.unsubscribe();
          leave();
        },
      };
    },
    flush: (core) => {
      for (const one of [...all]) if (core.isOpen && all.has(one)) one.send(core);
    },
    ends: (why) =>
      [...all].map((one) => () => {
        one.fail(why);
      }),
  };
}
