// ERROR messages as error objects: what was asked stands in the sentence.
// Knows no session.
// Source: WAMP basic profile, "ERROR"; advanced profile, "Call Timeouts" (and Crossbar.io's answer to one).
import { ApplicationError, CallTimeoutError } from '../protocol/errors.ts';
import type { Dict, List, Uri } from '../protocol/messages.ts';
import { NO_ARGS, NO_KWARGS } from './payload.ts';

const REMEDIES: Readonly<Record<string, string>> = {
  'wamp.error.no_such_procedure': '; check its name, and that its callee runs in this realm',
  'wamp.error.procedure_already_exists':
    '; another callee has it: end that one first, or give both the same option invoke, like roundrobin',
  'wamp.error.not_authorized': '; check what the router permits to this login',
};

/** The ERROR that answered `what`, like `call of com.example.add`. */
export function refusal(message: List, what: string): ApplicationError {
  const [, , , details, uri, args = NO_ARGS, kwargs = NO_KWARGS] = message as [number, number, number, Dict, Uri, List?, Dict?];
  const text = typeof args[0] === 'string' ? args[0] : typeof kwargs['message'] === 'string' ? kwargs['message'] : undefined;
  return new ApplicationError(uri, args, kwargs, {
    details,
    message: `${what} failed with ${uri}${text === undefined ? '' : `: ${text}`}${REMEDIES[uri] ?? ''}`,
  });
}

/** The ERROR that answered a call; a router's own time-out is a `CallTimeoutError`, under whichever of its two names. */
export function callRefusal(message: List, procedure: Uri): ApplicationError | CallTimeoutError {
  const error = refusal(message, `call of ${procedure}`);
  const timedOut = error.uri === 'wamp.error.timeout' || (error.uri.startsWith('wamp.error.cancel') && error.args[0] === 'timeout reached');
  return timedOut
    ? new CallTimeoutError(`call of ${procedure} took longer than the limit that it gave the router`, { cause: error })
    : error;
}
