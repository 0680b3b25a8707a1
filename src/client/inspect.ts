// Seeing inside: counts for people and for leak specs.
// Knows no stream.
import { CALL, PUBLISH, REGISTER, SUBSCRIBE, UNREGISTER, UNSUBSCRIBE, type Id, type Uri } from '../protocol/messages.ts';
import type { SessionCore } from '../session/session.ts';

export interface Counters {
  /** Messages. */
  readonly sent: number;
  readonly received: number;
  /** Late answers, late events and frames that could not be decoded. */
  readonly dropped: number;
}

/** What a client holds at this moment. */
export interface Snapshot {
  /** The session's id. */
  readonly session: Id | undefined;
  /** The router's URL, without secrets. */
  readonly url: string | undefined;
  readonly topics: readonly { readonly topic: Uri; readonly subscribers: number; readonly id: Id | undefined }[];
  readonly registrations: readonly { readonly procedure: Uri; readonly running: number; readonly id: Id | undefined }[];
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
