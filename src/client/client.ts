// The client: the operations across sessions.
// Knows no state: what it is made of stands in `across.ts`.
import type { Observable } from 'rxjs';
import type { WampError } from '../protocol/errors.ts';
import { type Across, acrossSessions } from './across.ts';
import type { Status } from './connection.ts';
import type { Snapshot } from './inspect.ts';
import { GroundOperations } from './operations.ts';
import type { ClientOptions } from './options.ts';
import type { Session } from './session.ts';

/**
 * A WAMP client across sessions: it connects at the first subscription, reconnects by itself, and leaves after the last one.
 *
 * Topics and registrations come back after a loss; calls and acknowledged publishes that were under way error, and are not sent again.
 * @see WAMP basic profile
 */
export class Client extends GroundOperations implements AsyncDisposable {
  /** The current session and each later one. Holding it keeps the connection open; it completes at `close()`, and errors when the client gives up. */
  readonly sessions: Observable<Session>;
  /** What the client is doing. Replays the latest, neither opens nor holds a connection, and completes only after `close()`. */
  readonly status: Observable<Status>;
  /** What no stream can tell: a handler that threw, a publication of a subject that failed. Completes at `close()`. */
  readonly errors: Observable<WampError>;
  /** @internal For what stands on a client: where the errors of its handlers go. */
  readonly workings: { readonly maskErrors: boolean; readonly report: (error: unknown, what?: string) => void };
  readonly #across: Across;

  /**
   * @param options Checked at once. Default: `ws://localhost:8080/ws`, realm `realm1`, JSON.
   * @throws {TypeError} An option is misspelt or wrong.
   */
  constructor(options: ClientOptions = {}) {
    const across = acrossSessions(options);
    super(across.ground);
    this.#across = across;
    this.sessions = across.ground.sessions;
    this.status = across.status;
    this.errors = across.errors;
    this.workings = { maskErrors: options.maskErrors === true, report: across.ground.shared.report };
  }

  /** Tries now: ends a wait, or replaces the open link without a GOODBYE. Does nothing on an idle or closed client. */
  reconnect(): void {
    this.#across.reconnect();
  }

  /** Counts for people and for leak specs; ages in milliseconds, to the second. */
  inspect(): Snapshot {
    return this.#across.inspect();
  }

  /**
   * Ends for good: topics, registrations and `sessions` complete, calls and acknowledged publishes error, later subscriptions error.
   * @returns Resolves when the link is gone, at every call; at the latest after `goodbyeTimeoutMs`.
   */
  close(): Promise<void> {
    return this.#across.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
