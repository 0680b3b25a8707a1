// Where the library says what no stream can tell.
// Knows nothing of sessions.

import { throwLater } from '../transports/frames.ts';

/** What a logger of the user's own needs; each message is one sentence. */
export interface Logger {
  warn(message: string, error?: unknown): void;
  error(message: string, error?: unknown): void;
  debug?(message: string, error?: unknown): void;
}

/* eslint-disable no-console -- this is where the console is the point */
const CONSOLE: Logger = {
  warn: (message) => {
    console.warn(`rxwamp: ${message}`);
  },
  error: (message, error) => {
    console.error(`rxwamp: ${message}`, ...(error === undefined ? [] : [error]));
  },
};
/* eslint-enable no-console */

const SILENT: Logger = { warn: () => undefined, error: () => undefined };

/** The logger of an option: the console by default, nothing for `false`. */
export function loggerOf(option: Logger | false | undefined): Logger {
  if (option === undefined || option === false) return option === false ? SILENT : CONSOLE;
  // One that throws must not stand in the way of what it is told of.
  const safely =
    (say: (message: string, error?: unknown) => void): Logger['warn'] =>
    (message, error) => {
      try {
        say(message, error);
      } catch (thrown) {
        throwLater(thrown);
      }
    };
  return {
    warn: safely((message, error) => {
      option.warn(message, error);
    }),
    error: safely((message, error) => {
      option.error(message, error);
    }),
    debug: safely((message, error) => option.debug?.(message, error)),
  };
}
