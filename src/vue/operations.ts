// Topics, calls and the status as refs.
import { computed, type ComputedRef, type MaybeRefOrGetter, toValue } from 'vue';
import type { Status } from '../client/connection.ts';
import type { CallOptions, SubscribeOptions } from '../client/options.ts';
import { copied, same } from '../glue/same.ts';
import { statusOf } from '../glue/stream.ts';
import type { Dict, List, Uri } from '../protocol/messages.ts';
import type { Event, Result } from '../session/result.ts';
import { useWamp } from './injection.ts';
import { type StreamRefs, useStream } from './stream.ts';

/** What the client is doing. It neither opens nor holds a connection. */
export function useStatus(): ComputedRef<Status> {
  const client = useWamp();
  const { latest } = useStream((wamp) => wamp.status);
  return computed(() => latest.value ?? statusOf(client));
}

/** Inputs that change only when what is in them does: a getter writes lists and objects anew whenever it is asked. */
function inputs<T>(read: () => T): ComputedRef<T> {
  return computed((before?: T) => {
    const now = copied(read());
    return before !== undefined && same(before, now) ? before : now;
  });
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
  const asked = inputs(() => ({ topic: toValue(topic), options: toValue(options) }));
  return useStream((wamp) => {
    const { topic: uri, options: wanted } = asked.value;
    return uri === undefined ? undefined : wamp.topic<Args, Kwargs>(uri, wanted);
  });
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
  const asked = inputs(() => ({
    procedure: toValue(procedure),
    args: toValue(args),
    kwargs: toValue(kwargs),
    options: toValue(options),
  }));
  return useStream((wamp) => {
    const { procedure: uri, args: list, kwargs: keywords, options: wanted } = asked.value;
    return uri === undefined ? undefined : wamp.call<T, Kwargs>(uri, list, keywords, wanted);
  });
}
