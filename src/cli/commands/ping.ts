// `rxwamp ping`: round-trip times through the router, measured with a call that every router answers, if only with an error.
import { ApplicationError, type Client } from 'rxwamp';
import { catchError, concatMap, defer, map, type Observable, of, switchMap, take, tap, timer } from 'rxjs';
import type { ConnectionFlags } from '../connection.ts';
import { type Context, follow } from '../context.ts';
import type { Output } from '../output.ts';

export interface PingFlags extends ConnectionFlags {
  readonly count: number;
  readonly interval: number;
  readonly timeout: number;
}

export async function ping(context: Context, flags: PingFlags): Promise<number> {
  const times: number[] = [];
  const { output } = context;
  const code = await follow(context, flags, 'brief', (client) =>
    client.sessions.pipe(
      take(1),
      switchMap(({ id, realm }) => {
        output.status(`session ${id} in ${realm} at ${client.inspect().url ?? 'the router'}`);
        return timer(0, flags.interval).pipe(
          take(flags.count),
          concatMap((index) => roundTrip(client, flags.timeout).pipe(map((ms) => ({ seq: index + 1, ms })))),
        );
      }),
      tap(({ seq, ms }) => {
        times.push(ms);
        output.result({ seq, ms }, `${seq}: ${ms.toFixed(2)} ms`);
      }),
    ),
  );
  summary(output, times);
  return code;
}

function roundTrip(client: Client, timeoutMs: number): Observable<number> {
  return defer(() => {
    const began = performance.now();
    return client.call('wamp.session.count', [], {}, { timeoutMs }).pipe(
      // A router without this procedure, or one that refuses it, has answered too.
      catchError((error: unknown) => {
        if (error instanceof ApplicationError) return of(undefined);
        throw error;
      }),
      map(() => performance.now() - began),
    );
  });
}

function summary(output: Output, times: readonly number[]): void {
  if (times.length === 0) return;
  const mean = times.reduce((sum, each) => sum + each, 0) / times.length;
  const figures = [Math.min(...times), mean, Math.max(...times)].map((each) => each.toFixed(2));
  output.status(`${times.length} round trips: min ${figures[0]}, mean ${figures[1]}, max ${figures[2]} ms`);
}
