// The session core: what stands between a link and the four roles. It joins, numbers and sends requests, and ends exactly once.
// Knows no socket, timer, promise or rxjs; its environment is `Host`.
// Source: WAMP basic profile, "Sessions" and "Session Close".
import { ConnectionError, type JoinError, ProtocolError, WampError } from '../protocol/errors.ts';
import { nextId } from '../protocol/ids.ts';
import type { Dict, Id, List, Uri } from '../protocol/messages.ts';
import { ABORT, CALL, GOODBYE, HELLO } from '../protocol/messages.ts';
import type { Cancel, Channel, Sink, Transport } from '../protocol/sink.ts';
import { Garbled } from '../protocol/sink.ts';
import type { Running } from './callee.ts';
import type { Claim, Held } from './claim.ts';
import { dispatch } from './dispatch.ts';
import { checkAnnounced } from './gating.ts';
import type { JoinOptions } from './join.ts';
import { Requests } from './requests.ts';
import { Window } from './window.ts';

/** The environment of a session core. */
export interface Host {
  /** Runs a task at the end of this turn. */
  defer(task: () => void): void;
  /** Is told what a sink threw, or what a handler failed with; `what` failed, if it has a name. */
  report(error: unknown, what?: string): void;
  /** A request waits for its answer and none did before: `tick` is to be called once a second until nothing waits. */
  pending?(): void;
  /** Nothing waits any more: no request, no invocation. */
  idle?(): void;
}

/** A request that waits for its answer. */
export interface Entry {
  /** Taken when it is sent. */
  request: Id;
  /** `SessionCore.ticks` when it was sent. */
  since: number;
  /** The code of the request. */
  readonly kind: number;
  /** What it is, for the sentence of a refusal: `call of com.example.add`. */
  readonly what: string;
  /** Its answer: RESULT, or the confirmation of its kind. */
  answer(message: List): void;
  /** It ends without an answer: it is refused, the session is lost, or the answer is overdue or unreadable. */
  fail(error: WampError): void;
  /** Ten seconds have passed without an answer. */
  overdue?(): void;
}

/** Seconds after which an unanswered SUBSCRIBE is sent once more, and after which a confirmation is given up. */
const OVERDUE = 10;
const GIVEN_UP = 30;

/** What WELCOME said, and where. */
export interface Welcomed {
  readonly id: Id;
  readonly realm: Uri;
  readonly details: Dict;
  readonly url: string | undefined;
}

/**
 * Opens a transport and joins a realm: the sink's `open` gets the core, `error` a `JoinError`, or a `ConnectionError` also for the end of a joined
 * session; it completes after `leave`.
 * Unsubscribing before WELCOME closes the link without a message; after it the core is the one to be left.
 */
export function join(transport: Transport, options: JoinOptions, host: Host, sink: Sink<never, SessionCore>): Cancel {
  const core = new SessionCore(options, host, sink);
  core.start(transport);
  return core;
}

/** A session, from the opening of its link to its end. */
export class SessionCore implements Cancel {
  readonly options: JoinOptions;
  readonly host: Host;
  readonly requests: Requests<Entry> = new Requests();
  readonly invocations: Requests<Running> = new Requests();
  readonly window: Window = new Window();
  /** What is subscribed and registered, by its id. */
  readonly topics: Map<Id, Held> = new Map();
  readonly registrations: Map<Id, Held> = new Map();
  /** Messages of this session, HELLO and WELCOME included; `dropped` is what nobody waited for. */
  readonly counters: { sent: number; received: number; dropped: number } = { sent: 0, received: 0, dropped: 0 };
  /** Confirmed behind their time, and not given back yet: the code of the request, and the id. */
  late: (readonly [kind: number, id: Id])[] = [];
  welcomed: Welcomed;
  /** Whether the dealer takes CANCEL: asked once, as every call wants to know. */
  cancels = false;
  /** There from the first message on. */
  channel!: Channel;
  /** The login that the router asked for. */
  authmethod: string | undefined;
  /** Whole seconds in which something waited. */
  ticks = 0;
  /** The id of the latest request. */
  lastRequest: Id = 0;
  /** How the session ended: operations on it end the same way. */
  failure: ConnectionError | undefined;
  readonly #sink: Sink<never, SessionCore>;
  #state: 'opening' | 'joining' | 'open' | 'leaving' | 'over' = 'opening';
  #link: Cancel | undefined;

  constructor(options: JoinOptions, host: Host, sink: Sink<never, SessionCore>) {
    const { realm, url } = options;
    this.options = options;
    this.host = host;
    this.welcomed = { id: 0, realm, details: {}, url };
    this.#sink = sink;
  }

  start(transport: Transport): void {
    this.#link = transport({
      open: (channel) => {
        if (this.#state !== 'opening') return;
        this.#state = 'joining';
        this.channel = channel;
        try {
          this.send([HELLO, this.options.realm, this.options.details]);
        } catch (error) {
          this.lose(error);
        }
      },
      next: (message) => {
        this.receive(message);
      },
      error: (error) => {
        this.lose(error);
      },
      complete: () => {
        this.lose(new ConnectionError('the link ended', { url: this.options.url }));
      },
    });
    if (this.#state === 'over') this.#link.unsubscribe();
  }

  /** Closes the link without a message; the sink hears nothing. */
  unsubscribe(): void {
    if (this.#state === 'over') return;
    this.#state = 'over';
    this.#link?.unsubscribe();
  }

  /** WELCOME came, and who had to check it has done so. */
  joined(id: Id, details: Dict): void {
    if (this.#state !== 'joining') return;
    this.#state = 'open';
    this.welcomed = { ...this.welcomed, id, details };
    this.cancels = this.announces('dealer', 'call_canceling');
    this.#sink.open?.(this);
  }

  get isOpen(): boolean {
    return this.#state === 'open';
  }

  get isIdle(): boolean {
    return this.requests.size + this.invocations.size === 0;
  }

  /** Whether the router announced a feature. */
  announces(role: 'broker' | 'dealer', feature: string): boolean {
    const roles = this.welcomed.details['roles'] as { [role: string]: { features?: Dict } | undefined } | undefined;
    return roles?.[role]?.features?.[feature] === true;
  }

  /** The id that the next request has; `issue` takes it. */
  get nextRequest(): Id {
    return nextId(this.lastRequest);
  }

  /**
   * Sends a request that has the id `nextRequest`, and takes that id: both in one step.
   * @param entry Waits for its answer from then on.
   * @throws What `Channel.send` or `checkAnnounced` throws, or the failure of a session that is over; nothing was sent then, and the
   *   id is still free.
   */
  issue(message: List, entry?: Entry): void {
    if (this.#state !== 'open') throw this.failure ?? new ConnectionError('the session is over');
    checkAnnounced(this, message);
    this.send(message);
    this.lastRequest = message[1] as Id;
    if (!entry) return;
    entry.request = this.lastRequest;
    entry.since = this.ticks;
    this.requests.add(entry);
    if (this.requests.size === 1) this.host.pending?.();
  }

  /** Sends a message that takes no id. */
  send(message: List): void {
    if (this.#state !== 'open' && this.#state !== 'joining') return;
    this.channel.send(message);
    this.counters.sent++;
  }

  /** Takes an entry or an invocation out; false if it waits no more. */
  settle(entry: Entry): boolean;
  settle(running: Running, among: Requests<Running>): boolean;
  settle(entry: { readonly request: Id }, among: { remove(entry: unknown): boolean } = this.requests): boolean {
    const waited = among.remove(entry);
    if (waited && this.isIdle) this.host.idle?.();
    return waited;
  }

  /** What runs for a registration. */
  running(claim: Claim): Running[] {
    return this.invocations.list().filter((running) => running.claim === claim);
  }

  /** Everything that the transport delivers. Nothing that a sink throws leaves it: the link would stop reading. */
  receive(message: List | Garbled): void {
    this.counters.received++;
    try {
      if (this.#state !== 'leaving' && this.#state !== 'over') dispatch(this, message);
      // GOODBYE may have crossed, and ABORT ends it too.
      else if (!(message instanceof Garbled) && (message[0] === GOODBYE || message[0] === ABORT)) this.end();
    } catch (error) {
      this.host.report(error);
    }
  }

  /** The link ended, or is given up: then it is cut. */
  lose(error: unknown): void {
    const { url } = this.options;
    const text = error instanceof Error ? error.message : 'the link failed';
    const lost = error instanceof ConnectionError ? error : new ConnectionError(text, { url, cause: error });
    if (this.#state === 'leaving') this.end();
    else if (this.isOpen && !lost.sent) this.end(underWay(lost));
    else this.end(lost);
  }

  /** Cancels what runs and says GOODBYE. What waits for an answer errors; the sink completes at the router's GOODBYE, or at `lose`. */
  leave(why = 'the session was left'): void {
    if (this.#state !== 'open') return;
    for (const running of this.invocations.list()) running.cancel();
    // A teardown may have ended it.
    if (!this.isOpen) return;
    const uri = 'wamp.close.close_realm';
    this.send([GOODBYE, {}, uri]);
    this.#state = 'leaving';
    this.failure = new ConnectionError(why, { uri, url: this.options.url, sent: true });
    this.window.clear();
    this.#fail(this.requests.detach(), this.failure);
  }

  /** One second more has passed in which something waited. */
  tick(): void {
    this.ticks++;
    for (const entry of this.requests.list()) {
      // An earlier one's error may have ended it.
      if (entry.kind === CALL || this.requests.get(entry.request) !== entry) continue;
      const age = this.ticks - entry.since;
      if (age === OVERDUE) entry.overdue?.();
      else if (age >= GIVEN_UP && this.settle(entry)) {
        const text = `the router did not answer request ${String(entry.request)} within ${String(GIVEN_UP)} s`;
        this.#fail([entry], new WampError('wamp.error.timeout', text));
      }
    }
  }

  /** Something normal that nobody waits for any more: a late answer, a late event. */
  drop(): void {
    this.counters.dropped++;
  }

  /** Tells one of many: what it throws is reported and harms nobody else. */
  guard(task: () => void): void {
    try {
      task();
    } catch (error) {
      this.host.report(error);
    }
  }

  /** The router broke the protocol. */
  violated(wrong: string, cause?: unknown): void {
    const error = this.ending(`broke the protocol: ${wrong}`, 'wamp.error.protocol_violation', new ProtocolError(wrong, { cause }));
    this.abort(error, wrong);
  }

  /** Ends it with ABORT. */
  abort(error: JoinError | ConnectionError, message: string = error.message): void {
    this.send([ABORT, { message }, error.uri]);
    this.end(error);
  }

  /** The router ended it. */
  ending(how: string, uri: Uri, cause?: unknown): ConnectionError {
    const { url } = this.options;
    return new ConnectionError(`the router at ${url ?? 'the other end'} ${how}`, { uri, url, sent: this.isOpen, cause });
  }

  /** The end, once: the state first, then the owner, then everyone who waits; a retry in an error handler finds no session. */
  end(error?: JoinError | ConnectionError): void {
    if (this.#state === 'over') return;
    this.#state = 'over';
    this.failure ??= error as ConnectionError | undefined;
    this.window.clear();
    this.topics.clear();
    this.registrations.clear();
    for (const running of this.invocations.detach()) running.abandon();
    const waiting = this.requests.detach();
    this.#link?.unsubscribe();
    this.guard(() => {
      if (error) this.#sink.error(error);
      else this.#sink.complete();
    });
    if (error) this.#fail(waiting, error);
  }

  #fail(waiting: readonly Entry[], error: WampError): void {
    for (const entry of waiting)
      this.guard(() => {
        entry.fail(error);
      });
  }
}

/** What was under way when the link broke may have run. */
function underWay(error: ConnectionError): ConnectionError {
  const { message, uri, code, reason, url, status } = error;
  return new ConnectionError(message, { uri, code, reason, url, status, sent: true, cause: error });
}
