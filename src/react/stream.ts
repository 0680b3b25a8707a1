'use client';
// A stream as React's external store: subscribed after the component is on the page, left when it goes.
// Knows no WAMP: the source is any Observable made of a client.
import { useState, useSyncExternalStore } from 'react';
import { defer, NEVER, type Observable, type Subscription } from 'rxjs';
import type { Client } from '../client/client.ts';
import { same } from '../glue/same.ts';
import { errorOf } from '../glue/stream.ts';
import { useWamp } from './context.ts';

/** What a stream has told so far. */
export interface StreamState<T> {
  /** What was emitted last; undefined before that. */
  readonly latest: T | undefined;
  /** Why the stream ended, if it failed. */
  readonly error: Error | undefined;
  /** Whether the stream completed. */
  readonly isDone: boolean;
}

interface Store<T> {
  readonly subscribe: (changed: () => void) => () => void;
  readonly now: () => StreamState<T>;
}

const NOTHING: StreamState<never> = { latest: undefined, error: undefined, isDone: false };
const nothing = (): StreamState<never> => NOTHING;

function storeOf<T>(source: () => Observable<T> | undefined): Store<T> {
  let state: StreamState<T> = NOTHING;
  const subscribe = (changed: () => void): (() => void) => {
    let subscription: Subscription | undefined;
    let hasLeft = false;
    const set = (change: Partial<StreamState<T>>): void => {
      state = { ...state, ...change };
      changed();
    };
    // In a microtask: StrictMode mounts, unmounts and mounts in one turn, and that is one call and not two.
    queueMicrotask(() => {
      if (hasLeft) return;
      // A component that was hidden and comes back begins anew.
      if (state !== NOTHING) set(NOTHING);
      subscription = defer(() => source() ?? NEVER).subscribe({
        next: (latest) => set({ latest }),
        error: (error: unknown) => set({ error: errorOf(error) }),
        complete: () => set({ isDone: true }),
      });
    });
    return () => {
      hasLeft = true;
      subscription?.unsubscribe();
    };
  };
  return { subscribe, now: () => state };
}

/**
 * Subscribes to a stream for as long as the component is on the page. While rendering on a server, and before the first commit, nothing is
 * subscribed.
 *
 * @param source Makes the stream; none for `undefined`. It is asked again, and the stream before it left, when `inputs` or the client change.
 * @param inputs What `source` depends on. Lists and plain objects are compared by what is in them.
 * @returns Its state: errors stand there, and are never thrown. A new source begins with nothing.
 * @throws {TypeError} No `WampProvider` is above.
 */
export function useStream<T>(source: (client: Client) => Observable<T> | undefined, inputs: readonly unknown[]): StreamState<T> {
  const client = useWamp();
  const made = (): { client: Client; inputs: readonly unknown[]; store: Store<T> } => ({
    client,
    inputs,
    store: storeOf(() => source(client)),
  });
  const [kept, keep] = useState(made);
  let current = kept;
  if (kept.client !== client || !same(kept.inputs, inputs)) keep((current = made()));
  return useSyncExternalStore(current.store.subscribe, current.store.now, nothing);
}
