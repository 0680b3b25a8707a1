'use client';
// Topics, calls and the status as state.
import { useSyncExternalStore } from 'react';
import type { Client } from '../client/client.ts';
import type { Status } from '../client/connection.ts';
import type { CallOptions, SubscribeOptions } from '../client/options.ts';
import { IDLE, statusOf } from '../glue/stream.ts';
import type { Dict, List, Uri } from '../protocol/messages.ts';
import type { Event, Result } from '../session/result.ts';
import { useWamp } from './context.ts';
import { type StreamState, useStream } from './stream.ts';

/** What the client is doing. It neither opens nor holds a connection. */
export function useStatus(): Status {
  const client = useWamp();
  // It renders anew with each status.
  useStream((wamp) => wamp.status, []);
  // Where a page from a server is taken over, the first render must be the server's.
  return useSyncExternalStore(
    () => () => undefined,
    () => statusOf(client),
    () => IDLE,
  );
}

/**
 * The latest event of a topic. Components with the same topic and options share one SUBSCRIBE; none is left after the last of them.
 * Events that come faster than React renders are passed over: `useStream` with `scan` keeps them all.
 *
 * @param topic None for `undefined`.
 */
export function useTopic<Args extends List = List, Kwargs extends object = Dict>(
  topic: Uri | undefined,
  options?: SubscribeOptions,
): StreamState<Event<Args, Kwargs>> {
  return useStream((wamp) => (topic === undefined ? undefined : wamp.topic<Args, Kwargs>(topic, options)), [topic, options]);
}

/**
 * Calls a procedure when the component appears and whenever an input changes. Leaving, or another input, cancels the call before.
 *
 * @param procedure None for `undefined`.
 * @param args A list even for one value. Default: none.
 * @returns The latest result, progressive ones too if `receive_progress` asked for them; `isDone` after the final one.
 */
export function useCall<T = unknown, Kwargs extends object = Dict>(
  procedure: Uri | undefined,
  args?: List,
  kwargs?: object,
  options?: CallOptions,
): StreamState<Result<T, Kwargs>> {
  const source = (wamp: Client) => (procedure === undefined ? undefined : wamp.call<T, Kwargs>(procedure, args, kwargs, options));
  return useStream(source, [procedure, args, kwargs, options]);
}
