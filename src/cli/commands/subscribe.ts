// `rxwamp subscribe`: the events of one topic or more, a line each, until Ctrl-C.
import type { Client, Event, Match } from 'rxwamp';
import { ignoreElements, merge, type Observable, take, tap } from 'rxjs';
import type { ConnectionFlags } from '../connection.ts';
import { type Context, follow } from '../context.ts';
import { type Output, styled } from '../output.ts';

export interface SubscribeFlags extends ConnectionFlags {
  readonly match?: Match;
  readonly count?: number;
  readonly retained?: boolean;
}

export function subscribe(context: Context, topics: readonly string[], flags: SubscribeFlags): Promise<number> {
  const options = { ...(flags.match !== undefined && { match: flags.match }), ...(flags.retained === true && { get_retained: true }) };
  // Which topic it was is known where there is only one.
  const labelled = topics.length > 1 || (flags.match ?? 'exact') !== 'exact';
  const { output } = context;
  const events = (client: Client): Observable<unknown> => {
    const confirmed = topics.map((topic) =>
      client.subscribed(topic, options).pipe(
        tap(({ session }) => {
          output.status(`subscribed to ${topic}, session ${session.id}`);
        }),
        ignoreElements(),
      ),
    );
    const received = topics.map((topic) =>
      client.topic(topic, options).pipe(
        tap((event) => {
          output.result(event, line(output, event, labelled));
        }),
      ),
    );
    return merge(...confirmed, ...received).pipe(take(flags.count ?? Infinity));
  };
  return follow(context, flags, 'lasting', events);
}

function line(output: Output, event: Event, labelled: boolean): string {
  const payload = output.payload(event);
  // An event may be empty, and a line says that it came.
  return labelled || payload === '' ? `${styled(process.stdout, 'cyan', event.topic)} ${payload}`.trimEnd() : payload;
}
