// Further places where Crossbar.io listens: TLS that asks for the client's certificate, IPv6, a unix socket. Each wants a login too.
// Knows no process and no client. Source: Crossbar.io, "Transport Endpoints".
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { authority } from '../spec/support/authority.ts';
import { freePorts } from '../src/testing/crossbar/process.ts';

/** Where realm `login` is; over TLS with the authority that signed for the router, and what it signed for a client, in PEM. */
export interface Place {
  readonly url: string;
  readonly tls?: { readonly ca: string; readonly cert: string; readonly key: string };
}

export type PlaceName = 'mutual-tls' | 'ipv6' | 'unix-socket';

/** Each a place, or the sentence that says why it cannot be had. */
export type Places = Readonly<Record<PlaceName, Place | string>>;

/** A port of the IPv6 loopback that nobody listens at; undefined where there is no such loopback. */
function freePortOf6(): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server
      .once('error', () => resolve(undefined))
      .listen(0, '::1', () => {
        const { port } = server.address() as AddressInfo;
        server.close(() => resolve(port));
      });
  });
}

/**
 * Chooses them. Keys and socket stand in a folder that goes when this process ends.
 *
 * @param login The path of a Web transport in the form of Crossbar.io: a WebSocket that wants a login.
 * @returns The places, and their transports for the configuration of Crossbar.io.
 */
export async function choosePlaces(login: unknown): Promise<{ places: Places; transports: readonly object[] }> {
  const folder = mkdtempSync(join(tmpdir(), 'rxwamp-places-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const keys = authority(folder);
  const [port = 0] = await freePorts(1);
  const port6 = await freePortOf6();
  const socket = join(folder, 'router.sock');
  const file = (name: string): string => join(folder, name);
  const tls = { key: file('server.key'), certificate: file('server.crt'), ca_certificates: [file('ca.crt')] };
  const endpoints = [
    { type: 'unix', path: socket },
    ...(keys === undefined ? [] : [{ type: 'tcp', interface: '127.0.0.1', port, tls }]),
    ...(port6 === undefined ? [] : [{ type: 'tcp', version: 6, interface: '::1', port: port6 }]),
  ];
  return {
    places: {
      'mutual-tls':
        keys === undefined
          ? 'no openssl was found, which makes the certificates'
          : { url: `wss://localhost:${port}/ws`, tls: { ca: keys.ca, cert: keys.client, key: keys.clientKey } },
      ipv6: port6 === undefined ? 'this machine has no IPv6 loopback' : { url: `ws://[::1]:${port6}/ws` },
      'unix-socket': { url: `ws+unix:${socket}:/ws` },
    },
    transports: endpoints.map((endpoint) => ({ type: 'web', endpoint, paths: { '/': { type: 'static', directory: 'web' }, ws: login } })),
  };
}
