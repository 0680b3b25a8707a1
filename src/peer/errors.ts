// What an error of a handler is on the wire, and what it is again at the caller; and the error of a start.
// Knows no session. Stacks and arguments stay here.
import { ApplicationError, WampError } from '../protocol/errors.ts';
import type { Uri } from '../protocol/messages.ts';

/** An error class that can be made of a message. */
export type ErrorClass = new (message: string, options?: ErrorOptions) => Error;

/** Error URIs with the class that each stands for, both ways. */
export interface ErrorMap {
  readonly [uri: Uri]: ErrorClass;
}

/** A peer could not start; `uri` and `cause` are those of the first thing that was refused. */
export class StartError extends WampError {
  override readonly name = 'StartError';
  /** Everything that was refused; empty if no router came in time. */
  readonly refused: readonly Error[];
  constructor(message: string, refused: readonly Error[], options: ErrorOptions & { readonly uri?: Uri } = {}) {
    const [cause] = refused;
    super(options.uri ?? uriOf(cause), message, { cause, ...options });
    this.refused = refused;
  }
}

export function uriOf(error: unknown): Uri {
  return error instanceof WampError ? error.uri : 'wamp.error.runtime_error';
}

/** The handler's own words: an `ApplicationError`, or one of a class that stands in the map. */
export function meant(error: unknown, map: ErrorMap): ApplicationError | undefined {
  if (error instanceof ApplicationError) return error;
  if (!(error instanceof Error)) return undefined;
  const uris = Object.entries(map);
  const [uri] = uris.find(([, type]) => error.constructor === type) ?? uris.find(([, type]) => error instanceof type) ?? [];
  return uri === undefined ? undefined : answered(uri, error);
}

/** What the caller gets of an error that nobody meant: its type and message, without either if they are masked. */
export function unexpected(error: unknown, mask: boolean): ApplicationError {
  const uri = 'wamp.error.runtime_error';
  return error instanceof Error && !mask ? answered(uri, error) : new ApplicationError(uri, [], {}, { cause: error });
}

/** An error that a call received, as the class that its URI stands for. */
export function received(error: Error, map: ErrorMap): Error {
  if (!(error instanceof ApplicationError) || !Object.hasOwn(map, error.uri)) return error;
  const type = map[error.uri] as ErrorClass;
  const [first] = error.args;
  const said = error.kwargs['message'] ?? first;
  return new type(typeof said === 'string' ? said : error.message, { cause: error });
}

function answered(uri: Uri, error: Error): ApplicationError {
  const type = error.name === 'Error' ? error.constructor.name : error.name;
  return new ApplicationError(uri, [error.message], { exc_type: type, message: error.message }, { cause: error });
}
