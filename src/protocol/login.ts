// What a login method is to the join: a name, something for HELLO, an answer to CHALLENGE. One file per method stands in src/auth.
// Knows no cryptography and no network; types only.
// Source: WAMP advanced profile, "Authentication Methods".
import type { Dict } from './messages.ts';

/** The answer to a CHALLENGE: AUTHENTICATE.Signature, with its Extra where the method has one. */
export type ChallengeAnswer = string | readonly [signature: string, extra: Dict];

/**
 * One login method that is offered to the router. Its functions are asked anew at every attempt; one login may serve several clients, so
 * what has to be remembered within an attempt is kept by its `hello`.
 */
export interface Login {
  /** The method's name on the wire, like `ticket`. */
  readonly authmethod: string;
  /** What it adds to HELLO's details (`authid`, `authextra`), asked before the socket opens. Default: nothing. */
  hello?(): Dict | Promise<Dict>;
  /**
   * Answers a CHALLENGE of this method. What it throws or rejects with ends the attempt.
   *
   * @param extra CHALLENGE.Extra.
   * @param hello The object that `hello` gave for this attempt; `{}` where there is no `hello`.
   */
  answer(extra: Dict, hello: Dict): ChallengeAnswer | Promise<ChallengeAnswer>;
  /** Throws or rejects if WELCOME's details do not prove what they must; asked before the session is emitted. */
  verify?(details: Dict, hello: Dict): void | Promise<void>;
}
