// The router: its realms, its sessions, its ways in. Every connection is a Transport, so that one class serves them all.
// Knows no socket; `listen.ts` is loaded when it is first asked for.
// Source: WAMP basic profile, "Routers".
import { ConnectionError } from '../protocol/errors.ts';
import type { Id, Uri } from '../protocol/messages.ts';
import type { Cancel, Transport } from '../protocol/sink.ts';
import type { Match } from '../protocol/uris.ts';
import { memoryPair } from '../transports/memory.ts';
import type { MemoryOptions } from '../transports/memory.ts';
import type { ListenOptions, RouterServer } from './listen.ts';
import { loginsOf } from './logins.ts';
import type { RealmAuth } from './logins.ts';
import type { Holding } from './operations.ts';
import { checkRouterOptions, checkTransportOptions } from './options.ts';
import { Realm } from './realm.ts';
import { CLOSED, RouterSession } from './session.ts';
import type { Intercept, SessionHost } from './session.ts';

export interface RealmOptions {
  readonly name: Uri;
  /** The logins that let clients in, and no others. Default: `{ anonymous: true }`, which lets everybody in. */
  readonly auth?: RealmAuth;
  /** Whether the procedures and events of the meta API are there. They let every session end every other. Default: true. */
  readonly meta?: boolean;
}

/** Takes what a login's own code threw. */
export interface RouterLogger {
  error(message: string, error?: unknown): void;
}

export interface RouterOptions {
  /** The realms, by name or with their options. */
  readonly realms: readonly (Uri | RealmOptions)[];
  /** What WELCOME says in `agent`. Default: `rxwamp-router`. */
  readonly agent?: string;
  /**
   * Whether request ids must be 1, 2, 3 … as the specification has it; anything else is then a protocol violation.
   * Default: false, because some clients draw them at random.
   */
  readonly sequentialIds?: boolean;
  /**
   * How many bytes may wait for one client. Above it, EVENTs and progressive RESULTs to that client are dropped and
   * counted, never its replies; above four times it, the client gets ABORT `wamp.error.network_failure` and its link is ended. Default: 4 MiB.
   */
  readonly maxQueueBytes?: number;
  /** How long a client may take to echo the router's GOODBYE; in milliseconds. Default: 1,000. */
  readonly goodbyeTimeoutMs?: number;
  /** How long a client may take until its HELLO, and then how long its login may take until WELCOME; in milliseconds. Default: 10,000. */
  readonly loginTimeoutMs?: number;
  /** Sees every message of every session, for tests: what it returns goes on instead, and `undefined` drops it. */
  readonly intercept?: Intercept;
  /** Is told what a function of a login threw, which no client may know; `false` for nobody. Default: the console. */
  readonly logger?: RouterLogger | false;
}

/** What a router holds at one moment. */
export interface RouterCounts {
  /** Sessions that have joined. */
  readonly sessions: number;
  /** (topic, match) pairs with subscribers. */
  readonly subscriptions: number;
  /** (procedure, match) pairs with callees. */
  readonly registrations: number;
  /** Calls that wait for their callee. */
  readonly invocations: number;
  /** Topics with a retained event. */
  readonly retained: number;
  /** EVENTs and progressive RESULTs that slow clients have lost since the router was made. */
  readonly dropped: number;
}

/** One connection of the router. `unsubscribe` cuts it without a word. */
export interface RouterLink extends Cancel {
  /** The id of the session, which its WELCOME tells. */
  readonly id: Id;
  /** Says GOODBYE, waits for the echo or `goodbyeTimeoutMs`, and ends the link. */
  goodbye(reason: Uri, message: string): Promise<void>;
}

/**
 * A WAMP router inside the process: realms, broker and dealer.
 *
 * @example
 * const router = new Router({ realms: ['realm1'] });
 * const server = await router.listen({ port: 8080 });
 * const client = new Client({ transport: router.transport() });
 */
export class Router {
  readonly #host: SessionHost;
  readonly #realms = new Map<Uri, Realm>();
  readonly #sessions = new Map<Id, RouterSession>();
  readonly #servers = new Set<RouterServer>();
  #isOpen = true;
  #dropped = 0;

  /** @throws {TypeError} An option has an unknown name or a wrong value, or a realm is declared twice. */
  constructor(options: RouterOptions) {
    checkRouterOptions(options);
    const { agent = 'rxwamp-router', sequentialIds = false, maxQueueBytes = 4_194_304, intercept, logger = console } = options;
    const { goodbyeTimeoutMs = 1_000, loginTimeoutMs = 10_000 } = options;
    for (const realm of options.realms) this.#add(typeof realm === 'string' ? { name: realm } : realm);
    const isOpen = (): boolean => this.#isOpen;
    this.#host = {
      agent,
      sequentialIds,
      maxQueueBytes,
      goodbyeTimeoutMs,
      loginTimeoutMs,
      intercept,
      report: (message, error) => {
        if (logger !== false) logger.error(message, error);
      },
      get isOpen() {
        return isOpen();
      },
      realm: (name) => this.#realms.get(name),
      began: (session) => {
        this.#sessions.set(session.id, session);
      },
      ended: (session) => {
        this.#sessions.delete(session.id);
        this.#dropped += session.dropped;
      },
    };
  }

  /**
   * A transport to this router inside the process; every use of it is a new link.
   *
   * @param options `serializer`: what the messages are encoded with on their way, JSON by default; `maxMessageBytes`: 16 MiB by default.
   * @returns The transport. Once the router is closed, a use of it is answered with ABORT `wamp.close.system_shutdown`.
   * @throws {ConnectionError} The router is closed.
   * @throws {TypeError} An option is wrong.
   */
  transport(options: MemoryOptions = {}): Transport {
    this.#refuseIfClosed();
    checkTransportOptions(options);
    return (sink) => {
      const [near, far] = memoryPair(options);
      this.#serve(far);
      return near(sink);
    };
  }

  /**
   * Listens for WebSocket connections. Needs the package `ws`.
   *
   * @returns The server, once it listens.
   * @throws {ConnectionError} The port is taken, this process may not have it, or the router is closed.
   * @throws {TypeError} An option is wrong, or this is not Node.
   */
  async listen(options: ListenOptions = {}): Promise<RouterServer> {
    this.#refuseIfClosed();
    const { listen } = await import('./listen.ts');
    const server = await listen(
      options,
      (transport) => this.#serve(transport),
      (closed) => this.#servers.delete(closed),
    );
    // It may have been closed meanwhile, and `close` ends only the servers that it finds.
    if (!this.#isOpen) await server.kill();
    this.#refuseIfClosed();
    this.#servers.add(server);
    return server;
  }

  /**
   * Serves one connection of whatever kind: opens the transport and waits for its HELLO.
   *
   * @throws {ConnectionError} The router is closed.
   */
  accept(transport: Transport): RouterLink {
    this.#refuseIfClosed();
    return this.#serve(transport);
  }

  /** The ids of the sessions in a realm, oldest first. */
  sessions(realm: Uri): readonly Id[] {
    return [...this.#realm(realm).members.keys()];
  }

  /** The topics of a realm that have subscribers: the exact ones, then the prefixes, then the wildcards. */
  subscriptions(realm: Uri): readonly Holding[] {
    return this.#realm(realm).broker.list();
  }

  /** The procedures of a realm that have callees: the exact ones, then the prefixes, then the wildcards. */
  registrations(realm: Uri): readonly Holding[] {
    return this.#realm(realm).dealer.list();
  }

  /** What one realm holds, or all of them. */
  counts(realm?: Uri): RouterCounts {
    const realms = realm === undefined ? [...this.#realms.values()] : [this.#realm(realm)];
    const sum = (count: (each: Realm) => number): number => realms.reduce((total, each) => total + count(each), 0);
    const sessions = [...this.#sessions.values()].filter((session) => realm === undefined || session.realm === realm);
    return {
      sessions: sum(({ members }) => members.size),
      subscriptions: sum(({ broker }) => broker.subscriptions),
      registrations: sum(({ dealer }) => dealer.registrations),
      invocations: sum(({ dealer }) => dealer.pending),
      retained: sum(({ broker }) => broker.retained),
      dropped: sessions.reduce((total, { dropped }) => total + dropped, realm === undefined ? this.#dropped : 0),
    };
  }

  /** One session's link, by its id: to say GOODBYE to it, or to cut it. */
  link(session: Id): RouterLink | undefined {
    return this.#sessions.get(session);
  }

  /**
   * Ends one session's subscription from this side; a client that announced `subscription_revocation` is told.
   *
   * @returns Whether there was one.
   */
  revokeSubscription(realm: Uri, session: Id, topic: Uri, options: RevokeOptions = {}): boolean {
    const { match = 'exact', reason = 'wamp.error.no_such_subscription' } = options;
    return this.#realm(realm).broker.revoke(session, topic, match, reason);
  }

  /**
   * Ends one session's registration from this side; a client that announced `registration_revocation` is told.
   *
   * @returns Whether there was one.
   */
  revokeRegistration(realm: Uri, session: Id, procedure: Uri, options: RevokeOptions = {}): boolean {
    const { match = 'exact', reason = 'wamp.error.no_such_registration' } = options;
    return this.#realm(realm).dealer.revoke(session, procedure, match, reason);
  }

  /** Says GOODBYE to every session and ends every server; who comes later is refused. Idempotent. */
  async close(): Promise<void> {
    this.#isOpen = false;
    const servers = [...this.#servers].map((server) => server.close());
    const sessions = [...this.#sessions.values()].map((session) => session.goodbye('wamp.close.system_shutdown', 'the router is closing'));
    await Promise.all([...servers, ...sessions]);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** Nothing is thrown into a server or a client's attempt to connect: once the router is closed, the session answers with ABORT. */
  #serve(transport: Transport): RouterLink {
    return new RouterSession(this.#host, transport);
  }

  #refuseIfClosed(): void {
    if (!this.#isOpen) throw new ConnectionError(CLOSED);
  }

  #add({ name, auth = { anonymous: true }, meta = true }: RealmOptions): void {
    this.#realms.set(name, new Realm(name, loginsOf(auth), meta));
  }

  #realm(name: Uri): Realm {
    const realm = this.#realms.get(name);
    if (realm === undefined) throw new TypeError(`this router has no realm "${name}"`);
    return realm;
  }
}

export interface RevokeOptions {
  /** Default: exact. */
  readonly match?: Match;
  /** The URI that the client is told. Default: `wamp.error.no_such_subscription`, or `…_registration`. */
  readonly reason?: Uri;
}
