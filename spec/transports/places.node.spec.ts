// Where a router may be and how it may ask who is there: IPv6, a unix socket, TLS with a certificate of the client's own.
// The keys are made by openssl; where there is none, that spec is pending.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebSocketServer } from 'ws';
import type { ConnectionError } from '../../src/protocol/errors.ts';
import { CERTIFICATE, KEY } from '../../src/testing/crossbar/certificate.ts';
import { webSocket, type WebSocketOptions } from '../../src/transports/websocket.ts';
import { authority } from '../support/authority.ts';
import { Recorder, until } from './contract.ts';

let folder: string;
let server: Server | undefined;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'rxwamp-'))));
afterEach(async () => {
  await new Promise((resolve) => (server === undefined ? resolve(undefined) : server.close(resolve)));
  server = undefined;
  rmSync(folder, { recursive: true });
});

async function listening(made: Server, ...at: readonly unknown[]): Promise<number> {
  server = made;
  new WebSocketServer({ server: made });
  await new Promise<void>((resolve, reject) => made.once('error', reject).listen(...(at as [0]), resolve));
  return (made.address() as AddressInfo | string as AddressInfo).port;
}

/** Opens a link and leaves it; undefined if it opened, else why not. */
async function opened(options: WebSocketOptions): Promise<ConnectionError | undefined> {
  const near = new Recorder();
  const cancel = webSocket(options)(near);
  await until(() => near.channels.length + near.errors.length > 0);
  cancel.unsubscribe();
  expect(near.channels.length + near.errors.length).toBe(1);
  return near.errors[0] as ConnectionError | undefined;
}

describe('webSocket to places', () => {
  it('reaches a unix socket', async () => {
    const path = join(folder, 'router.sock');
    await listening(createServer(), path);
    expect(await opened({ url: `ws+unix:${path}:/ws` })).toBeUndefined();
    expect((await opened({ url: `ws+unix:${path}.gone:/ws` }))?.message).toContain('ENOENT');
  });

  it('reaches an address of IPv6', async () => {
    let port = 0;
    try {
      port = await listening(createServer(), 0, '::1');
    } catch {
      server = undefined;
      pending('this machine has no IPv6');
    }
    expect(await opened({ url: `ws://[::1]:${port}/ws` })).toBeUndefined();
    expect(await opened({ url: `ws://[::1]:${port}/ws`, family: 6 })).toBeUndefined();
  });

  it('shows a certificate of its own to a server that asks for one, and trusts the given authority', async () => {
    const made = authority(folder);
    if (made === undefined) {
      pending('no openssl was found');
      return;
    }
    const { ca, client, clientKey } = made;
    const port = await listening(
      createSecureServer({ key: made.serverKey, cert: made.server, ca, requestCert: true, rejectUnauthorized: true }),
      0,
    );
    const url = `wss://localhost:${port}/ws`;
    expect(await opened({ url, ca, cert: client, key: clientKey })).toBeUndefined();
    expect((await opened({ url, ca }))?.message).toContain('asks for a certificate of the client: give it in the options cert and key');
    expect((await opened({ url, cert: client, key: clientKey }))?.message).toContain('give its authority in the option ca');
  });

  it('tells the owner of a certificate that the server does not trust it', async () => {
    const made = authority(folder);
    if (made === undefined) {
      pending('no openssl was found');
      return;
    }
    // A server of Node hangs up instead of saying why.
    const files = ['-cert', 'server.crt', '-key', 'server.key', '-CAfile', 'ca.crt'];
    const child = spawn('openssl', ['s_server', '-accept', '127.0.0.1:0', ...files, '-Verify', '1', '-verify_return_error'], {
      cwd: folder,
    });
    const ended = new Promise((resolve) => child.once('close', resolve));
    let output = '';
    child.stdout.on('data', (text: Buffer) => (output += text.toString()));
    const port = (): string | undefined => /^ACCEPT .*:(\d+)$/m.exec(output)?.[1];
    await until(() => port() !== undefined || child.exitCode !== null);
    const error = await opened({ url: `wss://127.0.0.1:${port() ?? ''}/ws`, ca: made.ca, cert: CERTIFICATE, key: KEY });
    child.kill();
    await ended;
    expect(error?.message).toContain(
      'does not trust the certificate of the client (unknown ca): give one in cert and key that its authority signed',
    );
  });
});
