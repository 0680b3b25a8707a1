// The entry of `rxwamp/contract`: contracts as types and as schemas, and remote calls by name.
export type { Answer } from './answer.ts';
export { answer } from './answer.ts';
export type { KwargsMark } from './kwargs.ts';
export { kwargs } from './kwargs.ts';
export type { Calls } from './rpc.ts';
export { rpc } from './rpc.ts';
export type { Contract, Rpc } from './types.ts';
