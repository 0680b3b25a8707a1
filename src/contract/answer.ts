// An Observable that can also be awaited, for those who want one value and no operators.
// Knows no session and no procedure.
import { lastValueFrom, Observable } from 'rxjs';

/** A cold Observable that can also be awaited: each `await` subscribes once and gives the last value, or undefined where there was none. */
export interface Answer<T> extends Observable<T>, PromiseLike<T> {}

/**
 * Makes an Observable awaitable. Nothing happens before it is subscribed or awaited, and each time it happens anew.
 *
 * @param source Left as it is.
 * @returns The same values. Awaited: the last one, undefined if there was none; an error rejects.
 */
export function answer<T>(source: Observable<T>): Answer<T> {
  const then: PromiseLike<T>['then'] = (onfulfilled, onrejected) =>
    lastValueFrom(source, { defaultValue: undefined as T }).then(onfulfilled, onrejected);
  return Object.assign(new Observable<T>((subscriber) => source.subscribe(subscriber)), { then });
}
