// What may be sent as arguments, and how it is made the same for every serializer.
import { named, sendableArgs, sendableKwargs } from '../../src/session/payload.ts';

describe('sendableArgs', () => {
  it('I2 trailing empty args are none', () => {
    expect([sendableArgs(undefined), sendableArgs([])]).toEqual([undefined, undefined]);
  });

  it('trap 7: 0, false, empty text and null stay, and nothing is copied that needs no change', () => {
    const args = [0, false, '', null, 'x', 1.5, 2n, { a: [1, { b: null }] }, new Uint8Array(2), Object.create(null)];
    expect(sendableArgs(args)).toBe(args);
  });

  it('I2 undefined in a list is null, in a copy', () => {
    const inner = [undefined, 1];
    const args = [undefined, inner, { a: inner }];
    expect(sendableArgs(args)).toEqual([null, [null, 1], { a: [null, 1] }]);
    expect(args).toEqual([undefined, inner, { a: inner }]);
    expect(inner).toEqual([undefined, 1]);
    expect(sendableArgs(new Array(2))).toEqual([null, null]);
  });

  it('I2 keys that are undefined are dropped, in a copy', () => {
    const inner = { a: undefined, b: { c: undefined, d: 1 }, e: 0 };
    expect(sendableArgs([inner])).toEqual([{ b: { d: 1 }, e: 0 }]);
    expect(Object.keys((sendableArgs([inner]) as [object])[0])).toEqual(['b', 'e']);
    expect(Object.keys(inner)).toEqual(['a', 'b', 'e']);
  });

  it('I2 __proto__ stays data', () => {
    const evil = JSON.parse('{"__proto__": {"polluted": true}, "a": {"x": 1}}') as Record<string, unknown>;
    evil['b'] = undefined;
    const [clean] = sendableArgs([evil]) as [object];
    expect(JSON.stringify(clean)).toBe('{"__proto__":{"polluted":true},"a":{"x":1}}');
    expect(Object.getPrototypeOf(clean)).toBe(Object.prototype);
  });

  it('takes what toJSON gives, with its key, wherever it stands', () => {
    const keys: string[] = [];
    const own = {
      toJSON: (key: string) => {
        keys.push(key);
        return { seen: key, gone: undefined };
      },
    };
    expect(sendableArgs([own, { a: own }, new Date(0)])).toEqual([{ seen: '0' }, { a: { seen: 'a' } }, '1970-01-01T00:00:00.000Z']);
    expect(keys).toContain('a');
  });

  it('I2 toJSON that gives undefined is null in a list, and no key in an object', () => {
    const none = { toJSON: () => undefined };
    expect(sendableArgs([none, { a: none, b: 1 }])).toEqual([null, { b: 1 }]);
    expect(Object.keys((sendableArgs([{ a: none }]) as [object])[0])).toEqual([]);
  });

  it('an ArrayBuffer goes as its bytes', () => {
    expect(sendableArgs([new Uint8Array([1, 2]).buffer])).toEqual([new Uint8Array([1, 2])]);
  });

  it('the same object twice is no cycle', () => {
    const shared = { a: 1 };
    const args = [shared, shared, { shared }];
    expect(sendableArgs(args)).toBe(args);
  });

  const cyclic: Record<string, unknown> = {};
  cyclic['a'] = [{ b: cyclic }];
  const list: unknown[] = [];
  list.push(1, list);
  const loop = { toJSON: (): unknown => [loop] };
  class Opaque {
    readonly #hidden = 1;
    get [Symbol.toStringTag](): string {
      return `Opaque${this.#hidden}`;
    }
  }
  for (const [name, args, sentence] of [
    ['a function', [1, () => 1], 'args[1] is a function and cannot be sent: send data'],
    ['a symbol', [{ a: { b: Symbol('x') } }], 'args[0].a.b is a symbol and cannot be sent: send data'],
    ['a cycle', [cyclic], 'args[0].a[0].b is a cycle and cannot be sent: it leads back to args[0]'],
    ['a list in itself', list, 'args[1] is a cycle and cannot be sent: it leads back to args'],
    ['toJSON of itself', [loop], 'args[0].toJSON()[0] is a cycle and cannot be sent: it leads back to args[0]'],
    ['a Map', [{ a: new Map() }], 'args[0].a is a Map and cannot be sent: send its content as a list, an object or a Uint8Array'],
    [
      'a view that is no Uint8Array',
      [new Float32Array(1)],
      'args[0] is a Float32Array and cannot be sent: send its content as a list, an object or a Uint8Array',
    ],
    [
      'an object with a tag of its own',
      [new Opaque()],
      'args[0] is an Opaque1 and cannot be sent: send its content as a list, an object or a Uint8Array',
    ],
  ] as const) {
    it(`I2 refuses ${name} by its place`, () => {
      expect(() => sendableArgs(args)).toThrowError(TypeError, sentence);
    });
  }

  it('an instance of a class whose fields are data goes as they are', () => {
    class Point {
      x = 1;
    }
    const args = [new Point()];
    expect(sendableArgs(args)).toBe(args);
  });

  it('what a prototype has is not sent, and refuses nothing', () => {
    const old = Object.assign(Object.create({ method: () => 1, gone: undefined }) as object, { a: 1 });
    const args = [old];
    expect(sendableArgs(args)).toBe(args);
  });

  it('I1 refuses what is no list', () => {
    expect(() => sendableArgs('x')).toThrowError(TypeError, 'args must be a list, not the text "x": write [value], or [] for none');
    expect(() => sendableArgs({ 0: 1 })).toThrowError(TypeError, 'args must be a list, not an Object: write [value], or [] for none');
    expect(() => sendableArgs(null)).toThrowError(TypeError, 'args must be a list, not null: write [value], or [] for none');
  });
});

describe('sendableKwargs', () => {
  it('I2 empty kwargs are none, also where all keys are undefined', () => {
    expect([sendableKwargs(undefined), sendableKwargs({}), sendableKwargs({ a: undefined })]).toEqual([undefined, undefined, undefined]);
  });

  it('I2 drops keys that are undefined, and copies nothing that needs no change', () => {
    const kwargs = { a: 0, b: null };
    expect(sendableKwargs(kwargs)).toBe(kwargs);
    expect(sendableKwargs({ a: undefined, b: [undefined] })).toEqual({ b: [null] });
  });

  it('I2 refuses what cannot be sent by its place', () => {
    expect(() => sendableKwargs({ a: () => 1 })).toThrowError(TypeError, 'kwargs.a is a function and cannot be sent: send data');
  });

  for (const [name, kwargs, sentence] of [
    ['null', null, 'kwargs must be an object, not null'],
    ['a list', [1], 'kwargs must be an object, not a list'],
    ['text', 'x', 'kwargs must be an object, not the text "x"'],
    ['a number', 5, 'kwargs must be an object, not the number 5'],
    ['bytes', new Uint8Array(1), 'kwargs must be an object, not a Uint8Array'],
    ['a buffer', new ArrayBuffer(1), 'kwargs must be an object, not a Uint8Array'],
    ['a date', new Date(0), 'kwargs must be an object, not the text "1970-01-01T00:00:00.000Z"'],
    ['what toJSON makes a list', { toJSON: () => [1] }, 'kwargs must be an object, not a list'],
  ] as const) {
    it(`I1 refuses ${name}`, () => {
      expect(() => sendableKwargs(kwargs)).toThrowError(TypeError, sentence);
    });
  }

  it('takes what toJSON gives', () => {
    expect(sendableKwargs({ toJSON: () => ({ a: 1 }) })).toEqual({ a: 1 });
  });
});

describe('named', () => {
  it('says what a value is, and long text not to its end', () => {
    expect([null, [1], 'x', 5, undefined, true, {}, new Map()].map(named)).toEqual([
      'null',
      'a list',
      'the text "x"',
      'the number 5',
      'undefined',
      'the boolean true',
      'an Object',
      'a Map',
    ]);
    expect(named('x'.repeat(40))).toBe(`the text "${'x'.repeat(40)}"`);
    expect(named('x'.repeat(41))).toBe(`the text "${'x'.repeat(40)}…"`);
  });
});
