// The small parts that stand alone: limits of timers, back-off, the multicast, the logger.
import { Clock } from '../../src/client/clock.ts';
import { retryDelay, zombieDelay } from '../../src/client/backoff.ts';
import { loggerOf } from '../../src/client/logger.ts';
import { Multicast } from '../../src/client/multicast.ts';
import { askAll } from '../../src/client/fresh.ts';
import { marbles } from './setup.ts';

describe('Clock', () => {
  it('never sets a timer to more than a platform can hold: Infinity does not come', () => {
    const spy = spyOn(globalThis, 'setInterval');
    for (const longest of [2 ** 31, Infinity]) {
      new Clock().after(longest, fail).unsubscribe();
      new Clock().every(longest, fail).unsubscribe();
    }
    expect(spy).not.toHaveBeenCalled();
    new Clock().after(2 ** 31 - 1, fail).unsubscribe();
    expect(spy).toHaveBeenCalledTimes(1);
  });

  it('starts every timer through runOutside', () => {
    marbles(({ scheduler, at }) => {
      const log: unknown[] = [];
      const clock = new Clock((start) => {
        log.push('outside');
        return start();
      });
      clock.after(5, () => log.push('after'));
      clock.defer(() => log.push('deferred'));
      const every = clock.every(4, () => log.push(clock.now()));
      at(9, () => {
        every.unsubscribe();
        expect(log).toEqual(['outside', 'outside', 'outside', 'deferred', 4, 'after', 8]);
        expect(scheduler.frame).toBe(9);
      });
    });
  });
});

describe('back-off', () => {
  it('R5 is between half and all of 500 ms doubled, at most 30 s', () => {
    const random = spyOn(Math, 'random');
    const waits = (value: number): number[] => {
      random.and.returnValue(value);
      return [1, 2, 3, 6, 7, 8, 50].map(retryDelay);
    };
    expect(waits(0)).toEqual([250, 500, 1000, 8000, 15_000, 15_000, 15_000]);
    expect(waits(1)).toEqual([500, 1000, 2000, 16_000, 30_000, 30_000, 30_000]);
  });

  it('R8 is 60 s in all', () => {
    const waits: number[] = [];
    for (let wait = zombieDelay(1), n = 1; wait !== undefined; wait = zombieDelay(++n)) waits.push(wait);
    expect(waits.slice(0, 6)).toEqual([500, 1000, 2000, 4000, 5000, 5000]);
    expect(waits.reduce((sum, wait) => sum + wait)).toBe(60_000);
  });
});

describe('Multicast', () => {
  it('gives late comers the latest value, tells who comes and goes, and completes those too who come later', () => {
    const log: string[] = [];
    const latest: number[] = [];
    const many = new Multicast<number>(
      () => latest.at(0),
      () => log.push(`size ${many.size}`),
    );
    const subscribe = (name: string): { unsubscribe(): void } =>
      many.stream.subscribe({
        next: (value) => log.push(`${name} ${value}`),
        error: (error: unknown) => log.push(`${name} ${String(error)}`),
        complete: () => log.push(`${name} |`),
      });
    const a = subscribe('a');
    latest.push(0);
    subscribe('b');
    many.next(1);
    a.unsubscribe();
    const ends = many.ends('no');
    subscribe('c');
    for (const end of ends) end();
    many.complete();
    subscribe('d');
    expect(log).toEqual([
      'size 1',
      'b 0',
      'size 2',
      'a 1',
      'b 1',
      'size 1',
      'c 0',
      'size 2',
      'b no',
      'size 1',
      'c |',
      'size 0',
      'd 0',
      'd |',
    ]);
  });
});

describe('loggerOf', () => {
  it('is the console by default, nothing for false, and else what was given', () => {
    const warn = spyOn(console, 'warn');
    const error = spyOn(console, 'error');
    loggerOf(undefined).warn('a sentence', 1);
    loggerOf(undefined).error('a sentence');
    loggerOf(undefined).error('a sentence', 1);
    loggerOf(false).warn('nothing');
    loggerOf(false).error('nothing');
    const own = { warn: jasmine.createSpy(), error: jasmine.createSpy() };
    loggerOf(own).warn('one', 1);
    loggerOf(own).error('two', 2);
    loggerOf(own).debug('three');
    expect([own.warn.calls.allArgs(), own.error.calls.allArgs()]).toEqual([[['one', 1]], [['two', 2]]]);
    expect(warn.calls.allArgs()).toEqual([['rxwamp: a sentence']]);
    expect(error.calls.allArgs()).toEqual([['rxwamp: a sentence'], ['rxwamp: a sentence', 1]]);
  });
});

describe('askAll', () => {
  it('L3 answers in the same turn where all is at hand, and later where a promise is among them', async () => {
    const log: unknown[] = [];
    const hears = (values: unknown): void => void log.push(values);
    askAll([1, () => 2], hears, hears);
    expect(log.splice(0)).toEqual([[1, 2]]);
    await new Promise((resolve) => askAll([1, () => Promise.resolve(2)], resolve, hears)).then(hears);
    expect(log.splice(0)).toEqual([[1, 2]]);
    await new Promise((resolve) => askAll([() => Promise.reject(new TypeError('no'))], hears, resolve)).then(hears);
    expect(log.splice(0)).toEqual([new TypeError('no')]);
    const left = [askAll([() => Promise.resolve(1)], hears, hears), askAll([() => Promise.reject(new TypeError('no'))], hears, hears)];
    for (const one of left) one.unsubscribe();
    await new Promise((resolve) => askAll([() => Promise.resolve(3)], resolve, hears)).then(hears);
    expect(log).toEqual([[3]]);
  });
});
