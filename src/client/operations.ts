// The six operations, the same on one session and across sessions: what differs is the ground on which they stand.
// Knows no link and no state: `Ground` says where a request goes and who waits.
import { Observable, type Observer, type OperatorFunction, type Subscriber, take, takeUntil } from 'rxjs';
import { CallTimeoutError, type WampError } from '../protocol/errors.ts';
import type { Dict, Id, List, Uri } from '../protocol/messages.ts';
import type { Cancel, Sink } from '../protocol/sink.ts';
import type { Registration, Registrations } from '../session/callee.ts';
import type { Event, Invocation, Result } from '../session/result.ts';
import type { Topics } from '../session/subscriber.ts';
import type { Clock } from './clock.ts';
import {
  type CallOptions,
  checkOptions,
  checkUri,
  type PublishOptions,
  REGISTER_OPTIONS,
  type RegisterOptions,
  SUBJECT_OPTIONS,
  type SubjectOptions,
  SUBSCRIBE_OPTIONS,
  type SubscribeOptions,
  wireOptions,
} from './options.ts';
import { handlerOf } from './pipeline.ts';
import { callOnce, publishOnce, type Request } from './requests.ts';
import type { Session } from './session.ts';
import { subject, type TopicSubject } from './subject.ts';

/** A confirmed registration. */
export interface Registered {
  readonly id: Id;
  readonly procedure: Uri;
  readonly session: Session;
}

/** A confirmed subscription. */
export interface Subscribed {
  readonly id: Id;
  readonly topic: Uri;
  readonly session: Session;
}

/** The operations of a `Client`, which outlive sessions, and of a `Session`, which end with it. */
export interface Operations {
  /**
   * Subscribes to a topic. Hot: all subscribers of one topic, match and options share one SUBSCRIBE; the last to leave sends UNSUBSCRIBE.
   *
   * @param topic A URI, or a pattern with `match`. A wrong one is thrown at once, as a wrong option is.
   * @returns Events in the order of the wire, for as long as someone listens; of a `Client` also after a reconnect. Completes at `close()`.
   * @throws {ApplicationError} The router refused or revoked the subscription.
   * @throws {ConnectionError} Of a `Session`: it is lost. Of a `Client`: it gave up.
   * @see WAMP basic profile, "Publish and Subscribe"; advanced profile, "Pattern-based Subscriptions"
   */
  topic<Args extends List = List, Kwargs extends object = Dict>(topic: Uri, options?: SubscribeOptions): Observable<Event<Args, Kwargs>>;
  /**
   * Tells when a topic is subscribed: shares the wire subscription of `topic`.
   *
   * @returns One value at every SUBSCRIBED, before its first event; at once where it stands already. Ends as `topic` does.
   */
  subscribed(topic: Uri, options?: SubscribeOptions): Observable<Subscribed>;
  /**
   * Calls a procedure. Cold: every subscription sends one CALL, and leaving early sends CANCEL.
   *
   * @param args Positional arguments, a list even for one value; `[]` for none. What cannot be sent is a `TypeError` in the stream.
   * @param kwargs Keyword arguments. Default: none.
   * @param options Milliseconds for `waitMs`, `timeoutMs` and `timeout`.
   * @returns Progressive results if `receive_progress` asked for them, then the final one (after progress an empty one only ends), then
   *   completion.
   * @throws {ApplicationError} The callee or the dealer answered ERROR.
   * @throws {CallTimeoutError} It took longer than `timeoutMs`, or than the router's limit.
   * @throws {ConnectionError} The session was lost first: `sent: true` means that its fate is unknown, `false` that it never left.
   * @see WAMP basic profile, "Remote Procedure Calls"; advanced profile, "Progressive Call Results" and "Call Canceling"
   */
  call<T = unknown, Kwargs extends object = Dict>(
    procedure: Uri,
    args?: List,
    kwargs?: object,
    options?: CallOptions,
  ): Observable<Result<T, Kwargs>>;
  /**
   * Registers a procedure. Cold and not shared: every subscription sends one REGISTER, and leaving sends UNREGISTER.
   *
   * @param pipeline Operators that run once per invocation, as with RxJS's `pipe`: what they emit last is the result, what they emit before
   *   is progress if the caller asked for it. One emission is one positional value; `result(args, kwargs)` goes out whole.
   * @returns One value at every REGISTERED; it does not end by itself. Completes at `close()`, and after `until`.
   * @throws {ApplicationError} The router refused or revoked the registration.
   * @throws {ConnectionError} Of a `Session`: it is lost. Of a `Client`: it gave up.
   * @see WAMP basic profile, "Remote Procedure Calls"; advanced profile, "Shared Registration"
   */
  // The first overload is not generic, so that an operator's callback is typed by its context.
  register(procedure: Uri, pipeline: OperatorFunction<Invocation, unknown>, options?: RegisterOptions): Observable<Registered>;
  register<Args extends List, Kwargs extends object = Dict>(
    procedure: Uri,
    pipeline: OperatorFunction<Invocation<Args, Kwargs>, unknown>,
    options?: RegisterOptions,
  ): Observable<Registered>;
  /**
   * Publishes an event. Cold: every subscription sends one PUBLISH.
   *
   * @param args Positional arguments, a list. What cannot be sent is a `TypeError` in the stream.
   * @returns One value, then completion: the publication's id with `acknowledge`, else undefined as soon as the transport took it.
   * @throws {ApplicationError} With `acknowledge`: the router refused it.
   * @throws {ConnectionError} As of a call. Without `acknowledge` a refusal by the router is never told.
   * @see WAMP basic profile, "Publish and Subscribe"
   */
  publish(
    topic: Uri,
    args: List | undefined,
    kwargs: object | undefined,
    options: PublishOptions & { readonly acknowledge: true },
  ): Observable<Id>;
  publish(topic: Uri, args?: List, kwargs?: object, options?: PublishOptions): Observable<Id | undefined>;
  /**
   * A topic as a Subject: `next(value)` publishes `[value]` at once, subscribers get `args[0]`.
   *
   * @param options `holdLast` of the latest values wait while there is no session; the others are dropped and counted.
   * @returns `complete` and `error` end publishing only. What cannot be published goes to the client's `errors`.
   */
  subject<T = unknown>(topic: Uri, options?: SubjectOptions): TopicSubject<T>;
}

/** Where operations stand: on a session, or on a client across sessions. */
export interface Ground {
  readonly topics: Topics;
  readonly registrations: Registrations;
  readonly clock: Clock;
  /** Whether what is subscribed here ends with the session. */
  readonly bound: boolean;
  readonly callTimeoutMs: number | undefined;
  /** The session that is open; only asked where one is. */
  readonly session: Session | undefined;
  /** Sends a request now, or when a session is there. */
  start<T>(request: Request<T>, sink: Sink<T>): Cancel | undefined;
  /** The error with which a topic or a registration ends at once, or undefined if it may stand in its table. */
  refusal(): WampError | undefined;
  /** Something stands in a table: a session is wanted. Behind it, as an attempt may fail at once and end what stands there. */
  open(): void;
  /** Where nothing can have been sent: the last reason why, if there is one. */
  unsent(): readonly [reason: WampError | undefined] | undefined;
  /** For a subject: keeps a session wanted until unsubscribed, and runs the task at every session. */
  hold(task: () => void): Cancel;
  report(error: unknown, what?: string): void;
  /** A pipeline came from another copy of rxjs. */
  foreign(): void;
}

/** The operations on one ground. */
export class GroundOperations implements Operations {
  readonly #ground: Ground;
  #checked: Uri = '';

  constructor(ground: Ground) {
    this.#ground = ground;
  }

  topic<Args extends List = List, Kwargs extends object = Dict>(topic: Uri, options?: SubscribeOptions): Observable<Event<Args, Kwargs>> {
    const wire = topicOptions('topic', topic, options);
    return new Observable((subscriber) => this.#subscribe(topic, wire, subscriber as Subscriber<unknown>, subscriber as Sink<Event, Id>));
  }

  subscribed(topic: Uri, options?: SubscribeOptions): Observable<Subscribed> {
    const wire = topicOptions('subscribed', topic, options);
    return new Observable((subscriber) =>
      this.#subscribe(topic, wire, subscriber as Subscriber<unknown>, {
        open: (id) => {
          subscriber.next({ id, topic, session: this.#ground.session as Session });
        },
        next: () => undefined,
        error: (error) => {
          subscriber.error(error);
        },
        complete: () => {
          subscriber.complete();
        },
      }),
    );
  }

  call<T = unknown, Kwargs extends object = Dict>(
    procedure: Uri,
    args?: List,
    kwargs?: object,
    options?: CallOptions,
  ): Observable<Result<T, Kwargs>> {
    this.#check('call', procedure);
    return this.#request(callOnce(procedure, args, kwargs, options), this.#ground.callTimeoutMs) as Observable<Result<T, Kwargs>>;
  }

  register(procedure: Uri, pipeline: OperatorFunction<Invocation, unknown>, options?: RegisterOptions): Observable<Registered>;
  register<Args extends List, Kwargs extends object = Dict>(
    procedure: Uri,
    pipeline: OperatorFunction<Invocation<Args, Kwargs>, unknown>,
    options?: RegisterOptions,
  ): Observable<Registered>;
  register(procedure: Uri, pipeline: unknown, options: RegisterOptions = {}): Observable<Registered> {
    const wire = wireOptions('register', options, REGISTER_OPTIONS);
    checkUri('register', procedure, options.match);
    if (typeof pipeline !== 'function') throw new TypeError(`register of ${procedure} needs an operator, like map(({ args }) => …)`);
    const ground = this.#ground;
    const handler = handlerOf(pipeline as OperatorFunction<Invocation, unknown>, () => {
      ground.foreign();
    });
    return new Observable((subscriber) => {
      const refused = ground.refusal();
      if (refused !== undefined) {
        subscriber.error(refused);
        return undefined;
      }
      const sink: Sink<never, Id> = {
        open: (id) => {
          subscriber.next({ id, procedure, session: ground.session as Session });
        },
        next: () => undefined,
        error: (error) => {
          subscriber.error(error);
        },
        complete: () => {
          subscriber.complete();
        },
      };
      let registration: Registration | undefined = undefined;
      const drain = (): void => {
        if (registration === undefined) subscriber.complete();
        else registration.drain();
      };
      subscriber.add(options.until?.pipe(take(1)).subscribe({ next: drain, error: drain }));
      if (subscriber.closed) return undefined;
      registration = ground.registrations.register(procedure, wire, handler, sink, ground.bound);
      ground.open();
      return registration;
    });
  }

  publish(
    topic: Uri,
    args: List | undefined,
    kwargs: object | undefined,
    options: PublishOptions & { readonly acknowledge: true },
  ): Observable<Id>;
  publish(topic: Uri, args?: List, kwargs?: object, options?: PublishOptions): Observable<Id | undefined>;
  publish(topic: Uri, args?: List, kwargs?: object, options?: PublishOptions): Observable<Id | undefined> {
    this.#check('publish', topic);
    return this.#request(publishOnce(topic, args, kwargs, options), undefined);
  }

  subject<T = unknown>(topic: Uri, options: SubjectOptions = {}): TopicSubject<T> {
    checkOptions('subject', options, SUBJECT_OPTIONS);
    // Also under a pattern: it is published to.
    checkUri('subject', topic);
    const { holdLast = 0, exclude_me, retain, ...subscribing } = options;
    const { force } = subscribing;
    const publishing = Object.fromEntries(Object.entries({ exclude_me, retain, force }).filter(([, value]) => value !== undefined));
    return subject<T>(this.#ground, this.topic(topic, subscribing), topic, publishing, holdLast);
  }

  /** Most programs use the same few URIs over and over: one that was just checked is not looked at again. */
  #check(of: string, uri: Uri): void {
    if (uri === this.#checked && uri !== '') return;
    checkUri(of, uri);
    this.#checked = uri;
  }

  #subscribe(topic: Uri, options: Dict, subscriber: Observer<unknown>, sink: Sink<Event, Id>): Cancel | undefined {
    const refused = this.#ground.refusal();
    if (refused !== undefined) {
      subscriber.error(refused);
      return undefined;
    }
    const listener = this.#ground.topics.subscribe(topic, options, sink, this.#ground.bound);
    this.#ground.open();
    return listener;
  }

  #request<T>(request: Request<T>, timeoutMs: number | undefined): Observable<T> {
    const ground = this.#ground;
    const answers = new Observable<T>((subscriber) => ground.start(request, subscriber));
    const limit = request.timeoutMs ?? timeoutMs;
    if (limit === undefined) return answers;
    const tooLong = new Observable<never>((subscriber) =>
      ground.clock.after(limit, () => {
        const unsent = ground.unsent();
        const why = unsent?.[0] === undefined ? '' : `: ${unsent[0].message}`;
        const sentence = unsent === undefined ? `took longer than ${limit} ms` : `was not sent within ${limit} ms${why}`;
        subscriber.error(new CallTimeoutError(`${request.what} ${sentence}`, { sent: unsent === undefined, cause: unsent?.[0] }));
      }),
    );
    return answers.pipe(takeUntil(tooLong));
  }
}

function topicOptions(of: string, topic: Uri, options: SubscribeOptions | undefined): Dict {
  const wire = wireOptions(of, options, SUBSCRIBE_OPTIONS);
  checkUri(of, topic, options?.match);
  return wire;
}
