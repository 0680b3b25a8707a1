// The six operations, the same on one session and across sessions: what differs is the ground on which they stand.
// Knows no link and no state: `Ground` says where a request goes and who waits.
import type { Observable, OperatorFunction } from 'rxjs';
import type { Dict, Id, List, Uri } from '../protocol/messages.ts';
import type { Cancel, Sink } from '../protocol/sink.ts';
import type { Claim } from '../session/claim.ts';
import type { Event, Invocation, Result } from '../session/result.ts';
import type { Ground } from './ground.ts';
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
import { CALLING, PUBLISHING, Request } from './requests.ts';
import type { Session } from './session.ts';
import { type Listening, Source } from './source.ts';
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

/** The operations on one ground: what differs between a session and a client is there. */
export class GroundOperations implements Operations {
  readonly #ground: Ground;
  #checked: Uri = '';

  /** @internal */
  constructor(ground: Ground) {
    this.#ground = ground;
  }

  /** @see {@link Operations.topic} */
  topic<Args extends List = List, Kwargs extends object = Dict>(topic: Uri, options?: SubscribeOptions): Observable<Event<Args, Kwargs>> {
    return this.#listen('topic', topic, options, (subscriber) => subscriber as Sink<unknown>);
  }

  /** @see {@link Operations.subscribed} */
  subscribed(topic: Uri, options?: SubscribeOptions): Observable<Subscribed> {
    return this.#listen('subscribed', topic, options, (subscriber) =>
      passing(subscriber, {
        open: (id: Id) => {
          subscriber.next({ id, topic, session: this.#ground.session as Session });
        },
      }),
    );
  }

  /** @see {@link Operations.call} */
  call<T = unknown, Kwargs extends object = Dict>(
    procedure: Uri,
    args?: List,
    kwargs?: object,
    options?: CallOptions,
  ): Observable<Result<T, Kwargs>> {
    this.#check('call', procedure);
    return new Request(this.#ground, CALLING, procedure, args, kwargs, options) as Observable<unknown> as Observable<Result<T, Kwargs>>;
  }

  /** @see {@link Operations.register} */
  register(procedure: Uri, pipeline: OperatorFunction<Invocation, unknown>, options?: RegisterOptions): Observable<Registered>;
  register<Args extends List, Kwargs extends object = Dict>(
    procedure: Uri,
    pipeline: OperatorFunction<Invocation<Args, Kwargs>, unknown>,
    options?: RegisterOptions,
  ): Observable<Registered>;
  register(procedure: Uri, pipeline: OperatorFunction<Invocation, unknown>, options?: RegisterOptions): Observable<Registered> {
    const wire = wireOptions('register', options, REGISTER_OPTIONS);
    checkUri('register', procedure, options?.match);
    if (typeof (pipeline as unknown) !== 'function')
      throw new TypeError(`register of ${procedure} needs an operator, like map(({ args }) => …)`);
    const ground = this.#ground;
    const handler = handlerOf(pipeline, ground.shared.foreign);
    return new Standing(ground, (subscriber) => {
      const sink = passing<never, Id>(subscriber, {
        open: (id) => {
          subscriber.next({ id, procedure, session: ground.session as Session });
        },
      });
      let registration: Claim | undefined = undefined;
      const drain = (): void => {
        if (registration === undefined) subscriber.complete();
        else registration.drain();
      };
      subscriber.add(options?.until?.subscribe({ next: drain, error: drain }));
      if (!subscriber.closed) registration = ground.shared.claims.claim(procedure, wire, sink, ground.bound, handler).claim;
      return registration;
    });
  }

  /** @see {@link Operations.publish} */
  publish(
    topic: Uri,
    args: List | undefined,
    kwargs: object | undefined,
    options: PublishOptions & { readonly acknowledge: true },
  ): Observable<Id>;
  publish(topic: Uri, args?: List, kwargs?: object, options?: PublishOptions): Observable<Id | undefined>;
  publish(topic: Uri, args?: List, kwargs?: object, options?: PublishOptions): Observable<Id | undefined> {
    this.#check('publish', topic);
    return new Request(this.#ground, PUBLISHING, topic, args, kwargs, options);
  }

  /** @see {@link Operations.subject} */
  subject<T = unknown>(topic: Uri, options: SubjectOptions = {}): TopicSubject<T> {
    checkOptions('subject', options, SUBJECT_OPTIONS);
    // Also under a pattern: it is published to.
    checkUri('subject', topic);
    const { holdLast = 0, exclude_me, retain, ...subscribing } = options;
    const { force } = subscribing;
    const publishing = { exclude_me, retain, force } as PublishOptions;
    const values = this.#listen<T>('topic', topic, subscribing, (subscriber) =>
      passing<Event>(subscriber, {
        next: ({ value }) => {
          subscriber.next(value as T);
        },
      }),
    );
    return subject(this.#ground, values, (value) => new Request(this.#ground, PUBLISHING, topic, value, undefined, publishing), holdLast);
  }

  /** Most programs use the same few URIs over and over: one that was just checked is not looked at again. */
  #check(of: string, uri: Uri): void {
    if (uri === this.#checked && uri !== '') return;
    checkUri(of, uri);
    this.#checked = uri;
  }

  #listen<T>(
    of: string,
    topic: Uri,
    options: SubscribeOptions | undefined,
    sinkOf: (subscriber: Listening<T>) => Sink<Event, Id>,
  ): Observable<T> {
    const wire = wireOptions(of, options, SUBSCRIBE_OPTIONS);
    checkUri(of, topic, options?.match);
    const ground = this.#ground;
    return new Standing(ground, (subscriber) => ground.shared.claims.claim(topic, wire, sinkOf(subscriber), ground.bound));
  }
}

/** What stands on a ground for as long as somebody listens. */
export class Standing<T> extends Source<T> {
  readonly #ground: Pick<Ground, 'refusal' | 'open'>;
  readonly #enter: (listener: Listening<T>) => Cancel | undefined;

  constructor(ground: Pick<Ground, 'refusal' | 'open'>, enter: (listener: Listening<T>) => Cancel | undefined) {
    super();
    this.#ground = ground;
    this.#enter = enter;
  }

  begin(listener: Listening<T>): Cancel | undefined {
    const refused = this.#ground.refusal();
    if (refused !== undefined) throw refused;
    const entry = this.#enter(listener);
    if (!listener.closed) this.#ground.open();
    return entry;
  }
}

/** A sink that hands on how it ends, and does what is given with the rest. */
function passing<T, Opened = unknown>(subscriber: Listening<never>, own: Partial<Sink<T, Opened>>): Sink<T, Opened> {
  return {
    next: () => undefined,
    error: (error) => {
      subscriber.error(error);
    },
    complete: () => {
      subscriber.complete();
    },
    ...own,
  };
}
