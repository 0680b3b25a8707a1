// The entry `rxwamp/auth`: one login a file, and what WAMP-CRA computes.
export { anonymous } from './anonymous.ts';
export type { Salting } from './cra.ts';
export { deriveWampcraKey, signWampcra } from './cra.ts';
export type { TicketOptions } from './ticket.ts';
export { ticket } from './ticket.ts';
export type { WampcraOptions } from './wampcra.ts';
export { wampcra } from './wampcra.ts';
