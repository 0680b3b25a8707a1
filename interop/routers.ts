// Real routers for the interop scenarios: installs, starts, awaits, stops and kills Crossbar.io and nexus on loopback.
// Knows nothing of this library: what is tested here must not help to test itself.
// Source: crossbar/config.json and nexus/main.go beside this file.
import { spawn, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { constants, closeSync, openSync } from 'node:fs';
import { access, mkdir, mkdtemp, open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const CACHE = join(HERE, '..', 'node_modules', '.cache', 'rxwamp-interop');
const CROSSBAR_VERSION = '26.10.1';
const NEXUS_VERSION = '3.3.0';

/** The router cannot be had on this machine; the message is one sentence that says why. Never a failure of the router. */
export class Unavailable extends Error {
  override readonly name = 'Unavailable';
}

/** An installed router that did not start or did not end. The message has the end of its log. */
export class RouterError extends Error {
  override readonly name = 'RouterError';
}

/** Who may join the realm `login`, on both routers. */
export const LOGINS = {
  ticket: { authid: 'tina', ticket: 'tina-ticket' },
  wampcra: { authid: 'cora', secret: 'cora-secret' },
  wampcraSalted: { authid: 'sally', secret: 'sally-secret' },
} as const;

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

interface Program {
  readonly name: 'crossbar' | 'nexus';
  readonly command: string;
  readonly args: readonly string[];
  /** In the log as soon as connections are accepted. */
  readonly ready: string;
  readonly ports: readonly number[];
  readonly startTimeoutMs: number;
  /** Writes what the program reads. Called before every start with the folder that it works in. */
  readonly prepare: (folder: string) => Promise<void>;
}

type Place = Omit<RealRouter, 'log' | 'stop' | 'kill' | 'restart'>;

function lastLines(text: string, count = 15): string {
  return text.trimEnd().split('\n').slice(-count).join('\n');
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** Sends a signal; a negative id is a process group. Who has gone already, or is only not yet reaped (EPERM on macOS), is no error. */
function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if (!['ESRCH', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}

async function until(condition: () => boolean | Promise<boolean>, timeoutMs: number): Promise<boolean> {
  const deadline = performance.now() + timeoutMs;
  while (!(await condition())) {
    if (performance.now() > deadline) return false;
    await sleep(25);
  }
  return true;
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer();
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject).listen(0, '127.0.0.1', resolve);
      });
      return server;
    }),
  );
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

async function find(...names: string[]): Promise<string | undefined> {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  for (const path of names.flatMap((name) => folders.map((folder) => join(folder, name)))) {
    try {
      await access(path, constants.X_OK);
      return path;
    } catch {
      // The next one may be it.
    }
  }
  return undefined;
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

async function crossbarCommand(): Promise<string> {
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

async function tlsFiles(): Promise<{ key: string; certificate: string }> {
  const folder = await cached('tls', async (path) => {
    const openssl = await find('openssl');
    if (openssl === undefined) throw new Unavailable('TLS needs a certificate made by openssl, and no openssl was found.');
    const fresh = `${path}.new`;
    await rm(fresh, { recursive: true, force: true });
    await mkdir(fresh);
    const request = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '3650', '-subj', '/CN=localhost'];
    const names = ['-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'];
    const files = ['-keyout', join(fresh, 'server.key'), '-out', join(fresh, 'server.crt')];
    await mustRun(openssl, [...request, ...names, ...files], 'openssl could not make a certificate');
    await rename(fresh, path);
  });
  return { key: join(folder, 'server.key'), certificate: join(folder, 'server.crt') };
}

interface Running {
  readonly pid: number;
  readonly ended: () => boolean;
}

/**
 * Starts the program as the leader of a process group, and a watchdog that kills the group and removes the folder
 * when this process ends, however it ends.
 */
async function launch(program: Program, folder: string): Promise<Running> {
  await program.prepare(folder);
  const logPath = join(folder, 'router.log');
  const log = openSync(logPath, 'w');
  const child: ChildProcess = spawn(program.command, program.args, { cwd: folder, detached: true, stdio: ['ignore', log, log] });
  closeSync(log);
  child.once('error', () => undefined).unref();
  const ended = (): boolean => child.exitCode !== null || child.signalCode !== null;
  const pid = child.pid;
  if (pid === undefined) throw new RouterError(`${program.name} could not be started: ${program.command}`);

  const script = 'cat; kill -s KILL -- "-$1"; rm -rf -- "$2"';
  const watchdog = spawn('/bin/sh', ['-c', script, 'watchdog', String(pid), folder], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  watchdog.unref();
  (watchdog.stdin as unknown as Socket).unref();
  child.once('exit', () => {
    // The workers of a router that died on its own would keep its ports.
    signal(-pid, 'SIGKILL');
    if (watchdog.pid !== undefined) signal(-watchdog.pid, 'SIGKILL');
  });

  const started = await until(async () => {
    if (ended()) return true;
    return (await readFile(logPath, 'utf8')).includes(program.ready) && (await Promise.all(program.ports.map(accepts))).every(Boolean);
  }, program.startTimeoutMs);
  if (started && !ended()) return { pid, ended };
  const problem = ended() ? 'ended before it was ready' : `was not ready within ${program.startTimeoutMs} ms`;
  signal(-pid, 'SIGKILL');
  throw new RouterError(`${program.name} ${problem}:\n${lastLines(await readFile(logPath, 'utf8'))}`);
}

class RouterProcess implements RealRouter {
  readonly name;
  readonly version;
  readonly url;
  readonly loginUrl;
  readonly secureUrl;
  readonly smallUrl;
  readonly certificate;
  readonly silenceMs;
  readonly #program: Program;
  #folder: string | undefined;
  #log = '';
  #running: Running | undefined;

  constructor(place: Place, program: Program) {
    this.name = place.name;
    this.version = place.version;
    this.url = place.url;
    this.loginUrl = place.loginUrl;
    this.secureUrl = place.secureUrl;
    this.smallUrl = place.smallUrl;
    this.certificate = place.certificate;
    this.silenceMs = place.silenceMs;
    this.#program = program;
  }

  async log(): Promise<string> {
    return this.#folder === undefined ? this.#log : readFile(join(this.#folder, 'router.log'), 'utf8');
  }

  async restart(): Promise<void> {
    await this.stop();
    this.#folder = await mkdtemp(join(tmpdir(), `rxwamp-${this.name}-`));
    try {
      this.#running = await launch(this.#program, this.#folder);
    } catch (error) {
      await this.#end('SIGKILL');
      throw error;
    }
  }

  stop(): Promise<void> {
    return this.#end('SIGTERM');
  }

  kill(): Promise<void> {
    return this.#end('SIGKILL');
  }

  async #end(by: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    const running = this.#running;
    this.#running = undefined;
    if (running !== undefined && !running.ended()) {
      // The leader ends its workers itself when it is asked to end; a crash spares nobody.
      signal(by === 'SIGKILL' ? -running.pid : running.pid, by);
      if (!(await until(running.ended, 10_000))) signal(-running.pid, 'SIGKILL');
      if (!(await until(running.ended, 5_000))) throw new RouterError(`${this.name} did not end: process ${running.pid}`);
    }
    const { ports } = this.#program;
    const closed = async (): Promise<boolean> => !(await Promise.all(ports.map(accepts))).some(Boolean);
    if (running !== undefined && !(await until(closed, 5_000))) throw new RouterError(`${this.name} still listens on ${ports.join(', ')}`);
    if (this.#folder === undefined) return;
    this.#log = await this.log().catch(() => '');
    await rm(this.#folder, { recursive: true, force: true });
    this.#folder = undefined;
  }
}

async function started(place: Place, program: Program): Promise<RealRouter> {
  const router = new RouterProcess(place, program);
  await router.restart();
  return router;
}

function refuseWindows(name: string): void {
  if (process.platform === 'win32') throw new Unavailable(`${name} is run by way of process groups, which Windows does not have.`);
}

interface CrossbarConfig {
  workers: {
    transports: {
      id: string;
      endpoint: { port: number; tls?: { key: string; certificate: string } };
      paths: Record<string, { options?: Record<string, number> }>;
    }[];
  }[];
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
  const tls = await tlsFiles();
  const [plain = 0, secure = 0] = await freePorts(2);

  const config = JSON.parse(await readFile(join(HERE, 'crossbar', 'config.json'), 'utf8')) as CrossbarConfig;
  for (const transport of config.workers.flatMap((worker) => worker.transports)) {
    transport.endpoint.port = transport.id === 'secure' ? secure : plain;
    if (transport.endpoint.tls !== undefined) transport.endpoint.tls = tls;
    for (const { options: socket } of Object.values(transport.paths)) {
      if (socket?.['auto_ping_interval'] === undefined) continue;
      socket['auto_ping_interval'] = pingIntervalMs;
      socket['auto_ping_timeout'] = pingTimeoutMs;
    }
  }
  return started(
    {
      name: 'crossbar',
      version: CROSSBAR_VERSION,
      url: `ws://127.0.0.1:${plain}/ws`,
      loginUrl: `ws://127.0.0.1:${plain}/ws-login`,
      secureUrl: `wss://127.0.0.1:${secure}/ws`,
      smallUrl: `ws://127.0.0.1:${plain}/ws-small`,
      certificate: await readFile(tls.certificate, 'utf8'),
      silenceMs: pingIntervalMs === 0 ? 0 : pingIntervalMs + pingTimeoutMs,
    },
    {
      name: 'crossbar',
      command,
      args: ['start', '--cbdir', '.', '--logformat', 'none'],
      ready: 'NODE_BOOT_COMPLETE',
      ports: [plain, secure],
      startTimeoutMs: 60_000,
      prepare: async (folder) => {
        await mkdir(join(folder, 'web'));
        await writeFile(join(folder, 'config.json'), JSON.stringify(config));
      },
    },
  );
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
  const tls = await tlsFiles();
  const [plain = 0, secure = 0] = await freePorts(2);
  const listen = ['-ws', `127.0.0.1:${plain}`, '-wss', `127.0.0.1:${secure}`, '-cert', tls.certificate, '-key', tls.key];
  return started(
    {
      name: 'nexus',
      version: NEXUS_VERSION,
      url: `ws://127.0.0.1:${plain}/`,
      loginUrl: `ws://127.0.0.1:${plain}/`,
      secureUrl: `wss://127.0.0.1:${secure}/`,
      smallUrl: undefined,
      certificate: await readFile(tls.certificate, 'utf8'),
      silenceMs: 3 * keepAliveMs,
    },
    {
      name: 'nexus',
      command,
      args: [...listen, '-queue', String(queue), '-keepalive', `${keepAliveMs}ms`],
      ready: 'READY',
      ports: [plain, secure],
      startTimeoutMs: 20_000,
      prepare: () => Promise.resolve(),
    },
  );
}
