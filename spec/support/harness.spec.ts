// The runners themselves: a spec reaches the harness from wherever it runs.
import { inBrowser, routerUrl } from './env.ts';

describe('the harness', () => {
  it('is reachable at the URL that the runner gives', async () => {
    const WebSocketHere = inBrowser ? WebSocket : (await import('ws')).WebSocket;
    const socket = new WebSocketHere(routerUrl());
    await new Promise<void>((resolve, reject) => {
      socket.onopen = () => {
        resolve();
      };
      socket.onerror = () => {
        reject(new Error(`cannot reach ${routerUrl()}`));
      };
    });
    expect(socket.readyState).toBe(socket.OPEN);
    socket.close();
  });
});
