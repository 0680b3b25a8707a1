// What every serializer has to do, ours and one of a user's own.
import { json } from '../../src/serializers/json.ts';
import { msgpack } from '../../src/serializers/msgpack.ts';
import { msgpackr } from './msgpackr.ts';
import { decoded, hex } from './support.ts';

const SIZES = [1, 127, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 32 + 1, 8429313566999111, 2 ** 53 - 1];

for (const [name, serializer] of Object.entries({ json, msgpack, "a user's msgpackr": msgpackr })) {
  describe(`every serializer: ${name}`, () => {
    it('trap 6: 2^53 and ids around 2^31 and 2^32 come back as the numbers they were', () => {
      const message = [16, 2 ** 53, { exclude: [...SIZES, 2 ** 53] }, 'com.example.news', [2 ** 53]];
      expect(decoded(serializer(), serializer().encode(message))).toEqual([message]);
    });

    it('brings back binary, of no bytes too, and of 100,000', () => {
      const large = Uint8Array.from({ length: 100_000 }, (_, i) => i % 251);
      const message = [36, 1, 2, {}, [Uint8Array.of(0, 255), new Uint8Array(0), large], { raw: Uint8Array.of(7) }];
      const [back] = decoded(serializer(), serializer().encode(message)) as [unknown[]];
      const [[two, none, many], { raw }] = back.slice(4) as [Uint8Array[], { raw: Uint8Array }];
      expect([two, none, many, raw].map((bytes) => bytes instanceof Uint8Array)).toEqual([true, true, true, true]);
      expect([two!, none!, raw].map((bytes) => Array.from(bytes))).toEqual([[0, 255], [], [7]]);
      expect(Array.from(many!)).toEqual(Array.from(large));
    });

    it('trap 7: 0, false, empty text and null are arguments', () => {
      const message = [48, 1, { acknowledge: false }, 'com.example.echo', [0, false, '', null, [], {}], { a: null }];
      expect(decoded(serializer(), serializer().encode(message))).toEqual([message]);
    });

    it('brings back text of every plane and length', () => {
      const message = [50, 1, {}, ['', 'é€😀', ...[15, 23, 24, 31, 32, 255, 256, 70_000].flatMap((n) => ['x'.repeat(n), 'é'.repeat(n)])]];
      expect(decoded(serializer(), serializer().encode(message))).toEqual([message]);
    });

    it('does not write again to a frame that it gave away', () => {
      const one = serializer();
      const first = one.encode([36, 1, 2, {}, ['first']]);
      for (let i = 0; i < 10_000; i++) one.encode([36, 1, 2, {}, ['another', i]]);
      expect(decoded(one, first)).toEqual([[36, 1, 2, {}, ['first']]]);
    });

    it('can encode and decode within its own delivery', () => {
      const one = serializer();
      const inner: unknown[] = [];
      one.decode(one.encode([50, 1, {}, ['outer']]), () => inner.push(...decoded(one, one.encode([50, 2, {}, ['inner']]))));
      expect(inner).toEqual([[50, 2, {}, ['inner']]]);
    });
  });
}

describe('every serializer: MessagePack', () => {
  it('trap 6: 2^53 and ids above 2^32 are integers on the wire, never floats', () => {
    expect(hex(msgpack().encode([34, 7, 2 ** 53]))).toBe('932207cf0020000000000000');
    expect(hex(msgpack().encode([34, 7, 8429313566999111]))).toBe('932207cf001df26a80dc8247');
    expect(hex(msgpackr().encode([34, 7, 2 ** 53]))).toBe('932207d30020000000000000');
    expect(hex(msgpackr().encode([34, 7, 8429313566999111]))).toBe('932207d3001df26a80dc8247');
  });
});
