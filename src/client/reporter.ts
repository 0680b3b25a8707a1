// Where errors go that no stream can tell: the logger, and a client's `errors`.
// Knows no session.
import { ApplicationError, WampError } from '../protocol/errors.ts';
import type { Logger } from './logger.ts';

export class Reporter {
  readonly logger: Logger;
  readonly #told: ((error: WampError) => void) | undefined;
  #foreign = false;

  constructor(logger: Logger, told?: (error: WampError) => void) {
    this.logger = logger;
    this.#told = told;
  }

  /** A handler failed, a sink threw, a publication of a subject failed. What a handler says to its caller is no fault of the program. */
  report(error: unknown, what?: string): void {
    if (error instanceof ApplicationError) {
      this.logger.debug?.(what === undefined ? error.message : `${what} answered ${error.message}`, error);
      this.#told?.(error);
      return;
    }
    const text = error instanceof Error ? error.message : String(error);
    const sentence = what === undefined ? (error instanceof Error ? text : `something threw ${text}`) : `${what} failed: ${text}`;
    this.logger.error(sentence, error);
    const uri = error instanceof WampError ? error.uri : 'wamp.error.runtime_error';
    this.#told?.(error instanceof WampError && what === undefined ? error : new WampError(uri, sentence, { cause: error }));
  }

  /** A pipeline came from another copy of rxjs; said once. */
  foreign(): void {
    if (this.#foreign) return;
    this.#foreign = true;
    this.logger.warn(
      'two copies of rxjs are loaded: a pipeline comes from another one than the client; npm ls rxjs shows them, npm dedupe mends it',
    );
  }
}
