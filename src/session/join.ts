// The join: from HELLO over CHALLENGE to WELCOME, or to ABORT.
// Knows no timer and no promise: who answers a CHALLENGE or checks a WELCOME calls back.
// Source: WAMP basic profile, "Session Establishment"; advanced profile, "Authentication Methods".
import { JoinError } from '../protocol/errors.ts';
import type { Dict, Id, List, Uri } from '../protocol/messages.ts';
import { ABORT, AUTHENTICATE, CHALLENGE, WELCOME } from '../protocol/messages.ts';
import { because } from './refusal.ts';
import type { SessionCore } from './session.ts';

/** What a join says and whom it asks. */
export interface JoinOptions {
  readonly url: string | undefined;
  readonly realm: Uri;
  /** HELLO.Details, roles included. */
  readonly details: Dict;
  /** Answers a CHALLENGE; undefined where no login was offered. */
  readonly answer?: (authmethod: string, extra: Dict, done: (error: unknown, signature: string, extra: Dict) => void) => void;
  /** Checks WELCOME before the session counts. */
  readonly verify?: (details: Dict, done: (error: unknown) => void) => void;
}

/** Takes a message that comes before the session is there. */
export function handshake(core: SessionCore, message: List): void {
  const { options } = core;
  const { realm, details, answer, verify } = options;
  const [code, second, third] = message as readonly [number, unknown, Dict | Uri];
  if (code === WELCOME) {
    const { authmethod } = core;
    const joined = (): void => {
      core.joined(second as Id, third as Dict);
    };
    if (!verify || authmethod === undefined) joined();
    else
      verify(third as Dict, (error) => {
        if (error === undefined) joined();
        else refuse(core, `the router did not prove itself for ${authmethod}`, error);
      });
  } else if (code === CHALLENGE) {
    const authmethod = second as string;
    if (!answer || ![details['authmethods']].flat().includes(authmethod)) {
      refuse(core, `the router asks for a login by ${authmethod}, which was not offered: give it in the option auth`);
      return;
    }
    core.authmethod = authmethod;
    answer(authmethod, third as Dict, (error, signature, more) => {
      let cause = error;
      try {
        if (cause === undefined) core.send([AUTHENTICATE, signature, more]);
      } catch (unsendable) {
        cause = unsendable;
      }
      if (cause !== undefined)
        refuse(core, `the login by ${authmethod} could not answer the challenge to ${userOf(details)}realm ${realm}`, cause);
    });
  } else if (code === ABORT) {
    const uri = third as Uri;
    const remedy = REMEDIES.find(([pattern]) => pattern.test(uri))?.[1] ?? '';
    const sentence = `${options.url ?? 'the router'} refused ${userOf(details)}realm ${realm} with ${because(uri, second as Dict)}${remedy}`;
    core.end(new JoinError(uri, sentence, { details: second as Dict }));
  } else core.violated(`message type ${String(code)} must not come before WELCOME`);
}

/** Ends the attempt, as nobody can log in. */
function refuse(core: SessionCore, message: string, cause?: unknown): void {
  // The router is not told what the login's own code says: a secret may stand there.
  const why = cause instanceof Error ? `: ${cause.message}` : '';
  core.abort(new JoinError('wamp.error.cannot_authenticate', message + why, { cause }), message);
}

/** The user, if HELLO names one. */
function userOf({ authid }: { readonly authid?: unknown }): string {
  return typeof authid === 'string' ? `${authid} in ` : '';
}

const REMEDIES: readonly (readonly [RegExp, string])[] = [
  [/no_such_realm/, '; check the option realm'],
  [/no_(matching_)?auth_method|authentication_required/, '; give a login that the realm takes in the option auth'],
  [/not_authorized|authentication|authorization|no_such_(role|principal)/, '; check the user and the secret in the option auth'],
];
