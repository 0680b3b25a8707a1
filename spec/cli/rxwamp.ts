// The installed command line as its users start it: a process each, its output, its exit code. What is still running is ended after a spec.
import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Router, type RouterOptions, type RouterServer } from '../../src/router/index.ts';

/** The project in which the packed rxwamp is installed. */
export const PROJECT = process.env['RXWAMP_CLI_PROJECT'] ?? '';
export const BIN = join(PROJECT, 'node_modules/.bin/rxwamp');

export const running: ChildProcess[] = [];
const cleanUps: (() => unknown)[] = [];

/** Ends what a spec has left; called in `afterEach`. */
export async function tidy(): Promise<void> {
  for (const child of running.splice(0)) child.kill('SIGKILL');
  for (const task of cleanUps.splice(0).reverse()) await task();
}

export interface Options {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** The command itself. Default: that of the project. */
  readonly bin?: string;
}

/** A process that is running. */
export class Running {
  readonly child: ChildProcess;
  stdout = '';
  stderr = '';
  /** Resolves with the exit code when it has ended; a signal that killed it is -1. */
  readonly ended: Promise<number>;
  readonly #heard = new Set<() => void>();

  constructor(args: readonly string[], { env = {}, cwd = PROJECT, bin = BIN }: Options = {}) {
    // Nothing of the environment in which the specs run decides what the command does.
    const { PATH = '', HOME = '' } = process.env;
    this.child = spawn(bin, args, { cwd, env: { PATH, HOME, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    running.push(this.child);
    for (const name of ['stdout', 'stderr'] as const)
      this.child[name]?.setEncoding('utf8').on('data', (text: string) => {
        this[name] += text;
        for (const look of this.#heard) look();
      });
    this.ended = new Promise((resolve) => {
      this.child.on('close', (code) => {
        for (const look of this.#heard) look();
        resolve(code ?? -1);
      });
    });
  }

  /** Resolves when a text has been printed, on either stream; rejects when the process ends without it. */
  printed(text: string | RegExp): Promise<void> {
    const holds = (): boolean => {
      const all = this.stdout + this.stderr;
      return typeof text === 'string' ? all.includes(text) : text.test(all);
    };
    return new Promise((resolve, reject) => {
      const look = (): void => {
        if (holds()) {
          this.#heard.delete(look);
          resolve();
        } else if (this.child.exitCode !== null) {
          reject(new Error(`it ended with ${String(this.child.exitCode)} and without ${String(text)}: ${this.stdout}${this.stderr}`));
        }
      };
      this.#heard.add(look);
      look();
    });
  }

  /** Lines of stdout. */
  get lines(): string[] {
    return this.stdout.split('\n').slice(0, -1);
  }

  /** What Ctrl-C does. */
  async interrupt(): Promise<number> {
    this.child.kill('SIGINT');
    return this.ended;
  }
}

/** Starts a command that stays. */
export function started(args: readonly string[], options?: Options): Running {
  return new Running(args, options);
}

/** Runs a command to its end. */
export async function ran(args: readonly string[], options?: Options): Promise<{ code: number; stdout: string; stderr: string }> {
  const command = new Running(args, options);
  const code = await command.ended;
  return { code, stdout: command.stdout, stderr: command.stderr };
}

export interface Here {
  readonly router: Router;
  readonly server: RouterServer;
  readonly url: string;
  /** `RXWAMP_URL`, so that commands find the router. */
  readonly env: Readonly<Record<string, string>>;
}

/** A router for one spec. */
export async function routerHere(options: Partial<RouterOptions> = {}, port = 0): Promise<Here> {
  const router = new Router({ realms: ['realm1'], ...options });
  const server = await router.listen({ port });
  cleanUps.push(() => router.close());
  return { router, server, url: server.url, env: { RXWAMP_URL: server.url } };
}

/** A folder of the project, with these files, for one spec. */
export function folder(files: Readonly<Record<string, string>> = {}): string {
  return filled(mkdtempSync(join(PROJECT, 'spec-')), files);
}

/** A project of its own for one spec, with these files, rxwamp, and no tsx. */
export function bareProject(files: Readonly<Record<string, string>> = {}): { readonly cwd: string; readonly bin: string } {
  const cwd = filled(mkdtempSync(join(realpathSync(tmpdir()), 'rxwamp-bare-')), { 'package.json': '{"type":"module"}', ...files });
  const modules = join(PROJECT, 'node_modules');
  cpSync(modules, join(cwd, 'node_modules'), {
    recursive: true,
    verbatimSymlinks: true,
    filter: (path) => !/^.(?:@?esbuild|tsx)\b/.test(path.slice(modules.length)),
  });
  return { cwd, bin: join(cwd, 'node_modules/.bin/rxwamp') };
}

function filled(path: string, files: Readonly<Record<string, string>>): string {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(path, name), text);
  cleanUps.push(() => {
    rmSync(path, { recursive: true, force: true });
  });
  return path;
}

/** Asks again and again until it is so; a spec that waits in vain is ended by its time limit. */
export async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 10));
}
