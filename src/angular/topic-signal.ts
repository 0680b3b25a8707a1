// The last value of a topic as a signal.
// Knows no wire: the client shares one SUBSCRIBE among all who read the topic.
import { computed, effect, inject, linkedSignal, type Signal, untracked } from '@angular/core';
import { defer, filter, retry, skip } from 'rxjs';
import type { SubscribeOptions } from '../client/options.ts';
import type { Uri } from '../protocol/messages.ts';
import type { Event } from '../session/result.ts';
import { injectWamp, isServer } from './client.ts';
import { SHARED, type WampContext, within } from './shared.ts';

export interface TopicSignalOptions<T> extends SubscribeOptions, WampContext {
  /** What stands there before the first event of a topic. Default: undefined. */
  readonly initialValue?: T;
  /** What an event is shown as. Default: its `value`, which is `args[0]`. */
  readonly project?: (event: Event) => T;
}

/**
 * The last value of a topic, for as long as the injection context lives. All signals are written together, once in 16 ms, so not
 * every event is seen: for those, subscribe to `injectWamp().topic(…)`. While rendering on a server it keeps `initialValue`.
 *
 * @param topic A URI, or a function of signals; undefined for none. Another topic begins with `initialValue`.
 * @returns Never throws and never ends: an error stands in `wampStatus().error`, the value stays, and the next session subscribes again.
 * @throws {TypeError} The URI or an option is wrong, or no client is provided.
 */
export function topicSignal<T = unknown>(
  topic: Uri | (() => Uri | undefined),
  options: TopicSignalOptions<T> & { readonly initialValue: T },
): Signal<T>;
export function topicSignal<T = unknown>(topic: Uri | (() => Uri | undefined), options?: TopicSignalOptions<T>): Signal<T | undefined>;
export function topicSignal<T = unknown>(
  topic: Uri | (() => Uri | undefined),
  { initialValue, project = ({ value }) => value as T, token, injector, ...options }: TopicSignalOptions<T> = {},
): Signal<T | undefined> {
  return within(injector, () => {
    const client = injectWamp(token);
    const { framed, statusOf } = inject(SHARED);
    const status = statusOf(client);
    const failed = (error: unknown): void => status.update((now) => ({ ...now, error: error as Error }));
    // Made only to be checked: an error in the code shows where it stands.
    if (typeof topic === 'string') void client.topic(topic, options);
    const uri = typeof topic === 'string' ? () => topic : computed(topic);
    const value = linkedSignal<Uri | undefined, T | undefined>({ source: uri, computation: () => initialValue });
    const again = client.status.pipe(
      skip(1),
      filter(({ state }) => state === 'open'),
    );
    const events = (wanted: Uri) =>
      defer(() => client.topic(wanted, options)).pipe(
        retry({
          delay: (error) => {
            failed(error);
            return again;
          },
        }),
        framed(),
      );
    if (!isServer())
      effect((onCleanup) => {
        const wanted = uri();
        if (wanted === undefined) return;
        // A client that connects now may read signals of its options: they are not of this effect.
        const following = untracked(() =>
          events(wanted).subscribe({
            next: (event) => {
              try {
                // The topic may have changed, and this effect has not run yet.
                if (uri() === wanted) value.set(project(event));
              } catch (error) {
                failed(error);
              }
            },
            error: failed,
          }),
        );
        onCleanup(() => following.unsubscribe());
      });
    return value.asReadonly();
  });
}
