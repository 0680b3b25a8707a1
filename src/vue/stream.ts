// A stream as refs: subscribed when the component is on the page, left when its scope ends.
// Knows no WAMP: the source is any Observable made of a client.
import { type Observable, throwError } from 'rxjs';
import { getCurrentInstance, onMounted, type ShallowRef, shallowRef, watch } from 'vue';
import type { Client } from '../client/client.ts';
import { errorOf } from '../glue/stream.ts';
import { useWamp } from './injection.ts';

/** What a stream has told so far. */
export interface StreamRefs<T> {
  /** What was emitted last; undefined before that. */
  readonly latest: Readonly<ShallowRef<T | undefined>>;
  /** Why the stream ended, if it failed. */
  readonly error: Readonly<ShallowRef<Error | undefined>>;
  /** Whether the stream completed. */
  readonly isDone: Readonly<ShallowRef<boolean>>;
}

/**
 * Subscribes to a stream for as long as the component is there, from when it is on the page; outside of a component at once, for as long as
 * the effect scope lives. So nothing is subscribed while rendering on a server.
 *
 * @param source Makes the stream; none for `undefined`. It is asked again, and the stream before it left, when something reactive changes
 *   that it read.
 * @returns Refs: errors stand there, and are never thrown. A new source begins with nothing.
 * @throws {TypeError} No client was provided.
 */
export function useStream<T>(source: (client: Client) => Observable<T> | undefined): StreamRefs<T> {
  const client = useWamp();
  const latest = shallowRef<T>();
  const error = shallowRef<Error>();
  const isDone = shallowRef(false);
  const made = (): Observable<T> | undefined => {
    try {
      return source(client);
    } catch (thrown) {
      return throwError(() => errorOf(thrown));
    }
  };
  const start = (): void => {
    const follow = (stream: Observable<T> | undefined, _: unknown, onCleanup: (leave: () => void) => void): void => {
      latest.value = undefined;
      error.value = undefined;
      isDone.value = false;
      const subscription = stream?.subscribe({
        next: (value) => (latest.value = value),
        error: (reason: unknown) => (error.value = errorOf(reason)),
        complete: () => (isDone.value = true),
      });
      onCleanup(() => subscription?.unsubscribe());
    };
    watch(made, follow, { immediate: true });
  };
  if (getCurrentInstance() === null) start();
  else onMounted(start);
  return { latest, error, isDone };
}
