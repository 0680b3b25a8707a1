// The router's WebSocket server: who may come in (path, origin, subprotocol), and each socket as a Transport.
// Knows no session and no message; the only file of the router that knows `ws`, which it loads when it listens.
// Source: WAMP basic profile, "WebSocket Transport"; RFC 6455, section 10.2 on origins.
import type { IncomingMessage, Server as HttpServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { RawData, WebSocket, WebSocketServer } from 'ws';
import { ConnectionError } from '../protocol/errors.ts';
import type { List, Uri } from '../protocol/messages.ts';
import { Garbled } from '../protocol/sink.ts';
import type { Cancel, Channel, Sink, Transport } from '../protocol/sink.ts';
import { json } from '../serializers/json.ts';
import type { Frame, Serializer } from '../serializers/serializer.ts';
import { DEFAULT_MAX_MESSAGE_BYTES, exceeds, tooLarge } from '../transports/frames.ts';
import { after } from './clock.ts';
import { nothing } from './operations.ts';
import { checkListenOptions } from './options.ts';

export interface ListenOptions {
  /** 0 for any free one. Default: 8080. */
  readonly port?: number;
  /** The address to listen at. Default: 127.0.0.1, which nobody reaches from outside. */
  readonly host?: string;
  /** The only path that is answered, like `/ws`. Default: every path. */
  readonly path?: string;
  /**
   * The web origins whose pages may connect, like `https://example.com`. Default: pages of localhost, 127.0.0.1 and [::1], whatever
   * their port. Clients that send no Origin, as Node's do, may always connect.
   */
  readonly origins?: readonly string[];
  /** What the router speaks; of a client's offers the first of these is taken. Default: JSON and MessagePack. */
  readonly serializers?: readonly Serializer[];
  /** The largest message in bytes, both ways. Default: 16 MiB. */
  readonly maxMessageBytes?: number;
}

/** A router's server. */
export interface RouterServer extends AsyncDisposable {
  /** Where clients connect, like `ws://127.0.0.1:8080/`. */
  readonly url: string;
  readonly port: number;
  /** Says GOODBYE `wamp.close.system_shutdown` to its sessions, waits for their echoes or the limit, and resolves when the port is free. */
  close(): Promise<void>;
  /** Cuts every connection without a word, as a crash does; resolves when the port is free. */
  kill(): Promise<void>;
}

interface Link extends Cancel {
  goodbye(reason: Uri, message: string): Promise<void>;
}

// No browser sends ws:, but the Python library wampy does.
const LOOPBACK = /^(?:http|ws)s?:\/\/(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?$/i;
const CLOSE_TIMEOUT_MS = 1_000;

/**
 * Listens, and gives each connection to `accept`.
 *
 * @throws {ConnectionError} The server cannot listen there; the message says why.
 * @throws {TypeError} An option is wrong, or this is not Node.
 */
export async function listen(
  options: ListenOptions,
  accept: (transport: Transport) => Link,
  ended: (server: RouterServer) => void,
): Promise<RouterServer> {
  checkListenOptions(options);
  const { port = 8080, host = '127.0.0.1', maxMessageBytes = DEFAULT_MAX_MESSAGE_BYTES } = options;
  if (typeof process === 'undefined') throw new TypeError('listen needs Node; in a page clients connect by router.transport()');
  const serializers = options.serializers ?? [json(), (await import('../serializers/msgpack.ts')).msgpack()];
  const ws = await import('ws');
  // Not an import: a bundle for a browser, where a router serves links in memory, has no such module.
  const http = process.getBuiltinModule('node:http').createServer((_request, response) => {
    response.writeHead(426, { connection: 'close' }).end('This is a WAMP router: connect by WebSocket.');
  });
  const sockets = new ws.WebSocketServer({
    server: http,
    perMessageDeflate: false,
    maxPayload: maxMessageBytes,
    handleProtocols: (offers) => choose([...offers], serializers)?.protocol ?? false,
    verifyClient: ({ origin, req }: { origin: string | undefined; req: IncomingMessage }, answer) => {
      const refusal = refuse(origin, req, serializers, options);
      if (refusal) answer(false, ...refusal);
      else answer(true);
    },
  });
  // It repeats the errors of the HTTP server, and one that nobody hears would end the process.
  sockets.on('error', nothing);
  const links = new Set<Link>();
  sockets.on('connection', (socket, request) => {
    const serializer = serializers.find(({ protocol }) => protocol === socket.protocol);
    if (!serializer) return;
    const link = accept(socketTransport(socket, request.socket, serializer, maxMessageBytes));
    links.add(link);
    socket.once('close', () => links.delete(link));
  });
  await listening(http, host, port);
  return new Server(http, sockets, links, host, options.path ?? '/', ended);
}

class Server implements RouterServer {
  readonly url: string;
  readonly port: number;
  readonly #http: HttpServer;
  readonly #sockets: WebSocketServer;
  readonly #links: ReadonlySet<Link>;
  readonly #ended: (server: RouterServer) => void;
  #closed: Promise<void> | undefined;

  constructor(
    http: HttpServer,
    sockets: WebSocketServer,
    links: ReadonlySet<Link>,
    host: string,
    path: string,
    ended: (server: RouterServer) => void,
  ) {
    this.#http = http;
    this.#sockets = sockets;
    this.#links = links;
    this.#ended = ended;
    this.port = (http.address() as AddressInfo).port;
    this.url = `ws://${host.includes(':') ? `[${host}]` : host}:${String(this.port)}${path}`;
  }

  async close(): Promise<void> {
    const closed = this.#stop();
    await Promise.all([...this.#links].map((link) => link.goodbye('wamp.close.system_shutdown', 'the router is closing')));
    this.#http.closeAllConnections();
    await closed;
  }

  async kill(): Promise<void> {
    const closed = this.#stop();
    for (const socket of this.#sockets.clients) socket.terminate();
    this.#http.closeAllConnections();
    await closed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #stop(): Promise<void> {
    this.#closed ??= new Promise((resolve) => {
      this.#http.close(() => {
        this.#ended(this);
        resolve();
      });
      // Upgrades that are under way are answered 503 from here on.
      this.#sockets.close();
    });
    return this.#closed;
  }
}

function listening(http: HttpServer, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    http.listen(port, host, () => {
      // What a listening server reports later concerns one connection, which then ends by itself.
      http.removeListener('error', failed);
      resolve();
    });
    http.once('error', failed);
    function failed(cause: NodeJS.ErrnoException): void {
      const why = {
        EADDRINUSE: `port ${String(port)} of ${host} is taken: stop what listens there, or choose another port (0 takes any free one)`,
        EACCES: `this process may not listen at port ${String(port)} of ${host}: choose a port above 1023`,
        EADDRNOTAVAIL: `${host} is no address of this machine`,
      }[cause.code ?? ''];
      reject(new ConnectionError(why ?? `cannot listen at port ${String(port)} of ${host}: ${cause.message}`, { cause }));
    }
  });
}

/** The HTTP status and the sentence that answer an upgrade which is not wanted. */
function refuse(
  origin: string | undefined,
  request: IncomingMessage,
  serializers: readonly Serializer[],
  { path, origins }: ListenOptions,
): readonly [status: number, sentence: string] | undefined {
  if (path !== undefined && request.url?.split('?')[0] !== path) return [404, `This router answers at ${path} only.`];
  if (origin !== undefined && !(origins ? origins.includes(origin) : LOOPBACK.test(origin))) {
    return [403, `Pages of ${origin} may not connect: the router's option origins does not list it.`];
  }
  const offers = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((offer) => offer.trim());
  if (choose(offers, serializers)) return undefined;
  const spoken = serializers.map(({ protocol }) => protocol).join(', ');
  return [400, `This router speaks ${spoken}; the client must offer one of them as its WebSocket subprotocol.`];
}

function choose(offers: readonly string[], serializers: readonly Serializer[]): Serializer | undefined {
  for (const offer of offers) {
    const found = serializers.find(({ protocol }) => protocol === offer);
    if (found) return found;
  }
  return undefined;
}

/** An accepted socket as a transport, for one use. */
function socketTransport(socket: WebSocket, net: Corkable, serializer: Serializer, maxMessageBytes: number): Transport {
  return (sink) => new SocketLink(socket, net, serializer, maxMessageBytes, sink);
}

/** Bun's sockets below a WebSocket have neither. */
type Corkable = Partial<Pick<Socket, 'cork' | 'uncork'>>;

class SocketLink implements Cancel, Channel {
  readonly #socket: WebSocket;
  readonly #net: Corkable;
  readonly #serializer: Serializer;
  readonly #maxMessageBytes: number;
  #sink: Sink<List | Garbled, Channel> | undefined;
  #corked = false;

  constructor(socket: WebSocket, net: Corkable, serializer: Serializer, maxMessageBytes: number, sink: Sink<List | Garbled, Channel>) {
    this.#socket = socket;
    this.#net = net;
    this.#serializer = serializer;
    this.#maxMessageBytes = maxMessageBytes;
    this.#sink = sink;
    socket.on('message', (data, isBinary) => {
      this.#receive(data, isBinary);
    });
    socket.once('error', (cause) => {
      this.#fail(new ConnectionError(`the link to the client failed: ${cause.message}`, { cause }));
      socket.on('error', nothing);
    });
    socket.once('close', (code, reason) => {
      this.#fail(new ConnectionError(`the client ended the link with code ${String(code)}`, { code, reason: reason.toString() }));
    });
    sink.open?.(this);
  }

  get protocol(): string {
    return this.#serializer.protocol;
  }

  get bufferedAmount(): number {
    return this.#socket.bufferedAmount;
  }

  send(message: List): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    const frame = this.#serializer.encode(message);
    if (exceeds(frame, this.#maxMessageBytes)) throw tooLarge(frame, this.#maxMessageBytes);
    if (!this.#corked) {
      this.#corked = true;
      this.#net.cork?.();
      process.nextTick(() => {
        this.#corked = false;
        this.#net.uncork?.();
      });
    }
    this.#socket.send(frame);
  }

  unsubscribe(): void {
    this.#sink = undefined;
    if (this.#socket.readyState === this.#socket.CLOSED) return;
    this.#socket.close(1000);
    const stop = after(CLOSE_TIMEOUT_MS, () => {
      this.#socket.terminate();
    });
    this.#socket.once('close', stop);
  }

  #receive(data: RawData, isBinary: boolean): void {
    const bytes = data as Buffer;
    const frame: Frame = isBinary ? new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength) : bytes.toString('utf8');
    try {
      this.#serializer.decode(frame, (message) => this.#sink?.next(message));
    } catch (cause) {
      this.#sink?.next(new Garbled(cause, this.#serializer.head?.(frame)));
    }
  }

  #fail(error: ConnectionError): void {
    const sink = this.#sink;
    this.#sink = undefined;
    sink?.error(error);
  }
}
