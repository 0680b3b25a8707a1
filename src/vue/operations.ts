// Topics, calls and the status as refs.
import type { Observable } from 'rxjs';
import { computed, type ComputedRef, type MaybeRefOrGetter, toValue } from 'vue';
import type { Client } from '../client/client.ts';
import type { Status } from '../client/connection.ts';
import type { CallOptions, SubscribeOptions } from '../client/options.ts';
import { copied, same } from '../glue/same.ts';
import { IDLE } from '../glue/stream.ts';
import type { Dict, List, Uri } from '../protocol/messages.ts';
import type { Event, Result } from '../session/result.ts';
import { type StreamRefs, useStream } from './stream.ts';

/** What the client is doing. It neither opens nor holds a connection. */
export function useStatus(): ComputedRef<Status> {
  const { latest } = useStream((wamp) => wamp.status);
  return computed(() => latest.value ?? IDLE);
}

/** An operation on a client, asked for anew when what is in its inputs changes: a getter writes lists and objects anew whenever it is asked. */
function useOperation<T, Inputs extends readonly unknown[]>(
  sources: { readonly [I in keyof Inputs]: MaybeRefOrGetter<Inputs[I]> },
  operation: (client: Client, ...inputs: Inputs) => Observable<T> | undefined,
): StreamRefs<T> {
  const inputs = computed<Inputs>((before) => {
    const now = copied(sources.map(toValue)) as unknown as Inputs;
    return same(before, now) ? (before as Inputs) : now;
  });
  return useStream((wamp) => operation(wamp, ...inputs.value));
}

/**
 * The latest event of a topic. Components with the same topic and options share one SUBSCRIBE; none is left after the last of them.
 * Events that come faster than Vue renders are passed over: `useStream` with `scan` keeps them all.
 *
 * @param topic A ref or a getter is followed. None for `undefined`.
 */
export function useTopic<Args extends List = List, Kwargs extends object = Dict>(
  topic: MaybeRefOrGetter<Uri | undefined>,
  options?: MaybeRefOrGetter<SubscribeOptions | undefined>,
): StreamRefs<Event<Args, Kwargs>> {
  return useOperation([topic, options], (wamp, uri: Uri | undefined, wanted: SubscribeOptions | undefined) =>
    uri === undefined ? undefined : wamp.topic<Args, Kwargs>(uri, wanted),
  );
}

/**
 * Calls a procedure when the component appears and whenever an input changes. Leaving, or another input, cancels the call before.
 *
 * @param procedure As every input, a ref or a getter is followed. None for `undefined`.
 * @param args A list even for one value. Default: none.
 * @returns The latest result, progressive ones too if `receive_progress` asked for them; `isDone` after the final one.
 */
export function useCall<T = unknown, Kwargs extends object = Dict>(
  procedure: MaybeRefOrGetter<Uri | undefined>,
  args?: MaybeRefOrGetter<List | undefined>,
  kwargs?: MaybeRefOrGetter<object | undefined>,
  options?: MaybeRefOrGetter<CallOptions | undefined>,
): StreamRefs<Result<T, Kwargs>> {
  return useOperation(
    [procedure, args, kwargs, options],
    (wamp, uri: Uri | undefined, list: List | undefined, keywords: object | undefined, wanted: CallOptions | undefined) =>
      uri === undefined ? undefined : wamp.call<T, Kwargs>(uri, list, keywords, wanted),
  );
}
