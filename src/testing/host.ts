// The router of one kit: embedded, killed and started again at the same place; or one that runs already, by its URL.
// Knows no client, no wait and no recording.
import { ConnectionError } from '../protocol/errors.ts';
import type { Uri } from '../protocol/messages.ts';
import type { Transport } from '../protocol/sink.ts';
import { Router, type RouterServer } from '../router/index.ts';
import { webSocket } from '../transports/websocket.ts';
import type { TestingOptions } from './options.ts';

export class Host {
  readonly #options: TestingOptions;
  readonly #realm: Uri;
  readonly #passed: () => void;
  #router: Router | undefined;
  #server: RouterServer | undefined;
  #port = 0;

  /** @param passed Told whenever a message passes the embedded router. */
  constructor(options: TestingOptions, realm: Uri, passed: () => void) {
    this.#options = options;
    this.#realm = realm;
    this.#passed = passed;
  }

  /** Whether there is a router at the moment, as far as it is known here. */
  get isUp(): boolean {
    return this.#router !== undefined || this.#options.url !== undefined;
  }

  /** @throws {TypeError} There is none at the moment, or it is another's. */
  get router(): Router {
    if (this.#router !== undefined) return this.#router;
    if (this.#options.url !== undefined) throw new TypeError(`the router is the one at ${this.#options.url}: nothing is embedded`);
    throw new TypeError('the router is down: await kit.restart() first');
  }

  /** @throws {TypeError} Its links are in memory. */
  get url(): string {
    if (this.#options.url !== undefined) return this.#options.url;
    if (this.#port === 0) throw new TypeError('a router in memory has no URL: ask for one by testing({ websocket: true })');
    return `ws://127.0.0.1:${String(this.#port)}/ws`;
  }

  /**
   * A link to the router of this moment.
   * @throws {ConnectionError} The embedded one is down.
   */
  transport({ serializers, socket, maxMessageBytes }: NonNullable<TestingOptions['client']>): Transport {
    const limits = maxMessageBytes === undefined ? {} : { maxMessageBytes };
    if (this.#options.url !== undefined || this.#options.websocket === true)
      return webSocket({ ...socket, ...limits, ...(serializers && { serializers }), url: this.url });
    if (this.#router === undefined) throw new ConnectionError('the router of the kit is down');
    const serializer = serializers?.[0];
    return this.#router.transport({ ...limits, ...(serializer && { serializer }) });
  }

  /** @param cut Cuts the links of the kit, once nobody comes in any more. */
  async kill(cut: () => void): Promise<void> {
    const router = this.router;
    this.#router = undefined;
    await this.#server?.kill();
    cut();
    // Those of clients that came by `router.transport()`.
    for (const id of router.sessions(this.#realm)) router.link(id)?.unsubscribe();
    await router.close();
  }

  async stop(): Promise<void> {
    const router = this.router;
    this.#router = undefined;
    await router.close();
  }

  async restart(): Promise<void> {
    if (this.isUp) await this.stop();
    const { router: options = {}, websocket = false } = this.#options;
    const router = new Router({
      realms: [this.#realm],
      ...options,
      intercept: (direction, message, session) => {
        const seen = options.intercept ? options.intercept(direction, message, session) : message;
        this.#passed();
        return seen;
      },
    });
    if (websocket) {
      this.#server = await router.listen({ port: this.#port });
      this.#port = this.#server.port;
    }
    this.#router = router;
  }

  /** Ends what is embedded and runs. */
  async close(): Promise<void> {
    await this.#router?.close();
  }
}
