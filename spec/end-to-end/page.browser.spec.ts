// What only a page has: a path instead of a URL, and a WebSocket class of the user's own on top of the page's.
import { firstValueFrom, lastValueFrom } from 'rxjs';
import { Client } from '../../src/index.ts';
import { kept } from '../client/opened.ts';
import { routerUrl } from '../support/env.ts';

describe('Client on a page', () => {
  it('takes the host of a path from the page, and joins through a WebSocket class of the user', async () => {
    const made: string[] = [];
    /** Goes to the test router, as a proxy on the page's host would. */
    class Proxied extends WebSocket {
      constructor(url: string, protocols: string[]) {
        made.push(url);
        super(url.replace(location.host, new URL(routerUrl()).host), protocols);
      }
    }
    const wamp = kept(new Client({ url: '/ws', socket: { WebSocket: Proxied }, logger: false }));
    const { id } = await firstValueFrom(wamp.sessions);
    expect(await lastValueFrom(wamp.publish('com.example.news', [], undefined, { acknowledge: true }))).toBeGreaterThan(0);
    expect(made).toEqual([`ws://${location.host}/ws`]);
    expect(wamp.inspect().session).toBe(id);
  });

  it('L5 closes its socket when it is closed', async () => {
    const sockets: WebSocket[] = [];
    class Watched extends WebSocket {
      constructor(url: string, protocols: string[]) {
        super(url, protocols);
        sockets.push(this);
      }
    }
    const wamp = kept(new Client({ url: routerUrl(), socket: { WebSocket: Watched }, logger: false }));
    await firstValueFrom(wamp.sessions);
    const [socket] = sockets as [WebSocket];
    const closed = new Promise<number>((resolve) => {
      socket.addEventListener('close', ({ code }) => {
        resolve(code);
      });
    });
    await wamp.close();
    expect(await closed).toBe(1000);
    expect(sockets.length).toBe(1);
  });
});
