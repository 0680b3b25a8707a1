// Sockets where the platform has its own: browsers, workers, React Native.
// Knows no ws, so that no bundle for a browser has it.
import type { OpenSocket, SocketOptions, WebSocketClass } from './socket.ts';
import { standardOpener } from './ws-standard.ts';

/**
 * Opens the platform's own sockets.
 * @throws {TypeError} An option that a browser cannot heed.
 */
export function socketOpener(options: SocketOptions): OpenSocket {
  const [name] = Object.keys(options);
  if (name !== undefined) throw new TypeError(`the option ${name} cannot be heeded here: a browser decides it by itself`);
  const { WebSocket } = globalThis as { readonly WebSocket?: WebSocketClass };
  if (WebSocket === undefined) throw new TypeError('there is no WebSocket here: give a class in the option WebSocket');
  return standardOpener(WebSocket);
}
