// A rolling restart: two services share a registration, and stop and start again one after the other, under load.
import { Peer, rpc } from 'rxwamp/peer';
import { catchError, interval, map, mergeMap, of, Subject, takeUntil } from 'rxjs';
import { type Context, equal, Failure, holds, type Scenario } from '../scenario.ts';

const CALLS_PER_SECOND = 200;
const ROUNDS = 3;

class Worker extends Peer {
  @rpc({ uri: 'com.interop.rolling.work', invoke: 'roundrobin' }) async work(n: number): Promise<number> {
    // Long enough that some run at every stop.
    await new Promise((resolve) => setTimeout(resolve, 20));
    return n;
  }
}

async function rolling(context: Context): Promise<void> {
  const workers = ['first', 'second'].map((name) => new Worker({ ...context.options(), name }));
  const caller = context.client();
  const over = new Subject<void>();
  const outcomes: (number | Error)[] = [];
  try {
    for (const worker of workers) await worker.start();
    const load = context.watch(
      interval(1000 / CALLS_PER_SECOND).pipe(
        // eslint-disable-next-line rxjs-x/no-unsafe-takeuntil -- the calls under way shall end
        takeUntil(over),
        mergeMap((n) =>
          caller.call<number>('com.interop.rolling.work', [n]).pipe(
            map(({ value }) => value),
            catchError((error: unknown) => of(error as Error)),
          ),
        ),
      ),
      (outcome) => outcomes.push(outcome),
    );
    const passes = async (count: number): Promise<void> => {
      const goal = outcomes.length + count;
      await context.until(`${count} more answers`, () => outcomes.length >= goal);
    };
    await passes(50);
    for (let round = 0; round < ROUNDS; round++)
      for (const worker of workers) {
        await worker.stop();
        await passes(20);
        await worker.start();
        await passes(20);
      }
    over.next();
    await context.until('the last answer', () => load.ended !== undefined);
  } finally {
    over.next();
    for (const worker of workers) await worker.stop();
  }
  const failed = outcomes.filter((outcome) => outcome instanceof Error);
  if (failed.length > 0) throw new Failure(`${failed.length} of ${outcomes.length} calls failed: ${failed[0]!.message}`);
  equal(new Set(outcomes).size, outcomes.length, 'answers that differ');
  holds(outcomes.length > 250, `there must be more calls than ${outcomes.length}`);
  context.note = `${outcomes.length} calls, ${2 * ROUNDS} restarts`;
}

export const scenarios: readonly Scenario[] = [{ name: 'rolling-restart', mixed: true, limitMs: () => 60_000, run: rolling }];
