// The WebSocket transport: chooses the serializer by the subprotocol, turns frames into messages and back, keeps the limits.
// Knows no platform: `#ws` opens the sockets, a class of the user's own replaces it.
// Source: WAMP basic profile, "WebSocket Transport"; RFC 6455.
import { socketOpener } from '#ws';
import { type ConnectionError, ProtocolError } from '../protocol/errors.ts';
import { GOODBYE, type List } from '../protocol/messages.ts';
import { Garbled, type Cancel, type Channel, type Sink, type Transport } from '../protocol/sink.ts';
import { json } from '../serializers/json.ts';
import type { Frame, Serializer } from '../serializers/serializer.ts';
import { failure, noSerializer } from './failures.ts';
import { checkMaxMessageBytes, DEFAULT_MAX_MESSAGE_BYTES, exceeds, throwLater, tooLarge } from './frames.ts';
import { maskedUrl, socketUrl, type OpenSocket, type Socket, type SocketEvents, type SocketOptions, type SocketTarget } from './socket.ts';
import { standardOpener } from './ws-standard.ts';

export type { SocketOptions, WebSocketClass, WebSocketLike } from './socket.ts';

export interface WebSocketOptions extends SocketOptions {
  /** `ws://…` or `wss://…`; on a page a path of its own host is enough, like `/ws`. */
  readonly url: string;
  /** Offered in this order; the router chooses. Default: JSON only. */
  readonly serializers?: readonly Serializer[];
  /** The largest message, encoded, in bytes: a larger one is not sent, a larger arrival ends the link. Default: 16 MiB. */
  readonly maxMessageBytes?: number;
  /** Runs what opens the socket, for instance outside of Angular's zone. Default: runs it at once. */
  readonly runOutside?: <T>(start: () => T) => T;
}

const atOnce = <T>(start: () => T): T => start();

/**
 * Links to a router by WebSocket. In Node the messages that are sent in one turn leave in one write.
 *
 * @returns A transport. Its links end with a `ConnectionError`: `status` tells an HTTP answer instead of the upgrade, `code` and `reason`
 *   a close; `uri` is `wamp.error.no_serializer` when no subprotocol was agreed on, `wamp.error.payload_size_exceeded` after an
 *   arrival above the limit, else `wamp.error.network_failure`. Leaving an open link closes it with code 1000.
 * @throws {TypeError} An option is wrong, or is none that this platform has.
 * @see WAMP basic profile, "WebSocket Transport"
 */
export function webSocket(options: WebSocketOptions): Transport {
  if (typeof (options as Partial<WebSocketOptions> | undefined)?.url !== 'string')
    throw new TypeError("webSocket needs an object with a url: webSocket({ url: 'ws://localhost:8080/ws' })");
  const { serializers = [json()], maxMessageBytes = DEFAULT_MAX_MESSAGE_BYTES, runOutside = atOnce } = options;
  checkMaxMessageBytes(maxMessageBytes);
  const protocols = serializers.map(({ protocol }) => protocol);
  if (protocols.length === 0) throw new TypeError('serializers must hold at least one');
  if (new Set(protocols).size < protocols.length) {
    throw new TypeError(`serializers must hold each subprotocol once: ${protocols.join(', ')}`);
  }
  const target = { url: socketUrl(options.url), protocols, maxMessageBytes };
  const open = options.WebSocket === undefined ? socketOpener(options) : standardOpener(options.WebSocket, options);
  return (sink) => {
    const link = new Link(sink, serializers, target);
    link.start(open, runOutside);
    return link;
  };
}

/** One link: what its owner cancels, the Channel that its sink gets, and what its socket calls. */
class Link implements Cancel, Channel, SocketEvents {
  declare ping?: (pong: () => void) => void;
  readonly #sink: Sink<List | Garbled, Channel>;
  readonly #serializers: readonly Serializer[];
  readonly #target: SocketTarget;
  readonly #limit: number;
  #serializer: Serializer | undefined;
  #socket: Socket | undefined;
  #text = true;
  #over = false;

  constructor(sink: Sink<List | Garbled, Channel>, serializers: readonly Serializer[], target: SocketTarget) {
    this.#sink = sink;
    this.#serializers = serializers;
    this.#target = target;
    this.#limit = target.maxMessageBytes;
  }

  start(open: OpenSocket, runOutside: <T>(start: () => T) => T): void {
    try {
      const socket = runOutside(() => open(this.#target, this));
      this.#socket = socket;
      if (socket.ping !== undefined) {
        this.ping = (pong) => {
          if (!this.#over) socket.ping?.(pong);
        };
      }
    } catch (cause) {
      const { url } = this.#target;
      const reason = cause instanceof Error ? cause.message.replaceAll(url, maskedUrl(url)) : 'its class threw';
      queueMicrotask(() => {
        this.fail(failure(this.#target, `could not be opened: ${reason}`, { cause }));
      });
    }
  }

  get protocol(): string {
    return this.#serializer?.protocol ?? '';
  }

  get bufferedAmount(): number {
    return this.#socket?.bufferedAmount ?? 0;
  }

  send(message: List): void {
    if (this.#over || this.#serializer === undefined) return;
    const frame = this.#serializer.encode(message);
    if (exceeds(frame, this.#limit)) throw tooLarge(frame, this.#limit);
    this.#socket?.send(frame);
  }

  unsubscribe(): void {
    if (this.#over) return;
    this.#over = true;
    this.#socket?.close();
  }

  opened(protocol: string): void {
    if (this.#over) return;
    const serializer = this.#serializers.find((offered) => offered.protocol === protocol);
    if (serializer === undefined) {
      this.fail(noSerializer(this.#target, protocol));
      return;
    }
    this.#serializer = serializer;
    // Only a message tells whether a serializer writes text; this one is the smallest that every codec knows.
    this.#text = typeof serializer.encode([GOODBYE, {}, 'wamp.close.normal']) === 'string';
    try {
      this.#sink.open?.(this);
    } catch (error) {
      throwLater(error);
    }
  }

  pong(listener: () => void): void {
    if (this.#over) return;
    try {
      listener();
    } catch (error) {
      throwLater(error);
    }
  }

  frame(frame: Frame): void {
    if ((typeof frame === 'string') !== this.#text) {
      const kind = this.#text ? 'binary' : 'text';
      this.#deliver(new Garbled(new ProtocolError(`a ${kind} frame came on a link that speaks ${this.protocol}`)));
      return;
    }
    try {
      this.#serializer?.decode(frame, this.#deliver);
    } catch (cause) {
      this.#deliver(new Garbled(cause, this.#serializer?.head?.(frame)));
    }
  }

  fail(error: ConnectionError): void {
    if (this.#over) return;
    this.#over = true;
    this.#socket?.close();
    try {
      this.#sink.error(error);
    } catch (thrown) {
      throwLater(thrown);
    }
  }

  // A sink that throws must not reach the socket: ws would stop parsing, with the link still open.
  readonly #deliver = (message: List | Garbled): void => {
    if (this.#over) return;
    try {
      this.#sink.next(message);
    } catch (error) {
      throwLater(error);
    }
  };
}
