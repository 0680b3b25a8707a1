// A real Crossbar.io for a test: found on this machine, started from a configuration, and gone behind the test.
// Installs nothing, and knows no client.
// Source: Crossbar.io, "Command Line": `crossbar start --cbdir … --config …`.
import { constants } from 'node:fs';
import { access, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { CERTIFICATE, KEY } from './certificate.ts';
import { type CrossbarConfig, placesOf, type ReadyConfig, readyConfig } from './configs.ts';
import { find, freePorts, type Program, refuseWindows, RouterProcess, Unavailable } from './process.ts';

export interface CrossbarOptions {
  /** A ready configuration by its name, one of your own as an object, or the path of its JSON file. Default: `default`. */
  readonly config?: ReadyConfig | (string & {}) | object;
  /** The port of a ready configuration; your own says its ports itself. Default: any free one. */
  readonly port?: number;
  /** The program. Default: the one that the environment names in `RXWAMP_CROSSBAR`, else `crossbar` on PATH. */
  readonly command?: string;
  /** How long the start may take; in milliseconds. Default: 60,000. */
  readonly startTimeoutMs?: number;
}

/** A Crossbar.io that runs. */
export interface Crossbar extends AsyncDisposable {
  /** The first WebSocket of the configuration, like `ws://127.0.0.1:8080/ws`. */
  readonly url: string;
  /** Every WebSocket of the configuration, in its order. */
  readonly urls: readonly string[];
  /** What a client trusts when the ready configuration is `tls`: PEM, for `localhost` and `127.0.0.1`. */
  readonly certificate: string;
  /** The output of the running, or last, process. */
  log(): Promise<string>;
  /** Ends in order: SIGTERM, then, after ten seconds, SIGKILL. Nothing of it is left when this resolves. Idempotent. */
  stop(): Promise<void>;
  /** The crash: SIGKILL to Crossbar.io and all its workers. */
  kill(): Promise<void>;
  /** Starts again at the same ports, after `stop` if it runs; resolves when it accepts connections. */
  restart(): Promise<void>;
}

const READY: readonly string[] = ['default', 'static-auth', 'tls', 'ipv6', 'timeout'] satisfies readonly ReadyConfig[];
const OPTIONS: readonly string[] = ['config', 'port', 'command', 'startTimeoutMs'] satisfies readonly (keyof CrossbarOptions)[];
/** Keys of a configuration whose values may be paths. */
const PATHS: readonly string[] = ['key', 'certificate', 'chain_certificates', 'ca_certificates', 'dhparam', 'directory', 'filename'];

/**
 * Starts Crossbar.io from a configuration, in a folder of its own that goes with it. Node only, and not on Windows.
 *
 * @returns The router, when it accepts connections. Leave it by `await using`, or by `stop()` behind the test. It also ends when this
 *   process does, however that ends.
 * @throws {Unavailable} There is no `crossbar` on this machine: nothing is installed here.
 * @throws {RouterError} It did not start, or its port is taken; the message has the end of its output.
 * @throws {TypeError} An option is wrong, or the configuration cannot be read.
 * @example
 * await using router = await crossbar({ config: 'default' });
 * await using kit = await testing({ url: router.url });
 */
export async function crossbar(options: CrossbarOptions = {}): Promise<Crossbar> {
  const unknown = Object.keys(options).find((name) => !OPTIONS.includes(name));
  if (unknown !== undefined) throw new TypeError(`unknown option ${unknown} of crossbar: it has ${OPTIONS.join(', ')}`);
  refuseWindows('Crossbar.io');
  const command = await commandOf(options);
  const config = await configOf(options);
  const { addresses, urls } = placesOf(config);
  const [url] = urls;
  if (url === undefined) throw new TypeError('the configuration has no WebSocket transport with a TCP port: nobody could connect');
  const program: Program = {
    name: 'crossbar',
    command,
    args: ['start', '--cbdir', '.', '--logformat', 'none'],
    ready: 'NODE_BOOT_COMPLETE',
    addresses,
    startTimeoutMs: options.startTimeoutMs ?? 60_000,
    prepare: async (folder) => {
      await mkdir(join(folder, 'web'));
      const files = { 'config.json': JSON.stringify(config), 'server.key': KEY, 'server.crt': CERTIFICATE };
      await Promise.all(Object.entries(files).map(([name, text]) => writeFile(join(folder, name), text)));
    },
  };
  const running = new RouterProcess(program);
  await running.restart();
  return {
    url,
    urls,
    certificate: CERTIFICATE,
    log: () => running.log(),
    stop: () => running.stop(),
    kill: () => running.kill(),
    restart: () => running.restart(),
    [Symbol.asyncDispose]: () => running.stop(),
  };
}

async function commandOf({ command = process.env['RXWAMP_CROSSBAR'] }: CrossbarOptions): Promise<string> {
  const found = command === undefined ? await find('crossbar') : await runnable(command);
  if (found !== undefined) return found;
  const where = command === undefined ? 'there is no crossbar on PATH' : `there is no program ${command}`;
  throw new Unavailable(`${where}: install it (python3 -m pip install crossbar), or name it by the option command or RXWAMP_CROSSBAR`);
}

async function runnable(command: string): Promise<string | undefined> {
  if (!command.includes('/')) return find(command);
  const path = resolve(command);
  return access(path, constants.X_OK).then(
    () => path,
    () => undefined,
  );
}

async function configOf({ config = 'default', port }: CrossbarOptions): Promise<CrossbarConfig> {
  if (typeof config === 'string' && READY.includes(config)) {
    const [free = 0] = port === undefined ? await freePorts(1) : [port];
    return readyConfig(config as ReadyConfig, free);
  }
  if (port !== undefined) throw new TypeError(`port is for ${READY.join(', ')}: a configuration of your own says its ports itself`);
  if (typeof config !== 'string') return config;
  return absolute(await read(config), dirname(resolve(config))) as CrossbarConfig;
}

async function read(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as unknown;
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new TypeError(`${path} is no configuration that can be read, and none of ${READY.join(', ')}: ${why}`, { cause });
  }
}

/** Paths beside the file stay the same files, although Crossbar.io works in a folder of its own. */
function absolute(value: unknown, base: string, key = ''): unknown {
  if (typeof value === 'string') return PATHS.includes(key) ? resolve(base, value) : value;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => absolute(item, base, key));
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, absolute(item, base, name)]));
}
