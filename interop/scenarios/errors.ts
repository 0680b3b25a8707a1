// Errors of calls and registrations: those of handlers, of the router, and of a second registration.
import { ApplicationError } from 'rxwamp';
import { map, mergeMap, throwError } from 'rxjs';
import { equal, holds, sentence, type Context, type Scenario } from '../scenario.ts';

async function errors(context: Context): Promise<void> {
  const [callee, caller] = [context.client(), context.client()];
  const [fails, throws, ok] = [context.uri('fails'), context.uri('throws'), context.uri('ok')];
  const [uri, args, kwargs] = [context.uri('error.not_found'), ['no such thing', 7, null], { id: 2 ** 40, no: false }];
  await context.serve(
    callee.register(
      fails,
      mergeMap(() => throwError(() => new ApplicationError(uri, args, kwargs))),
    ),
  );
  const own = await context.failure('a call that fails', caller.call(fails));
  holds(own instanceof ApplicationError, `an ApplicationError must come, not ${String(own)}`);
  equal([own.uri, own.args, own.kwargs], [uri, args, kwargs], "the handler's error");
  sentence(own, fails, uri);

  const handled = context.watch(callee.errors);
  await context.serve(
    callee.register(
      throws,
      map(() => {
        throw new RangeError('out of range');
      }),
    ),
  );
  for (const time of [1, 2]) {
    const thrown = await context.failure(`call ${time} of a handler that throws`, caller.call(throws));
    holds(thrown instanceof ApplicationError, `an ApplicationError must come, not ${String(thrown)}`);
    equal([thrown.uri, thrown.args], ['wamp.error.runtime_error', ['out of range']], 'what a handler threw');
    equal(handled.values.length, time, 'the errors that the callee heard of');
  }

  const unknown = await context.failure('a call of nothing', caller.call(context.uri('nothing'), [1]));
  holds(unknown instanceof ApplicationError, `an ApplicationError must come, not ${String(unknown)}`);
  equal(unknown.uri, 'wamp.error.no_such_procedure', 'the error of an unknown procedure');
  sentence(unknown, context.uri('nothing'));

  await context.serve(
    callee.register(
      ok,
      map(() => 'first'),
    ),
  );
  for (const second of [caller, callee]) {
    const taken = await context.failure(
      'a second registration',
      second.register(
        ok,
        map(() => 'second'),
      ),
    );
    holds(taken instanceof ApplicationError, `an ApplicationError must come, not ${String(taken)}`);
    equal(taken.uri, 'wamp.error.procedure_already_exists', 'the error of a second registration');
    sentence(taken, ok);
  }
  equal((await context.first('the first registration', caller.call(ok))).value, 'first', 'who answers');
}

export const scenarios: readonly Scenario[] = [{ name: 'errors', run: errors }];
