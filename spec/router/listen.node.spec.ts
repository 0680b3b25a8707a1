import { request } from 'node:http';
import { connect } from 'node:net';
import { WebSocket } from 'ws';
import { ConnectionError } from '../../src/protocol/errors.ts';
import {
  ABORT,
  EVENT,
  GOODBYE,
  HELLO,
  PUBLISH,
  PUBLISHED,
  SUBSCRIBE,
  SUBSCRIBED,
  WELCOME,
  type List,
} from '../../src/protocol/messages.ts';
import { Router, type ListenOptions, type RouterServer } from '../../src/router/index.ts';
import { json } from '../../src/serializers/json.ts';
import { msgpack } from '../../src/serializers/msgpack.ts';
import { ROLES } from './client.ts';

const SERIALIZERS = [json(), msgpack()];

/** A raw client: what arrives is queued, `closed` tells the close code. */
class Raw {
  readonly socket: WebSocket;
  readonly closed: Promise<number>;
  readonly frames: (string | Uint8Array)[] = [];
  readonly #queue: List[] = [];
  #waiting: (() => void) | undefined;

  constructor(url: string, protocols: readonly string[] = ['wamp.2.json'], options = {}) {
    this.socket = new WebSocket(url, [...protocols], options);
    this.socket.on('message', (data: Buffer, isBinary) => {
      const frame = isBinary ? new Uint8Array(data) : data.toString();
      this.frames.push(frame);
      this.#serializer.decode(frame, (message) => this.#queue.push(message));
      this.#waiting?.();
    });
    this.closed = new Promise((resolve) => this.socket.once('close', resolve));
    this.socket.on('error', () => {});
  }

  get #serializer(): (typeof SERIALIZERS)[number] {
    return SERIALIZERS.find(({ protocol }) => protocol === this.socket.protocol)!;
  }

  opened(): Promise<void> {
    return new Promise((resolve, reject) => this.socket.once('open', resolve).once('error', reject));
  }

  send(...message: List): void {
    this.socket.send(this.#serializer.encode(message));
  }

  async next(): Promise<List> {
    while (this.#queue.length === 0) await new Promise<void>((resolve) => (this.#waiting = resolve));
    return this.#queue.shift()!;
  }

  async join(): Promise<this> {
    await this.opened();
    this.send(HELLO, 'realm1', { roles: ROLES });
    expect((await this.next())[0]).toBe(WELCOME);
    return this;
  }
}

/** What the server answers to an upgrade that it refuses. */
function refusal(url: string, protocols: readonly string[], headers: Record<string, string> = {}): Promise<[status: number, body: string]> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, [...protocols], { headers });
    socket.on('error', () => {});
    socket.once('open', () => {
      socket.terminate();
      reject(new TypeError('it was let in'));
    });
    socket.once('unexpected-response', (_request, response) => {
      let body = '';
      response.on('data', (chunk: Buffer) => (body += chunk.toString())).on('end', () => resolve([response.statusCode!, body]));
    });
  });
}

describe('Router over WebSocket', () => {
  describe('listen', () => {
    let router: Router;
    let server: RouterServer;
    async function listen(options: ListenOptions = {}, routerOptions = {}): Promise<RouterServer> {
      router = new Router({ realms: ['realm1'], ...routerOptions });
      server = await router.listen({ port: 0, ...options });
      return server;
    }
    afterEach(() => server.kill());

    it('tells its port and its URL, on 127.0.0.1 unless told otherwise', async () => {
      const { port, url } = await listen({ path: '/ws' });
      expect(port).toBeGreaterThan(0);
      expect(url).toBe(`ws://127.0.0.1:${port}/ws`);
    });

    for (const { protocol } of SERIALIZERS) {
      it(`speaks ${protocol}, in the frames that belong to it`, async () => {
        const { url } = await listen();
        const client = await new Raw(url, [protocol]).join();
        client.send(SUBSCRIBE, 1, {}, 'a.b');
        const [code, request, subscription] = await client.next();
        expect([code, request]).toEqual([SUBSCRIBED, 1]);
        client.send(PUBLISH, 2, { acknowledge: true, exclude_me: false }, 'a.b', [{ deep: [true] }]);
        const [published, , publication] = await client.next();
        expect(published).toBe(PUBLISHED);
        expect(await client.next()).toEqual([EVENT, subscription, publication, {}, [{ deep: [true] }]]);
        expect(typeof client.frames[0]).toBe(protocol === 'wamp.2.json' ? 'string' : 'object');
      });
    }

    it('takes the first of the client’s subprotocols that it has', async () => {
      const { url } = await listen();
      const client = new Raw(url, ['wamp.2.cbor', 'wamp.2.msgpack', 'wamp.2.json']);
      await client.opened();
      expect(client.socket.protocol).toBe('wamp.2.msgpack');
    });

    it('answers the messages of one tick in one write', async () => {
      const { url } = await listen();
      const client = await new Raw(url).join();
      const chunks: number[] = [];
      const { _socket: net } = client.socket as unknown as { readonly _socket: NodeJS.ReadableStream };
      net.on('data', (chunk: Buffer) => chunks.push(chunk.length));
      const link = router.link(router.sessions('realm1')[0]!)!;
      expect(link.id).toBeGreaterThan(0);
      (client.socket as unknown as { readonly _socket: { cork(): void; uncork(): void } })._socket.cork();
      for (let id = 1; id <= 50; id++) client.send(SUBSCRIBE, id, {}, `a.b${id}`);
      (client.socket as unknown as { readonly _socket: { cork(): void; uncork(): void } })._socket.uncork();
      for (let id = 1; id <= 50; id++) await client.next();
      expect(chunks.length).toBeLessThan(10);
    });

    it('refuses an upgrade without a common subprotocol: 400 and a sentence', async () => {
      const { url } = await listen({ serializers: [json()] });
      const sentence = 'This router speaks wamp.2.json; the client must offer one of them as its WebSocket subprotocol.';
      expect(await refusal(url, ['wamp.2.msgpack'])).toEqual([400, sentence]);
      expect(await refusal(url, [])).toEqual([400, sentence]);
    });

    it('refuses another path than the one it was given: 404', async () => {
      const { url } = await listen({ path: '/ws' });
      expect(await refusal(`${url}/x`, ['wamp.2.json'])).toEqual([404, 'This router answers at /ws only.']);
      await new Raw(`${url}?token=1`).join();
    });

    it('refuses foreign origins: 403; pages of the own machine and clients without an origin come in', async () => {
      const { url } = await listen();
      const sentence = "may not connect: the router's option origins does not list it.";
      for (const origin of ['https://example.com', 'null', 'http://localhost.example.com', 'http://127.0.0.1.example.com:80']) {
        expect(await refusal(url, ['wamp.2.json'], { origin })).toEqual([403, `Pages of ${origin} ${sentence}`]);
      }
      for (const origin of ['http://localhost:4200', 'https://127.0.0.1', 'http://[::1]:3000', 'ws://127.0.0.1:8080']) {
        await new Raw(url, ['wamp.2.json'], { headers: { origin } }).join();
      }
      await new Raw(url).join();
    });

    it('lets in exactly the origins that are listed', async () => {
      const { url } = await listen({ origins: ['https://example.com'] });
      await new Raw(url, ['wamp.2.json'], { headers: { origin: 'https://example.com' } }).join();
      expect((await refusal(url, ['wamp.2.json'], { origin: 'http://localhost:4200' }))[0]).toBe(403);
    });

    it('answers plain HTTP with 426', async () => {
      const { port } = await listen();
      const status = await new Promise((resolve) => {
        request({ host: '127.0.0.1', port }, ({ statusCode }) => resolve(statusCode)).end();
      });
      expect(status).toBe(426);
    });

    it('takes a frame that is no message for a violation, and closes the link', async () => {
      const { url } = await listen();
      for (const frame of ['{"a":1}', 'nonsense', '[1,', Buffer.from([1])]) {
        const client = await new Raw(url).join();
        client.socket.send(frame);
        expect((await client.next())[2]).toBe('wamp.error.protocol_violation');
        expect(await client.closed).toBe(1000);
      }
    });

    it('closes a link that sends more than maxMessageBytes, with code 1009', async () => {
      const { url } = await listen({ maxMessageBytes: 1000 });
      const client = await new Raw(url).join();
      client.send(PUBLISH, 1, {}, 'a.b', ['x'.repeat(1000)]);
      expect(await client.closed).toBe(1009);
      expect(router.counts().sessions).toBe(0);
    });

    it('drops events for a client that does not read, and serves the others meanwhile', async () => {
      const { url } = await listen({}, { maxQueueBytes: 100_000 });
      const [slow, other] = [await new Raw(url).join(), await new Raw(url).join()];
      for (const client of [slow, other]) {
        client.send(SUBSCRIBE, 1, {}, 'a.b');
        await client.next();
      }
      slow.socket.pause();
      const publisher = await new Raw(url).join();
      const text = 'x'.repeat(50_000);
      for (let id = 1; id <= 400; id++) {
        publisher.send(PUBLISH, id, { acknowledge: true }, 'a.b', [id, text]);
        await publisher.next();
      }
      for (let id = 1; id <= 400; id++) expect(((await other.next())[4] as List)[0]).toBe(id);
      expect(router.counts().dropped).toBeGreaterThan(0);
      expect(router.counts().sessions).toBe(3);
    });

    it('says in one sentence that the port is taken', async () => {
      const { port } = await listen();
      await expectAsync(router.listen({ port })).toBeRejectedWithError(
        ConnectionError,
        `port ${port} of 127.0.0.1 is taken: stop what listens there, or choose another port (0 takes any free one)`,
      );
    });

    const PORT = 'option port of listen must be a whole number from 0, which takes any free port, to 65535, not';
    const PATH = 'option path of listen must be a path like /ws, which begins with / and has no ? or #, not';
    const ORIGINS =
      'option origins of listen must be a list of origins like https://example.com, in lower case, without a path and without *, not';
    const LIST = 'option serializers of listen must be a list of at least one serializer, like [json()], not';
    const BYTES = 'option maxMessageBytes of listen must be a whole number of bytes from 1, not';
    const refused: readonly (readonly [options: unknown, message: string])[] = [
      [12345, 'options of listen must be an object like { port: 8080 }, not the number 12345'],
      [null, 'options of listen must be an object like { port: 8080 }, not null'],
      [{ prot: 0 }, 'unknown option prot of listen: it has port, host, path, origins, serializers, maxMessageBytes'],
      [{ port: '12346' }, `${PORT} the text "12346"`],
      [{ port: 99999 }, `${PORT} the number 99999`],
      [{ port: NaN }, `${PORT} the number NaN`],
      [{ port: -1 }, `${PORT} the number -1`],
      [{ port: 80.5 }, `${PORT} the number 80.5`],
      [{ host: 1 }, 'option host of listen must be an address like 127.0.0.1, not the number 1'],
      [{ host: '' }, 'option host of listen must be an address like 127.0.0.1, not the text ""'],
      [{ path: 'ws' }, `${PATH} the text "ws"`],
      [{ path: '/ws?a=1' }, `${PATH} the text "/ws?a=1"`],
      [{ origins: 'https://example.com' }, `${ORIGINS} the text "https://example.com"`],
      [{ origins: ['*'] }, `${ORIGINS} the list of "*"`],
      [{ origins: ['https://example.com/'] }, `${ORIGINS} the list of "https://example.com/"`],
      [{ serializers: [] }, `${LIST} an empty list`],
      [{ serializers: [json] }, `${LIST} the list of a function`],
      [{ serializers: [json(), null] }, `${LIST} the list of an object, null`],
      [{ maxMessageBytes: 0 }, `${BYTES} the number 0`],
      [{ maxMessageBytes: '1000' }, `${BYTES} the text "1000"`],
    ];
    for (const [options, message] of refused) {
      it(`rejects: ${message}`, async () => {
        await listen();
        await expectAsync(router.listen(options as ListenOptions)).toBeRejectedWithError(TypeError, message);
      });
    }

    it('frees the port again, and rejects, when the router is closed while it starts', async () => {
      const { port } = await listen();
      await server.close();
      const starting = router.listen({ port });
      await router.close();
      await expectAsync(starting).toBeRejectedWithError(ConnectionError, 'the router is closed: make a new one');
      await listen({ port });
      expect(server.port).toBe(port);
    });

    describe('close', () => {
      it('says GOODBYE, waits for the echo, closes the sockets and frees the port', async () => {
        const { port, url } = await listen();
        const client = await new Raw(url).join();
        const closed = server.close();
        expect(await client.next()).toEqual([GOODBYE, { message: 'the router is closing' }, 'wamp.close.system_shutdown']);
        client.send(GOODBYE, {}, 'wamp.close.goodbye_and_out');
        await closed;
        expect(await client.closed).toBe(1000);
        await (await router.listen({ port })).close();
      });

      it('waits no longer than the limit for a client that does not echo', async () => {
        await listen({}, { goodbyeTimeoutMs: 20 });
        const client = await new Raw(server.url).join();
        await server.close();
        expect(await client.closed).toBe(1000);
      });

      it('aborts who has not joined yet', async () => {
        const { url } = await listen();
        const client = new Raw(url);
        await client.opened();
        await server.close();
        expect(await client.next()).toEqual([ABORT, { message: 'the router is closing' }, 'wamp.close.system_shutdown']);
      });

      it('is what the end of an `await using` block does, and leaves sessions in memory alone', async () => {
        await listen();
        await server[Symbol.asyncDispose]();
        await expectAsync(new Raw(server.url).opened()).toBeRejected();
        await server.close();
        await router.close();
      });
    });

    describe('kill', () => {
      it('cuts every link without a word and frees the port', async () => {
        const { port, url } = await listen();
        const client = await new Raw(url).join();
        const silent = connect(port, '127.0.0.1');
        silent.on('error', () => {});
        await new Promise((resolve) => silent.once('connect', resolve));
        await server.kill();
        expect(await client.closed).toBe(1006);
        expect(client.frames.length).toBe(1);
        expect(router.counts().sessions).toBe(0);
        await (await router.listen({ port })).kill();
        silent.destroy();
      });
    });
  });
});
