// What a component is told of a stream, and of a client's status before the first word.
// Knows no framework.
import type { Client } from '../client/client.ts';
import type { Status } from '../client/connection.ts';

/** An error as it stands in a component's state; what is none becomes the text of one. */
export function errorOf(error: unknown): Error {
  return error instanceof Error ? error : new TypeError(String(error));
}

/** The status before the first word, and on a server. */
export const IDLE: Status = { state: 'idle' };

/** The status at this moment: it is replayed to everyone who asks, and asking opens nothing. */
export function statusOf(client: Client): Status {
  let status = IDLE;
  // eslint-disable-next-line rxjs-x/no-ignored-error -- a status never errors
  client.status.subscribe((now) => (status = now)).unsubscribe();
  return status;
}
