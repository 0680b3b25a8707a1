// Progressive results: in order, the last one as the result, and none for a caller that did not ask.
import { concat, ignoreElements, interval, map, mergeMap, of, range, switchMap, take, timer } from 'rxjs';
import { equal, type Context, type Scenario } from '../scenario.ts';

async function progress(context: Context): Promise<void> {
  const [callee, caller] = [context.client(), context.client()];
  const [ticks, burst, silent, one] = ['ticks', 'burst', 'silent', 'one'].map((name) => context.uri(name)) as [
    string,
    string,
    string,
    string,
  ];
  await context.serve(
    callee.register<[number]>(
      ticks,
      switchMap(({ args: [count] }) => interval(2).pipe(take(count))),
    ),
  );
  await context.serve(
    callee.register<[number]>(
      burst,
      mergeMap(({ args: [count] }) => range(0, count)),
    ),
  );
  await context.serve(
    callee.register(
      silent,
      mergeMap(() => concat(of('chunk'), timer(10).pipe(ignoreElements()))),
    ),
  );
  await context.serve(
    callee.register(
      one,
      map(() => 'only'),
    ),
  );

  const answers = async (procedure: string, count: number, receive_progress: boolean): Promise<unknown[]> => {
    const seen = context.watch(caller.call(procedure, [count], undefined, { receive_progress }));
    await context.until(`the end of ${procedure}`, () => seen.ended !== undefined);
    if (seen.error !== undefined) throw seen.error;
    return seen.values.map(({ value }) => value);
  };
  equal(await answers(ticks, 5, true), [0, 1, 2, 3, 4], 'progress in time');
  equal(await answers(ticks, 5, false), [4], 'the result without progress');
  // Fewer than fit into the queue of nexus.
  const many = Array.from({ length: 40 }, (_, index) => index);
  equal(await answers(burst, 40, true), many, 'progress in one turn');
  equal(await answers(silent, 0, true), ['chunk'], 'progress with an empty end');
  equal(await answers(one, 0, true), ['only'], 'a single result that progress was asked for');
  const own = context.watch(callee.call(ticks, [3], undefined, { receive_progress: true }));
  await context.until('progress of its own procedure', () => own.ended !== undefined);
  equal(
    own.values.map(({ value }) => value),
    [0, 1, 2],
    'progress of its own procedure',
  );
}

export const scenarios: readonly Scenario[] = [{ name: 'progress', run: progress }];
