// Calls by name: which URI, which arguments, and what comes back.
/* eslint-disable @typescript-eslint/no-unsafe-assignment, @typescript-eslint/no-unsafe-call, @typescript-eslint/no-unsafe-member-access,
  @typescript-eslint/no-unsafe-return, @typescript-eslint/no-unsafe-argument -- without a contract the proxy is any, and meant to be. */
import { firstValueFrom, NEVER, Observable, of, throwError } from 'rxjs';
import { ApplicationError, Client, result, type Result } from '../../src/index.ts';
import { kwargs, rpc } from '../../src/contract/index.ts';

/** Calls that are noted when they are made and when they are subscribed. */
function noted(answers: Observable<Result> = of(result([3]))) {
  const made: unknown[][] = [];
  const subscribed: unknown[][] = [];
  const call = (...args: unknown[]): Observable<never> => {
    made.push(args);
    return new Observable((subscriber) => {
      subscribed.push(args);
      return (answers as Observable<never>).subscribe(subscriber);
    });
  };
  return { made, subscribed, proxy: rpc({ call }) };
}

describe('rpc', () => {
  it('makes the URI of the names, and the arguments positional', async () => {
    const { proxy, subscribed } = noted();
    expect(await proxy.com.example.add(1, 2)).toBe(3);
    await proxy.get_binary_number(100);
    await proxy.com.example.now();
    expect(subscribed).toEqual([
      ['com.example.add', [1, 2], undefined],
      ['get_binary_number', [100], undefined],
      ['com.example.now', [], undefined],
    ]);
  });

  it('takes kwargs({…}) in the last place as keyword arguments', async () => {
    const { proxy, subscribed } = noted();
    await proxy.greet('Joe', kwargs({ lang: 'en' }));
    await proxy.greet(kwargs({}));
    await proxy.greet({ lang: 'en' });
    expect(subscribed).toEqual([
      ['greet', ['Joe'], { lang: 'en' }],
      ['greet', [], {}],
      ['greet', [{ lang: 'en' }], undefined],
    ]);
  });

  it('refuses kwargs({…}) in front, or twice', () => {
    const { proxy, made } = noted();
    expect(() => proxy.com.greet(kwargs({ lang: 'en' }), 'Joe')).toThrowError(
      TypeError,
      'kwargs(…) is argument 1 of 2 of com.greet: it comes last, and once',
    );
    expect(() => proxy.greet('Joe', kwargs({}), kwargs({}))).toThrowError(TypeError, /argument 2 of 3 of greet/);
    expect(made).toEqual([]);
  });

  it('is cold: nothing is sent before somebody subscribes or awaits', async () => {
    const { proxy, subscribed } = noted();
    const sum = proxy.add(1, 2);
    expect(subscribed).toEqual([]);
    expect(await firstValueFrom(sum)).toBe(3);
    expect(await sum).toBe(3);
    expect(subscribed.length).toBe(2);
  });

  it('leaves the call when the subscriber leaves', () => {
    let left = false;
    const { proxy } = noted(new Observable(() => () => (left = true)));
    proxy.slow().subscribe().unsubscribe();
    expect(left).toBeTrue();
  });

  it('gives the first value of the result, undefined of an empty one, and rejects with the error', async () => {
    expect(await noted(of(result(['a', 'b'], { c: 1 }))).proxy.several()).toBe('a');
    expect(await noted(of(result([]))).proxy.empty()).toBeUndefined();
    const error = new ApplicationError('com.example.error.no', ['no']);
    await expectAsync(Promise.resolve(noted(throwError(() => error)).proxy.bad())).toBeRejectedWith(error);
  });

  it('takes every name as a part of the URI, those of functions and objects too, but then', async () => {
    const { proxy, made } = noted();
    for (const name of ['call', 'apply', 'bind', 'name', 'length', 'toString', 'constructor', 'prototype', 'catch', '__proto__', 'a-b'])
      proxy.x[name]();
    expect(made.map(([uri]) => uri)).toEqual(
      ['call', 'apply', 'bind', 'name', 'length', 'toString', 'constructor', 'prototype', 'catch', '__proto__', 'a-b'].map(
        (name) => `x.${name}`,
      ),
    );
    expect(proxy.then).toBeUndefined();
    expect(proxy.x.y.then).toBeUndefined();
    expect(proxy[Symbol.iterator]).toBeUndefined();
    expect(proxy.x[Symbol.toPrimitive]).toBeUndefined();
    expect(typeof (await proxy.x)).toBe('function');
  });

  it('refuses a call without a name, and what is no call', () => {
    const { proxy, made } = noted(NEVER);
    expect(() => proxy(1)).toThrowError(TypeError, 'rpc needs the name of a procedure: rpc.com.example.add(1, 2)');
    expect(() => (proxy.x = 1)).toThrowError(TypeError);
    expect(() => Object.defineProperty(proxy, 'x', { value: 1 })).toThrowError(TypeError);
    expect(() => new proxy.x()).toThrowError(TypeError);
    expect(made).toEqual([]);
  });

  it('refuses what is no URI at once', () => {
    expect(() => rpc(new Client()).com['exa mple'].add()).toThrowError(TypeError, /call needs a URI/);
  });
});
