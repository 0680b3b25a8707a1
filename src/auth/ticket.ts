// Login by ticket: the secret itself answers the challenge, so the link must be trusted.
// Source: WAMP advanced profile, "Ticket-based Authentication".
import type { Fresh } from '../protocol/fresh.ts';
import type { Login } from '../protocol/login.ts';
import { credentials } from './credentials.ts';

export interface TicketOptions {
  /** The user, or a function asked at every attempt. */
  readonly authid: Fresh<string>;
  /** The ticket, like a password or a token, or a function asked at every attempt. */
  readonly ticket: Fresh<string>;
}

/**
 * Logs in with a ticket, which goes to the router as it is: use `wss://` outside of this machine.
 *
 * @returns A login for the option `auth`. Its functions are asked together, at every attempt, before the socket opens; an attempt for which
 *   one of them fails, or gives no text, has failed like any other. They take the time they need, for a person may be typing: `joinTimeoutMs`
 *   begins when the socket opens, so a function that may hang needs a limit of its own.
 * @throws {TypeError} A user or a ticket is missing.
 * @see WAMP advanced profile, "Ticket-based Authentication"
 */
export function ticket(options: TicketOptions): Login {
  const { hello, secretOf } = credentials('ticket', 'ticket', options);
  return { authmethod: 'ticket', hello, answer: (_extra, said) => secretOf(said) };
}
