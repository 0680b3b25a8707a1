import { Agent, createServer, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { connect, createServer as createNetServer, type AddressInfo, type Server as NetServer, type Socket } from 'node:net';
import { WebSocket, WebSocketServer } from 'ws';
import { ConnectionError } from '../../src/protocol/errors.ts';
import type { List } from '../../src/protocol/messages.ts';
import { type Garbled } from '../../src/protocol/sink.ts';
import { json } from '../../src/serializers/json.ts';
import { msgpack } from '../../src/serializers/msgpack.ts';
import type { Serializer } from '../../src/serializers/serializer.ts';
import { webSocket, type WebSocketOptions } from '../../src/transports/websocket.ts';
import { CERTIFICATE, KEY } from '../../src/testing/crossbar/certificate.ts';
import { contract, linked, pause, Recorder, until, type Far, type Setup } from './contract.ts';

type Listener = Server | NetServer;

const servers: Listener[] = [];
const sockets: Set<Socket> = new Set();

async function listening<T extends Listener>(server: T): Promise<{ server: T; port: number }> {
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => {});
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, port: (server.address() as AddressInfo).port };
}

/** A WebSocket server; it chooses the first subprotocol unless told otherwise. */
async function webSocketServer(
  choose: (offered: Set<string>) => string | false = ([first]) => first ?? false,
  http: Server = createServer(),
): Promise<{ port: number; wss: WebSocketServer }> {
  const wss = new WebSocketServer({ server: http, handleProtocols: choose });
  wss.on('connection', (socket) => socket.on('error', () => {}));
  return { port: (await listening(http)).port, wss };
}

function connection(wss: WebSocketServer): Promise<WebSocket> {
  return new Promise((resolve) => wss.once('connection', resolve));
}

/** A server that answers each upgrade with this status. */
function answering(status: number, headers: Record<string, string> = {}): Promise<{ port: number }> {
  const server = createServer((_request, response) => response.writeHead(status, headers).end('text'));
  server.on('upgrade', (_request, socket) => {
    socket.end(
      `HTTP/1.1 ${status} Said\r\n${Object.entries(headers)
        .map(([name, value]) => `${name}: ${value}\r\n`)
        .join('')}\r\n`,
    );
  });
  return listening(server);
}

/** The error with which a link to this URL ends. */
async function failureOf(options: WebSocketOptions): Promise<ConnectionError> {
  const near = new Recorder();
  webSocket(options)(near);
  const atOnce = near.heard;
  await until(() => near.errors.length > 0);
  await pause(10);
  expect(atOnce).toEqual([0, 0, 0, 0]);
  expect(near.errors.length).toBe(1);
  expect(near.errors[0]).toBeInstanceOf(ConnectionError);
  return near.errors[0] as ConnectionError;
}

afterEach(() => {
  for (const socket of sockets) socket.destroy();
  for (const server of servers.splice(0)) server.close();
});

describe('webSocket in Node', () => {
  let wss: WebSocketServer;
  let port: number;
  beforeEach(async () => {
    ({ port, wss } = await webSocketServer());
  });

  function setupWith(serializer: Serializer, broken: string | Uint8Array, more: Partial<WebSocketOptions> = {}): Setup {
    return (options) => {
      const far = connection(wss).then((socket): Far => {
        const received: List[] = [];
        const state = { ends: 0 };
        socket.on('message', (data: Buffer, isBinary) => {
          serializer.decode(isBinary ? new Uint8Array(data) : data.toString(), (message) => received.push(message));
        });
        socket.on('close', () => state.ends++);
        return {
          received,
          send: (message) => socket.send(serializer.encode(message)),
          garble: () => socket.send(broken),
          close: () => socket.close(1001),
          get ends() {
            return state.ends;
          },
        };
      });
      return { transport: webSocket({ url: `ws://127.0.0.1:${port}/ws`, serializers: [serializer], ...options, ...more }), far };
    };
  }

  const brokenText = '[50,1,';
  const brokenBytes = new Uint8Array([0x93, 50]);
  contract('with ws and json', 'wamp.2.json', setupWith(json(), brokenText));
  contract('with ws and msgpack', 'wamp.2.msgpack', setupWith(msgpack(), brokenBytes));
  contract('with ws, json and compression', 'wamp.2.json', setupWith(json(), brokenText, { compression: true }));
  contract('with a class of the user and json', 'wamp.2.json', setupWith(json(), brokenText, { WebSocket }));
  contract('with a class of the user and msgpack', 'wamp.2.msgpack', setupWith(msgpack(), brokenBytes, { WebSocket }));

  /** A link to a raw WebSocket of the server. */
  async function raw(options: Partial<WebSocketOptions> = {}): Promise<{ near: Recorder; socket: WebSocket; leave: () => void }> {
    const socket = connection(wss);
    const near = new Recorder();
    const cancel = webSocket({ url: `ws://127.0.0.1:${port}/ws`, ...options })(near);
    const other = await socket;
    await until(() => near.channels.length > 0);
    return { near, socket: other, leave: () => cancel.unsubscribe() };
  }

  describe('sending', () => {
    it('gathers 100 messages of one turn in one write', async () => {
      const agent = new Agent();
      let writes = 0;
      agent.createConnection = ({ port: at, host }) => {
        const socket = connect(Number(at), host!);
        const { _write, _writev } = socket;
        socket._write = (...args) => {
          writes++;
          _write.apply(socket, args);
        };
        socket._writev = (...args) => {
          writes++;
          _writev!.apply(socket, args);
        };
        return socket;
      };
      const { near, far, leave } = await linked(setupWith(json(), '', { agent })());
      writes = 0;
      for (let i = 1; i <= 100; i++) near.channel.send([16, i, {}, 'com.example.topic', [i]]);
      await until(() => far.received.length === 100);
      expect(writes).toBe(1);
      near.channel.send([16, 101, {}, 'com.example.topic', [101]]);
      await until(() => far.received.length === 101);
      expect(writes).toBe(2);
      leave();
    });

    it('opens through runOutside', async () => {
      let depth = 0;
      const during: number[] = [];
      class Watched extends WebSocket {
        constructor(url: string, protocols: string[]) {
          super(url, protocols);
          during.push(depth);
        }
      }
      const runOutside = <T>(start: () => T): T => {
        depth++;
        const started = start();
        depth--;
        return started;
      };
      const { leave } = await raw({ runOutside, WebSocket: Watched });
      expect([depth, during]).toEqual([0, [1]]);
      leave();
    });

    it('passes headers and origin on', async () => {
      const request: Promise<Record<string, unknown>> = new Promise((resolve) => wss.once('headers', (_, { headers }) => resolve(headers)));
      const { leave } = await raw({ headers: { 'X-Token': 'a' }, origin: 'http://example.com' });
      const { origin, 'x-token': token, 'sec-websocket-extensions': extensions } = await request;
      expect([origin, token, extensions]).toEqual(['http://example.com', 'a', undefined]);
      leave();
    });
  });

  describe('receiving', () => {
    it('takes the serializer that the router chose', async () => {
      const { port: other, wss: choosy } = await webSocketServer(() => 'wamp.2.json');
      const socket = connection(choosy);
      const near = new Recorder();
      const cancel = webSocket({ url: `ws://127.0.0.1:${other}/`, serializers: [msgpack(), json()] })(near);
      (await socket).send('[50,1,{}]');
      await until(() => near.messages.length > 0);
      expect([near.channel.protocol, near.messages]).toEqual(['wamp.2.json', [[50, 1, {}]]]);
      cancel.unsubscribe();
    });

    it('brings a Garbled for a binary frame on a text link and for a text frame on a binary one', async () => {
      const text = await raw();
      text.socket.send(new TextEncoder().encode('[50,1,{}]'));
      const binary = await raw({ serializers: [msgpack()] });
      binary.socket.send('[50,1,{}]');
      await until(() => text.near.messages.length + binary.near.messages.length === 2);
      const causes = [text, binary].map(({ near }) => ((near.messages[0] as Garbled).cause as Error).message);
      expect(causes).toEqual([
        'a binary frame came on a link that speaks wamp.2.json',
        'a text frame came on a link that speaks wamp.2.msgpack',
      ]);
      text.leave();
      binary.leave();
    });

    it('gives the head of a broken frame', async () => {
      const { near, socket, leave } = await raw();
      socket.send('[50,7,{},[NaN]]');
      await until(() => near.messages.length > 0);
      expect((near.messages[0] as Garbled).head).toEqual([50, 7]);
      leave();
    });

    it('reads text as UTF-8, and ends the link with code 1007 at text that is none', async () => {
      const { near, socket } = await raw();
      const closed = new Promise<number>((resolve) => socket.once('close', resolve));
      socket.send('[36,1,2,{},["ä€😀"]]');
      await until(() => near.messages.length > 0);
      expect(near.messages).toEqual([[36, 1, 2, {}, ['ä€😀']]]);
      socket.send(Uint8Array.of(0x5b, 0xff, 0x5d), { binary: false });
      await until(() => near.errors.length > 0);
      expect((near.errors[0] as ConnectionError).message).toMatch(
        /^ws:\/\/127\.0\.0\.1:\d+\/ws ended the link: it sent text that is not UTF-8$/,
      );
      expect((near.errors[0] as ConnectionError).code).toBe(1007);
      expect(await closed).toBe(1007);
    });

    it('puts the fragments of a message together', async () => {
      const { near, socket, leave } = await raw();
      socket.send('[50,7,', { fin: false });
      socket.send('{}]', { fin: true });
      await until(() => near.messages.length > 0);
      expect(near.messages).toEqual([[50, 7, {}]]);
      leave();
    });

    for (const own of [false, true]) {
      it(`ends the link at an arrival above maxMessageBytes, ${own ? 'with a class of the user' : 'with ws'}`, async () => {
        const { near, socket } = await raw({ maxMessageBytes: 100, ...(own && { WebSocket }) });
        socket.send(JSON.stringify([50, 1, {}, ['x'.repeat(80)]]));
        socket.send(JSON.stringify([50, 2, {}, ['é'.repeat(80)]]));
        await until(() => near.errors.length > 0);
        const { uri, message, url, code } = near.errors[0] as ConnectionError;
        expect(near.messages.length).toBe(1);
        expect(message).toBe(`ws://127.0.0.1:${port}/ws sent a message above maxMessageBytes (100): raise the limit or have less sent`);
        expect([uri, url, code]).toEqual(['wamp.error.payload_size_exceeded', `ws://127.0.0.1:${port}/ws`, 1009]);
        await until(() => wss.clients.size === 0);
        expect(wss.clients.size).toBe(0);
      });
    }

    it('I4 keeps maxMessageBytes both ways: a larger send is refused, a larger arrival ends the link', async () => {
      const { near, socket } = await raw({ maxMessageBytes: 100 });
      const got: string[] = [];
      socket.on('message', (data: Buffer) => got.push(data.toString()));
      expect(() => near.channel.send([50, 1, {}, ['x'.repeat(100)]])).toThrowMatching(
        (error: unknown) => (error as ConnectionError).uri === 'wamp.error.payload_size_exceeded',
      );
      near.channel.send([50, 2, {}]);
      await until(() => got.length > 0);
      expect(got).toEqual(['[50,2,{}]']);
      expect(near.errors).toEqual([]);
      socket.send(JSON.stringify([50, 3, {}, ['x'.repeat(100)]]));
      await until(() => near.errors.length > 0);
      expect((near.errors[0] as ConnectionError).uri).toBe('wamp.error.payload_size_exceeded');
    });

    it('takes a message of any length when maxMessageBytes is Infinity', async () => {
      const { near, socket, leave } = await raw({ maxMessageBytes: Infinity });
      socket.send(JSON.stringify([50, 1, {}, ['x'.repeat(17_000_000)]]));
      await until(() => near.messages.length > 0);
      expect(near.messages.length).toBe(1);
      leave();
    });
  });

  describe('ping', () => {
    it('calls back at the pong of that ping and at no other', async () => {
      const { near, socket, leave } = await raw();
      const answered: string[] = [];
      socket.pong('unasked');
      socket.pong();
      socket.pong('99');
      await pause(10);
      near.channel.ping!(() => answered.push('first'));
      near.channel.ping!(() => answered.push('second'));
      await until(() => answered.length === 2);
      expect(answered).toEqual(['first', 'second']);
      leave();
    });

    it('is absent with a class of the user', async () => {
      const { near, leave } = await raw({ WebSocket });
      expect(near.channel.ping).toBeUndefined();
      leave();
    });
  });

  describe('ending', () => {
    it('closes with code 1000 and without a message', async () => {
      const { socket, leave } = await raw();
      const messages: unknown[] = [];
      socket.on('message', (data) => messages.push(data));
      const code = new Promise((resolve) => socket.once('close', resolve));
      leave();
      expect(await code).toBe(1000);
      expect(messages).toEqual([]);
    });

    it('gives an attempt up quietly: no socket stays, nothing is reported', async () => {
      const { server, port: silent } = await listening(createNetServer());
      const near = new Recorder();
      const arrived: Promise<Socket> = new Promise((resolve) => server.once('connection', resolve));
      const cancel = webSocket({ url: `ws://127.0.0.1:${silent}/` })(near);
      const socket = await arrived;
      const gone = new Promise((resolve) => socket.once('close', resolve));
      socket.resume();
      cancel.unsubscribe();
      await gone;
      await pause(10);
      expect(near.heard).toEqual([0, 0, 0, 0]);
    });

    it('cuts the socket after a second when the close is not answered', async () => {
      const { near, socket, leave } = await raw();
      const [silent] = [...sockets];
      const gone = new Promise((resolve) => silent!.once('close', resolve));
      // A peer that has stopped reading never sees the close, and never answers.
      socket.pause();
      const start = performance.now();
      leave();
      const reset = until(() => performance.now() - start > 1200).then(() => socket.resume());
      await Promise.all([gone, reset]);
      expect(performance.now() - start).toBeLessThan(2500);
      expect(near.heard).toEqual([1, 0, 0, 0]);
    });

    it('leaves no handler on a socket of a class of the user', async () => {
      const made: WebSocket[] = [];
      class Watched extends WebSocket {
        constructor(url: string, protocols: string[]) {
          super(url, protocols);
          made.push(this);
        }
      }
      const { leave } = await raw({ WebSocket: Watched });
      leave();
      await until(() => made[0]!.readyState === WebSocket.CLOSED);
      await pause(5);
      expect(made.map(({ onopen, onmessage, onerror, onclose }) => [onopen, onmessage, onerror, onclose])).toEqual([
        [null, null, null, null],
      ]);
    });

    it('tells the code and the reason of a close', async () => {
      const { near, socket } = await raw();
      socket.close(1011, 'WAMP Internal Error');
      await until(() => near.errors.length > 0);
      const { message, code, reason, uri } = near.errors[0] as ConnectionError;
      expect(message).toBe(`ws://127.0.0.1:${port}/ws closed the link with code 1011 (WAMP Internal Error)`);
      expect([code, reason, uri]).toEqual([1011, 'WAMP Internal Error', 'wamp.error.network_failure']);
    });

    it('tells that a message was too large for the router', async () => {
      const { near, socket } = await raw();
      socket.close(1009);
      await until(() => near.errors.length > 0);
      expect((near.errors[0] as ConnectionError).message).toMatch(/with code 1009: a message was larger than the router takes$/);
    });

    it('tells of a link that was cut', async () => {
      const { near, socket } = await raw();
      socket.terminate();
      await until(() => near.errors.length > 0);
      const { message, code } = near.errors[0] as ConnectionError;
      expect([message, code]).toEqual([`ws://127.0.0.1:${port}/ws is gone: the link ended without a word`, 1006]);
    });
  });

  describe('failing to open', () => {
    it('says that nothing listens', async () => {
      const { server, port: free } = await listening(createNetServer());
      await new Promise((resolve) => server.close(resolve));
      const { message, uri, url } = await failureOf({ url: `ws://127.0.0.1:${free}/ws` });
      expect(message).toBe(`ws://127.0.0.1:${free}/ws cannot be reached: nothing listens there; is the router running?`);
      expect([uri, url]).toEqual(['wamp.error.network_failure', `ws://127.0.0.1:${free}/ws`]);
      expect((await failureOf({ url: `ws://localhost:${free}/ws` })).message).toMatch(/nothing listens there/);
    });

    it('says that the host is unknown', async () => {
      const { message } = await failureOf({ url: 'ws://no-such-host.invalid:8080/ws' });
      expect(message).toBe('ws://no-such-host.invalid:8080/ws cannot be reached: the host no-such-host.invalid is unknown; check its name');
    });

    const statuses: [number, string][] = [
      [200, 'answered 200, a web page: no WAMP router is at this path'],
      [400, 'answered 400: it may speak none of wamp.2.json, or be no WAMP router'],
      [401, 'answered 401: it asks for credentials, such as an Authorization header (option headers)'],
      [403, "answered 403: check the origin (option origin, or the router's list of origins) and the credentials"],
      [404, 'answered 404: check the path'],
      [418, 'answered 418 instead of opening a WebSocket'],
      [426, 'answered 426: it may speak none of wamp.2.json, or be no WAMP router'],
      [503, 'answered 503: the router, or a proxy before it, is not ready'],
    ];
    for (const [status, sentence] of statuses) {
      it(`says what an answer of ${status} means`, async () => {
        const { port: at } = await answering(status);
        const error = await failureOf({ url: `ws://127.0.0.1:${at}/x` });
        expect(error.message).toBe(`ws://127.0.0.1:${at}/x ${sentence}`);
        expect(error.status).toBe(status);
      });
    }

    it('says where a server has moved to', async () => {
      const { port: at } = await answering(301, { Location: 'wss://example.com/ws?token=abc' });
      expect((await failureOf({ url: `ws://127.0.0.1:${at}/` })).message).toBe(
        `ws://127.0.0.1:${at}/ answered 301: it has moved to wss://example.com/ws?***`,
      );
    });

    it('takes a web server that ignores the upgrade for what it is', async () => {
      const { port: at } = await listening(createServer((_request, response) => response.end('hello')));
      expect((await failureOf({ url: `ws://127.0.0.1:${at}/` })).message).toMatch(/answered 200, a web page: /);
    });

    it('says that a WebSocket server chose no subprotocol', async () => {
      const { port: at, wss: plain } = await webSocketServer(() => false);
      const error = await failureOf({ url: `ws://127.0.0.1:${at}/`, serializers: [json(), msgpack()] });
      expect(error.message).toBe(
        `ws://127.0.0.1:${at}/ chose no WAMP subprotocol: it is no WAMP router, or speaks none of wamp.2.json, wamp.2.msgpack`,
      );
      expect(error.uri).toBe('wamp.error.no_serializer');
      await until(() => plain.clients.size === 0);
      expect(plain.clients.size).toBe(0);
    });

    it('says that a WebSocket server chose a subprotocol that was not offered', async () => {
      const { port: at } = await webSocketServer(() => 'mqtt');
      const error = await failureOf({ url: `ws://127.0.0.1:${at}/` });
      expect(error.message).toMatch(
        / chose the subprotocol mqtt, which was not offered: it is no WAMP router, or speaks none of wamp\.2\.json$/,
      );
      expect(error.uri).toBe('wamp.error.no_serializer');
    });

    it('says that wss:// met a port without TLS', async () => {
      expect((await failureOf({ url: `wss://127.0.0.1:${port}/` })).message).toBe(
        `wss://127.0.0.1:${port}/ does not speak TLS on this port: use ws:// there, or the port of wss`,
      );
    });

    it('says that ws:// met what may be a port with TLS', async () => {
      const { port: at } = await listening(createTlsServer({ key: KEY, cert: CERTIFICATE }));
      expect((await failureOf({ url: `ws://127.0.0.1:${at}/` })).message).toBe(
        `ws://127.0.0.1:${at}/ gave no HTTP answer: if its port speaks TLS, use wss://; else it is no WebSocket server`,
      );
    });

    it('says that a server is none of the web', async () => {
      const { port: at } = await listening(createNetServer((socket) => socket.end('220 smtp.example.com\r\n')));
      expect((await failureOf({ url: `ws://127.0.0.1:${at}/` })).message).toMatch(/ gave no HTTP answer: /);
    });

    it('names the option ca for a certificate of its own, with which it then opens', async () => {
      const { port: at, wss: secure } = await webSocketServer(undefined, createTlsServer({ key: KEY, cert: CERTIFICATE }));
      const url = `wss://127.0.0.1:${at}/`;
      const { message } = await failureOf({ url });
      expect(message).toBe(
        `${url} has a certificate that no known authority signed (DEPTH_ZERO_SELF_SIGNED_CERT): give its authority in the option ca`,
      );
      const socket = connection(secure);
      const near = new Recorder();
      const cancel = webSocket({ url, ca: CERTIFICATE })(near);
      await socket;
      await until(() => near.channels.length > 0);
      expect(near.heard).toEqual([1, 0, 0, 0]);
      cancel.unsubscribe();
    });

    it('says that a certificate is for another host', async () => {
      const { port: at } = await webSocketServer(undefined, createTlsServer({ key: KEY, cert: CERTIFICATE }));
      const { message } = await failureOf({ url: `wss://127.0.0.1:${at}/`, ca: CERTIFICATE, servername: 'example.com' });
      expect(message).toMatch(/ has a certificate that is not valid here: Hostname\/IP does not match/);
    });

    it('reports what the class of the user throws, later and without the secrets of the URL', async () => {
      class Failing extends WebSocket {
        constructor(url: string) {
          super(url.slice(0, 0));
        }
      }
      const { message } = await failureOf({ url: 'ws://joe:secret@127.0.0.1/ws?token=abc', WebSocket: Failing });
      expect(message).toMatch(/^ws:\/\/\*\*\*@127\.0\.0\.1\/ws\?\*\*\* could not be opened: /);
    });

    it('shows neither credentials nor the query of its URL', async () => {
      const { port: at } = await answering(404);
      const error = await failureOf({ url: `ws://joe:secret@127.0.0.1:${at}/ws?token=abc` });
      expect(error.message).toBe(`ws://***@127.0.0.1:${at}/ws?*** answered 404: check the path`);
      expect(error.url).toBe(`ws://***@127.0.0.1:${at}/ws?***`);
      expect(JSON.stringify(error)).not.toMatch(/secret|abc/);
    });

    it('tells of a class of the user what it said', async () => {
      const { port: at } = await answering(404);
      const { message } = await failureOf({ url: `ws://127.0.0.1:${at}/`, WebSocket });
      expect(message).toMatch(/ could not be opened \(Unexpected server response: 404\): nothing listens there, /);
    });
  });
});
