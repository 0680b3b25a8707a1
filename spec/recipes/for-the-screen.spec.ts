import { of } from 'rxjs';
import { forTheScreen, latest } from '../../examples/recipes/for-the-screen.ts';
import { EVENT, SUBSCRIBE, UNSUBSCRIBE } from '../../src/protocol/messages.ts';
import { drawn } from '../client/answers.ts';
import { marbles } from '../client/setup.ts';

const PRICE = 'com.example.price';

describe('The recipe for the screen', () => {
  it('has the last value for whoever comes later, and gives the topic back behind the last one', () => {
    drawn(({ client, router, requests, at, expectObservable }) => {
      const price = latest(client(), PRICE);
      expectObservable(price, '^ 59ms !').toBe('20ms a 9ms b', { a: 1, b: 2 });
      expectObservable(price, '40ms ^ 49ms !').toBe('40ms b', { b: 2 });
      // Nobody was there in between: what was remembered is not shown as if it were of now.
      expectObservable(price, '150ms ^ 49ms !').toBe('180ms c', { c: 3 });
      const tell = (frame: number, id: number, value: number): void =>
        at(frame, () => router.link.receive([EVENT, id, frame, {}, [value]]));
      tell(20, 101, 1);
      tell(30, 101, 2);
      tell(180, 103, 3);
      at(199, () => {
        expect(requests()).toEqual([
          [SUBSCRIBE, 1, {}, PRICE],
          [UNSUBSCRIBE, 2, 101],
          [SUBSCRIBE, 3, {}, PRICE],
        ]);
      });
    });
  });

  it('draws the first value at once, at most ten a second, and the last one always', () => {
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const values = hot('a 29ms b 29ms c 99ms d 299ms e');
      expectObservable(forTheScreen(values), '^ 999ms !').toBe('a 99ms c 99ms d 259ms e');
      expectSubscriptions(values.subscriptions).toBe('^ 999ms !');
      expectObservable(forTheScreen(of('x', 'y'))).toBe('x 99ms (y|)');
    });
  });
});
