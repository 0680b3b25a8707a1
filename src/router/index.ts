/// <reference lib="esnext.disposable" preserve="true" />
// The entry `rxwamp/router`.
export { Router } from './router.ts';
export type { RealmOptions, RevokeOptions, RouterCounts, RouterLink, RouterLogger, RouterOptions } from './router.ts';
export type { Admitted, Challenged, LoginRequest, LoginStep, RouterLogin } from './login.ts';
export type { RealmAuth } from './logins.ts';
export type { AnonymousAccess } from './logins/anonymous.ts';
export type { Grant, TicketCheck, TicketUser, TicketUsers } from './logins/ticket.ts';
export type { WampcraLookup, WampcraUser, WampcraUsers } from './logins/wampcra.ts';
export type { ListenOptions, RouterServer } from './listen.ts';
export type { Holding } from './operations.ts';
export type { Intercept } from './session.ts';
