/// <reference lib="esnext.disposable" preserve="true" />
// The entry `rxwamp/testing/crossbar`: a real Crossbar.io for a test. Node only.
export { LOGINS } from './configs.ts';
export type { ReadyConfig } from './configs.ts';
export { crossbar } from './crossbar.ts';
export type { Crossbar, CrossbarOptions } from './crossbar.ts';
export { RouterError, Unavailable } from './process.ts';
