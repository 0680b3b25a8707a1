// A registration's pipeline as the handler that the session core knows: instantiated once per invocation.
// Knows no session.
import { from, isObservable, Observable, type OperatorFunction } from 'rxjs';
import type { Handler } from '../session/invocations.ts';
import type { Invocation } from '../session/result.ts';

/** @param foreign Called when a pipeline gives an Observable of another copy of rxjs: it works, but virtual time and `instanceof` do not. */
export function handlerOf(pipeline: OperatorFunction<Invocation, unknown>, foreign: () => void): Handler {
  return (invocation, reply) => {
    const results: unknown = pipeline(
      new Observable<Invocation>((subscriber) => {
        subscriber.next(invocation);
        subscriber.complete();
      }),
    );
    if (results instanceof Observable) return results.subscribe(reply);
    if (!isObservable(results))
      throw new TypeError('the pipeline gave no Observable: register takes RxJS operators, like map(({ args }) => …)');
    foreign();
    return from(results).subscribe(reply);
  };
}
