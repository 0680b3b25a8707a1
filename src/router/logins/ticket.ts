// The router's half of a login by ticket: users and their tickets, or a function that judges both.
// Source: WAMP advanced profile, "Ticket-based Authentication".
import type { Dict } from '../../protocol/messages.ts';
import type { Admitted, RouterLogin } from '../login.ts';
import { equalSecrets, randomText } from './equal.ts';

/** A user with a ticket. */
export interface TicketUser {
  readonly ticket: string;
  /** Default: `user`. */
  readonly authrole?: string;
}

/** What a function says of a user that it lets in; what is missing is the HELLO's authid, `user` and `dynamic`. */
export type Grant = Partial<Pick<Admitted, 'authid' | 'authrole' | 'authprovider'>>;

/** Judges a ticket; `undefined` refuses it. Comparing in constant time is its own business. */
export type TicketCheck = (authid: string, ticket: string, details: Dict) => Grant | undefined | Promise<Grant | undefined>;

/** Users by their authid, each with a ticket, or with more than that. */
export type TicketUsers = Readonly<Record<string, string | TicketUser>> | TicketCheck;

export function ticketLogin(users: TicketUsers): RouterLogin {
  const check = typeof users === 'function' ? users : among(users);
  return {
    authmethod: 'ticket',
    begin: ({ details }) => {
      const authid = details['authid'] as string | undefined;
      if (authid === undefined || authid === '') return { refused: 'HELLO.Details.authid must name the user for a login by ticket' };
      return {
        challenge: {},
        answer: async (ticket) => {
          const grant = await check(authid, ticket, details);
          return grant && { authid, ...grant };
        },
      };
    },
  };
}

function among(users: Readonly<Record<string, string | TicketUser>>): TicketCheck {
  const known = new Map(Object.entries(users).map(([authid, user]) => [authid, typeof user === 'string' ? { ticket: user } : user]));
  // Compared like a real one, so that an unknown user costs as much time as a wrong ticket.
  const nobody = { ticket: randomText() };
  return (authid, ticket) => {
    const user: TicketUser | undefined = known.get(authid);
    const right = equalSecrets(ticket, (user ?? nobody).ticket);
    return user !== undefined && right
      ? { ...(user.authrole !== undefined && { authrole: user.authrole }), authprovider: 'static' }
      : undefined;
  };
}
