// Real routers for the interop scenarios: installs Crossbar.io and nexus, and starts them on loopback by what the testing kit has for that.
// Knows no client of this library: what is tested here must not help to test itself.
// Source: crossbar/config.json and nexus/main.go beside this file; places.ts adds to the former.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { access, mkdir, open, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { CERTIFICATE, KEY } from '../src/testing/crossbar/certificate.ts';
import { crossbar, LOGINS, RouterError, Unavailable } from '../src/testing/crossbar/index.ts';
import { find, freePorts, lastLines, refuseWindows, RouterProcess } from '../src/testing/crossbar/process.ts';
import { choosePlaces, type Places } from './places.ts';

export { LOGINS, RouterError, Unavailable };

const HERE = fileURLToPath(new URL('.', import.meta.url));
const CACHE = join(HERE, '..', 'node_modules', '.cache', 'rxwamp-interop');
const CROSSBAR_VERSION = '26.10.1';
const NEXUS_VERSION = '3.3.0';

/** A router of this machine, listening on loopback only. */
export interface RealRouter {
  readonly name: 'crossbar' | 'nexus';
  readonly version: string;
  /** Anonymous: realm `realm1` allows everything, realm `restricted` allows `com.allowed.` and denies `forbidden.`. */
  readonly url: string;
  /** Realm `login` with one of `LOGINS`. */
  readonly loginUrl: string;
  /** Realm `realm1` over TLS, vouched for by `certificate` alone. */
  readonly secureUrl: string;
  /** Realm `realm1`, messages of at most 4096 bytes. Crossbar.io only; nexus has no such limit. */
  readonly smallUrl: string | undefined;
  /** Realm `login` elsewhere. Crossbar.io only. */
  readonly places: Places | undefined;
  /** In PEM, for `localhost` and `127.0.0.1`. */
  readonly certificate: string;
  /** The router drops a link whose other side is silent after about this time at the latest; in milliseconds, 0 for never. */
  readonly silenceMs: number;
  /** The log of the running, or last, process. */
  log(): Promise<string>;
  /** Ends in order: SIGTERM, then, after ten seconds, SIGKILL. Nothing of it is left when this resolves. */
  stop(): Promise<void>;
  /** The crash: SIGKILL to the router and all its workers. */
  kill(): Promise<void>;
  /** Starts again on the same ports, after `stop()` if it runs; resolves when it accepts connections. */
  restart(): Promise<void>;
}

export interface CrossbarOptions {
  /** Pause between two pings of the router; 0 or at least 1000 milliseconds. Default: 5000. */
  readonly pingIntervalMs?: number;
  /** Time for the answer to a ping; at least 1000 milliseconds. Default: 3000. */
  readonly pingTimeoutMs?: number;
}

export interface NexusOptions {
  /** Messages that may wait for one client, what comes on top is dropped by nexus. Default: 64, as of nexus itself. */
  readonly queue?: number;
  /** Pause between two pings, two unanswered ones end the link; in milliseconds, 0 for none. Default: 3000. */
  readonly keepAliveMs?: number;
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** Runs a tool to its end; resolves to what it printed and whether it succeeded. */
function run(command: string, args: readonly string[], cwd: string = HERE): Promise<{ ok: boolean; output: string }> {
  return new Promise((resolve) => {
    let output = '';
    const child = spawn(command, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'], timeout: 600_000 });
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.once('error', (error) => resolve({ ok: false, output: error.message }));
    child.once('close', (code) => resolve({ ok: code === 0, output }));
  });
}

export async function mustRun(command: string, args: readonly string[], failure: string, cwd?: string): Promise<void> {
  const { ok, output } = await run(command, args, cwd);
  if (!ok) throw new Unavailable(`${failure}: ${lastLines(output, 5) || 'no output'}`);
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** Makes a file or folder of the cache once, also when several test processes ask for it at the same time. */
export async function cached(name: string, make: (path: string) => Promise<void>): Promise<string> {
  const path = join(CACHE, name);
  const done = `${path}.done`;
  const lock = `${path}.lock`;
  await mkdir(CACHE, { recursive: true });
  while (!(await exists(done))) {
    try {
      const file = await open(lock, 'wx');
      await file.writeFile(String(process.pid));
      await file.close();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      const holder = Number(await readFile(lock, 'utf8').catch(() => ''));
      if (holder > 0 && !isAlive(holder)) await rm(lock, { force: true });
      await sleep(200);
      continue;
    }
    try {
      if (await exists(done)) continue;
      await rm(path, { recursive: true, force: true });
      await make(path);
      await writeFile(done, '');
    } finally {
      await rm(lock, { force: true });
    }
  }
  return path;
}

/** The first Python that is new enough; a name may lead to a shim that starts nothing, so each is tried. */
async function findPython(): Promise<string> {
  let found = 'no python3 was found';
  for (const name of ['python3.11', 'python3']) {
    const path = await find(name);
    if (path === undefined) continue;
    const version = await run(path, ['-c', 'import sys; print(sys.version.split()[0]); sys.exit(sys.version_info < (3, 11))']);
    if (version.ok) return path;
    found = `${path} answers ${lastLines(version.output, 1)}`;
  }
  throw new Unavailable(`Crossbar.io needs Python 3.11 or newer, and ${found}.`);
}

export async function makeVenv(path: string): Promise<void> {
  const python = await findPython();
  const made = await run(python, ['-m', 'venv', path]);
  if (made.ok) return;
  // Debian keeps `ensurepip` in a package of its own.
  const apt = await find('apt-get');
  if (apt === undefined || process.getuid?.() !== 0) {
    throw new Unavailable(`Python cannot make a virtual environment (python3-venv missing?): ${lastLines(made.output, 5)}`);
  }
  if (!(await run(apt, ['install', '-y', 'python3-venv'])).ok) {
    await run(apt, ['update']);
    await mustRun(apt, ['install', '-y', 'python3-venv'], 'python3-venv could not be installed');
  }
  await rm(path, { recursive: true, force: true });
  await mustRun(python, ['-m', 'venv', path], 'Python cannot make a virtual environment');
}

/** The program, installed into the cache of the project. @throws {Unavailable} It cannot be installed here. */
export async function crossbarCommand(): Promise<string> {
  const venv = await cached(`crossbar-${CROSSBAR_VERSION}`, async (path) => {
    await makeVenv(path);
    const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', `crossbar==${CROSSBAR_VERSION}`];
    await mustRun(join(path, 'bin', 'python'), pip, `crossbar ${CROSSBAR_VERSION} could not be installed`);
  });
  return join(venv, 'bin', 'crossbar');
}

async function nexusCommand(): Promise<string> {
  const sources = await Promise.all(['go.mod', 'go.sum', 'main.go'].map((name) => readFile(join(HERE, 'nexus', name))));
  const hash = createHash('sha256');
  for (const source of sources) hash.update(source);
  return cached(`nexus-${hash.digest('hex').slice(0, 12)}`, async (path) => {
    const go = await find('go');
    if (go === undefined) throw new Unavailable('nexus needs Go 1.25 or newer, and no go was found.');
    const args = ['build', '-buildvcs=false', '-trimpath', '-o', path, '.'];
    await mustRun(go, args, 'nexus could not be built (it needs Go 1.25 or newer)', join(HERE, 'nexus'));
  });
}

interface Config {
  workers: [{ transports: { id: string; endpoint: { port: number }; paths: Record<string, { options?: Record<string, number> }> }[] }];
}

/**
 * Starts Crossbar.io, after installing it into the cache of the project if it is not there yet.
 *
 * @throws {Unavailable} It cannot be installed here.
 * @throws {RouterError} It is installed and did not start.
 */
export async function startCrossbar(options: CrossbarOptions = {}): Promise<RealRouter> {
  const { pingIntervalMs = 5000, pingTimeoutMs = 3000 } = options;
  refuseWindows('Crossbar.io');
  const command = await crossbarCommand();
  const [plain = 0, secure = 0] = await freePorts(2);
  const config = JSON.parse(await readFile(join(HERE, 'crossbar', 'config.json'), 'utf8')) as Config;
  const [{ transports }] = config.workers;
  for (const transport of transports) {
    transport.endpoint.port = transport.id === 'secure' ? secure : plain;
    for (const { options: socket } of Object.values(transport.paths)) {
      if (socket?.['auto_ping_interval'] === undefined) continue;
      socket['auto_ping_interval'] = pingIntervalMs;
      socket['auto_ping_timeout'] = pingTimeoutMs;
    }
  }
  const chosen = await choosePlaces(transports[0]?.paths['ws-login']);
  const router = await crossbar({
    command,
    config: { ...config, workers: [{ ...config.workers[0], transports: [...transports, ...chosen.transports] }] },
  });
  return {
    ...router,
    name: 'crossbar',
    version: CROSSBAR_VERSION,
    loginUrl: `ws://127.0.0.1:${plain}/ws-login`,
    secureUrl: `wss://127.0.0.1:${secure}/ws`,
    smallUrl: `ws://127.0.0.1:${plain}/ws-small`,
    places: chosen.places,
    silenceMs: pingIntervalMs === 0 ? 0 : pingIntervalMs + pingTimeoutMs,
  };
}

/**
 * Starts nexus, after building it into the cache of the project if it is not there yet.
 *
 * @throws {Unavailable} It cannot be built here.
 * @throws {RouterError} It was built and did not start.
 */
export async function startNexus(options: NexusOptions = {}): Promise<RealRouter> {
  const { queue = 64, keepAliveMs = 3000 } = options;
  refuseWindows('nexus');
  const command = await nexusCommand();
  const [plain = 0, secure = 0] = await freePorts(2);
  const listen = ['-ws', `127.0.0.1:${plain}`, '-wss', `127.0.0.1:${secure}`, '-cert', 'server.crt', '-key', 'server.key'];
  const running = new RouterProcess({
    name: 'nexus',
    command,
    args: [...listen, '-queue', String(queue), '-keepalive', `${keepAliveMs}ms`],
    ready: 'READY',
    addresses: [plain, secure].map((port) => ({ host: '127.0.0.1', port })),
    startTimeoutMs: 20_000,
    prepare: async (folder) => {
      await writeFile(join(folder, 'server.key'), KEY);
      await writeFile(join(folder, 'server.crt'), CERTIFICATE);
    },
  });
  await running.restart();
  return {
    name: 'nexus',
    version: NEXUS_VERSION,
    url: `ws://127.0.0.1:${plain}/`,
    loginUrl: `ws://127.0.0.1:${plain}/`,
    secureUrl: `wss://127.0.0.1:${secure}/`,
    smallUrl: undefined,
    places: undefined,
    certificate: CERTIFICATE,
    silenceMs: 3 * keepAliveMs,
    log: () => running.log(),
    stop: () => running.stop(),
    kill: () => running.kill(),
    restart: () => running.restart(),
  };
}
