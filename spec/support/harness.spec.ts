// The runners themselves: a spec reaches the harness from wherever it runs.
import { inBrowser, routerUrl } from './env.ts';

describe('the harness', () => {
  it('is reachable at the URL that the runner gives, and speaks WAMP', async () => {
    const WebSocketHere = inBrowser ? WebSocket : (await import('ws')).WebSocket;
    const socket = new WebSocketHere(routerUrl(), ['wamp.2.json']);
    await new Promise<void>((resolve, reject) => {
      socket.onopen = () => {
        resolve();
      };
      socket.onerror = () => {
        reject(new Error(`cannot reach ${routerUrl()}`));
      };
    });
    expect([socket.readyState, socket.protocol]).toEqual([socket.OPEN, 'wamp.2.json']);
    socket.close();
  });
});
