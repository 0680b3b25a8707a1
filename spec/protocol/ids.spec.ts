// Ids: where they wrap, what is one, and how random ones are spread.
import { isId, MAX_ID, nextId, randomId } from '../../src/protocol/ids.ts';

describe('ids', () => {
  describe('nextId', () => {
    it('trap 5: runs 1, 2, 3 from 0 on', () => {
      expect([nextId(0), nextId(1), nextId(2)]).toEqual([1, 2, 3]);
    });

    it('trap 5: 1 comes after 2^53', () => {
      expect([nextId(2 ** 53 - 2), nextId(2 ** 53 - 1), nextId(2 ** 53)]).toEqual([2 ** 53 - 1, 2 ** 53, 1]);
    });
  });

  describe('isId', () => {
    it('trap 6: 2^53 is an id, although it is no safe integer', () => {
      expect(MAX_ID).toBe(9007199254740992);
      expect(Number.isSafeInteger(MAX_ID)).toBeFalse();
      expect([1, 2 ** 31, 2 ** 32, 2 ** 53 - 1, 2 ** 53].map(isId)).toEqual([true, true, true, true, true]);
    });

    it('U1: 0, negative numbers, fractions, more than 2^53 and other types are none', () => {
      for (const value of [0, -0, -1, 1.5, 2 ** 53 + 2, Infinity, NaN, '1', 1n, null, undefined, true, [1], {}]) {
        expect(isId(value))
          .withContext(typeof value)
          .toBeFalse();
      }
    });
  });

  describe('randomId', () => {
    const words = (high: number, low: number) =>
      spyOn(crypto, 'getRandomValues').and.callFake(<T extends ArrayBufferView | null>(array: T): T => {
        (array as Uint32Array).set([high, low]);
        return array;
      });

    it('U2: goes from 1', () => {
      words(0, 0);
      expect(randomId()).toBe(1);
    });

    it('U2: goes to 2^53', () => {
      words(0xffffffff, 0xffffffff);
      expect(randomId()).toBe(2 ** 53);
    });

    it('U2: takes every bit below 2^53', () => {
      words(0x100000, 0x7);
      expect(randomId()).toBe(2 ** 52 + 8);
    });

    it('U2: fills the whole range evenly', () => {
      const eighths = new Array<number>(8).fill(0);
      for (let i = 0; i < 8000; i++) {
        const id = randomId();
        expect(isId(id)).toBeTrue();
        eighths[Math.floor((id - 1) / 2 ** 50)]!++;
      }
      // Of 1000 expected; 200 is more than six standard deviations.
      for (const count of eighths) expect(Math.abs(count - 1000)).toBeLessThan(200);
    });
  });
});
