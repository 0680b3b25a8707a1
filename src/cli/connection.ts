// From settings to the options of a client: logins, certificates, patience, and what is told on stderr meanwhile.
import { readFileSync } from 'node:fs';
import { Client, type ClientOptions, type Logger, type Login, trace, webSocket } from 'rxwamp';
import { ticket, wampcra } from 'rxwamp/auth';
import { UsageError } from './failure.ts';
import type { Output } from './output.ts';
import { type Settings, settingsOf, variableOf } from './settings.ts';

export const DEFAULT_URL = 'ws://localhost:8080/ws';
export const DEFAULT_REALM = 'realm1';

/** The flags that every command with a connection has. */
export interface ConnectionFlags extends Settings {
  readonly config?: string;
  /** Milliseconds to go on trying while there is no router. */
  readonly wait?: number;
  readonly trace?: boolean;
}

/** A command is over soon and fails at once without a router, or stays and waits for one. */
export type Patience = 'brief' | 'lasting';

/**
 * The options of a client, or of a peer.
 * @throws {UsageError} A setting is wrong, or half of a login is missing.
 */
export function clientOptions(
  flags: ConnectionFlags,
  patience: Patience,
  output: Output,
): ClientOptions & { readonly url: string; readonly realm: string } {
  const { url = DEFAULT_URL, realm = DEFAULT_REALM, ca, cert, key, ...login } = settingsOf(flags);
  const socket = Object.fromEntries(
    Object.entries({ ca, cert, key })
      .filter(([, path]) => path !== undefined)
      .map(([name, path]) => [name, pem(name, path as string)]),
  );
  const auth = logins(login);
  const options = {
    url,
    realm,
    socket,
    ...(auth.length > 0 && { auth }),
    // Said once for each loss; whoever does not wait for a router has the same sentence as the error.
    logger:
      patience === 'lasting'
        ? loggerOf((sentence, stack) => {
            output.warn(sentence, stack);
          })
        : false,
    ...(patience === 'brief' && flags.wait === undefined && { maxAttempts: 1 }),
    ...(flags.wait !== undefined && { waitMs: flags.wait }),
  } as const;
  if (flags.trace !== true) return options;
  const transport = trace(webSocket({ url, ...socket }), { log: (line) => void process.stderr.write(`${line}\n`) });
  return { ...options, transport };
}

/** A client for one command. */
export function clientOf(flags: ConnectionFlags, patience: Patience, output: Output): Client {
  return new Client(clientOptions(flags, patience, output));
}

function logins({ authid, ticket: given, secret }: Settings): readonly Login[] {
  if (authid === undefined) {
    const [name] = Object.entries({ ticket: given, secret }).find(([, value]) => value !== undefined) ?? [];
    if (name === undefined) return [];
    throw new UsageError(`a ${name} without a user`, `name the user with --authid or ${variableOf('authid')}`);
  }
  const offered = [
    ...(secret === undefined ? [] : [wampcra({ authid, secret })]),
    ...(given === undefined ? [] : [ticket({ authid, ticket: given })]),
  ];
  if (offered.length > 0) return offered;
  throw new UsageError(
    `nothing to log in with for ${authid}`,
    `give --secret or ${variableOf('secret')} (WAMP-CRA), or --ticket or ${variableOf('ticket')}`,
  );
}

function pem(name: string, path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new UsageError(`cannot read --${name} ${path}: ${(cause as Error).message}`, undefined, { cause });
  }
}

/** A logger for what says sentences, each with the place in a program if there is one; else that is empty. */
export function loggerOf(say: (sentence: string, stack: string) => void): Logger {
  return {
    warn: (message) => {
      say(message, '');
    },
    error: (message, error) => {
      // Of a service that threw; a sentence of the library's has said everything.
      say(message, error instanceof Error && !('uri' in error) ? stackOf(error) : '');
    },
  };
}

/** Where in the user's own files an error was thrown; empty if that was elsewhere. */
export function stackOf({ stack = '' }: Error): string {
  const lines = stack.split('\n').filter((line) => !/^ +at .*(?:node_modules|node:)/.test(line));
  return lines.some((line) => line.startsWith('    at ')) ? lines.join('\n') : '';
}
