// What an error of a handler is on the wire, and what it is again at the caller; and the error of a start.
// Knows no session. Stacks and arguments stay here.
import { ApplicationError, WampError } from '../protocol/errors.ts';
import type { Uri } from '../protocol/messages.ts';
import { isDict } from '../protocol/shapes.ts';
import { isUri } from '../protocol/uris.ts';

/** An error class that can be made of a message. */
export type ErrorClass = new (message: string, options?: ErrorOptions) => Error;

/** Error URIs with the class that each stands for, both ways. */
export interface ErrorMap {
  readonly [uri: Uri]: ErrorClass;
}

/** What is wrong with an option that must be an `ErrorMap`, as the end of a sentence. */
export function wrongErrors(map: unknown): string | undefined {
  if (!isDict(map)) return 'must be an object of error URIs and classes';
  const wrong = Object.keys(map).find((uri) => !isUri(uri) || typeof map[uri] !== 'function');
  if (wrong === undefined) return undefined;
  return `has ${JSON.stringify(wrong)}, ${isUri(wrong) ? 'which must stand for a class' : 'which is no error URI'}`;
}

/** What was refused, for a sentence: three of them, and how many more. */
export function sentencesOf(refused: readonly Error[]): string {
  const more = refused.length - 3;
  const first = refused.slice(0, 3).map(({ message }) => message);
  return [...first, ...(more > 0 ? [`and ${more} more`] : [])].join('; ');
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
  try {
    return new type(typeof said === 'string' ? said : error.message, { cause: error });
  } catch {
    // A class that wants something else than a message: the error itself says more than that.
    return error;
  }
}

function answered(uri: Uri, error: Error): ApplicationError {
  const type = error.name === 'Error' ? error.constructor.name : error.name;
  return new ApplicationError(uri, [error.message], { exc_type: type, message: error.message }, { cause: error });
}
