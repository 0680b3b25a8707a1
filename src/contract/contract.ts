// A client or a session seen through a contract: the same operations under narrower types, checked where there are schemas.
// Knows no session.
import type { OperatorFunction } from 'rxjs';
import type { Operations } from '../client/operations.ts';
import type { CallOptions, PublishOptions, RegisterOptions, SubjectOptions, SubscribeOptions } from '../client/options.ts';
import type { List, Uri } from '../protocol/messages.ts';
import type { Invocation } from '../session/result.ts';
import { checking } from './checking.ts';
import { rpc } from './rpc.ts';
import { checkSchemas, type ContractOf, type Schemas } from './schema.ts';
import type { Contract, Typed } from './types.ts';

/**
 * Sees a client or a session through a contract.
 *
 * @param operations A client, a session, or what has their operations. It is not changed.
 * @param schemas Check at run time what is given before it is sent, and what arrives. They may change what arrives, never what is sent.
 *   Without them the type argument is the contract, and nothing is checked at run time.
 * @returns The operations. Beside their own errors their streams have `ContractError`; a handler whose arguments are wrong does not run, and
 *   its caller gets `wamp.error.invalid_argument`.
 * @throws {TypeError} Something in `schemas` is misspelt or no schema; of an operation: the schemas do not have that name.
 * @see Standard Schema, version 1
 */
export function contract<C extends Contract>(operations: Operations): Typed<C>;
export function contract<const S extends Schemas>(
  operations: Operations,
  schemas: S,
): Typed<ContractOf<S, 'input'>, ContractOf<S, 'output'>>;
export function contract(operations: Operations, schemas?: Schemas): unknown {
  if (schemas !== undefined) checkSchemas(schemas);
  const on = schemas === undefined ? operations : checking(operations, schemas);
  return {
    topic: (topic: Uri, options?: SubscribeOptions) => on.topic(topic, options),
    subscribed: (topic: Uri, options?: SubscribeOptions) => on.subscribed(topic, options),
    call: (procedure: Uri, args?: List, kwargs?: object, options?: CallOptions) => on.call(procedure, args, kwargs, options),
    register: (procedure: Uri, pipeline: OperatorFunction<Invocation, unknown>, options?: RegisterOptions) =>
      on.register(procedure, pipeline, options),
    publish: (topic: Uri, args?: List, kwargs?: object, options?: PublishOptions) => on.publish(topic, args, kwargs, options),
    subject: (topic: Uri, options?: SubjectOptions) => on.subject(topic, options),
    rpc: rpc(on) as unknown,
  };
}
