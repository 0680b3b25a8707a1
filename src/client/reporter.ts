// Where errors go that no stream can tell: the logger, and a client's `errors`.
// Knows no session.
import { ApplicationError, textOf, WampError } from '../protocol/errors.ts';
import { type Logger, loggerOf } from './logger.ts';

export interface Reporter {
  readonly logger: Logger;
  /** A handler failed, a sink threw, a publication of a subject failed. */
  readonly report: (error: unknown, what?: string) => void;
  /** A pipeline came from another copy of rxjs; said once. */
  readonly foreign: () => void;
}

export function reporterOf(option: Logger | false | undefined, told?: (error: WampError) => void): Reporter {
  const logger = loggerOf(option);
  let isForeign = false;
  return {
    logger,
    report: (error, what) => {
      const text = textOf(error);
      // What a handler says to its caller is no fault of the program.
      if (error instanceof ApplicationError) {
        logger.debug(what === undefined ? text : `${what} answered ${text}`, error);
        told?.(error);
        return;
      }
      const sentence = what === undefined ? (error instanceof Error ? text : `something threw ${text}`) : `${what} failed: ${text}`;
      logger.error(sentence, error);
      const isOurs = error instanceof WampError;
      told?.(
        isOurs && what === undefined ? error : new WampError(isOurs ? error.uri : 'wamp.error.runtime_error', sentence, { cause: error }),
      );
    },
    foreign: () => {
      if (isForeign) return;
      isForeign = true;
      logger.warn(
        'two copies of rxjs are loaded: a pipeline comes from another one than the client; npm ls rxjs shows them, npm dedupe mends it',
      );
    },
  };
}
