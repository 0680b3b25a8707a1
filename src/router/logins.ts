// The logins of a realm, made of its options; one line for each method.
// Knows no session.
import type { RouterLogin } from './login.ts';
import { anonymousLogin, type AnonymousAccess } from './logins/anonymous.ts';
import { ticketLogin, type TicketUsers } from './logins/ticket.ts';
import { wampcraLogin, type WampcraUsers } from './logins/wampcra.ts';

/** Who may come into a realm, by method. The client's order decides among several. */
export interface RealmAuth {
  /** Whether clients come in without a login. Default: false. */
  readonly anonymous?: boolean | AnonymousAccess;
  /** Users with tickets, like `{ joe: 'his ticket' }` or `{ joe: { ticket: 'his ticket', authrole: 'admin' } }`, or a function that judges one. */
  readonly ticket?: TicketUsers;
  /** Users with secrets, like `{ joe: { secret: 'his secret', salt: 'some salt' } }`, or a function that looks one up. */
  readonly wampcra?: WampcraUsers;
  /** Methods of your own. */
  readonly custom?: readonly RouterLogin[];
}

export function loginsOf({ anonymous = false, ticket, wampcra, custom = [] }: RealmAuth): readonly RouterLogin[] {
  return [
    ...custom,
    ...(ticket === undefined ? [] : [ticketLogin(ticket)]),
    ...(wampcra === undefined ? [] : [wampcraLogin(wampcra)]),
    ...(anonymous === false ? [] : [anonymousLogin(anonymous === true ? {} : anonymous)]),
  ];
}
