// ERROR messages as error objects: what was asked stands in the sentence.
// Knows no session.
// Source: WAMP basic profile, "ERROR"; advanced profile, "Call Timeouts" (and Crossbar.io's answer to one).
import { ApplicationError, CallTimeoutError } from '../protocol/errors.ts';
import type { Dict, List, Uri } from '../protocol/messages.ts';
import { CALL } from '../protocol/messages.ts';

const REMEDIES: Readonly<Record<string, string>> = {
  'wamp.error.no_such_procedure': '; check its name, and that its callee runs in this realm',
  'wamp.error.procedure_already_exists':
    '; another callee has it: end that one first, or give both the same option invoke, like roundrobin',
  'wamp.error.not_authorized': '; check what the router permits to this login',
};

/** A URI with the text that came with it, if there is one: in the details, or the first argument. */
export function because(uri: Uri, { message }: { readonly message?: unknown } = {}, first?: unknown): string {
  const text = [first, message].find((one) => typeof one === 'string');
  return text === undefined ? uri : `${uri}: ${text}`;
}

/** The ERROR that answered `what`, like `call of com.example.add`; a router's own time-out of a call is a `CallTimeoutError`. */
export function refusal(message: List, what: string): ApplicationError | CallTimeoutError {
  const [, kind, , details, uri, args, kwargs] = message as readonly [number, number, number, Dict, Uri, List?, Dict?];
  const sentence = `${what} failed with ${because(uri, kwargs, args?.[0])}${REMEDIES[uri] ?? ''}`;
  const cause = new ApplicationError(uri, args, kwargs, { details, message: sentence });
  if (kind !== CALL || !(uri === 'wamp.error.timeout' || (uri.startsWith('wamp.error.cancel') && args?.[0] === 'timeout reached')))
    return cause;
  return new CallTimeoutError(`${what} took longer than the limit that it gave the router`, { cause });
}
