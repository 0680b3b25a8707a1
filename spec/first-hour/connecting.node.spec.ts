// The first hour with a router that is not there, or not as expected: one sentence each, in the status, the logger and the call.
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, createServer as createNetServer, type Server, type Socket } from 'node:net';
import { WebSocketServer } from 'ws';
import { Router, type RouterServer } from '../../src/router/index.ts';
import { CERTIFICATE, KEY } from '../../src/testing/crossbar/certificate.ts';
import { fatal, met, retried } from './met.ts';

describe('The first hour: connecting', () => {
  const servers: Server[] = [];
  const sockets: Socket[] = [];
  let router: Router;
  let server: RouterServer;

  beforeEach(async () => {
    router = new Router({ realms: ['realm1', { name: 'secret', auth: {} }] });
    server = await router.listen({ port: 0, path: '/ws' });
  });

  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy();
    for (const one of servers.splice(0)) one.close();
    await router.close();
  });

  async function listening(one: Server): Promise<number> {
    servers.push(one);
    one.on('connection', (socket) => sockets.push(socket.on('error', () => {})));
    await new Promise<void>((resolve) => one.listen(0, '127.0.0.1', resolve));
    return (one.address() as AddressInfo).port;
  }

  it('the router is down', async () => {
    await server.close();
    const sentence = `ws://127.0.0.1:${server.port}/ws cannot be reached: nothing listens there; is the router running?`;
    expect(await met({ url: server.url })).toEqual(retried(sentence));
  });

  it('the port belongs to a web server', async () => {
    const port = await listening(createServer((_, response) => response.end('<!doctype html>')));
    const sentence = `ws://127.0.0.1:${port}/ws answered 200, a web page: no WAMP router is at this path`;
    expect(await met({ url: `ws://127.0.0.1:${port}/ws` })).toEqual(retried(sentence));
  });

  it('the path is wrong', async () => {
    const sentence = `ws://127.0.0.1:${server.port}/wamp answered 404: check the path`;
    expect(await met({ url: `ws://127.0.0.1:${server.port}/wamp` })).toEqual(fatal(sentence));
  });

  it('the realm is wrong', async () => {
    const sentence = `${server.url} refused realm realm2 with wamp.error.no_such_realm: this router has no realm "realm2"; check the option realm`;
    expect(await met({ url: server.url, realm: 'realm2' })).toEqual(fatal(sentence));
  });

  it('the router asks for a login', async () => {
    const seen = await met({ url: server.url, realm: 'secret' });
    expect(seen).toEqual(fatal(seen.status));
    expect(seen.status.startsWith(`${server.url} refused realm secret with wamp.error.no_matching_auth_method: `)).toBeTrue();
    expect(seen.status.endsWith('; give a login that the realm takes in the option auth')).toBeTrue();
  });

  it('wss:// meets a port without TLS', async () => {
    const url = `wss://127.0.0.1:${server.port}/ws`;
    expect(await met({ url })).toEqual(retried(`${url} does not speak TLS on this port: use ws:// there, or the port of wss`));
  });

  it('ws:// meets a port with TLS', async () => {
    const url = `ws://127.0.0.1:${await listening(createTlsServer({ key: KEY, cert: CERTIFICATE }))}/ws`;
    const sentence = `${url} gave no HTTP answer: if its port speaks TLS, use wss://; else it is no WebSocket server`;
    expect(await met({ url })).toEqual(retried(sentence));
  });

  it('the certificate signed itself', async () => {
    const url = `wss://127.0.0.1:${await listening(createTlsServer({ key: KEY, cert: CERTIFICATE }))}/ws`;
    const sentence = `${url} has a certificate that no known authority signed (DEPTH_ZERO_SELF_SIGNED_CERT): give its authority in the option ca`;
    expect(await met({ url })).toEqual(retried(sentence));
  });

  it('the server is a WebSocket server, but no WAMP router', async () => {
    const http = createServer();
    new WebSocketServer({ server: http, handleProtocols: () => false });
    const url = `ws://127.0.0.1:${await listening(http)}/ws`;
    const sentence = `${url} chose no WAMP subprotocol: it is no WAMP router, or speaks none of wamp.2.json`;
    expect(await met({ url })).toEqual(fatal(sentence));
  });

  it('the server is an echo that takes any subprotocol', async () => {
    const http = createServer();
    new WebSocketServer({ server: http }).on('connection', (socket) =>
      socket.on('message', (data: Buffer) => socket.send(data.toString())),
    );
    const url = `ws://127.0.0.1:${await listening(http)}/ws`;
    const sentence = `the router at ${url} broke the protocol: HELLO comes from a client, not from a router`;
    expect(await met({ url })).toEqual(retried(sentence));
  });

  it('the server never answers', async () => {
    const url = `ws://127.0.0.1:${await listening(createNetServer())}/ws`;
    const sentence = `no session from ${url} within 100 ms: nothing answers there, or it is no WAMP router`;
    expect(await met({ url, joinTimeoutMs: 100 })).toEqual(retried(sentence));
  });

  it('a message is larger than the router takes', async () => {
    const small = await router.listen({ port: 0, maxMessageBytes: 1000 });
    const seen = await met({ url: small.url, details: { x_padding: 'x'.repeat(1000) } });
    expect(seen).toEqual(retried(seen.status));
    expect(seen.status).toBe(`${small.url} closed the link with code 1009: a message was larger than the router takes`);
  });
});
