// The WebSocket transport: chooses the serializer by the subprotocol, turns frames into messages and back, keeps the limits.
// Knows no platform: `#ws` opens the sockets, a class of the user's own replaces it.
// Source: WAMP basic profile, "WebSocket Transport"; RFC 6455.
import { socketOpener } from '#ws';
import { type ConnectionError, ProtocolError } from '../protocol/errors.ts';
import { GOODBYE, type List } from '../protocol/messages.ts';
import { type Channel, Garbled, type Transport } from '../protocol/sink.ts';
import { json } from '../serializers/json.ts';
import type { Serializer } from '../serializers/serializer.ts';
import { failure, noSerializer } from './failures.ts';
import { checkMaxMessageBytes, DEFAULT_MAX_MESSAGE_BYTES, exceeds, safely, throwLater, tooLarge } from './frames.ts';
import { maskedUrl, socketUrl, type Socket, type SocketEvents, type SocketOptions } from './socket.ts';
import { standardOpener } from './ws-standard.ts';

export type { SocketOptions, WebSocketClass, WebSocketLike } from './socket.ts';

export interface WebSocketOptions extends SocketOptions {
  /** `ws://…` or `wss://…`; on a page a path of its own host is enough, like `/ws`; in Node also `ws+unix:/path/of/socket:/path`. */
  readonly url: string;
  /** Offered in this order; the router chooses. Default: JSON only. */
  readonly serializers?: readonly Serializer[];
  /** The largest message, encoded, in bytes: a larger one is not sent, a larger arrival ends the link. Default: 16 MiB. */
  readonly maxMessageBytes?: number;
  /** Runs what opens the socket, for instance outside of Angular's zone. Default: runs it at once. */
  readonly runOutside?: <T>(start: () => T) => T;
}

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
  const {
    url,
    serializers = [json()],
    maxMessageBytes = DEFAULT_MAX_MESSAGE_BYTES,
    runOutside = <T>(start: () => T): T => start(),
    WebSocket,
    ...rest
  } = options;
  checkMaxMessageBytes(maxMessageBytes);
  const protocols = serializers.map(({ protocol }) => protocol);
  if (protocols.length === 0) throw new TypeError('serializers must hold at least one');
  if (new Set(protocols).size < protocols.length) {
    throw new TypeError(`serializers must hold each subprotocol once: ${protocols.join(', ')}`);
  }
  const target = { url: socketUrl(url), protocols, maxMessageBytes };
  const given = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
  const open = WebSocket === undefined ? socketOpener(given) : standardOpener(WebSocket, given);
  return (sink) => {
    let serializer: Serializer | undefined;
    let socket: Socket | undefined;
    let isText = true;
    let isOver = false;

    const unsubscribe = (): void => {
      if (isOver) return;
      isOver = true;
      socket?.close();
    };
    const fail = (error: ConnectionError): void => {
      if (isOver) return;
      unsubscribe();
      safely(() => {
        sink.error(error);
      });
    };
    // A sink that throws must not reach the socket: ws would stop parsing, with the link still open.
    const deliver = (message: List | Garbled): void => {
      if (isOver) return;
      try {
        sink.next(message);
      } catch (error) {
        throwLater(error);
      }
    };
    const channelOf = (opened: Socket, codec: Serializer): Channel => ({
      protocol: codec.protocol,
      get bufferedAmount() {
        return opened.bufferedAmount;
      },
      send: (message) => {
        if (isOver) return;
        const frame = codec.encode(message);
        if (exceeds(frame, maxMessageBytes)) throw tooLarge(frame, maxMessageBytes);
        opened.send(frame);
      },
      ...(opened.ping !== undefined && {
        ping: (pong) => {
          if (isOver) return;
          opened.ping?.(() => {
            if (!isOver) safely(pong);
          });
        },
      }),
    });
    const events: SocketEvents = {
      opened: (protocol) => {
        if (isOver) return;
        serializer = serializers.find((offered) => offered.protocol === protocol);
        if (serializer === undefined) {
          fail(noSerializer(target, protocol));
          return;
        }
        // Only a message tells whether a serializer writes text; this one is the smallest that every codec knows.
        isText = typeof serializer.encode([GOODBYE, {}, 'wamp.close.normal']) === 'string';
        const channel = channelOf(socket as Socket, serializer);
        safely(() => sink.open?.(channel));
      },
      frame: (frame) => {
        if ((typeof frame === 'string') !== isText) {
          const kind = isText ? 'binary' : 'text';
          deliver(new Garbled(new ProtocolError(`a ${kind} frame came on a link that speaks ${serializer?.protocol ?? ''}`)));
          return;
        }
        try {
          serializer?.decode(frame, deliver);
        } catch (cause) {
          deliver(new Garbled(cause, serializer?.head?.(frame)));
        }
      },
      fail,
    };

    try {
      socket = runOutside(() => open(target, events));
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message.replaceAll(target.url, maskedUrl(target.url)) : 'its class threw';
      queueMicrotask(() => {
        fail(failure(target, `could not be opened: ${reason}`, { cause }));
      });
    }
    return { unsubscribe };
  };
}
