// A router that is a process of its own: started as the leader of a group, awaited, stopped, killed, and never left behind.
// Knows nothing of Crossbar.io and of WAMP: a program, the addresses that it listens at, and the line of its log that says it is ready.
import { spawn, type ChildProcess } from 'node:child_process';
import { constants, closeSync, openSync } from 'node:fs';
import { access, mkdtemp, readFile, rm } from 'node:fs/promises';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** The router cannot be had on this machine; the message is one sentence that says why and what to do. Never a failure of the router. */
export class Unavailable extends Error {
  override readonly name = 'Unavailable';
}

/** A router that is there and did not start or did not end. The message has the end of its output. */
export class RouterError extends Error {
  override readonly name = 'RouterError';
}

export interface Address {
  readonly host: string;
  readonly port: number;
}

export interface Program {
  /** For sentences and for the folder. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** In its output as soon as connections are accepted. */
  readonly ready: string;
  readonly addresses: readonly Address[];
  readonly startTimeoutMs: number;
  /** Writes what the program reads. Called before every start with the folder that it works in. */
  readonly prepare: (folder: string) => Promise<void>;
}

/** The last lines of a text. */
export function lastLines(text: string, count = 15): string {
  return text.trimEnd().split('\n').slice(-count).join('\n');
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

/** Whether something listens there. */
export function accepts({ host, port }: Address): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, host);
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

/** Ports of loopback that nobody listens at. */
export async function freePorts(count: number): Promise<number[]> {
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

/** The first of these programs that PATH has. */
export async function find(...names: string[]): Promise<string | undefined> {
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
    return (await readFile(logPath, 'utf8')).includes(program.ready) && (await Promise.all(program.addresses.map(accepts))).every(Boolean);
  }, program.startTimeoutMs);
  if (started && !ended()) return { pid, ended };
  const problem = ended() ? 'ended before it was ready' : `was not ready within ${program.startTimeoutMs} ms`;
  signal(-pid, 'SIGKILL');
  throw new RouterError(`${program.name} ${problem}:\n${lastLines(await readFile(logPath, 'utf8'))}`);
}

/** One router of this machine. */
export class RouterProcess {
  readonly #program: Program;
  #folder: string | undefined;
  #log = '';
  #running: Running | undefined;

  constructor(program: Program) {
    this.#program = program;
  }

  async log(): Promise<string> {
    return this.#folder === undefined ? this.#log : readFile(join(this.#folder, 'router.log'), 'utf8');
  }

  async restart(): Promise<void> {
    await this.stop();
    const { addresses } = this.#program;
    const taken = addresses[(await Promise.all(addresses.map(accepts))).indexOf(true)];
    if (taken) throw new RouterError(`${spoken(taken)} is taken: stop what listens there, or choose another port`);
    this.#folder = await mkdtemp(join(tmpdir(), `rxwamp-${this.#program.name}-`));
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
      if (!(await until(running.ended, 5_000))) throw new RouterError(`${this.#program.name} did not end: process ${running.pid}`);
    }
    const { addresses, name } = this.#program;
    const closed = async (): Promise<boolean> => !(await Promise.all(addresses.map(accepts))).some(Boolean);
    if (running !== undefined && !(await until(closed, 5_000)))
      throw new RouterError(`${name} still listens at ${addresses.map(spoken).join(', ')}`);
    if (this.#folder === undefined) return;
    this.#log = await this.log().catch(() => '');
    await rm(this.#folder, { recursive: true, force: true });
    this.#folder = undefined;
  }
}

function spoken({ host, port }: Address): string {
  return `port ${String(port)} of ${host}`;
}

/** Every wait here is for a process group, which Windows does not have. */
export function refuseWindows(name: string): void {
  if (process.platform === 'win32') throw new Unavailable(`${name} is run by way of process groups, which Windows does not have.`);
}
