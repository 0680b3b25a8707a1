import { copied, same } from '../../src/glue/same.ts';

const USED = () => undefined;

describe('same', () => {
  const equal: readonly (readonly [string, unknown, unknown])[] = [
    ['lists by what is in them', [1, ['a', null]], [1, ['a', null]]],
    ['objects in any order of their keys', { a: 1, b: { c: [2] } }, { b: { c: [2] }, a: 1 }],
    ['objects without a prototype', Object.assign(Object.create(null) as object, { a: 1 }), { a: 1 }],
    ['NaN with itself', NaN, NaN],
    ['a function with itself', [USED], [USED]],
    ['dates of one moment', [new Date(0)], [new Date(0)]],
    ['dates of no moment', new Date(NaN), new Date(NaN)],
    ['bytes by what is in them', [new Uint8Array([1, 2])], [new Uint8Array([1, 2])]],
  ];
  for (const [name, one, other] of equal) it(`takes ${name}`, () => expect(same(one, other)).toBeTrue());

  const different: readonly (readonly [string, unknown, unknown])[] = [
    ['another value', [1, 2], [1, 3]],
    ['a list that is longer', [1], [1, 2]],
    ['a key that is undefined, and one that is missing', { a: undefined }, { b: undefined }],
    ['a list and an object with the same keys', ['a'], { 0: 'a' }],
    ['nothing and an empty object', null, {}],
    ['dates', new Date(0), new Date(1)],
    ['objects of classes, which may hide what they are', new Map(), new Map()],
    ['other bytes', new Uint8Array([1]), new Uint8Array([2])],
    ['more bytes', new Uint8Array([1]), new Uint8Array([1, 2])],
  ];
  for (const [name, one, other] of different) it(`tells ${name}`, () => expect(same(one, other)).toBeFalse());
});

describe('copied', () => {
  it('is the same at every depth, and stays so when the original is written to', () => {
    const bytes = new Uint8Array([1]);
    const original = { list: [{ id: 1 }], bytes };
    const copy = copied(original);
    expect(same(copy, original)).toBeTrue();
    original.list[0]!.id = 2;
    expect(copy).toEqual({ list: [{ id: 1 }], bytes });
    expect(copy.bytes).toBe(bytes);
  });
});
