// A call as Angular's resource: value, status, error, reload; new params cancel the call before.
// Knows no wire: leaving the client's Observable is what sends CANCEL.
import { computed, effect, type ResourceRef, type ValueEqualityFn } from '@angular/core';
import { rxResource } from '@angular/core/rxjs-interop';
import { defer, identity, map, Subject, takeUntil } from 'rxjs';
import type { CallOptions } from '../client/options.ts';
import type { List, Uri } from '../protocol/messages.ts';
import type { Result } from '../session/result.ts';
import { isServer } from './client.ts';
import { type WampContext, within } from './shared.ts';

export interface CallResourceOptions<T, P> extends WampContext {
  readonly procedure: Uri;
  /** A function of signals: what is called with. Other params are another call; undefined is none, the resource is idle. Default: one call, without arguments. */
  readonly params?: () => P | undefined;
  /** Positional arguments. Default: the params if they are a list; any other value, also null or an object, is the one argument. */
  readonly args?: (params: P) => List;
  /** Keyword arguments, beside `args`: for these alone give `args: () => []` too. Default: none. */
  readonly kwargs?: (params: P) => object;
  /** What a result is shown as. Default: its `value`, which is `args[0]`. */
  readonly project?: (result: Result) => T;
  /** Of the call; `receive_progress` makes progressive results values too. */
  readonly options?: CallOptions;
  /** The value while there is none. Default: undefined. */
  readonly defaultValue?: T;
  /** When two values are the same. Default: `Object.is`. */
  readonly equal?: ValueEqualityFn<T>;
}

/**
 * A call as a resource of Angular's, by its conventions: it calls once its params are not undefined, again when they change and at `reload`;
 * the call before is cancelled (CANCEL), as is the last one with the injection context. The application is not stable before the first
 * result. Progressive results are written once in 16 ms, together with all topics. While rendering on a server it is idle.
 *
 * @returns `error()` is what the call threw: an `ApplicationError`, a `CallTimeoutError`, a `ConnectionError`.
 * @throws {TypeError} The URI is wrong, or no client is provided.
 */
export function callResource<T = unknown, P = unknown>(
  options: CallResourceOptions<T, P> & { readonly defaultValue: NoInfer<T> },
): ResourceRef<T>;
export function callResource<T = unknown, P = unknown>(options: CallResourceOptions<T, P>): ResourceRef<T | undefined>;
export function callResource<T = unknown, P = unknown>({
  procedure,
  params = () => [] as P,
  args = (given) => [given].flat(),
  kwargs,
  project = ({ value }) => value as T,
  options,
  token,
  injector,
  ...conventions
}: CallResourceOptions<T, P>): ResourceRef<T | undefined> {
  return within(token, injector, ([client, framed]) => {
    // Made only to be checked: an error in the code shows where it stands.
    void client.call(procedure, [], undefined, options);
    const request = computed(isServer() ? () => undefined : params);
    // Angular lets the last call run when there are no params any more.
    const idle = new Subject<void>();
    effect(() => {
      if (request() === undefined) idle.next();
    });
    return rxResource<T, P | undefined>({
      ...conventions,
      params: request,
      // Deferred, since a stream function that throws breaks the abort of Angular 20.0.
      stream: ({ params: given }) =>
        defer(() => client.call(procedure, args(given as P), kwargs?.(given as P), options)).pipe(
          map(project),
          options?.receive_progress ? framed : identity,
          takeUntil(idle),
        ),
    });
  });
}
