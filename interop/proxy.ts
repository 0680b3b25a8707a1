// A TCP proxy on loopback that hurts the links through it: cuts them, stalls them, tears a frame in two, holds one side open.
// Knows nothing of WebSocket or WAMP, so a router cannot tell it from a bad network.
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** One connection through the proxy. */
export interface ProxyLink {
  readonly isOpen: boolean;
  /** Whether nothing has been done to it. */
  readonly isWhole: boolean;
  /** Nothing passes any more, and neither side learns that the other has gone. */
  stall(): void;
  /** Resets both sides. */
  cut(): void;
  /** Passes on half of the next chunk from either side, then ends both. */
  tear(): void;
  /** Resets the client's side; the router keeps its side, in silence, until `cut`. */
  halve(): void;
}

export interface Proxy {
  /** The links that are open, oldest first. */
  readonly links: readonly ProxyLink[];
  /** A router's URL, by way of the proxy. */
  url(direct: string): string;
  close(): Promise<void>;
}

class Link implements ProxyLink {
  readonly #near: Socket;
  readonly #far: Socket;
  readonly #over: () => void;
  #stalled = false;
  #torn = false;
  isOpen = true;

  get isWhole(): boolean {
    return !this.#stalled && !this.#torn;
  }

  constructor(near: Socket, far: Socket, over: () => void) {
    this.#near = near;
    this.#far = far;
    this.#over = over;
    this.#pass(near, far);
    this.#pass(far, near);
  }

  stall(): void {
    this.#stalled = true;
    this.#near.pause();
    this.#far.pause();
  }

  cut(): void {
    this.isOpen = false;
    for (const side of [this.#near, this.#far]) {
      // Node cannot reset what has begun to end: it would keep its handle for ever.
      if (this.#stalled || side.writableEnded) side.destroy();
      else side.resetAndDestroy();
    }
    this.#over();
  }

  tear(): void {
    this.#torn = true;
  }

  halve(): void {
    this.stall();
    this.#near.resetAndDestroy();
  }

  #pass(from: Socket, to: Socket): void {
    from.setNoDelay();
    from.on('data', (chunk: Buffer) => {
      if (this.#torn && chunk.length > 1) {
        this.stall();
        to.write(chunk.subarray(0, chunk.length >> 1), () => this.#end());
      } else if (!to.write(chunk)) {
        from.pause();
        to.once('drain', () => {
          if (!this.#stalled) from.resume();
        });
      }
    });
    from.on('error', () => this.#ended());
    from.on('close', () => this.#ended());
  }

  #ended(): void {
    if (!this.#stalled) this.#end();
  }

  #end(): void {
    this.isOpen = false;
    this.#near.destroy();
    this.#far.destroy();
    this.#over();
  }
}

/** Listens at a free port, and passes everything on to the port of a router. */
export async function startProxy(router: string): Promise<Proxy> {
  const target = Number(new URL(router).port);
  const links: Link[] = [];
  const server = createServer((near) => {
    const far = connect(target, '127.0.0.1');
    const link = new Link(near, far, () => {
      const index = links.indexOf(link);
      if (index >= 0) links.splice(index, 1);
    });
    links.push(link);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    links,
    url: (direct) => direct.replace(/:\d+\//, `:${port}/`),
    close: () => {
      for (const link of [...links]) link.cut();
      return new Promise((resolve) => {
        server.close(() => resolve());
      });
    },
  };
}
