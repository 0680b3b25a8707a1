// What a scenario knows of a router: where it listens, how it dies and returns, and in what it differs from the others.
// Knows no scenario. The embedded router stands here beside the real ones, so that one set of scenarios fits all three.
import { connect } from 'node:net';
import { Router, type RouterServer } from 'rxwamp/router';
import type { Places } from './places.ts';
import { LOGINS, startCrossbar, startNexus, type RealRouter } from './routers.ts';

export const NAMES = ['embedded', 'crossbar', 'nexus'] as const;
export type Name = (typeof NAMES)[number];

export interface Target {
  readonly name: Name;
  /** Realm `realm1`, and `restricted` where `authorizes`. */
  readonly url: string;
  /** Realm `login`, where nobody comes in without one. */
  readonly loginUrl: string;
  /** Realm `realm1`, for clients of other makers, which may draw request ids at random. */
  readonly legacyUrl: string;
  /** Realm `realm1`, messages of at most 4096 bytes; undefined where there is no such limit. */
  readonly smallUrl: string | undefined;
  /** Realm `login` elsewhere; undefined for a router that is not asked to listen there. */
  readonly places: Places | undefined;
  /** The router drops a link whose other side is silent after about this time; in milliseconds, 0 for never. */
  readonly silenceMs: number;
  /** Whether realm `restricted` denies `forbidden.`, and logins are known. */
  readonly authorizes: boolean;
  /** Whether events are retained. */
  readonly retains: boolean;
  /** Whether the dealer announced `call_timeout`. */
  readonly limitsCalls: boolean;
  /** Whether bytes reach a client of the other serializer as bytes. */
  readonly convertsBytes: boolean;
  /**
   * Whether a topic may have exact and pattern subscribers at once. nexus 3.3.0 gives all of them one map of details, writes `topic`
   * into it while it is being encoded for others, and then Go ends the process: "concurrent map iteration and map write".
   */
  readonly mixesMatches: boolean;
  /** Whether it accepts connections. */
  isUp(): Promise<boolean>;
  /** The end of its log. */
  log(): Promise<string>;
  /** The crash: every link is cut without a word, and all state is lost. */
  kill(): Promise<void>;
  /** Starts again at the same URLs; resolves when it accepts connections. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

function accepts(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    socket
      .once('error', () => resolve(false))
      .once('connect', () => {
        resolve(true);
        socket.destroy();
      });
  });
}

const { ticket, wampcra, wampcraSalted } = LOGINS;
const LOGIN = {
  ticket: { [ticket.authid]: ticket.ticket },
  wampcra: {
    [wampcra.authid]: wampcra.secret,
    [wampcraSalted.authid]: { secret: wampcraSalted.secret, salt: 'salt123', iterations: 1000, keylen: 32 },
  },
};
const REALMS = ['realm1', { name: 'login', auth: LOGIN }];

class Embedded implements Target {
  readonly name = 'embedded';
  readonly places = undefined;
  readonly silenceMs = 0;
  readonly authorizes = false;
  readonly retains = true;
  readonly limitsCalls = true;
  readonly convertsBytes = true;
  readonly mixesMatches = true;
  #servers: readonly RouterServer[] | undefined;
  #ports: readonly [all: number, small: number, legacy: number] = [0, 0, 0];

  get url(): string {
    return `ws://127.0.0.1:${this.#ports[0]}/ws`;
  }

  get loginUrl(): string {
    return this.url;
  }

  get legacyUrl(): string {
    return `ws://127.0.0.1:${this.#ports[2]}/ws`;
  }

  get smallUrl(): string {
    return `ws://127.0.0.1:${this.#ports[1]}/ws`;
  }

  isUp(): Promise<boolean> {
    return accepts(this.url);
  }

  log(): Promise<string> {
    return Promise.resolve('');
  }

  async restart(): Promise<void> {
    await this.stop();
    // Strict: whoever draws request ids at random or twice is thrown out.
    const router = new Router({ realms: REALMS, sequentialIds: true });
    const all = await router.listen({ port: this.#ports[0] });
    const small = await router.listen({ port: this.#ports[1], maxMessageBytes: 4096 });
    const legacy = await new Router({ realms: REALMS }).listen({ port: this.#ports[2] });
    this.#servers = [all, small, legacy];
    this.#ports = [all.port, small.port, legacy.port];
  }

  async kill(): Promise<void> {
    const servers = this.#servers ?? [];
    this.#servers = undefined;
    await Promise.all(servers.map((server) => server.kill()));
  }

  async stop(): Promise<void> {
    const servers = this.#servers ?? [];
    this.#servers = undefined;
    await Promise.all(servers.map((server) => server.close()));
  }
}

class Real implements Target {
  readonly authorizes = true;
  readonly #router: RealRouter;

  constructor(router: RealRouter) {
    this.#router = router;
  }

  get name(): Name {
    return this.#router.name;
  }

  get url(): string {
    return this.#router.url;
  }

  get loginUrl(): string {
    return this.#router.loginUrl;
  }

  get legacyUrl(): string {
    return this.#router.url;
  }

  get smallUrl(): string | undefined {
    return this.#router.smallUrl;
  }

  get places(): Places | undefined {
    return this.#router.places;
  }

  get silenceMs(): number {
    return this.#router.silenceMs;
  }

  get retains(): boolean {
    return this.name === 'crossbar';
  }

  get limitsCalls(): boolean {
    return this.name === 'nexus';
  }

  get convertsBytes(): boolean {
    return this.name === 'crossbar';
  }

  get mixesMatches(): boolean {
    return this.name !== 'nexus';
  }

  isUp(): Promise<boolean> {
    return accepts(this.url);
  }

  async log(): Promise<string> {
    return (await this.#router.log()).trimEnd().split('\n').slice(-12).join('\n');
  }

  kill(): Promise<void> {
    return this.#router.kill();
  }

  restart(): Promise<void> {
    return this.#router.restart();
  }

  stop(): Promise<void> {
    return this.#router.stop();
  }
}

/**
 * Starts a router. Their pings are frequent, so that a dead link is noticed within seconds.
 *
 * @throws {Unavailable} It cannot be had on this machine.
 */
export async function start(name: Name): Promise<Target> {
  if (name === 'crossbar') return new Real(await startCrossbar({ pingIntervalMs: 2000, pingTimeoutMs: 2000 }));
  if (name === 'nexus') return new Real(await startNexus({ keepAliveMs: 1500 }));
  const embedded = new Embedded();
  await embedded.restart();
  return embedded;
}
