// What can be awaited and is cold all the same.
import { EMPTY, Observable, of, throwError } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { answer } from '../../src/contract/answer.ts';

function counted(): { readonly source: Observable<number>; subscribed: () => number } {
  let subscriptions = 0;
  const source = new Observable<number>((subscriber) => {
    subscriptions++;
    subscriber.next(1);
    subscriber.next(2);
    subscriber.complete();
  });
  return { source, subscribed: () => subscriptions };
}

describe('answer', () => {
  it('emits what its source emits, and unsubscribes from it when it is left', () => {
    new TestScheduler((actual, expected) => {
      expect(actual).toEqual(expected);
    }).run(({ cold, expectObservable, expectSubscriptions }) => {
      const source = cold('-a-b-c|');
      expectObservable(answer(source), '^---!').toBe('-a-b-');
      expectSubscriptions(source.subscriptions).toBe('^---!');
    });
  });

  it('does nothing before it is subscribed or awaited', async () => {
    const { source, subscribed } = counted();
    const awaited = answer(source);
    await Promise.resolve();
    expect(subscribed()).toBe(0);
    await awaited;
    expect(subscribed()).toBe(1);
  });

  it('gives the last value when it is awaited, subscribing once each time', async () => {
    const { source, subscribed } = counted();
    const awaited = answer(source);
    expect([await awaited, subscribed()]).toEqual([2, 1]);
    expect([await awaited, subscribed()]).toEqual([2, 2]);
  });

  it('gives undefined where there was no value', async () => {
    expect(await answer(EMPTY)).toBeUndefined();
  });

  it('rejects with the error itself', async () => {
    const error = new TypeError('no');
    await expectAsync(Promise.resolve(answer(throwError(() => error)))).toBeRejectedWith(error);
    expect(await answer(throwError(() => error)).then(undefined, (reason: unknown) => reason)).toBe(error);
  });

  it('leaves its source as it was', () => {
    const source = of(1);
    expect(answer(source) as Observable<number>).not.toBe(source);
    expect('then' in source).toBeFalse();
  });
});
