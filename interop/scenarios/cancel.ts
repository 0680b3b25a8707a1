// Ends before the answer: leaving, limits of this side, of RxJS and of the router; the callee's pipeline ends too, late answers harm nothing.
import { CallTimeoutError, isWampError, type Invocation } from 'rxwamp';
import { map, mergeMap, Observable, timeout, TimeoutError, timer, type OperatorFunction } from 'rxjs';
import { equal, holds, sentence, type Context, type Scenario } from '../scenario.ts';
import { CANCEL, INTERRUPT } from '../wire.ts';

interface Running {
  started: number;
  stopped: number;
}

function never(running: Running): OperatorFunction<Invocation, never> {
  return mergeMap(
    () =>
      new Observable<never>(() => {
        running.started++;
        return () => running.stopped++;
      }),
  );
}

async function cancel(context: Context): Promise<void> {
  const { client: callee, wire: calleeWire } = context.recorded();
  const { client: caller, wire } = context.recorded();
  const running = { started: 0, stopped: 0 };
  const [slow, quick] = [context.uri('slow'), context.uri('quick')];
  await context.serve(callee.register(slow, never(running)));
  await context.serve(
    callee.register(
      quick,
      mergeMap(({ value }) => timer(0).pipe(map(() => value))),
    ),
  );

  for (const [index, mode] of ([undefined, 'killnowait', 'kill'] as const).entries()) {
    const call = context.watch(caller.call(slow, [], undefined, mode === undefined ? {} : { mode }));
    await context.until('the invocation', () => running.started === index + 1);
    call.subscription.unsubscribe();
    equal(caller.inspect().pending, [], 'the pending requests after leaving');
    await context.until(`the end of the pipeline (${mode ?? 'default'})`, () => running.stopped === index + 1);
    equal(wire.sent(CANCEL).at(-1)?.[2], { mode: mode ?? 'killnowait' }, "CANCEL's options");
    equal(calleeWire.received(INTERRUPT).length, index + 1, 'the INTERRUPTs that came');
  }
  equal(running, { started: 3, stopped: 3 }, 'the pipelines');

  // Left at all moments around the answer: before it, with it, behind it.
  let answered = 0;
  const calls = Array.from({ length: 30 }, (_, index) => {
    const call = caller.call(quick, [index]).subscribe({ next: () => answered++, error: () => (answered += 1000) });
    return context.first('a moment', timer(index % 6)).then(() => {
      call.unsubscribe();
    });
  });
  await Promise.all(calls);
  holds(answered <= 30, 'a call that was left got an error');
  equal((await context.first('a later call', caller.call(quick, ['later']))).value, 'later', 'a later answer');
  equal(wire.links.length, 1, 'the links of the caller');
}

async function limits(context: Context): Promise<void> {
  const { client: callee } = context.recorded();
  const { client: caller, wire } = context.recorded();
  const running = { started: 0, stopped: 0 };
  const slow = context.uri('slow');
  await context.serve(callee.register(slow, never(running)));
  // The limit covers connecting too, which must not use it up.
  await context.failure('a call of nothing', caller.call(context.uri('nothing')));

  const own = await context.failure('a call with timeoutMs', caller.call(slow, [], undefined, { timeoutMs: 60 }));
  holds(own instanceof CallTimeoutError, `a CallTimeoutError must come, not ${String(own)}`);
  sentence(own, slow, '60 ms');
  await context.until('the end of the first pipeline', () => running.stopped === 1);
  const rxjs = await context.failure('a call with timeout()', caller.call(slow).pipe(timeout(60)));
  holds(rxjs instanceof TimeoutError, `a TimeoutError must come, not ${String(rxjs)}`);
  await context.until('the end of the second pipeline', () => running.stopped === 2);
  equal(wire.sent(CANCEL).length, 2, 'the CANCELs');
}

async function routerLimit(context: Context): Promise<void> {
  const { client: callee } = context.recorded();
  const { client: caller, wire } = context.recorded();
  const running = { started: 0, stopped: 0 };
  const slow = context.uri('slow');
  await context.serve(callee.register(slow, never(running)));
  if (!context.target.limitsCalls) {
    const refused = await context.failure('a call with timeout', caller.call(slow, [], undefined, { timeout: 1 }));
    holds(isWampError(refused, 'wamp.error.feature_not_supported'), `the option must be refused, not ${String(refused)}`);
    sentence(refused, slow, 'timeout', 'force');
    equal(running.started, 0, 'the invocations');
  }
  // Crossbar.io counts in seconds, which is why it announces nothing.
  const options = context.target.limitsCalls ? { timeout: 60 } : { timeout: 1, force: true };
  const error = await context.failure("the router's limit", caller.call(slow, [], undefined, options));
  holds(error instanceof CallTimeoutError, `a CallTimeoutError must come, not ${String(error)}`);
  sentence(error, slow);
  await context.until('the end of the pipeline', () => running.stopped === 1);
  equal(wire.sent(CANCEL).length, 0, 'the CANCELs');
}

export const scenarios: readonly Scenario[] = [
  { name: 'cancel', run: cancel },
  { name: 'timeout', run: limits },
  { name: 'timeout-of-the-router', run: routerLimit },
];
