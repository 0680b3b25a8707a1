// A session as its users see it: the operations of one join. When it is over they end with its error.
// Knows no reconnect.
import type { Observable, OperatorFunction } from 'rxjs';
import { ConnectionError } from '../protocol/errors.ts';
import type { Dict, Id, List, Uri } from '../protocol/messages.ts';
import type { Registrations } from '../session/callee.ts';
import type { Event, Invocation, Result } from '../session/result.ts';
import type { SessionCore } from '../session/session.ts';
import type { Topics } from '../session/subscriber.ts';
import type { Clock } from './clock.ts';
import { GroundOperations, type Operations, type Registered, type Subscribed } from './operations.ts';
import type { CallOptions, PublishOptions, RegisterOptions, SubjectOptions, SubscribeOptions } from './options.ts';
import type { TopicSubject } from './subject.ts';

/** What a session needs of whoever joined it. */
export interface SessionGround {
  readonly topics: Topics;
  readonly registrations: Registrations;
  readonly clock: Clock;
  readonly callTimeoutMs: number | undefined;
  report(error: unknown, what?: string): void;
  foreign(): void;
}

/** One session, from WELCOME to its end. Emitted by `connect` and by `Client.sessions`. */
export class Session implements Operations {
  /** The id that the router gave. */
  readonly id: Id;
  readonly realm: Uri;
  /** WELCOME.Details as the router sent them; realm, authid and authextra may be missing. */
  readonly details: Dict;
  readonly #operations: Operations;

  /** @internal */
  constructor(core: SessionCore, ground: SessionGround) {
    this.id = core.welcomed.id;
    this.realm = core.welcomed.realm;
    this.details = core.welcomed.details;
    this.#operations = new GroundOperations({
      ...ground,
      bound: true,
      session: this,
      start: (request, sink) => {
        if (core.isOpen) return request.send(core, sink);
        sink.error(overOf(core));
        return undefined;
      },
      refusal: () => (core.isOpen ? undefined : overOf(core)),
      open: () => undefined,
      unsent: () => undefined,
      hold: () => ({ unsubscribe: () => undefined }),
      report: (error, what) => {
        ground.report(error, what);
      },
      foreign: () => {
        ground.foreign();
      },
    });
  }

  /** @see {@link Operations.topic} */
  topic<Args extends List = List, Kwargs extends object = Dict>(topic: Uri, options?: SubscribeOptions): Observable<Event<Args, Kwargs>> {
    return this.#operations.topic(topic, options);
  }

  /** @see {@link Operations.subscribed} */
  subscribed(topic: Uri, options?: SubscribeOptions): Observable<Subscribed> {
    return this.#operations.subscribed(topic, options);
  }

  /** @see {@link Operations.call} */
  call<T = unknown, Kwargs extends object = Dict>(
    procedure: Uri,
    args?: List,
    kwargs?: object,
    options?: CallOptions,
  ): Observable<Result<T, Kwargs>> {
    return this.#operations.call(procedure, args, kwargs, options);
  }

  /** @see {@link Operations.register} */
  register(procedure: Uri, pipeline: OperatorFunction<Invocation, unknown>, options?: RegisterOptions): Observable<Registered>;
  register<Args extends List, Kwargs extends object = Dict>(
    procedure: Uri,
    pipeline: OperatorFunction<Invocation<Args, Kwargs>, unknown>,
    options?: RegisterOptions,
  ): Observable<Registered>;
  register(procedure: Uri, pipeline: OperatorFunction<Invocation, unknown>, options?: RegisterOptions): Observable<Registered> {
    return this.#operations.register(procedure, pipeline, options);
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
    return this.#operations.publish(topic, args, kwargs, options);
  }

  /** @see {@link Operations.subject} */
  subject<T = unknown>(topic: Uri, options?: SubjectOptions): TopicSubject<T> {
    return this.#operations.subject(topic, options);
  }
}

function overOf(core: SessionCore): ConnectionError {
  const { failure } = core;
  // What is asked of a session that is over never leaves: that is not the fate of what was under way.
  return new ConnectionError(failure?.message ?? 'the session is over', {
    uri: failure?.uri ?? 'wamp.error.network_failure',
    url: failure?.url,
    cause: failure,
  });
}
