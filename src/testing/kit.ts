// A router and clients for one test, and everything that the test has started ended behind it.
// Knows no test runner: what it gives are promises and plain data.
import { Client } from '../client/client.ts';
import type { ClientOptions } from '../client/options.ts';
import type { Session } from '../client/session.ts';
import type { Id, Uri } from '../protocol/messages.ts';
import type { Holding, Router } from '../router/index.ts';
import { Arrivals, type HoldingOptions } from './arrivals.ts';
import { type Census, embeddedCensus, metaCensus } from './census.ts';
import { Host } from './host.ts';
import { type Line, Lines } from './lines.ts';
import { checkTestingOptions, type TestingOptions } from './options.ts';
import { Recording } from './recording.ts';
import { type LimitOptions, Waiters } from './waiters.ts';

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
  readonly #host: Host;
  readonly #arrivals: Arrivals;
  readonly #recordings = new Map<Client, Recording>();
  readonly #made: Client[] = [];
  readonly #services: Startable[] = [];
  #closed: Promise<void> | undefined;

  /** @internal */
  constructor(options: TestingOptions) {
    const { realm = 'realm1', clients = 1, mask = true } = options;
    this.#options = options;
    this.realm = realm;
    this.recording = new Recording({ mask });
    this.clients = Array.from({ length: clients }, () => this.client()) as unknown as Made;
    const waiters = new Waiters(options.url === undefined ? undefined : 25);
    this.#host = new Host(options, realm, () => waiters.look());
    this.#arrivals = new Arrivals(realm, this.#censusOf(options), waiters, options.limitMs);
  }

  /**
   * The embedded router, another one after each `restart`.
   * @throws {TypeError} There is none at the moment, or the kit works with the router of another.
   */
  get router(): Router {
    return this.#host.router;
  }

  /**
   * Where clients of other makers, or of other processes, connect. It stays the same across `restart`.
   * @throws {TypeError} The links of this kit are in memory.
   */
  get url(): string {
    return this.#host.url;
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
    return this.#arrivals.holding('registration', procedure, options);
  }

  /**
   * Waits until somebody has subscribed to a topic.
   *
   * @throws {WampError} `wamp.error.timeout`: nobody did in time; the sentence says what is subscribed to instead.
   */
  subscribed(topic: Uri, options: HoldingOptions = {}): Promise<Holding> {
    return this.#arrivals.holding('subscription', topic, options);
  }

  /**
   * Waits until so many sessions are in the realm.
   *
   * @returns Their ids, oldest first.
   * @throws {WampError} `wamp.error.timeout`: fewer came in time.
   */
  sessions(count = 1, options: LimitOptions = {}): Promise<readonly Id[]> {
    return this.#arrivals.sessions(count, options);
  }

  /**
   * Connects a client and waits for its session, which is held until the kit is closed.
   *
   * @param client Default: the first of the kit.
   * @throws {WampError} `wamp.error.timeout`: there is none in time; the sentence says what the client is doing.
   * @throws {WampError} The client gave up: its reason.
   */
  async session(client: Client = this.#first(), options: LimitOptions = {}): Promise<Session> {
    return this.#arrivals.session(client, options);
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
  kill(): Promise<void> {
    return this.#host.kill(() => {
      for (const line of this.#lines.of()) line.cut();
    });
  }

  /** Ends in order: GOODBYE to every session; until `restart` nobody comes in. */
  stop(): Promise<void> {
    return this.#host.stop();
  }

  /** Starts the router again at the same URL, after `stop` if it runs. */
  restart(): Promise<void> {
    return this.#host.restart();
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
    this.#arrivals.end('the kit was closed meanwhile');
    await this.heal();
    const failures: unknown[] = [];
    for (const service of this.#services.reverse()) {
      try {
        await service.stop();
      } catch (error) {
        failures.push(error);
      }
    }
    this.#arrivals.release();
    await Promise.all(this.#made.map((client) => client.close()));
    await this.#host.close();
    if (failures.length > 0) throw failures[0];
  }

  /** Asks the embedded router itself, or another's by a client that is not counted. */
  #censusOf({ url, client }: TestingOptions): Census {
    if (url === undefined) return embeddedCensus(() => this.router, this.realm);
    const observer = new Client({ ...client, realm: this.realm, url, logger: false });
    this.#made.push(observer);
    return metaCensus(observer);
  }

  async #end(lines: readonly Line[]): Promise<void> {
    const ended = lines.flatMap(({ session }) => session ?? []);
    for (const line of lines) line.cut();
    if (this.#host.isUp) await this.#arrivals.gone(ended);
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
      transport: this.#lines.transport(() => recording.around(this.#host.transport(client))),
    };
  }

  #linesOf(client: Client | undefined): readonly Line[] {
    if (client === undefined) return this.#lines.of();
    const { session } = client.inspect();
    return session === undefined ? [] : this.#lines.of(session);
  }
}
