// What arrives and what a pipeline answers with: Result, Event, Invocation. One object serves all subscribers, so everything is readonly.
// Knows no stream and no session.
import type { Dict, Id, List, Uri } from '../protocol/messages.ts';
import { NO_ARGS, NO_KWARGS } from './payload.ts';

/** What a call emits; emitted by a registration's pipeline it is sent with all its args and kwargs. */
export class Result<T = unknown, Kwargs extends object = Dict> {
  /** `args[0]` */
  readonly value: T;
  readonly args: List;
  readonly kwargs: Kwargs;
  /** RESULT.Details as the router sent them, like `progress: true`. */
  readonly details: Dict;
  constructor(args: List, kwargs: Kwargs, details: Dict) {
    this.value = args[0] as T;
    this.args = args;
    this.kwargs = kwargs;
    this.details = details;
  }
}

/**
 * Several positional values or keyword arguments as the answer of a pipeline.
 * @param args Positional values, a list.
 * @param kwargs Keyword values. Default: none.
 */
export function result<const Args extends List, Kwargs extends object = Record<never, never>>(
  args: Args = NO_ARGS as Args,
  kwargs: Kwargs = NO_KWARGS as Kwargs,
): Result<Args[0], Kwargs> {
  return new Result(args, kwargs, NO_KWARGS);
}

/** An event of a topic. */
export interface Event<Args extends List = List, Kwargs extends object = Dict> {
  /** `args[0]` */
  readonly value: Args[0];
  readonly args: Args;
  readonly kwargs: Kwargs;
  /** The concrete topic, also where the subscription is a pattern. */
  readonly topic: Uri;
  readonly publication: Id;
  /** EVENT.Details as the router sent them. */
  readonly details: Dict;
}

/** One call of a procedure that was registered here. */
export interface Invocation<Args extends List = List, Kwargs extends object = Dict> {
  /** `args[0]` */
  readonly value: Args[0];
  readonly args: Args;
  readonly kwargs: Kwargs;
  /** The concrete procedure, also where the registration is a pattern. */
  readonly procedure: Uri;
  /** INVOCATION.Details as the router sent them. */
  readonly details: Dict;
}
