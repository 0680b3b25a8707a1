// What a session asks of its realm: four operations, each with a sink, and what goes in and out of them.
// Knows no message code and no request id: the session has those. Whoever offers these four can stand in a realm's place.
// Source: WAMP basic profile, "Publish and Subscribe" and "Remote Procedure Calls".
import type { Dict, Id, List, Uri } from '../protocol/messages.ts';
import type { Cancel, Sink } from '../protocol/sink.ts';
import type { Match } from '../protocol/uris.ts';

export type ClientRole = 'publisher' | 'subscriber' | 'caller' | 'callee';
export type InvocationPolicy = 'single' | 'roundrobin' | 'random' | 'first' | 'last';
export type CancelMode = 'skip' | 'kill' | 'killnowait';

/** A topic with subscribers, or a procedure with callees. */
export interface Holding {
  readonly id: Id;
  /** The topic or procedure, or the pattern. */
  readonly uri: Uri;
  readonly match: Match;
  /** Whose it is, oldest first. */
  readonly sessions: readonly Id[];
}

/** The same without its sessions, as the meta API tells it. */
export interface Entry extends Omit<Holding, 'sessions'> {
  /** Since when, as ISO 8601. */
  readonly created: string;
  /** Of procedures: how calls are shared among callees. */
  readonly invoke?: InvocationPolicy;
}

/** What happens to one, in this order; `entered` and `left` for each session. */
export type Change = 'created' | 'entered' | 'left' | 'deleted';
/** Is told behind each change. */
export type Changed = (change: Change, session: Id, entry: Entry) => void;

/** What the realm knows of a session. */
export interface Member {
  readonly id: Id;
  readonly authid: string;
  readonly authrole: string;
  readonly authmethod: string;
  readonly authprovider: string;
  /** Whether its HELLO announced the feature. */
  has(role: ClientRole, feature: string): boolean;
  /** Says GOODBYE to it. */
  end(reason: Uri, message: string): void;
}

/** The tail of an EVENT, behind its subscription. */
export type Publication = readonly [publication: Id, details: Dict, args?: List, kwargs?: Dict];
/** The tail of a YIELD or a RESULT; one with `progress: true` in front is not the last. */
export type Answer = readonly [details: Dict, args?: List, kwargs?: Dict];
/** The tail of an INVOCATION, behind its request id. */
export type Invocation = readonly [registration: Id, details: Dict, args?: List, kwargs?: Dict];

/** A call that runs. `unsubscribe` says that the caller is gone; `cancel` is its CANCEL, and the sink hears the end. */
export interface RunningCall extends Cancel {
  cancel(mode: CancelMode): void;
}

/** An invocation that runs. `unsubscribe` says that nobody waits for its answer; `interrupt` is the INTERRUPT before that. */
export interface RunningInvocation extends Cancel {
  interrupt(mode: 'kill' | 'killnowait'): void;
}

/**
 * A callee. `reply` hears progressive answers, then the final one and `complete`, or an `ApplicationError`.
 * @throws {WampError | TypeError} The invocation cannot be sent; the callee knows nothing of it.
 */
export type Handler = (invocation: Invocation, reply: Sink<Answer>) => RunningInvocation;

/** What a realm offers one member. Errors are `ApplicationError`s; after `open` an error is a revocation. */
export interface Operations {
  /** `next` with the publication's id, before any event of it goes out. */
  publish(topic: Uri, args: List | undefined, kwargs: Dict | undefined, options: Dict, sink: Sink<Id>): void;
  /** `open` with the subscription's id, the same for all who subscribe to this (topic, match). */
  subscribe(topic: Uri, options: Dict, sink: Sink<Publication, Id>): Cancel;
  call(procedure: Uri, args: List | undefined, kwargs: Dict | undefined, options: Dict, sink: Sink<Answer>): RunningCall;
  /** `open` with the registration's id. Leaving it lets what runs go on. */
  register(procedure: Uri, options: Dict, handler: Handler, sink: Sink<never, Id>): Cancel;
}

/** For those parts of a sink in which nothing is to be done. */
export function nothing(): void {
  return undefined;
}

/** Positional and keyword arguments as the end of a message: what is empty at the end is left out. */
export function payload(args: List | undefined, kwargs: Dict | undefined): readonly [args?: List, kwargs?: Dict] {
  if (kwargs !== undefined && Object.keys(kwargs).length > 0) return [args ?? [], kwargs];
  return args !== undefined && args.length > 0 ? [args] : [];
}

/** Whether a URI belongs to the protocol itself. */
export function isReserved(uri: Uri): boolean {
  return uri === 'wamp' || uri.startsWith('wamp.');
}
