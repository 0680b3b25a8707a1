import { type ConnectionError } from '../../src/protocol/errors.ts';
import { msgpack } from '../../src/serializers/msgpack.ts';
import { webSocket, type WebSocketOptions } from '../../src/transports/websocket.ts';
import { routerUrl } from '../support/env.ts';
import { pause, Recorder, until } from './contract.ts';

const HELLO = [1, 'realm1', { roles: { caller: {}, subscriber: {} } }];

async function opened(options: Partial<WebSocketOptions> = {}): Promise<{ near: Recorder; leave: () => void; atOnce: readonly unknown[] }> {
  const near = new Recorder();
  const cancel = webSocket({ url: routerUrl(), ...options })(near);
  const atOnce = near.heard;
  await until(() => near.channels.length + near.errors.length > 0);
  return { near, leave: () => cancel.unsubscribe(), atOnce };
}

describe('webSocket in a browser', () => {
  it('opens once, later, with a channel that cannot ping', async () => {
    const { near, leave, atOnce } = await opened();
    await pause(20);
    expect(atOnce).toEqual([0, 0, 0, 0]);
    expect(near.heard).toEqual([1, 0, 0, 0]);
    expect([near.channel.protocol, near.channel.ping, near.channel.bufferedAmount]).toEqual(['wamp.2.json', undefined, 0]);
    leave();
  });

  for (const serializers of [undefined, [msgpack()]]) {
    it(`sends HELLO and hears the answer in ${serializers === undefined ? 'text' : 'binary'} frames`, async () => {
      const { near, leave } = await opened(serializers && { serializers });
      near.channel.send(HELLO);
      expect(near.messages.length).toBe(0);
      await until(() => near.messages.length > 0);
      expect(near.messages.length).toBe(1);
      expect(Array.isArray(near.messages[0])).toBeTrue();
      leave();
    });
  }

  it('throws for what cannot be encoded and for what is too large, and then sends the next message', async () => {
    const { near, leave } = await opened({ maxMessageBytes: 1000 });
    expect(() => near.channel.send([1, 'realm1', { roles: 2n ** 70n }])).toThrowError(TypeError);
    expect(() => near.channel.send([1, 'é'.repeat(600), {}])).toThrowMatching(
      ({ uri }: ConnectionError) => uri === 'wamp.error.payload_size_exceeded',
    );
    near.channel.send(HELLO);
    await until(() => near.messages.length > 0);
    expect(near.messages.length).toBe(1);
    leave();
  });

  it('hears nothing after leaving, before it has opened and after', async () => {
    const early = new Recorder();
    webSocket({ url: routerUrl() })(early).unsubscribe();
    const { near, leave } = await opened();
    near.channel.send(HELLO);
    leave();
    near.channel.send(HELLO);
    await pause(50);
    expect(early.heard).toEqual([0, 0, 0, 0]);
    expect(near.heard).toEqual([1, 0, 0, 0]);
  });

  it('says what may be the matter where nothing listens, since the browser does not tell', async () => {
    const { near } = await opened({ url: 'ws://127.0.0.1:1/ws?token=abc' });
    const { message, code, url } = near.errors[0] as ConnectionError;
    expect(near.heard).toEqual([0, 0, 1, 0]);
    expect(message).toBe(
      'ws://127.0.0.1:1/ws?*** could not be opened: nothing listens there, its certificate or this origin is refused, or it is no WAMP router that speaks wamp.2.json',
    );
    expect([code, url]).toEqual([1006, 'ws://127.0.0.1:1/ws?***']);
  });

  it('takes the host of a path from the page', () => {
    const urls: string[] = [];
    class Watched extends WebSocket {
      constructor(url: string, protocols: string[]) {
        super(url, protocols);
        urls.push(url);
      }
    }
    webSocket({ url: '/ws', WebSocket: Watched })(new Recorder()).unsubscribe();
    expect(urls).toEqual([`ws://${location.host}/ws`]);
  });

  it('throws for an option that only Node can heed, naming it', () => {
    const options: Partial<WebSocketOptions>[] = [
      { headers: { a: 'b' } },
      { ca: 'x' },
      { rejectUnauthorized: false },
      { compression: true },
    ];
    for (const option of options) {
      const [name] = Object.keys(option);
      expect(() => webSocket({ url: routerUrl(), ...option })).toThrowError(
        TypeError,
        `the option ${name} cannot be heeded here: a browser decides it by itself`,
      );
    }
  });

  it('hands such options to a class of the user', async () => {
    const given: unknown[] = [];
    class Watched extends WebSocket {
      constructor(url: string, protocols: string[], options?: object) {
        super(url, protocols);
        given.push(options);
      }
    }
    const plain = await opened({ WebSocket: Watched });
    const full = await opened({ WebSocket: Watched, headers: { a: 'b' }, compression: true });
    expect(given).toEqual([undefined, { headers: { a: 'b' }, perMessageDeflate: true }]);
    expect(full.near.channels.length).toBe(1);
    plain.leave();
    full.leave();
  });
});
