// Where the router is and who logs in: flags go before the environment, that before a file, that before the defaults.
// Knows no command and opens no connection.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { crossbarSettings, isCrossbarConfig } from './crossbar.ts';
import { UsageError } from './failure.ts';

/** Everything that can be said of a connection; a missing one is the library's default. */
export interface Settings {
  readonly url?: string;
  readonly realm?: string;
  readonly authid?: string;
  readonly ticket?: string;
  readonly secret?: string;
  /** Files in PEM: who is trusted, and a client's certificate with its key. */
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

export const NAMES = ['url', 'realm', 'authid', 'ticket', 'secret', 'ca', 'cert', 'key'] as const;
/** Looked for where the command runs. */
export const CONFIG_FILE = 'rxwamp.config.json';
const FILES: readonly string[] = ['ca', 'cert', 'key'];

/**
 * Puts the settings together.
 *
 * @param flags What stood on the command line; `config` names a file of ours or of a Crossbar.io node.
 * @throws {UsageError} A file cannot be read or has a wrong name or value in it.
 */
export function settingsOf(
  flags: Settings & { readonly config?: string },
  env: Readonly<Record<string, string | undefined>> = process.env,
): Settings {
  const settings = { ...fromFile(flags.config), ...fromEnvironment(env), ...picked(flags) };
  const { authid, ticket, secret } = settings;
  // The Python library's name for it. It may be there for another program, so it is taken only where it is missing.
  const theirs = env['WAMPYSECRET'];
  if (authid === undefined || ticket !== undefined || secret !== undefined || theirs === undefined) return settings;
  return { ...settings, secret: theirs };
}

/** The variable of a setting: `RXWAMP_URL` for `url`. */
export function variableOf(name: string): string {
  return `RXWAMP_${name.toUpperCase()}`;
}

function fromEnvironment(env: Readonly<Record<string, string | undefined>>): Settings {
  return picked(Object.fromEntries(NAMES.map((name) => [name, env[variableOf(name)]])));
}

function picked(values: object): Settings {
  const given = values as { readonly [name in keyof Settings]?: string | undefined };
  const entries = NAMES.map((name) => [name, given[name]] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined && value !== ''));
}

function fromFile(named: string | undefined): Settings {
  const path = named ?? CONFIG_FILE;
  if (named === undefined && !existsSync(path)) return {};
  const config = parsed(path);
  if (isCrossbarConfig(config)) return crossbarSettings(path, config);
  for (const [name, value] of Object.entries(config)) {
    if (!NAMES.some((known) => known === name))
      throw new UsageError(`${path} has an unknown name ${name}`, `it may have ${NAMES.join(', ')}`);
    if (typeof value !== 'string')
      throw new UsageError(`${name} in ${path} must be a text, not ${Array.isArray(value) ? 'a list' : typeof value}`);
  }
  // A file names its neighbours, wherever the command runs.
  const beside = (name: string, value: unknown): unknown => (FILES.includes(name) ? resolve(dirname(path), value as string) : value);
  return picked(Object.fromEntries(Object.entries(config).map(([name, value]) => [name, beside(name, value)])));
}

function parsed(path: string): object {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    throw new UsageError(`cannot read ${path}: ${(cause as Error).message}`, undefined, { cause });
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new UsageError(`${path} is no JSON: ${(cause as Error).message}`, undefined, { cause });
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw new UsageError(`${path} must hold a JSON object`, 'like { "url": "ws://localhost:8080/ws", "realm": "realm1" }');
}
