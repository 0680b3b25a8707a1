// Seeing inside: counts for people and for leak specs.
// Knows no stream.
import { CALL, PUBLISH, REGISTER, SUBSCRIBE, UNREGISTER, UNSUBSCRIBE, type Id } from '../protocol/messages.ts';
import type { Listed } from '../session/claims.ts';
import type { SessionCore } from '../session/session.ts';

export interface Counters {
  /** Messages. */
  readonly sent: number;
  readonly received: number;
  /** Late answers, late events and frames that could not be decoded. */
  readonly dropped: number;
}

/** What a client holds at this moment. */
export interface Snapshot extends Listed {
  /** The session's id. */
  readonly session: Id | undefined;
  /** The router's URL, without secrets. */
  readonly url: string | undefined;
  /** Requests whose answer has not come; `kind` is the message's name. */
  readonly pending: readonly { readonly request: Id; readonly kind: string; readonly ageMs: number }[];
  /** Calls and publishes that wait for a session. */
  readonly waiting: number;
  /** Over all sessions. */
  readonly counters: Counters & { readonly reconnects: number };
}

const KINDS: Readonly<Record<number, string>> = {
  [PUBLISH]: 'PUBLISH',
  [SUBSCRIBE]: 'SUBSCRIBE',
  [UNSUBSCRIBE]: 'UNSUBSCRIBE',
  [CALL]: 'CALL',
  [REGISTER]: 'REGISTER',
  [UNREGISTER]: 'UNREGISTER',
};

export function pendingOf(core: SessionCore): Snapshot['pending'] {
  return core.requests.list().map(({ request, kind, since }) => ({ request, kind: KINDS[kind] ?? '', ageMs: (core.ticks - since) * 1000 }));
}

export function added(a: Counters, b: Counters): Counters {
  return { sent: a.sent + b.sent, received: a.received + b.received, dropped: a.dropped + b.dropped };
}
