// A router and clients for one test, and everything that the test has started ended behind it.
// Knows no test runner: what it gives are promises and plain data.
import { type Observable, Subscription } from 'rxjs';
import { Client } from '../client/client.ts';
import type { ClientOptions } from '../client/options.ts';
import type { Session } from '../client/session.ts';
import { ConnectionError } from '../protocol/errors.ts';
import type { Id, Uri } from '../protocol/messages.ts';
import type { Transport } from '../protocol/sink.ts';
import type { Match } from '../protocol/uris.ts';
import { type Holding, Router, type RouterOptions, type RouterServer } from '../router/index.ts';
import { webSocket } from '../transports/websocket.ts';
import { type Census, embeddedCensus, type Kind, metaCensus } from './census.ts';
import { type Line, Lines } from './lines.ts';
import { checkTestingOptions } from './options.ts';
import { Recording } from './recording.ts';
import { LIMIT_MS, type LimitOptions, Waiters } from './waiters.ts';

export interface TestingOptions<Count extends number = number> {
  /** The realm of the router and of the clients. Default: `realm1`. */
  readonly realm?: Uri;
  /** How many clients are made at once, as `kit.clients`. Default: 1. */
  readonly clients?: Count;
  /** `true` for a real WebSocket on loopback, at a free port; Node only. Default: false, links in this process through real encoding. */
  readonly websocket?: boolean;
  /** A router that runs already, like that of `crossbar()`; then none is embedded, and what waits asks its meta procedures. Default: none. */
  readonly url?: string;
  /** For every client of the kit. Default: those of `Client`, but 20 ms between attempts. */
  readonly client?: Omit<ClientOptions, 'url' | 'realm' | 'transport'>;
  /** For the embedded router: more realms, `intercept`, limits. Default: those of `Router`, with the realm alone. */
  readonly router?: Partial<RouterOptions>;
  /** How long each wait may take; in milliseconds. Default: 2,000. */
  readonly limitMs?: number;
  /** `false` keeps secrets in the recordings. Default: true. */
  readonly mask?: boolean;
}

export interface HoldingOptions extends LimitOptions {
  /** How the URI matches. Default: however. */
  readonly match?: Match;
  /** How many sessions share it. Default: 1. */
  readonly count?: number;
}

/** A service: whatever can be started and stopped, like a `Peer`. */
export interface Startable {
  start(): unknown;
  stop(): unknown;
}

/** As many clients as asked for, so that `const [alice, bob] = kit.clients` needs no check. */
export type Clients<Count extends number, List extends readonly Client[] = readonly []> = number extends Count
  ? readonly Client[]
  : List['length'] extends Count
    ? List
    : Clients<Count, readonly [...List, Client]>;

/**
 * Starts a router, and makes clients for it.
 *
 * @returns The kit, once the router runs. Leave it by `await using`, or by `close()` behind the test.
 * @throws {TypeError} An option is wrong.
 * @throws {ConnectionError} No port can be listened at.
 * @example
 * await using kit = await testing({ clients: 2 });
 * const [alice, bob] = kit.clients;
 * alice.register('com.example.double', map(({ value }) => 2 * value)).subscribe();
 * await kit.registered('com.example.double');
 * await firstValueFrom(bob.call('com.example.double', [4]));
 */
export async function testing<const Count extends number = 1>(options: TestingOptions<Count> = {}): Promise<Kit<Clients<Count>>> {
  checkTestingOptions(options);
  const kit = new Kit<Clients<Count>>(options);
  if (options.url === undefined) await kit.restart();
  return kit;
}

/** A router, its clients and what the test does to them; made by `testing`. */
export class Kit<Made extends readonly Client[] = readonly Client[]> implements AsyncDisposable {
  /** Made at once, connected when they are first subscribed to. */
  readonly clients: Made;
  readonly realm: Uri;
  /** The messages of all links of this kit. */
  readonly recording: Recording;
  readonly #options: TestingOptions;
  readonly #lines = new Lines();
  readonly #waiters: Waiters;
  readonly #census: Census;
  readonly #recordings = new Map<Client, Recording>();
  readonly #made: Client[] = [];
  readonly #services: Startable[] = [];
  readonly #held = new Subscription();
  #router: Router | undefined;
  #server: RouterServer | undefined;
  #port = 0;
  #closed: Promise<void> | undefined;

  /** @internal */
  constructor(options: TestingOptions) {
    const { realm = 'realm1', clients = 1, mask = true } = options;
    this.#options = options;
    this.realm = realm;
    this.recording = new Recording({ mask });
    this.clients = Array.from({ length: clients }, () => this.client()) as unknown as Made;
    if (options.url === undefined) {
      this.#waiters = new Waiters();
      this.#census = embeddedCensus(() => this.router, realm);
    } else {
      this.#waiters = new Waiters(25);
      const observer = new Client({ ...options.client, realm, url: options.url, logger: false });
      this.#made.push(observer);
      this.#census = metaCensus(observer);
    }
  }

  /**
   * The embedded router, another one after each `restart`.
   * @throws {TypeError} There is none at the moment, or the kit works with the router of another.
   */
  get router(): Router {
    if (this.#router !== undefined) return this.#router;
    if (this.#options.url !== undefined) throw new TypeError(`the router is the one at ${this.#options.url}: nothing is embedded`);
    throw new TypeError('the router is down: await kit.restart() first');
  }

  /**
   * Where clients of other makers, or of other processes, connect. It stays the same across `restart`.
   * @throws {TypeError} The links of this kit are in memory.
   */
  get url(): string {
    if (this.#options.url !== undefined) return this.#options.url;
    if (this.#port === 0) throw new TypeError('a router in memory has no URL: ask for one by testing({ websocket: true })');
    return `ws://127.0.0.1:${String(this.#port)}/ws`;
  }

  /** What a client, or a `Peer`, of the test's own needs to reach this router; such a one is to be closed by the test, or given to `use`. */
  get options(): ClientOptions {
    return this.#optionsWith(this.recording);
  }

  /** One more client. It is closed with the kit. */
  client(options: Omit<ClientOptions, 'url' | 'transport'> = {}): Client {
    const recording = new Recording({ mask: this.#options.mask ?? true }, this.recording);
    const client = new Client({ ...this.#optionsWith(recording), ...options });
    this.#recordings.set(client, recording);
    this.#made.push(client);
    return client;
  }

  /**
   * The messages of one client of this kit, of all its sessions.
   * @throws {TypeError} It is none of this kit's.
   */
  recordingOf(client: Client): Recording {
    const recording = this.#recordings.get(client);
    if (recording === undefined) throw new TypeError('this client was not made by the kit: look into kit.recording');
    return recording;
  }

  /**
   * Starts a service, such as a `Peer`: one that was made with `kit.options`, or its class, which is then made with them.
   *
   * @returns The service, started. It is stopped with the kit, the last one first.
   * @throws Whatever its `start` rejects with.
   */
  async use<Service extends Startable>(service: Service | (new (options: ClientOptions) => Service)): Promise<Service> {
    const started = typeof service === 'function' ? new service(this.options) : service;
    this.#services.push(started);
    await started.start();
    return started;
  }

  /**
   * Waits until somebody has registered a procedure.
   *
   * @throws {WampError} `wamp.error.timeout`: nobody did in time; the sentence says what is registered instead.
   */
  registered(procedure: Uri, options: HoldingOptions = {}): Promise<Holding> {
    return this.#holding('registration', procedure, options);
  }

  /**
   * Waits until somebody has subscribed to a topic.
   *
   * @throws {WampError} `wamp.error.timeout`: nobody did in time; the sentence says what is subscribed to instead.
   */
  subscribed(topic: Uri, options: HoldingOptions = {}): Promise<Holding> {
    return this.#holding('subscription', topic, options);
  }

  /**
   * Waits until so many sessions are in the realm.
   *
   * @returns Their ids, oldest first.
   * @throws {WampError} `wamp.error.timeout`: fewer came in time.
   */
  sessions(count = 1, options: LimitOptions = {}): Promise<readonly Id[]> {
    const there = async (): Promise<readonly Id[]> => this.#census.sessions();
    return this.#waiters.until(
      async () => {
        const ids = await there();
        return ids.length >= count ? ids : undefined;
      },
      async () => `${String((await there()).length)} of ${String(count)} sessions are in realm ${this.realm}`,
      options.limitMs ?? this.#options.limitMs,
    );
  }

  /**
   * Connects a client and waits for its session, which is held until the kit is closed.
   *
   * @param client Default: the first of the kit.
   * @throws {WampError} `wamp.error.timeout`: there is none in time; the sentence says what the client is doing.
   * @throws {WampError} The client gave up: its reason.
   */
  async session(client: Client = this.#first(), options: LimitOptions = {}): Promise<Session> {
    const found = latest(client.sessions, this.#held, () => this.#waiters.look());
    const status = latest(client.status, this.#held);
    return this.#waiters.until(
      () => {
        if ('error' in found) throw found.error;
        return found.value;
      },
      () => {
        const now = status.value;
        const why = now?.state === 'waiting' ? `, because ${now.reason.message}` : '';
        return `the client has no session, it is ${now?.state ?? 'closed'}${why}`;
      },
      options.limitMs ?? this.#options.limitMs,
    );
  }

  /**
   * Cuts the links of one client, or all of them: both sides learn of it, and the clients come back.
   *
   * @returns Resolves when the router has forgotten their sessions.
   */
  cut(client?: Client): Promise<void> {
    return this.#end(this.#linesOf(client));
  }

  /** The links of one client, or all that are open, go silent in both directions: neither side learns of it, until `heal`. */
  stall(client?: Client): void {
    for (const line of this.#linesOf(client)) line.stall();
  }

  /** From now on, everything that the router says arrives so much later, in order; in milliseconds. */
  delay(milliseconds: number): void {
    this.#lines.delayMs = milliseconds;
  }

  /**
   * Ends the delay, and the links that were stalled, as `cut` does.
   *
   * @returns Resolves when the router has forgotten their sessions.
   */
  heal(): Promise<void> {
    this.#lines.delayMs = 0;
    return this.#end(this.#lines.of().filter(({ isStalled }) => isStalled));
  }

  /** The crash: all links are cut without a word and all state is lost; until `restart` nobody comes in. */
  async kill(): Promise<void> {
    const router = this.router;
    this.#router = undefined;
    await this.#server?.kill();
    for (const line of this.#lines.of()) line.cut();
    // Those of clients that came by `router.transport()`.
    for (const id of router.sessions(this.realm)) router.link(id)?.unsubscribe();
    await router.close();
  }

  /** Ends in order: GOODBYE to every session; until `restart` nobody comes in. */
  async stop(): Promise<void> {
    const router = this.router;
    this.#router = undefined;
    await router.close();
  }

  /** Starts the router again at the same URL, after `stop` if it runs. */
  async restart(): Promise<void> {
    if (this.#router !== undefined || this.#options.url !== undefined) await this.stop();
    const { router: options = {}, websocket = false } = this.#options;
    const router = new Router({
      realms: [this.realm],
      ...options,
      intercept: (direction, message, session) => {
        const seen = options.intercept ? options.intercept(direction, message, session) : message;
        this.#waiters.look();
        return seen;
      },
    });
    if (websocket) {
      this.#server = await router.listen({ port: this.#port });
      this.#port = this.#server.port;
    }
    this.#router = router;
  }

  /**
   * Stops the services, closes the clients and the router. Idempotent.
   *
   * @throws What a service rejected with, once everything else has ended.
   */
  close(): Promise<void> {
    return (this.#closed ??= this.#dismantle());
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #dismantle(): Promise<void> {
    this.#waiters.end('the kit was closed meanwhile');
    await this.heal();
    const failures: unknown[] = [];
    for (const service of this.#services.reverse()) {
      try {
        await service.stop();
      } catch (error) {
        failures.push(error);
      }
    }
    this.#held.unsubscribe();
    await Promise.all(this.#made.map((client) => client.close()));
    await this.#router?.close();
    if (failures.length > 0) throw failures[0];
  }

  async #end(lines: readonly Line[]): Promise<void> {
    const ended = lines.flatMap(({ session }) => session ?? []);
    for (const line of lines) line.cut();
    if (ended.length === 0 || !this.#isUp) return;
    await new Waiters(5).until(
      async () => {
        const there = await this.#census.sessions();
        return ended.some((id) => there.includes(id)) ? undefined : true;
      },
      () => `the router still has the sessions ${ended.join(', ')}, whose links were cut`,
      this.#options.limitMs,
    );
  }

  get #isUp(): boolean {
    return this.#router !== undefined || this.#options.url !== undefined;
  }

  #first(): Client {
    const [client] = this.clients as readonly Client[];
    if (client === undefined) throw new TypeError('this kit has no clients: name one, as in kit.session(client)');
    return client;
  }

  #optionsWith(recording: Recording): ClientOptions {
    const { client = {} } = this.#options;
    return {
      retryDelayMs: () => 20,
      ...client,
      realm: this.realm,
      transport: this.#lines.transport(() => recording.around(this.#below(client))),
    };
  }

  /** What is under the links; asked again at every attempt. */
  #below({ serializers, socket, maxMessageBytes }: NonNullable<TestingOptions['client']>): Transport {
    const limits = maxMessageBytes === undefined ? {} : { maxMessageBytes };
    if (this.#options.url !== undefined || this.#options.websocket === true)
      return webSocket({ ...socket, ...limits, ...(serializers && { serializers }), url: this.url });
    if (this.#router === undefined) throw new ConnectionError('the router of the kit is down');
    const serializer = serializers?.[0];
    return this.#router.transport({ ...limits, ...(serializer && { serializer }) });
  }

  #linesOf(client: Client | undefined): readonly Line[] {
    if (client === undefined) return this.#lines.of();
    const { session } = client.inspect();
    return session === undefined ? [] : this.#lines.of(session);
  }

  #holding(kind: Kind, uri: Uri, { match, count = 1, limitMs }: HoldingOptions): Promise<Holding> {
    const verb = kind === 'registration' ? 'registered' : 'subscribed to';
    return this.#waiters.until(
      async () => {
        const all = await this.#census.holdings(kind);
        return all.find((each) => each.uri === uri && (match === undefined || each.match === match) && each.sessions.length >= count);
      },
      async () => {
        const all = await this.#census.holdings(kind);
        const there = all.map((each) => `${each.uri} (${each.match}, ${String(each.sessions.length)})`).slice(0, 10);
        const who = count === 1 ? 'nobody has' : `fewer than ${String(count)} sessions have`;
        const how = match === undefined ? '' : ` with match ${match}`;
        return `${who} ${verb} ${uri}${how}; in realm ${this.realm} ${there.length === 0 ? 'nothing' : there.join(', ')} is ${verb}`;
      },
      limitMs ?? this.#options.limitMs ?? LIMIT_MS,
    );
  }
}

/** The latest value of a stream, or its error, for as long as it is held. */
function latest<T>(stream: Observable<T>, held: Subscription, changed: () => void = (): void => undefined): { value?: T; error?: unknown } {
  const found: { value?: T; error?: unknown } = {};
  held.add(
    stream.subscribe({
      next: (value) => {
        found.value = value;
        changed();
      },
      error: (error: unknown) => {
        found.error = error;
        changed();
      },
    }),
  );
  return found;
}
