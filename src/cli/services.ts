// Finds what `run` is asked for: a file, and a class or a service in it. What cannot be had is told with what there is instead.
// A service is known by what it can do and not by its class: its project may have another copy of rxwamp.
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Client, ClientOptions } from 'rxwamp';
import { CommandError, UsageError } from './failure.ts';
import { INSTALL_TSX, registerTypeScript } from './typescript.ts';

/** What `run` needs of a peer. */
export interface Service {
  readonly name: string;
  readonly client: Client;
  readonly registrations: readonly { readonly uri: string }[];
  readonly subscriptions: readonly { readonly uri: string }[];
  start(options: { readonly timeoutMs: number }): Promise<unknown>;
  stop(options?: { readonly drainMs?: number }): Promise<unknown>;
}

type ServiceClass = new (options: ClientOptions) => Service;

/** A file, and the name of one of its exports. */
export interface Target {
  readonly text: string;
  readonly path: string;
  readonly name: string | undefined;
}

const TYPESCRIPT = /\.[cm]?tsx?$/;
const EXTENSIONS = ['.ts', '.mts', '.js', '.mjs', '/index.ts', '/index.js'];

/** `./service.ts:DateService`, `./service.ts#DateService`, or `./service.ts` for what it exports by default, or for its only service. */
export function targetOf(text: string): Target {
  const [, path = text, name] = /^(.+?)(?:[:#]([\p{ID_Start}$_][\p{ID_Continue}$]*))?$/u.exec(text) ?? [];
  return { text, path, name };
}

/** @throws {UsageError} A file is missing, or is TypeScript and there is no tsx. */
export async function prepare(targets: readonly Target[]): Promise<void> {
  for (const target of targets) if (!existsSync(target.path)) throw missing(target);
  const first = targets.find(({ path }) => TYPESCRIPT.test(path));
  if (first !== undefined) await registerTypeScript(first.path);
}

/**
 * Loads the file and makes the service.
 *
 * @param options For its constructor.
 * @throws {UsageError} It is not there, or is no service.
 * @throws {CommandError} The file, or the constructor, threw.
 */
export async function serviceOf(target: Target, options: ClientOptions): Promise<Service> {
  const found = pick(target, await load(target));
  if (isService(found)) return found;
  try {
    return new (found as ServiceClass)(options);
  } catch (cause) {
    throw new CommandError(`${target.text} cannot be made: ${messageOf(cause)}`, { cause });
  }
}

async function load({ path }: Target): Promise<Readonly<Record<string, unknown>>> {
  try {
    const loaded = (await import(pathToFileURL(resolve(path)).href)) as Readonly<Record<string, unknown>>;
    // A module of CommonJS that was made of an ES module has its exports one step further.
    const inner = loaded['default'] as Readonly<Record<string, unknown>> | undefined;
    return inner?.['__esModule'] === true ? inner : loaded;
  } catch (cause) {
    // Node alone can read some TypeScript, and no decorators.
    const hint =
      cause instanceof SyntaxError && cause.stack?.includes('@') === true
        ? `decorators need TypeScript and tsx: ${INSTALL_TSX}`
        : undefined;
    throw new CommandError(`${path} cannot be loaded: ${messageOf(cause)}`, { cause, hint });
  }
}

function pick({ path, name }: Target, loaded: Readonly<Record<string, unknown>>): unknown {
  const services = Object.keys(loaded).filter((each) => isService(loaded[each]) || isServiceClass(loaded[each]));
  const there = services.length > 0 ? `it has ${services.join(', ')}` : 'it has no class that extends Peer';
  if (name === undefined) {
    const only = services.includes('default') ? 'default' : services.length === 1 ? services[0] : undefined;
    if (only !== undefined) return loaded[only];
    throw new UsageError(
      `${path} does not tell which service to run`,
      services.length > 0 ? `${there}: rxwamp run ${path}:${String(services[0])}` : there,
    );
  }
  if (!Object.hasOwn(loaded, name)) throw new UsageError(`${path} has no export ${name}; ${there}`);
  if (!services.includes(name)) throw new UsageError(`${name} of ${path} is no service: export a class that extends Peer`, there);
  return loaded[name];
}

function isService(value: unknown): value is Service {
  return typeof value === 'object' && value !== null && canServe(value);
}

function isServiceClass(value: unknown): value is ServiceClass {
  return (
    typeof value === 'function' && typeof value.prototype === 'object' && value.prototype !== null && canServe(value.prototype as object)
  );
}

function canServe(value: object): boolean {
  return ['start', 'stop', 'call', 'publish'].every(
    (name) => name in value && typeof (value as Record<string, unknown>)[name] === 'function',
  );
}

function missing({ path, name }: Target): UsageError {
  const guesses = [path, path.replaceAll('.', '/')].flatMap((each) => EXTENSIONS.map((extension) => each + extension));
  const guess = guesses.find(existsSync);
  const hint = guess === undefined ? undefined : `did you mean ./${guess.replace(/^\.\//, '')}${name === undefined ? '' : `:${name}`}?`;
  return new UsageError(`there is no file ${path}`, hint);
}

/** The first line that says something: a transformer's message begins with a heading. */
function messageOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const lines = message.split('\n').filter((line) => line.trim() !== '');
  return (lines.find((line) => line.includes('ERROR:')) ?? lines[0] ?? 'it threw nothing').trim();
}
