/// <reference lib="esnext.disposable" preserve="true" />
// The entry of `rxwamp/peer`: a class is a service; and the same without classes.
export type { Answer } from '../contract/answer.ts';
export { kwargs } from '../contract/kwargs.ts';
export type { MethodMark, RpcOptions } from './declarations.ts';
export { rpc, subscribe } from './declarations.ts';
export type { ErrorClass, ErrorMap } from './errors.ts';
export { StartError } from './errors.ts';
export type { Entrypoint, PeerOptions, StartOptions, StopOptions } from './peer.ts';
export { getRegisteredEntrypoints, Peer } from './peer.ts';
export type { Procedure, Served, ServedProcedure, ServedTopic, Service, Topic } from './serve.ts';
export { serve } from './serve.ts';
