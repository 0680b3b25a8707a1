import { config, map, Observable, type Observer, Subscription, UnsubscriptionError } from 'rxjs';
import type { Cancel } from '../../src/protocol/sink.ts';
import { type Listening, Source } from '../../src/client/source.ts';

type Begin = (listener: Listening<number>) => Cancel | undefined;

class Made extends Source<number> {
  readonly begin: Begin;
  constructor(begin: Begin) {
    super();
    this.begin = begin;
  }
}

/** RxJS itself, and a source, doing the same: what is told of one must hold for both. */
const MADE: readonly (readonly [name: string, make: (begin: Begin) => Observable<number>])[] = [
  ['RxJS', (begin) => new Observable((subscriber) => begin(subscriber))],
  ['a source', (begin) => new Made(begin)],
];

/** What RxJS reports of errors that nobody hears, once there are so many. */
function unheard(count: number): { readonly errors: unknown[]; readonly all: Promise<void> } {
  const errors: unknown[] = [];
  const all = new Promise<void>((resolve) => {
    config.onUnhandledError = (error: unknown) => {
      if (errors.push(error) === count) resolve();
    };
  });
  return { errors, all };
}

describe('Source', () => {
  afterEach(() => {
    config.onUnhandledError = null;
  });

  for (const [name, make] of MADE)
    describe(`as ${name}`, () => {
      const several = make((listener) => {
        listener.next(1);
        listener.next(2);
        listener.complete();
        listener.next(3);
        listener.error(new Error('late'));
        listener.complete();
        return undefined;
      });

      it('takes an observer, functions, or parts of either', () => {
        const log: unknown[] = [];
        const next = (value: unknown): unknown => log.push(value);
        const complete = (): unknown => log.push('end');
        several.subscribe({ next, complete });
        several.subscribe(next);
        several.subscribe({ complete });
        several.subscribe({});
        several.subscribe();
        // eslint-disable-next-line rxjs-x/prefer-observer, @typescript-eslint/no-deprecated -- this form is in use
        several.subscribe(next, null, complete);
        expect(log).toEqual([1, 2, 'end', 1, 2, 'end', 1, 2, 'end']);
      });

      it('calls the functions of an observer as its methods', () => {
        class Counter implements Partial<Observer<number>> {
          sum = 0;
          ends = 0;
          next(value: number): void {
            this.sum += value;
          }
          complete(): void {
            this.ends++;
          }
        }
        const counter = new Counter();
        several.subscribe(counter);
        expect([counter.sum, counter.ends]).toEqual([3, 1]);
      });

      it('ends once, and is closed after its observer has heard of it', () => {
        for (const how of ['complete', 'error'] as const) {
          const log: unknown[] = [];
          let told: Listening<number> | undefined;
          const stream = make((listener) => {
            told = listener;
            return { unsubscribe: () => log.push('left') };
          });
          const heard = (): void => {
            log.push(how, subscription.closed);
            told?.next(5);
            told?.complete();
          };
          const subscription = stream.subscribe({ next: (value) => log.push(value), [how]: heard });
          told?.next(4);
          told?.[how](new Error('end'));
          told?.next(6);
          subscription.unsubscribe();
          expect(log).toEqual([4, how, false, 'left']);
          expect(subscription.closed).toBeTrue();
        }
      });

      it('hears nothing more once it has left, also from inside', () => {
        const log: unknown[] = [];
        let told: Listening<number> | undefined;
        const subscription = make((listener) => {
          told = listener;
          return { unsubscribe: () => log.push('left') };
        }).subscribe({
          next: (value) => {
            log.push(value);
            subscription.unsubscribe();
          },
          error: () => log.push('error'),
          complete: () => log.push('end'),
        });
        told?.next(1);
        told?.next(2);
        told?.error(new Error('late'));
        told?.complete();
        expect(log).toEqual([1, 'left']);
      });

      it('lets go of what it began when the end came while it began', () => {
        const log: string[] = [];
        const { closed } = make((listener) => {
          listener.complete();
          return { unsubscribe: () => log.push('left') };
        }).subscribe();
        expect([closed, log]).toEqual([true, ['left']]);
      });

      it('is a Subscription, as part of another one and with more in it', () => {
        const log: string[] = [];
        const whole = new Subscription();
        const subscription = make(() => ({ unsubscribe: () => log.push('left') })).subscribe();
        subscription.add(() => log.push('more'));
        whole.add(subscription);
        expect(subscription).toBeInstanceOf(Subscription);
        whole.unsubscribe();
        expect(subscription.closed).toBeTrue();
        expect(log.sort()).toEqual(['left', 'more']);
      });

      it('lets go of everything though one of it throws', () => {
        const log: string[] = [];
        const subscription = make(() => ({ unsubscribe: () => log.push('left') })).subscribe();
        subscription.add(() => {
          throw new Error('more');
        });
        expect(() => {
          subscription.unsubscribe();
        }).toThrowError(UnsubscriptionError);
        expect([subscription.closed, log]).toEqual([true, ['left']]);
      });

      it('passes through operators', () => {
        const log: unknown[] = [];
        several.pipe(map((value) => value * 10)).subscribe({ next: (value) => log.push(value), complete: () => log.push('end') });
        expect(log).toEqual([10, 20, 'end']);
      });

      it('turns what is thrown at its beginning into its error', () => {
        const log: unknown[] = [];
        const failed = new TypeError('wrong');
        const { closed } = make(() => {
          throw failed;
        }).subscribe({ error: (error: unknown) => log.push(error) });
        expect([closed, log]).toEqual([true, [failed]]);
      });

      it('reports what an observer throws, and goes on', async () => {
        const { errors, all } = unheard(3);
        const log: unknown[] = [];
        const thrower =
          (what: string) =>
          (value: unknown): never => {
            log.push(value);
            throw new Error(what);
          };
        several.subscribe({ next: thrower('next'), complete: thrower('complete') as () => never });
        expect(log).toEqual([1, 2, undefined]);
        await all;
        expect(errors.map(String)).toEqual(['Error: next', 'Error: next', 'Error: complete']);
      });

      it('reports an error that nobody listens to, and what a listener to errors throws', async () => {
        const { errors, all } = unheard(2);
        const failing = make((listener) => {
          listener.error(new Error('nobody'));
          return undefined;
        });
        failing.subscribe({ next: () => {} });
        failing.subscribe({
          error: () => {
            throw new Error('somebody');
          },
        });
        await all;
        expect(errors.map(String)).toEqual(['Error: nobody', 'Error: somebody']);
      });
    });
});
