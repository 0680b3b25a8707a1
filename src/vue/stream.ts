// A stream as refs: subscribed at once, but never on a server nor before a page from one is taken over; left when the scope ends.
// Knows no WAMP: the source is any Observable made of a client.
import { type Observable, throwError } from 'rxjs';
import { getCurrentInstance, getCurrentScope, inject, onMounted, type ShallowRef, shallowRef, ssrContextKey, watch } from 'vue';
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
  /** Leaves the stream, which cancels a call, and asks for it again with the same inputs. */
  readonly reload: () => void;
}

/**
 * Subscribes to a stream for as long as the effect scope lives: that of the component, or one of a store. It begins at once; where a page from
 * a server is taken over, when the component is mounted, so that its first render is the server's. There nothing is subscribed.
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
  const begun = shallowRef(0);
  const made = (): Observable<T> | undefined => {
    try {
      return source(client);
    } catch (thrown) {
      return throwError(() => errorOf(thrown));
    }
  };
  const start = (): unknown =>
    watch(
      [made, begun],
      ([stream], _, onCleanup) => {
        latest.value = undefined;
        error.value = undefined;
        isDone.value = false;
        const subscription = stream?.subscribe({
          next: (value) => (latest.value = value),
          error: (reason: unknown) => (error.value = errorOf(reason)),
          complete: () => (isDone.value = true),
        });
        onCleanup(() => subscription?.unsubscribe());
      },
      { immediate: true },
    );
  const instance = getCurrentInstance();
  const scope = getCurrentScope();
  // An element before the first render is the server's.
  if (instance?.vnode.el && !instance.isMounted) onMounted(() => scope?.run(start));
  else if (!inject<unknown>(ssrContextKey, undefined)) start();
  return { latest, error, isDone, reload: () => begun.value++ };
}
