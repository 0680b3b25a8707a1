// Sockets of the standard WebSocket interface: a browser's own, or a class that the user brings.
// Knows no message. What a browser hides (status, certificate, refused connection) stays unknown here.
// Source: WHATWG WebSockets.
import type { ConnectionError } from '../protocol/errors.ts';
import { closed, failure, tooLargeArrival } from './failures.ts';
import { exceeds } from './frames.ts';
import type { OpenSocket, SocketOptions, SocketTarget, WebSocketClass } from './socket.ts';

const OPEN = 1;

/** Opens sockets of a class; socket options become its third argument, which Node's classes and React Native's read. */
export function standardOpener(WebSocket: WebSocketClass, { compression, ...given }: SocketOptions = {}): OpenSocket {
  const third = compression === undefined ? given : { ...given, perMessageDeflate: compression };
  const rest = Object.keys(third).length > 0 ? [third] : [];
  return (target, events) => {
    const socket = new WebSocket(target.url, [...target.protocols], ...rest);
    let isOpen = false;
    let cause: unknown;
    socket.binaryType = 'arraybuffer';
    socket.onopen = () => {
      isOpen = true;
      events.opened(socket.protocol);
    };
    socket.onmessage = ({ data }: { readonly data: unknown }) => {
      const frame = typeof data === 'string' ? data : ArrayBuffer.isView(data) ? (data as Uint8Array) : new Uint8Array(data as ArrayBuffer);
      if (exceeds(frame, target.maxMessageBytes)) events.fail(tooLargeArrival(target));
      else events.frame(frame);
    };
    socket.onerror = (event: { readonly error?: unknown }) => {
      cause = event.error;
    };
    socket.onclose = ({ code, reason }: { readonly code: number; readonly reason: string }) => {
      socket.onopen = socket.onmessage = socket.onerror = socket.onclose = null;
      events.fail(isOpen ? closed(target, code, reason) : unopened(target, code, reason, cause));
    };
    return {
      get bufferedAmount() {
        return socket.bufferedAmount;
      },
      send: (frame) => {
        if (socket.readyState === OPEN) socket.send(frame as never);
      },
      close: () => {
        socket.close(1000);
      },
    };
  };
}

function unopened(target: SocketTarget, code: number, reason: string, cause: unknown): ConnectionError {
  const spoken = target.protocols.join(', ');
  const why = cause instanceof Error && cause.message !== '' ? ` (${cause.message})` : '';
  return failure(
    target,
    `could not be opened${why}: nothing listens there, its certificate or this origin is refused, or it is no WAMP router that speaks ${spoken}`,
    { code, reason, cause },
  );
}
