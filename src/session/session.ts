// The session core: what stands between a channel and the four roles. It numbers and sends requests, dispatches what arrives,
// and ends exactly once. Knows no socket, timer, promise or rxjs; its environment is `Host`.
// Source: WAMP basic profile, "Sessions", "Protocol Violations" and "Session Close".
import { ConnectionError, ProtocolError, WampError } from '../protocol/errors.ts';
import { nextId } from '../protocol/ids.ts';
import type { Dict, Id, List, Uri } from '../protocol/messages.ts';
import {
  ABORT,
  CALL,
  ERROR,
  EVENT,
  GOODBYE,
  INTERRUPT,
  INVOCATION,
  PUBLISHED,
  REGISTERED,
  RESULT,
  SUBSCRIBED,
  UNREGISTERED,
  UNSUBSCRIBED,
} from '../protocol/messages.ts';
import type { Cancel, Channel, Sink } from '../protocol/sink.ts';
import { Garbled } from '../protocol/sink.ts';
import { explainShape } from '../protocol/shapes.ts';
import type { Registration } from './callee.ts';
import { checkAnnounced } from './gating.ts';
import { Invocations } from './invocations.ts';
import { Requests } from './requests.ts';
import { isPayload } from './shape.ts';
import type { Topic } from './subscriber.ts';
import { deliver } from './subscriber.ts';
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
  readonly request: Id;
  /** The code of the request. */
  readonly kind: number;
  /** `SessionCore.ticks` when it was sent. */
  readonly since: number;
  /** Its answer: RESULT, or the confirmation of its kind. */
  answer(message: List): void;
  /** Its ERROR. */
  refuse(message: List): void;
  /** It ends without an answer: the session is lost, or the answer is overdue or unreadable. */
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

/** A joined session, from WELCOME to its end. Its sink errors with a `ConnectionError`, or completes after `leave`. */
export class SessionCore {
  readonly welcomed: Welcomed;
  readonly host: Host;
  readonly channel: Channel;
  readonly requests: Requests<Entry> = new Requests();
  readonly window: Window = new Window();
  readonly topics: Map<Id, Topic> = new Map();
  readonly registrations: Map<Id, Registration[]> = new Map();
  readonly invocations: Invocations;
  /** Whether the dealer takes CANCEL. */
  readonly cancels: boolean;
  /** Messages of this session, HELLO and WELCOME included; `dropped` is what nobody waited for. */
  readonly counters: { sent: number; received: number; dropped: number } = { sent: 1, received: 1, dropped: 0 };
  /** Whole seconds in which something waited. */
  ticks = 0;
  /** How the session ended: operations on it end the same way. */
  failure: ConnectionError | undefined;
  readonly #link: Cancel;
  readonly #sink: Sink<never>;
  #state: 'open' | 'leaving' | 'over' = 'open';
  #lastRequest: Id = 0;

  constructor(welcomed: Welcomed, channel: Channel, link: Cancel, host: Host, sink: Sink<never>) {
    this.welcomed = welcomed;
    this.channel = channel;
    this.host = host;
    this.#link = link;
    this.#sink = sink;
    this.invocations = new Invocations(this);
    this.cancels = this.announces('dealer', 'call_canceling');
  }

  get isOpen(): boolean {
    return this.#state === 'open';
  }

  get isIdle(): boolean {
    return this.requests.size === 0 && this.invocations.size === 0;
  }

  /** Whether the router announced a feature. */
  announces(role: 'broker' | 'dealer', feature: string): boolean {
    const roles = this.welcomed.details['roles'] as { [role: string]: { features?: Dict } | undefined } | undefined;
    return roles?.[role]?.features?.[feature] === true;
  }

  /** The id that the next request has; `issue` takes it. */
  get nextRequest(): Id {
    return nextId(this.#lastRequest);
  }

  /**
   * Sends a request that has the id `nextRequest`, and takes that id: both in one step.
   * @throws What `Channel.send` or `checkAnnounced` throws, or the failure of a session that is over; nothing was sent then, and the
   *   id is still free.
   */
  issue(message: List): void {
    if (this.#state !== 'open') throw this.failure ?? new ConnectionError('the session is over');
    checkAnnounced(this, message);
    this.channel.send(message);
    this.counters.sent++;
    this.#lastRequest = message[1] as Id;
  }

  /** Sends a message that takes no id. */
  send(message: List): void {
    if (this.#state !== 'open') return;
    this.channel.send(message);
    this.counters.sent++;
  }

  /** An entry waits for its answer from now on. */
  wait(entry: Entry): void {
    this.requests.add(entry);
    if (this.requests.size === 1) this.host.pending?.();
  }

  /** Takes an entry out; false if it waits no more. */
  settle(entry: Entry): boolean {
    const waited = this.requests.remove(entry);
    if (waited && this.isIdle) this.host.idle?.();
    return waited;
  }

  /** Everything that the transport delivers. Nothing that a sink throws leaves it: the link would stop reading. */
  receive(message: List | Garbled): void {
    this.counters.received++;
    try {
      if (this.#state === 'open') this.#dispatch(message);
      else if (this.#state === 'leaving' && !(message instanceof Garbled) && (message[0] === GOODBYE || message[0] === ABORT)) this.#left();
    } catch (error) {
      this.host.report(error);
    }
  }

  /** The link ended, or is given up: then it is cut. */
  lose(error: ConnectionError): void {
    if (this.#state === 'leaving') this.#left();
    else this.#end(error.sent ? error : underWay(error));
  }

  /** Cancels what runs and says GOODBYE. What waits for an answer errors; the sink completes at the router's GOODBYE, or at `lose`. */
  leave(why = 'the session was left'): void {
    if (this.#state !== 'open') return;
    this.invocations.cancelAll();
    // A teardown may have ended it.
    if (!this.isOpen) return;
    this.send([GOODBYE, {}, 'wamp.close.close_realm']);
    this.#state = 'leaving';
    this.failure = new ConnectionError(why, { uri: 'wamp.close.close_realm', url: this.welcomed.url, sent: true });
    this.window.clear();
    this.#failAll(this.requests.detach(), this.failure);
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
        const error = new WampError(
          'wamp.error.timeout',
          `the router did not answer request ${String(entry.request)} within ${String(GIVEN_UP)} s`,
        );
        this.guard(() => {
          entry.fail(error);
        });
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

  /** A message of the wrong shape: ABORT answers it. Binary in the place of a list is an older payload form, which cannot be decoded. */
  malformed(message: List): void {
    const wrong = explainShape(message, 'router');
    const isOld = message.some((item) => ArrayBuffer.isView(item));
    if (isOld) this.#garbled(new Garbled(new ProtocolError('binary stands in the place of the arguments'), message));
    else if (wrong === undefined) this.drop();
    else this.#violated(wrong);
  }

  #dispatch(message: List | Garbled): void {
    if (message instanceof Garbled) {
      this.#garbled(message);
      return;
    }
    switch (message[0]) {
      case EVENT:
        deliver(this, message);
        return;
      case RESULT:
        if (!isPayload(message[2], message[3], message[4])) this.malformed(message);
        else this.#answered(message, CALL);
        return;
      case INVOCATION:
        this.invocations.invoke(message);
        return;
      case PUBLISHED:
      case SUBSCRIBED:
      case REGISTERED:
        if (typeof message[2] !== 'number') this.malformed(message);
        else this.#answered(message, message[0] - 1);
        return;
      default:
        this.#dispatchRare(message);
    }
  }

  #dispatchRare(message: List): void {
    const wrong = explainShape(message, 'router');
    if (wrong !== undefined) {
      this.malformed(message);
      return;
    }
    switch (message[0]) {
      case UNSUBSCRIBED:
      case UNREGISTERED:
        if (message[1] === 0) this.#revoked(message);
        else this.#answered(message, message[0] - 1);
        return;
      case ERROR:
        this.#refused(message);
        return;
      case INTERRUPT:
        this.invocations.interrupt(message[1] as Id);
        return;
      case GOODBYE:
        this.send([GOODBYE, {}, 'wamp.close.goodbye_and_out']);
        this.#end(this.#ending('closed the session', message[1] as Dict, message[2] as Uri));
        return;
      case ABORT:
        this.#end(this.#ending('aborted the session', message[1] as Dict, message[2] as Uri));
        return;
      default:
        this.#violated(`message type ${String(message[0])} must not come in an open session`);
    }
  }

  #answered(message: List, kind: number): void {
    const entry = this.#entry(message[1]);
    if (entry === undefined) return;
    if (entry.kind === kind) entry.answer(message);
    else this.#violated(`message type ${String(message[0])} answers request ${String(message[1])}, which is of type ${String(entry.kind)}`);
  }

  #refused(message: List): void {
    const entry = this.#entry(message[2]);
    if (entry === undefined) return;
    // Some routers put other types than the request's own into an ERROR; nobody waits for those.
    if (entry.kind !== message[1]) this.drop();
    else if (this.settle(entry)) entry.refuse(message);
  }

  /** The entry that a request id names: late answers are dropped, answers to what was never asked are a violation. */
  #entry(request: unknown): Entry | undefined {
    const entry = this.requests.get(request as Id);
    if (entry !== undefined) return entry;
    if (typeof request === 'number' && request <= this.#lastRequest) this.drop();
    else this.#violated(`request ${String(request)} was answered before it was sent`);
    return undefined;
  }

  #revoked(message: List): void {
    const details = (message[2] ?? {}) as Dict;
    const reason = typeof details['reason'] === 'string' ? details['reason'] : undefined;
    const topic = message[0] === UNSUBSCRIBED ? this.topics.get(details['subscription'] as Id) : undefined;
    const registration = message[0] === UNREGISTERED ? this.registrations.get(details['registration'] as Id)?.[0] : undefined;
    if (topic !== undefined) topic.table.revoked(topic, reason);
    else if (registration !== undefined) registration.table.revoked(registration, reason);
    else this.drop();
  }

  #garbled(garbled: Garbled): void {
    this.drop();
    const [code, second, third] = garbled.head as [unknown, Id?, Id?];
    if (code === INVOCATION && second !== undefined) {
      this.invocations.refuse(second, 'wamp.error.invalid_payload', 'the arguments could not be decoded');
    }
    const request = code === RESULT ? second : code === ERROR && second === CALL ? third : undefined;
    const entry = request === undefined ? undefined : this.requests.get(request);
    if (entry?.kind !== CALL || !this.settle(entry)) return;
    entry.fail(new WampError('wamp.error.invalid_payload', 'the answer to the call could not be decoded', { cause: garbled.cause }));
  }

  #ending(how: string, details: Dict, uri: Uri): ConnectionError {
    const message = typeof details['message'] === 'string' ? `: ${details['message']}` : '';
    return new ConnectionError(`the router at ${this.welcomed.url ?? 'the other end'} ${how} with ${uri}${message}`, {
      uri,
      url: this.welcomed.url,
      sent: true,
    });
  }

  #violated(wrong: string): void {
    this.send([ABORT, { message: wrong }, 'wamp.error.protocol_violation']);
    this.#end(
      new ConnectionError(`the router at ${this.welcomed.url ?? 'the other end'} broke the protocol: ${wrong}`, {
        uri: 'wamp.error.protocol_violation',
        url: this.welcomed.url,
        sent: true,
        cause: new ProtocolError(wrong),
      }),
    );
  }

  /** The end, once: the state first, then the owner, then everyone who waits; a retry in an error handler finds no session. */
  #end(error: ConnectionError): void {
    if (this.#state === 'over') return;
    this.#state = 'over';
    this.failure = error;
    this.#clear();
    this.invocations.detach();
    const waiting = this.requests.detach();
    this.#link.unsubscribe();
    this.guard(() => {
      this.#sink.error(error);
    });
    this.#failAll(waiting, error);
  }

  #left(): void {
    if (this.#state === 'over') return;
    this.#state = 'over';
    this.#clear();
    this.#link.unsubscribe();
    this.guard(() => {
      this.#sink.complete();
    });
  }

  #clear(): void {
    this.window.clear();
    this.topics.clear();
    this.registrations.clear();
  }

  #failAll(waiting: readonly Entry[], error: ConnectionError): void {
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
