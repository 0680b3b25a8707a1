// The last value of a topic as a signal.
// Knows no wire: the client shares one SUBSCRIBE among all who read the topic.
import { computed, linkedSignal, type Signal } from '@angular/core';
import { takeUntilDestroyed, toObservable } from '@angular/core/rxjs-interop';
import { defer, filter, finalize, NEVER, retry, skip, switchMap, tap } from 'rxjs';
import type { SubscribeOptions } from '../client/options.ts';
import { errorOf } from '../glue/stream.ts';
import type { Uri } from '../protocol/messages.ts';
import type { Event } from '../session/result.ts';
import { isServer } from './client.ts';
import { type WampContext, within } from './shared.ts';

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
 * @param topic A URI, or a function of signals; undefined for none. Another topic begins with `initialValue`; while the function throws the
 *   topic is left and the value stays.
 * @returns Never throws and never ends: an error stands in `wampStatus().error`, the value stays, and the next session subscribes again. It
 *   stands until then, until the function gives another topic, or until the injection context ends; what `project` threw, until an event is
 *   shown. Another signal's error takes its place.
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
  return within(token, injector, ([client, framed, , tell]) => {
    // Made only to be checked: an error in the code shows where it stands.
    const given = typeof topic === 'string' ? (void client.topic(topic, options), () => topic) : topic;
    const asked = computed(() => {
      try {
        return given();
      } catch (error) {
        return errorOf(error);
      }
    });
    const value = linkedSignal<Uri | Error | undefined, T | undefined>({
      source: asked,
      computation: (now, before) => (before && now instanceof Error ? before.value : initialValue),
    });
    const following = (wanted: Uri | Error | undefined) =>
      defer(() => {
        tell(asked);
        if (wanted instanceof Error) throw wanted;
        return wanted === undefined ? NEVER : client.topic(wanted, options);
      }).pipe(
        retry({
          delay: (error: Error) => {
            tell(asked, error);
            return client.status.pipe(
              skip(1),
              filter(({ state }) => state === 'open'),
            );
          },
        }),
        framed,
        tap((event) => {
          // The topic may have changed, and nobody follows the other yet.
          if (asked() !== wanted) return;
          try {
            value.set(project(event));
            tell(value);
          } catch (error) {
            tell(value, errorOf(error));
          }
        }),
        finalize(() => {
          tell(asked);
          tell(value);
        }),
      );
    if (!isServer()) toObservable(asked).pipe(switchMap(following), takeUntilDestroyed()).subscribe();
    return value.asReadonly();
  });
}
