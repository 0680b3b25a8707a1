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
  error: (message, ...error) => {
    console.error(`rxwamp: ${message}`, ...error.filter((one) => one !== undefined));
  },
};
/* eslint-enable no-console */

/** The logger of an option: the console by default, nothing for `false`. */
export function loggerOf(option: Logger | false = CONSOLE): Required<Logger> {
  // One that throws must not stand in the way of what it is told of.
  const safely =
    (level: keyof Logger): Logger['warn'] =>
    (message, error) => {
      try {
        if (option !== false) option[level]?.(message, error);
      } catch (thrown) {
        throwLater(thrown);
      }
    };
  return { warn: safely('warn'), error: safely('error'), debug: safely('debug') };
}
