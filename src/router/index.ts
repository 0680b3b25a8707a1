// The entry `rxwamp/router`.
export { Router } from './router.ts';
export type { RealmOptions, RevokeOptions, RouterCounts, RouterLink, RouterOptions } from './router.ts';
export type { ListenOptions, RouterServer } from './listen.ts';
export type { Holding } from './operations.ts';
export type { Intercept } from './session.ts';
