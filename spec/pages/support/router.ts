// A router on a WebSocket whose port stays the same while it dies and comes back; it loses all its state, as a crash does.
import { lastValueFrom } from 'rxjs';
import { Client } from '../../../src/index.ts';
import { type Holding, type ListenOptions, Router, type RouterOptions, type RouterServer } from '../../../src/router/index.ts';

export interface KillableRouterOptions extends Partial<RouterOptions> {
  /** Of `Router.listen`: `origins`, `serializers`. Default: pages of loopback, JSON and MessagePack. */
  readonly listen?: Omit<ListenOptions, 'port' | 'host'>;
}

const REALM = 'realm1';
const routers = new Set<KillableRouter>();

afterAll(async () => {
  await Promise.all([...routers].map((router) => router.close()));
});

/** Starts one, with the realm `realm1` if nothing else is said. It ends with the run, or by `close()`. */
export async function killableRouter(options: KillableRouterOptions = {}): Promise<KillableRouter> {
  const router = new KillableRouter(options);
  await router.restart();
  return router;
}

export class KillableRouter {
  /** All messages of pages since it was made, over its restarts: `[34, …]` for a SUBSCRIBE; what the spec itself sends is not among them. */
  readonly received: (readonly unknown[])[] = [];
  readonly realm: string;
  readonly #options: KillableRouterOptions;
  #port = 0;
  #router: Router | undefined;
  #server: RouterServer | undefined;
  #client: Client | undefined;

  constructor(options: KillableRouterOptions) {
    this.#options = options;
    const [first = REALM] = options.realms ?? [];
    this.realm = typeof first === 'string' ? first : first.name;
    routers.add(this);
  }

  /** `ws://127.0.0.1:<port>/ws`, the same for its whole life. */
  get url(): string {
    return `ws://127.0.0.1:${String(this.#port)}/ws`;
  }

  /** The router that runs now. */
  get router(): Router {
    if (this.#router === undefined) throw new Error('the router is down: await restart() first');
    return this.#router;
  }

  /** A client of the spec, in memory: to register procedures, to subscribe. It is closed by `kill`, and another one made by `restart`. */
  get client(): Client {
    this.#client ??= new Client({ transport: this.router.transport(), realm: this.realm, logger: false });
    return this.#client;
  }

  /** The ids of the sessions of pages. */
  sessions(): readonly number[] {
    return this.router.sessions(this.realm).filter((id) => id !== this.#client?.inspect().session);
  }

  subscriptions(): readonly Holding[] {
    return this.router.subscriptions(this.realm);
  }

  registrations(): readonly Holding[] {
    return this.router.registrations(this.realm);
  }

  /** How many sessions are subscribed to a topic. */
  subscribers(topic: string): number {
    return this.subscriptions().find(({ uri }) => uri === topic)?.sessions.length ?? 0;
  }

  /** Publishes, and resolves when the router has taken it. */
  async publish(topic: string, args: readonly unknown[] = [], kwargs?: Readonly<Record<string, unknown>>): Promise<void> {
    await lastValueFrom(this.client.publish(topic, args, kwargs, { acknowledge: true }));
  }

  /** The crash: cuts every socket without a word and stops listening. Resolves when the port refuses. */
  async kill(): Promise<void> {
    await this.#server?.kill();
    await this.#end();
  }

  /** Ends in order: GOODBYE to every page. */
  async stop(): Promise<void> {
    await this.#server?.close();
    await this.#end();
  }

  /** Listens at its port again, with nothing of before. */
  async restart(): Promise<void> {
    if (this.#router !== undefined) await this.kill();
    const { listen, intercept, ...options } = this.#options;
    const router = new Router({
      realms: [REALM],
      ...options,
      intercept: (direction, message, session) => {
        const given = intercept ? intercept(direction, message, session) : message;
        if (direction === 'in' && session !== this.#client?.inspect().session) this.received.push(message);
        return given;
      },
    });
    this.#server = await router.listen({ ...listen, port: this.#port });
    this.#port = this.#server.port;
    this.#router = router;
  }

  /** Ends for good. */
  async close(): Promise<void> {
    routers.delete(this);
    if (this.#router !== undefined) await this.kill();
  }

  async #end(): Promise<void> {
    const [router, client] = [this.#router, this.#client];
    this.#router = this.#server = this.#client = undefined;
    await client?.close();
    await router?.close();
  }
}
