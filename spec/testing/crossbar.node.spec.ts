import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Crossbar, crossbar, type CrossbarOptions, RouterError, Unavailable } from '../../src/testing/crossbar/index.ts';
import { accepts, freePorts } from '../../src/testing/crossbar/process.ts';

const command = fileURLToPath(new URL('fake-crossbar.mjs', import.meta.url));

function listens(url: string): Promise<boolean> {
  const { hostname, port } = new URL(url);
  return accepts({ host: hostname.replace(/[[\]]/g, ''), port: Number(port) });
}

/** A configuration of one's own, as far as the fake looks. */
function own(port: number, more: object = {}): object {
  const paths = { '/': { type: 'static' }, ws: { type: 'websocket' }, more: { type: 'websocket' } };
  return { workers: [{ transports: [{ type: 'web', endpoint: { type: 'tcp', port }, paths }] }], ...more };
}

// A stand-in for the program; the real one is part of `npm run test:interop`.
describe('crossbar', () => {
  for (const [config, url] of [
    ['default', /^ws:\/\/127\.0\.0\.1:\d+\/ws$/],
    ['static-auth', /^ws:\/\/127\.0\.0\.1:\d+\/ws$/],
    ['tls', /^wss:\/\/127\.0\.0\.1:\d+\/ws$/],
    ['ipv6', /^ws:\/\/\[::1\]:\d+\/ws$/],
    ['timeout', /^ws:\/\/127\.0\.0\.1:\d+\/ws$/],
  ] as const) {
    it(`starts from the ready configuration ${config}, at a free port, and is gone afterwards`, async () => {
      let router: Crossbar;
      {
        await using scope = await crossbar({ command, config });
        router = scope;
        expect(router.url).toMatch(url);
        expect(router.urls).toEqual([router.url]);
        expect(await listens(router.url)).toBeTrue();
      }
      expect(await listens(router.url)).toBeFalse();
      expect(await router.log()).toMatch(/^start --cbdir \. --logformat none\nNODE_BOOT_COMPLETE/);
      await router.stop();
    });
  }

  it('is killed and restarted at the same URL', async () => {
    await using router = await crossbar({ command });
    await router.kill();
    expect(await listens(router.url)).toBeFalse();
    await router.restart();
    expect(await listens(router.url)).toBeTrue();
  });

  it('takes a configuration of your own, with its ports and every WebSocket in it', async () => {
    const [port = 0] = await freePorts(1);
    await using router = await crossbar({ command, config: own(port) });
    expect(router.urls).toEqual([`ws://127.0.0.1:${port}/ws`, `ws://127.0.0.1:${port}/more`]);
  });

  it('takes the path of a configuration, and what it names stays beside it', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'rxwamp-spec-'));
    const [port = 0] = await freePorts(1);
    await writeFile(
      join(folder, 'node.json'),
      JSON.stringify(own(port, { fake: { files: true, directory: 'web', ca_certificates: ['ca.crt'] } })),
    );
    await using router = await crossbar({ command, config: join(folder, 'node.json') });
    expect(await router.log()).toContain(`${join(folder, 'web')} true ${join(folder, 'ca.crt')}`);
    await rm(folder, { recursive: true });
  });

  it('refuses a port that is taken, and says so', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    await expectAsync(crossbar({ command, port })).toBeRejectedWithError(
      RouterError,
      `port ${port} of 127.0.0.1 is taken: stop what listens there, or choose another port`,
    );
    await new Promise((resolve) => server.close(resolve));
  });

  it('shows the end of the output when it does not start, or not in time', async () => {
    const [port = 0] = await freePorts(1);
    await expectAsync(crossbar({ command, config: own(port, { fake: 'dies' }) })).toBeRejectedWithError(
      RouterError,
      'crossbar ended before it was ready:\nstart --cbdir . --logformat none\nthe configuration is wrong',
    );
    await expectAsync(crossbar({ command, config: own(port, { fake: 'slow' }), startTimeoutMs: 300 })).toBeRejectedWithError(
      RouterError,
      /^crossbar was not ready within 300 ms:/,
    );
  });

  it('says that there is none, and where it looks', async () => {
    const path = process.env['PATH'];
    process.env['PATH'] = tmpdir();
    try {
      await expectAsync(crossbar()).toBeRejectedWithError(
        Unavailable,
        'there is no crossbar on PATH: install it (python3 -m pip install crossbar), or name it by the option command or RXWAMP_CROSSBAR',
      );
    } finally {
      process.env['PATH'] = path;
    }
    await expectAsync(crossbar({ command: './nothing' })).toBeRejectedWithError(
      Unavailable,
      /^there is no program \.\/nothing: install it/,
    );
    process.env['RXWAMP_CROSSBAR'] = command;
    try {
      await using router = await crossbar();
      expect(await listens(router.url)).toBeTrue();
    } finally {
      delete process.env['RXWAMP_CROSSBAR'];
    }
  });

  for (const [what, options, message] of [
    ['an unknown option', { conf: 'default' }, 'unknown option conf of crossbar: it has config, port, command, startTimeoutMs'],
    [
      'a file that is not there',
      { command, config: './none.json' },
      /^\.\/none\.json is no configuration that can be read, and none of default,/,
    ],
    [
      'a port beside a configuration of your own',
      { command, config: own(1), port: 1 },
      /^port is for default, static-auth, tls, ipv6, timeout/,
    ],
    ['a configuration without a WebSocket', { command, config: { workers: [] } }, /^the configuration has no WebSocket transport/],
  ] as const) {
    it(`refuses ${what}`, async () => {
      await expectAsync(crossbar(options as CrossbarOptions)).toBeRejectedWithError(TypeError, message as RegExp);
    });
  }
});
