// Sockets of the standard WebSocket interface: a browser's own, or a class that the user brings.
// Knows no message. What a browser hides (status, certificate, refused connection) stays unknown here.
// Source: WHATWG WebSockets.
import type { ConnectionError } from '../protocol/errors.ts';
import { closed, failure, tooLargeArrival } from './failures.ts';
import { exceeds } from './frames.ts';
import type { OpenSocket, Socket, SocketEvents, SocketOptions, SocketTarget, WebSocketClass, WebSocketLike } from './socket.ts';

const OPEN = 1;

/** The names of `SocketOptions` that a browser cannot heed. */
const SOCKET_OPTIONS = [
  'headers',
  'origin',
  'ca',
  'cert',
  'key',
  'passphrase',
  'rejectUnauthorized',
  'servername',
  'agent',
  'family',
  'compression',
] as const satisfies readonly (keyof SocketOptions)[];

/** Those of them that were given. */
export function givenSocketOptions(options: SocketOptions): Record<string, unknown> {
  return Object.fromEntries(SOCKET_OPTIONS.filter((name) => options[name] !== undefined).map((name) => [name, options[name]]));
}

/** Opens sockets of a class; socket options become its third argument, which Node's classes and React Native's read. */
export function standardOpener(WebSocket: WebSocketClass, options: SocketOptions = {}): OpenSocket {
  const { compression, ...given } = givenSocketOptions(options);
  const third = compression === undefined ? given : { ...given, perMessageDeflate: compression };
  const hasThird = Object.keys(third).length > 0;
  return (target, events) => {
    const protocols = [...target.protocols];
    return new StandardSocket(
      hasThird ? new WebSocket(target.url, protocols, third) : new WebSocket(target.url, protocols),
      target,
      events,
    );
  };
}

class StandardSocket implements Socket {
  readonly #socket: WebSocketLike;

  constructor(socket: WebSocketLike, target: SocketTarget, events: SocketEvents) {
    this.#socket = socket;
    let open = false;
    let cause: unknown;
    socket.binaryType = 'arraybuffer';
    socket.onopen = () => {
      open = true;
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
      events.fail(open ? closed(target, code, reason) : unopened(target, code, reason, cause));
    };
  }

  get bufferedAmount(): number {
    return this.#socket.bufferedAmount;
  }

  send(frame: string | Uint8Array): void {
    if (this.#socket.readyState === OPEN) this.#socket.send(frame as never);
  }

  close(): void {
    this.#socket.close(1000);
  }
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
