// A registration's pipeline as the handler that the session core knows: instantiated once per invocation.
// Knows no session.
import { isObservable, Observable, type OperatorFunction } from 'rxjs';
import { ApplicationError, textOf } from '../protocol/errors.ts';
import type { Handler } from '../session/callee.ts';
import type { Invocation } from '../session/result.ts';

const REMEDY = 'register takes RxJS operators, like map(({ args }) => …)';

/** @param foreign Called when a pipeline gives an Observable of another copy of rxjs: it works, but virtual time and `instanceof` do not. */
export function handlerOf(pipeline: OperatorFunction<Invocation, unknown>, foreign: () => void): Handler {
  return (invocation, reply) => {
    let results: unknown;
    try {
      results = pipeline(
        new Observable<Invocation>((subscriber) => {
          subscriber.next(invocation);
          subscriber.complete();
        }),
      );
    } catch (cause) {
      if (cause instanceof ApplicationError) throw cause;
      throw new TypeError(`${textOf(cause)}; ${REMEDY}`, { cause });
    }
    // A proxy of remote calls is a function that seems to have every method.
    if (typeof results !== 'object' || !isObservable(results)) {
      // An async function: what it rejects with must not end the process.
      Promise.resolve(results).catch(() => undefined);
      throw new TypeError(`the pipeline gave no Observable: ${REMEDY}`);
    }
    if (!(results instanceof Observable)) foreign();
    return results.subscribe(reply);
  };
}
