// Where operations stand: on a session, or on a client across sessions. Types, but for the sentence that both need.
// Knows no link: who stands on it neither.
import type { Observable } from 'rxjs';
import type { WampError } from '../protocol/errors.ts';
import type { Cancel, Sink } from '../protocol/sink.ts';
import type { Claims } from '../session/claims.ts';
import type { Clock } from './clock.ts';
import type { Request } from './requests.ts';
import type { Session } from './session.ts';

/** What sessions share with whoever joined them. */
export interface SharedGround {
  readonly claims: Claims;
  readonly clock: Clock;
  readonly callTimeoutMs: number | undefined;
  readonly report: (error: unknown, what?: string) => void;
  /** A pipeline came from another copy of rxjs. */
  readonly foreign: () => void;
}

export interface Ground {
  readonly shared: SharedGround;
  /** Whether what is subscribed here ends with the session. */
  readonly bound: boolean;
  /** The session that is open. */
  readonly session: Session | undefined;
  /** Whether requests go out at once; else the last reason why not, if there is one. */
  readonly isReady: boolean;
  readonly reason: WampError | undefined;
  /** Sends a request now, or when a session is there. */
  start<T>(request: Request<T>, sink: Sink<T>): Cancel | undefined;
  /** The error with which a topic or a registration ends at once, or undefined if it may stand in its table. */
  refusal(): WampError | undefined;
  /** Something stands in a table: a session is wanted. Behind it, as an attempt may fail at once and end what stands there. */
  open(): void;
  /** The current session and each later one; holding it keeps a session wanted. */
  readonly sessions: Observable<Session>;
}

/** A sentence with the reason behind it, where there is one. */
export function because(sentence: string, reason: WampError | undefined): string {
  return reason === undefined ? sentence : `${sentence}: ${reason.message}`;
}
