// The entry of `rxwamp/contract`: contracts as types and as schemas, and remote calls by name.
export type { Answer } from './answer.ts';
export { answer } from './answer.ts';
export { contract } from './contract.ts';
export type { ContractIssue } from './error.ts';
export { ContractError } from './error.ts';
export type { KwargsMark } from './kwargs.ts';
export { kwargs } from './kwargs.ts';
export type { Calls } from './rpc.ts';
export { rpc } from './rpc.ts';
export type { ContractOf, ProcedureSchemas, Schema, SchemaIssue, SchemaResult, Schemas, TopicSchemas } from './schema.ts';
export type { Contract, Emission, Rpc, Typed, TypedSubject } from './types.ts';
