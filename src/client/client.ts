// The client: the operations across sessions. It puts together a connection, the role tables that outlive sessions, and those who wait.
// Knows no socket and no message.
import { Observable, type OperatorFunction } from 'rxjs';
import { ConnectionError, type WampError } from '../protocol/errors.ts';
import type { Dict, Id, List, Uri } from '../protocol/messages.ts';
import type { Cancel, Sink } from '../protocol/sink.ts';
import type { Event, Invocation, Result } from '../session/result.ts';
import type { SessionCore } from '../session/session.ts';
import { zombieDelay } from './backoff.ts';
import { Clock } from './clock.ts';
import { Connection, type Status } from './connection.ts';
import { added, type Counters, pendingOf, type Snapshot } from './inspect.ts';
import { transportOf } from './link.ts';
import { loggerOf } from './logger.ts';
import { Multicast } from './multicast.ts';
import { type Ground, GroundOperations, type Operations, type Registered, type Subscribed } from './operations.ts';
import {
  type CallOptions,
  checkOptions,
  CLIENT_OPTIONS,
  type ClientOptions,
  type PublishOptions,
  type RegisterOptions,
  type SubjectOptions,
  type SubscribeOptions,
} from './options.ts';
import { Reporter } from './reporter.ts';
import type { Request } from './requests.ts';
import { Session } from './session.ts';
import type { TopicSubject } from './subject.ts';
import { Tables } from './tables.ts';
import { WaitingRoom } from './waiting.ts';

/**
 * A WAMP client across sessions: it connects at the first subscription, reconnects by itself, and leaves after the last one.
 *
 * Topics and registrations come back after a loss; calls and acknowledged publishes that were under way error, and are not sent again.
 * @see WAMP basic profile
 */
export class Client implements Operations, AsyncDisposable {
  readonly #options: ClientOptions;
  readonly #clock: Clock;
  readonly #reporter: Reporter;
  readonly #connection: Connection;
  readonly #tables: Tables;
  readonly #waiting: WaitingRoom;
  readonly #errors: Multicast<WampError> = new Multicast();
  readonly #sessions: Multicast<Session>;
  readonly #operations: Operations;
  /** Subjects that publish, with what each does at a new session. */
  readonly #holders: Set<() => void> = new Set();
  /** The session, once everything that stands in the tables was sent. */
  #ready: SessionCore | undefined;
  #session: Session | undefined;
  #linger: Cancel | undefined;
  #idleSince = 0;
  /** Of sessions that are over. */
  #past: Counters = { sent: 0, received: 0, dropped: 0 };

  /**
   * @param options Checked at once. Default: `ws://localhost:8080/ws`, realm `realm1`, JSON.
   * @throws {TypeError} An option is misspelt or wrong.
   */
  constructor(options: ClientOptions = {}) {
    checkOptions('Client', options, CLIENT_OPTIONS);
    const { url, ...connecting } = options;
    if (typeof url !== 'function') for (const one of typeof url === 'object' ? url : [url]) transportOf(connecting, one);
    this.#options = options;
    this.#clock = new Clock(options.runOutside);
    this.#reporter = new Reporter(loggerOf(options.logger), (error) => {
      this.#errors.next(error);
    });
    const touched = (): void => {
      this.#touch();
    };
    this.#sessions = new Multicast(() => this.#session, touched);
    this.#tables = new Tables(
      options.maskErrors,
      { defer: this.#clock.defer, empty: touched },
      { again: (attempt, retry) => this.#again(attempt, retry), empty: touched },
    );
    this.#waiting = new WaitingRoom(this.#clock, () => this.#connection.reason, touched);
    this.#connection = new Connection(options, {
      clock: this.#clock,
      reporter: this.#reporter,
      opened: (core) => this.#opened(core),
      announced: (core) => {
        this.#announced(core);
      },
      lost: (error, core) => {
        this.#lost(error, core);
      },
      gaveUp: (reason) => [...this.#tables.ends(reason), ...this.#waiting.ends(reason), ...this.#sessions.ends(reason)],
      idle: touched,
      report: (error, what) => {
        this.#reporter.report(error, what);
      },
    });
    this.#operations = new GroundOperations(this.#ground());
  }

  /** The current session and each later one. Holding it keeps the connection open; it completes at `close()`, and errors when the client gives up. */
  readonly sessions: Observable<Session> = new Observable((subscriber) => {
    const refused = this.#refusal();
    if (refused !== undefined) {
      subscriber.error(refused);
      return undefined;
    }
    const joined = this.#sessions.stream.subscribe(subscriber);
    this.#connection.open();
    return joined;
  });

  /** What the client is doing. Replays the latest, neither opens nor holds a connection, and completes only after `close()`. */
  get status(): Observable<Status> {
    return this.#connection.status;
  }

  /** What no stream can tell: a handler that threw, a publication of a subject that failed. Completes at `close()`. */
  get errors(): Observable<WampError> {
    return this.#errors.stream;
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

  /** Tries now: ends a wait, or replaces the open link without a GOODBYE. Does nothing on an idle or closed client. */
  reconnect(): void {
    this.#connection.reconnect();
  }

  /** Counts for people and for leak specs; ages in milliseconds, to the second. */
  inspect(): Snapshot {
    const core = this.#connection.core;
    const now = core?.counters ?? { sent: 0, received: 0, dropped: 0 };
    return {
      session: core?.welcomed.id,
      url: core?.welcomed.url,
      topics: this.#tables.topics.list(),
      registrations: this.#tables.registrations.list(),
      pending: core === undefined ? [] : pendingOf(core),
      waiting: this.#waiting.size,
      counters: { ...added(this.#past, now), reconnects: this.#connection.reconnects },
    };
  }

  /**
   * Ends for good: topics, registrations and `sessions` complete, calls and acknowledged publishes error, later subscriptions error.
   * @returns Resolves when the link is gone, at every call; at the latest after `goodbyeTimeoutMs`.
   */
  close(): Promise<void> {
    if (this.#connection.isFinal) return this.#connection.close();
    const core = this.#connection.core;
    // First of all: a retry in an error handler must find no session.
    this.#ready = undefined;
    this.#session = undefined;
    const closed = this.#connection.close();
    this.#linger?.unsubscribe();
    this.#forget(core);
    this.#tables.detach(new ConnectionError('the client was closed', { sent: true }));
    for (const end of [...this.#tables.ends(), ...this.#waiting.ends('the client was closed')]) end();
    this.#sessions.complete();
    this.#errors.complete();
    return closed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #ground(): Ground {
    const session = (): Session | undefined => this.#session;
    return {
      topics: this.#tables.topics,
      registrations: this.#tables.registrations,
      clock: this.#clock,
      bound: false,
      callTimeoutMs: this.#options.callTimeoutMs,
      get session() {
        return session();
      },
      start: (request, sink) => this.#start(request, sink),
      refusal: () => this.#refusal(),
      open: () => {
        this.#connection.open();
      },
      hold: (task) => this.#hold(task),
      unsent: () => (this.#ready === undefined ? [this.#connection.reason] : undefined),
      report: (error, what) => {
        this.#reporter.report(error, what);
      },
      foreign: () => {
        this.#reporter.foreign();
      },
    };
  }

  #refusal(): WampError | undefined {
    return this.#connection.isFinal ? new ConnectionError('the client is closed: make a new one') : undefined;
  }

  #start<T>(request: Request<T>, sink: Sink<T>): Cancel | undefined {
    const core = this.#ready;
    // What runs at a loss may ask before the loss is known here.
    if (core?.isOpen === true) {
      const sent = request.send(core, sink);
      if (sent === undefined) this.#touch();
      return sent;
    }
    if (this.#connection.isFinal) {
      sink.error(this.#refusal());
      return undefined;
    }
    request.check();
    const waitMs = request.waitMs ?? this.#options.waitMs ?? 30_000;
    // There is a session, which only sends what stands in the tables first.
    const waiting = this.#waiting.add(request, sink, this.#session === undefined ? waitMs : Math.max(waitMs, 30_000));
    this.#connection.open();
    // One that fails at once leaves nobody who wants the connection.
    this.#touch();
    return waiting;
  }

  #hold(task: () => void): Cancel {
    this.#holders.add(task);
    this.#connection.open();
    return {
      unsubscribe: () => {
        this.#holders.delete(task);
        this.#touch();
      },
    };
  }

  #opened(core: SessionCore): Session {
    const session = new Session(core, {
      topics: this.#tables.topics,
      registrations: this.#tables.registrations,
      clock: this.#clock,
      callTimeoutMs: this.#options.callTimeoutMs,
      report: (error, what) => {
        this.#reporter.report(error, what);
      },
      foreign: () => {
        this.#reporter.foreign();
      },
    });
    this.#tables.attach(core);
    this.#session = session;
    return session;
  }

  #announced(core: SessionCore): void {
    // Told before anything that waits is sent: whoever comes because of an answer finds the session by himself.
    if (this.#session !== undefined) this.#sessions.next(this.#session);
    core.window.whenSent(() => {
      if (!core.isOpen) return;
      this.#ready = core;
      this.#waiting.flush(core);
      for (const task of [...this.#holders]) task();
    });
    this.#touch();
  }

  #lost(error: WampError, core: SessionCore): void {
    this.#forget(core);
    this.#tables.detach(error);
  }

  #forget(core: SessionCore | undefined): void {
    if (core !== undefined) this.#past = added(this.#past, core.counters);
    this.#ready = undefined;
    this.#session = undefined;
  }

  #again(attempt: number, retry: () => void): Cancel | undefined {
    const delay = zombieDelay(attempt);
    return delay === undefined ? undefined : this.#clock.after(delay, retry);
  }

  get #isWanted(): boolean {
    const core = this.#connection.core;
    return this.#tables.size + this.#waiting.size + this.#sessions.size + this.#holders.size > 0 || core?.isIdle === false;
  }

  /** Somebody came or went. Nobody is left: the session goes too, unless somebody comes back in time. */
  #touch(): void {
    if (this.#isWanted || this.#connection.isFinal) return;
    this.#idleSince = this.#clock.now();
    if (this.#linger === undefined) this.#wait(this.#options.lingerMs ?? 1000);
  }

  // One timer for any number of comings and goings: it looks again when it fires.
  #wait(milliseconds: number): void {
    this.#linger = this.#clock.after(milliseconds, () => {
      this.#linger = undefined;
      if (this.#isWanted) return;
      const left = this.#idleSince + (this.#options.lingerMs ?? 1000) - this.#clock.now();
      if (left > 0) this.#wait(left);
      else this.#leave();
    });
  }

  #leave(): void {
    const core = this.#connection.core;
    this.#connection.release();
    this.#forget(core);
    this.#tables.detach(new ConnectionError('the session was left', { uri: 'wamp.close.close_realm', sent: true }));
  }
}
