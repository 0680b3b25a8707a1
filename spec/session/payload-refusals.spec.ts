// What is refused as a payload says what to do instead, and what only looks wrong is sent.
import { of } from 'rxjs';
import { named, sendableArgs, sendableKwargs } from '../../src/session/payload.ts';

describe('A payload', () => {
  describe('sendableArgs', () => {
    class Self {
      readonly x = 1;
      toJSON(): this {
        return this;
      }
    }
    const throwing = {
      get price(): number {
        throw new Error('not loaded');
      },
    };
    for (const [name, args, sentence] of [
      ['a Promise', [Promise.resolve(1)], 'args[0] is a Promise and cannot be sent: await it, in a pipeline with mergeMap'],
      ['an Observable', [{ a: of(1) }], 'args[0].a is an Observable and cannot be sent: use mergeMap or switchMap in its place'],
      ['an Error', [new Error('x')], 'args[0] is an Error and cannot be sent: send its content as a list, an object or a Uint8Array'],
      ['a getter that throws', [1, throwing], 'args[1].price cannot be read: not loaded'],
    ] as const) {
      it(`I2 refuses ${name} by its place, with the remedy`, () => {
        expect(() => sendableArgs(args)).toThrowError(TypeError, sentence);
      });
    }

    it('I2 toJSON that gives the object itself is no cycle: its data is sent', () => {
      const self = new Self();
      expect((sendableArgs([self]) as [unknown])[0]).toBe(self);
      const own = {
        a: [undefined],
        toJSON(): unknown {
          return this;
        },
      };
      const [clean] = sendableArgs([own]) as [object];
      expect(JSON.stringify(clean)).toBe('{"a":[null]}');
      expect(Object.keys(clean)).toEqual(['a']);
    });
  });

  describe('sendableKwargs', () => {
    it('I2 refuses a Promise in the place of kwargs', () => {
      expect(() => sendableKwargs(Promise.resolve({}))).toThrowError(TypeError, /^kwargs is a Promise and cannot be sent: await it/);
    });
  });

  describe('named', () => {
    it('says each kind with its article, and never the source of a function', () => {
      const values = [
        undefined,
        null,
        {},
        new Error('x'),
        new Uint8Array(1),
        [],
        Math.max,
        (
          () => () =>
            1
        )(),
        5,
      ];
      expect(values.map(named)).toEqual([
        ...['undefined', 'null', 'an Object', 'an Error', 'a Uint8Array', 'a list'],
        ...['the function max', 'a function', 'the number 5'],
      ]);
    });
  });
});
