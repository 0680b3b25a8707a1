// Peer: a class with decorated methods that is a whole service, with the calls and publications of a client beside them.
// Knows no message and no socket.
import { catchError, map, throwError } from 'rxjs';
import { Client } from '../client/client.ts';
import { type Logger, loggerOf } from '../client/logger.ts';
import { type CallOptions, checkOptions, type ClientOptions, milliseconds, type PublishOptions, text } from '../client/options.ts';
import type { Session } from '../client/session.ts';
import { type Answer, answer } from '../contract/answer.ts';
import { rpc } from '../contract/rpc.ts';
import type { Contract, Rpc } from '../contract/types.ts';
import type { Dict, Id, List, Uri } from '../protocol/messages.ts';
import { isDict } from '../protocol/shapes.ts';
import { type Event, type Invocation, Result } from '../session/result.ts';
import { admit, type Declaration, declarationsOf } from './declarations.ts';
import { adviceOf, loginsOf } from './credentials.ts';
import { type ErrorMap, received, wrongErrors } from './errors.ts';
import { Run } from './run.ts';
import type { Offer, Outcome } from './serve.ts';

export interface PeerOptions extends ClientOptions {
  /** Stands in logs and errors. Default: the name of the class. */
  readonly name?: string;
  /** Error URIs with the class that each stands for: of what methods throw, and of what calls receive. Default: none. */
  readonly errors?: ErrorMap;
  /**
   * The user to log in as, in Node, with `RXWAMP_SECRET` (or `WAMPYSECRET`) or `RXWAMP_TICKET` of the environment.
   * Default: `RXWAMP_AUTHID`; without either, or with `auth`, the environment is not asked.
   */
  readonly authid?: string;
}

export interface StartOptions {
  /** Milliseconds until everything must be confirmed; `Infinity` for no limit. Default: 30 000. */
  readonly timeoutMs?: number;
}

export interface StopOptions {
  /** Milliseconds that running invocations and handlers of events have to end; then they are cancelled. Default: 5000. */
  readonly drainMs?: number;
}

/** A method that stands at the router. */
export interface Entrypoint {
  /** The registration's id, or the subscription's; ids of different routers may be the same. */
  readonly id: Id;
  readonly peer: Peer;
  readonly method: string;
  /** The procedure, or the topic. */
  readonly uri: Uri;
}

type MethodOffer = Offer & { readonly method: string };

/** Every peer that has something registered. */
const SERVING: Set<Peer> = new Set();

/** The procedures of all peers of this program, in the order in which the peers started. */
export function getRegisteredEntrypoints(): readonly Entrypoint[] {
  return [...SERVING].flatMap(({ registrations }) => registrations);
}

/**
 * A service: each method with `@rpc` is a procedure, each with `@subscribe` hears a topic. Without any it is a client with a name.
 *
 * It need not be started to call and to publish; `start` registers and subscribes, `stop` ends everything, and it may be started again.
 */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- without a contract every name may be called
export class Peer<C extends Contract = any> implements AsyncDisposable {
  readonly name: string;
  readonly #options: ClientOptions;
  readonly #errors: ErrorMap;
  #client: Client | undefined;
  #session: Session | undefined;
  #run: Run<MethodOffer> | undefined;
  #ending: Promise<void> | undefined;
  #outcomes: readonly Outcome<MethodOffer>[] = [];

  /**
   * @param options Those of a `Client`, checked at once, and `name` and `errors`. Default: `ws://localhost:8080/ws`, realm `realm1`.
   * @throws {TypeError} An option is wrong, or a decorated method has a name that every peer has.
   */
  constructor(options: PeerOptions = {}) {
    checkOptions('Peer', own(options), { name: text, errors: wrongErrors, authid: text });
    const { name = new.target.name, errors = {}, authid, ...given } = options;
    const auth = loginsOf(name, given.auth, authid);
    const connecting = { ...given, ...(auth !== undefined && { auth }) };
    this.name = name;
    this.#errors = errors;
    this.#options = connecting.logger === false ? connecting : { ...connecting, logger: named(name, connecting.logger) };
    admit(this);
    this.#client = this.#connected();
  }

  /** What it is built on: topics as Observables, status, errors. After `stop` it is another one. */
  get client(): Client {
    return (this.#client ??= this.#connected());
  }

  /** The current session, or the last one while reconnecting. Throws where there has been none. */
  get session(): Session {
    if (this.#session === undefined) throw new TypeError(`${this.name} has no session yet: await start() first`);
    return this.#session;
  }

  /** Remote calls by name: `await peer.rpc.com.example.add(1, 2)`; keyword arguments last, as `kwargs({ … })`. */
  get rpc(): Rpc<C> {
    return rpc<C>({ call: (...call) => this.#call(...call) });
  }

  /** The procedures that stand at the router at this moment. */
  get registrations(): readonly Entrypoint[] {
    return this.#entrypoints('procedure');
  }

  /** The topics that are subscribed at this moment. */
  get subscriptions(): readonly Entrypoint[] {
    return this.#entrypoints('topic');
  }

  /**
   * Calls a procedure, as `Client.call` does; what it gives can also be awaited.
   * An answer of the Python library wampy, `message` beside `meta`, has its message as `value`.
   */
  call<T = unknown, Kwargs extends object = Dict>(
    procedure: Uri,
    args?: List,
    kwargs?: object,
    options?: CallOptions,
  ): Answer<Result<T, Kwargs>> {
    return answer(this.#call<T, Kwargs>(procedure, args, kwargs, options));
  }

  /**
   * Publishes an event, as `Client.publish` does: nothing is sent before it is awaited or subscribed.
   *
   * @param event Everything but `topic` is a keyword argument.
   */
  publish(event: { readonly topic: Uri; readonly [keyword: string]: unknown }, options?: PublishOptions): Answer<Id | undefined> {
    if (!isDict(event)) throw new TypeError("publish of a Peer needs an event like { topic: 'com.example.news', text: 'hello' }");
    const { topic, ...kwargs } = event;
    return answer(this.client.publish(topic, undefined, kwargs, options));
  }

  /**
   * Registers and subscribes everything declared. Keeps trying while there is no router.
   *
   * @returns Resolves when all is confirmed; at once if it is started.
   * @throws {TypeError} An option is wrong.
   * @throws {StartError} Something was refused, the router let it not in, or not all was confirmed in time. Then it is stopped.
   */
  async start(options: StartOptions = {}): Promise<this> {
    checkOptions('start', options, { timeoutMs: milliseconds });
    // One that is stopping has to come to its end.
    await this.#ending;
    let run = this.#run;
    if (run === undefined) {
      run = this.#run = this.#running(options.timeoutMs ?? 30_000);
      run.begin();
    }
    await run.started;
    return this;
  }

  /**
   * Unregisters and unsubscribes, lets what runs come to its end, and says GOODBYE. What still runs then is cancelled.
   * While it stops, a `drainMs` that ends earlier counts.
   * @returns Resolves when the link is gone.
   * @throws {TypeError} An option is wrong.
   */
  async stop(options: StopOptions = {}): Promise<void> {
    checkOptions('stop', options, { drainMs: milliseconds });
    if (this.#ending !== undefined && options.drainMs !== undefined) void this.#run?.end(options.drainMs);
    this.#ending ??= this.#end(options.drainMs ?? 5000).finally(() => {
      this.#ending = undefined;
    });
    await this.#ending;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  #connected(): Client {
    const client = new Client(this.#options);
    // Neither opens nor holds the connection; ends with the client.
    client.status.subscribe({
      next: (status) => {
        if (status.state === 'open') this.#session = status.session;
        else this.#settle([]);
      },
      error: () => undefined,
    });
    return client;
  }

  #call<T, Kwargs extends object>(...call: Parameters<Client['call']>) {
    return this.client.call<T, Kwargs>(...call).pipe(
      map(unwrapped),
      catchError((error: unknown) => throwError(() => received(error as Error, this.#errors))),
    );
  }

  #running(timeoutMs: number): Run<MethodOffer> {
    return new Run(
      this.client,
      declarationsOf(this).map((declaration) => this.#offer(declaration)),
      {
        name: this.name,
        errors: this.#errors,
        timeoutMs,
        advice: (error) => (this.#options.auth === undefined ? adviceOf(error) : ''),
        changed: (outcomes) => {
          this.#settle(outcomes);
        },
        failed: () => {
          this.#run = undefined;
          void this.stop();
        },
      },
    );
  }

  async #end(drainMs: number): Promise<void> {
    const run = this.#run;
    await run?.end(drainMs);
    if (this.#run === run) this.#run = undefined;
    this.#settle([]);
    const client = this.#client;
    this.#client = undefined;
    this.#session = undefined;
    await client?.close();
  }

  #offer(declaration: Declaration): MethodOffer {
    const { method, uri } = declaration;
    const call = (args: readonly unknown[]): unknown => {
      const found = (this as unknown as Readonly<Record<string, unknown>>)[method];
      if (typeof found !== 'function') throw new TypeError(`${this.name}.${method} is declared and is no method any more`);
      return Reflect.apply(found, this, args);
    };
    const what = `${declaration.kind} ${uri} (${this.constructor.name}.${method})`;
    if (declaration.kind === 'topic') return { ...declaration, what, handle: (event: Event) => call([event.args, event.kwargs, event]) };
    const { invocation: whole = false, ...options } = declaration.options;
    return { kind: 'procedure', uri, method, options, what, handle: (each: Invocation) => call(whole ? [each] : spread(each)) };
  }

  #settle(outcomes: readonly Outcome<MethodOffer>[]): void {
    this.#outcomes = outcomes;
    if (this.registrations.length > 0) SERVING.add(this);
    else SERVING.delete(this);
  }

  #entrypoints(kind: Offer['kind']): readonly Entrypoint[] {
    return this.#outcomes.flatMap(({ offer, id }) =>
      id === undefined || offer.kind !== kind ? [] : { id, peer: this, method: offer.method, uri: offer.uri },
    );
  }
}

/** The options that a client has not. */
function own(options: PeerOptions): object {
  if (!isDict(options)) return options;
  const { name, errors, authid } = options;
  return { name, errors, authid };
}

/** Positional arguments, and behind them the keyword ones if there are any. */
function spread({ args, kwargs }: Invocation): List {
  return Object.keys(kwargs).length === 0 ? args : [...args, kwargs];
}

/** The Python library wampy answers with keyword arguments only. */
function unwrapped<T, Kwargs extends object>(result: Result<T, Kwargs>): Result<T, Kwargs> {
  const { args, kwargs, details } = result;
  const isWampy = args.length === 0 && 'message' in kwargs && 'meta' in kwargs;
  return isWampy ? new Result<T, Kwargs>([kwargs.message], kwargs, details) : result;
}

/** A logger whose sentences say whose they are. */
function named(name: string, option: Logger | undefined): Logger {
  const logger = loggerOf(option);
  return {
    warn: (message, cause) => {
      logger.warn(`${name}: ${message}`, cause);
    },
    error: (message, cause) => {
      logger.error(`${name}: ${message}`, cause);
    },
    debug: (message, cause) => logger.debug(`${name}: ${message}`, cause),
  };
}
