'use client';
// A stream as state: subscribed after the component is on the page, left when it goes.
// Knows no WAMP: the source is any Observable made of a client.
import { useEffect, useInsertionEffect, useState } from 'react';
import { asapScheduler, defer, NEVER, type Observable, subscribeOn } from 'rxjs';
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
  /** Leaves the stream, which cancels a call, and asks for it again with the same inputs. Another function after each beginning. */
  readonly reload: () => void;
}

/** From one beginning of a stream to the next; `reload` tells it from others. */
interface Run<T> extends StreamState<T> {
  /** What it was begun with. */
  readonly asked: readonly unknown[];
  /** Until a render with it has come to its end. */
  isOnTrial: boolean | undefined;
}

const NOTHING = { latest: undefined, error: undefined, isDone: false };

/**
 * Subscribes to a stream for as long as the component is on the page. While rendering on a server, and before the first commit, nothing is
 * subscribed.
 *
 * @param source Makes the stream; none for `undefined`. It is asked again, and the stream before it left, when `inputs` or the client change.
 * @param inputs What `source` depends on. Lists, plain objects, `Uint8Array`s and dates are compared by what is in them, all else by identity:
 *   one of those that is new in every render is a TypeError in `error`.
 * @returns Its state: errors stand there, and are never thrown. A new source begins with nothing.
 * @throws {TypeError} No `WampProvider` is above.
 */
export function useStream<T>(source: (client: Client) => Observable<T> | undefined, inputs: readonly unknown[]): StreamState<T> {
  const client = useWamp();
  const asked = [...inputs, client];
  const begun = (isOnTrial?: boolean): Run<T> => ({ ...NOTHING, asked, isOnTrial, reload: () => keep(begun()) });
  const [run, keep] = useState<Run<T>>(begun);
  const isOld = same(run.asked, asked);
  // What is kept is compared with the render that React begins at once: what differs there again always will.
  if (!isOld && !run.isOnTrial) keep(begun(true));
  useInsertionEffect(() => {
    run.isOnTrial = false;
  });
  useEffect(() => {
    if (!isOld) return;
    const tell = (change: Partial<Run<T>>): void => keep((now) => (now.reload === run.reload ? { ...now, ...change } : now));
    // In a microtask: StrictMode mounts, unmounts and mounts in one turn, and that is one call and not two.
    const subscription = defer(() => source(client) ?? NEVER)
      .pipe(subscribeOn(asapScheduler))
      .subscribe({
        next: (latest) => tell({ latest }),
        error: (error: unknown) => tell({ error: errorOf(error) }),
        complete: () => tell({ isDone: true }),
      });
    return () => {
      subscription.unsubscribe();
      // A component that was hidden and comes back begins anew.
      tell(NOTHING);
    };
  }, [run.reload]);
  return isOld ? run : { ...run, error: new TypeError('an input is new in every render: keep it with useMemo') };
}
