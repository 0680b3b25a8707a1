// A topic that outlives its errors, for adapters that show an error beside the last value.
// Knows no framework.
import { concatWith, defer, filter, finalize, NEVER, type Observable, retry, skip, switchMap, take } from 'rxjs';
import type { Client } from '../client/client.ts';
import type { SubscribeOptions } from '../client/options.ts';
import type { Uri } from '../protocol/messages.ts';
import type { Event } from '../session/result.ts';

/**
 * The events of a topic. After an error it asks again with the next session, which it does not open by itself.
 *
 * @param topic An error in place of one is told; undefined is none.
 * @param tell Gets each error, and undefined whenever the router has subscribed the topic, and when it is left.
 * @returns Never errors and never ends, not even with the client.
 */
export function lasting(
  client: Client,
  topic: Uri | Error | undefined,
  options: SubscribeOptions,
  tell: (error?: Error) => void,
): Observable<Event> {
  if (topic === undefined) return NEVER;
  return defer(() => {
    if (topic instanceof Error) throw topic;
    const events = client.topic(topic, options);
    // Followed only from SUBSCRIBED on, which comes before the first event: so nothing is missed, and it is one subscriber at a time.
    return client.subscribed(topic, options).pipe(
      take(1),
      switchMap(() => {
        tell();
        return events;
      }),
    );
  }).pipe(
    retry({
      delay: (error: Error) => {
        tell(error);
        return client.status.pipe(
          skip(1),
          filter(({ state }) => state === 'open'),
        );
      },
    }),
    // What was told stands, also with a client that is closed.
    concatWith(NEVER),
    finalize(() => tell()),
  );
}
