// What went wrong, in words for the person at the desk.
import { ApplicationError, ConnectionError, JoinError } from 'rxwamp';

export function sentence(error: unknown): string {
  if (error instanceof JoinError) return 'This name and ticket do not go together. Look at both and try again.';
  if (error instanceof ConnectionError && error.sent)
    return 'The connection was lost while the order ran. The list below says how far it came.';
  if (error instanceof ConnectionError) return 'There is no connection, so the order was not sent.';
  if (error instanceof ApplicationError && error.uri === 'wamp.error.no_such_procedure')
    return 'The market is closed for a moment. Try again soon.';
  if (error instanceof ApplicationError && typeof error.args[0] === 'string') return error.args[0];
  return error instanceof Error ? error.message : String(error);
}
