// The MessagePack serializer beyond what every serializer does.
import { ProtocolError } from '../../src/protocol/errors.ts';
import { msgpack } from '../../src/msgpack.ts';
import { bytes, decoded, hex, thrown } from './support.ts';

const encoded = (value: unknown) => hex(msgpack().encode([value])).slice(2);
const read = (text: string) => (decoded(msgpack(), bytes(`91${text}`)) as [[unknown]])[0][0];
const failure = (text: string) => thrown(() => decoded(msgpack(), bytes(text)));

describe('msgpack', () => {
  it('speaks wamp.2.msgpack', () => {
    expect(msgpack().protocol).toBe('wamp.2.msgpack');
  });

  describe('encode', () => {
    it('writes integers up to 2^53 as integers, and larger numbers as floats', () => {
      expect([2 ** 32, 2 ** 53, 2 ** 53 + 2, -(2 ** 31), -(2 ** 31) - 1, -(2 ** 53)].map(encoded)).toEqual([
        'cf0000000100000000',
        'cf0020000000000000',
        'cb4340000000000001',
        'd280000000',
        'd3ffffffff7fffffff',
        'd3ffe0000000000000',
      ]);
    });

    it('writes a BigInt of 64 bits', () => {
      expect([2n ** 64n - 1n, -(2n ** 63n), 2n ** 53n + 1n, 0n].map(encoded)).toEqual([
        'cfffffffffffffffff',
        'd38000000000000000',
        'cf0020000000000001',
        'cf0000000000000000',
      ]);
    });

    it('refuses a larger BigInt, naming its place', () => {
      for (const price of [2n ** 64n, -(2n ** 63n) - 1n]) {
        expect(thrown(() => msgpack().encode([48, 1, {}, 'com.example.add', [{ price }]]))).toEqual(
          new TypeError('args[0].price is a BigInt of more than 64 bits: send a text'),
        );
      }
    });

    it('writes whole messages after a refused one', () => {
      const one = msgpack();
      expect(thrown(() => one.encode([48, 1, {}, 'com.example.add', ['half', 2n ** 64n]]))).toBeInstanceOf(TypeError);
      expect(hex(one.encode([50, 1, {}]))).toBe('93320180');
    });

    it('writes the part of a buffer that a view shows', () => {
      expect(encoded(new Uint8Array(Uint8Array.of(1, 2, 3, 4).buffer, 1, 2))).toBe('c4020203');
    });

    it('writes headers of binary and text for every length', () => {
      const start = (value: unknown) => encoded(value).slice(0, 10);
      expect([0, 255, 256, 65_535, 65_536].map((n) => start(new Uint8Array(n)))).toEqual([
        'c400',
        'c4ff000000',
        'c501000000',
        'c5ffff0000',
        'c600010000',
      ]);
      expect([31, 32, 255, 256, 65_535, 65_536].map((n) => start('a'.repeat(n)))).toEqual([
        'bf61616161',
        'd920616161',
        'd9ff616161',
        'da01006161',
        'daffff6161',
        'db00010000',
      ]);
      expect(start('é'.repeat(20))).toBe('d928c3a9c3');
    });

    it('writes dicts of every size', () => {
      const dict = (n: number) => Object.fromEntries(Array.from({ length: n }, (_, i) => [`k${i}`, i]));
      for (const n of [15, 16, 65_535, 65_536]) {
        expect(decoded(msgpack(), msgpack().encode([dict(n)]))).toEqual([[dict(n)]]);
      }
    });

    it('writes half a surrogate pair as U+FFFD', () => {
      expect(['\ud800', 'a\udc00', `${'x'.repeat(40)}\ud800`].map((text) => read(encoded(text)))).toEqual([
        '\ufffd',
        'a\ufffd',
        `${'x'.repeat(40)}\ufffd`,
      ]);
    });

    it('takes no dict for a class of the library, whatever its keys', () => {
      const message: unknown[] = [50, 1, {}, [], { constructor: { name: 'valueOf' }, _isUint64BE: true, buffer: 1, toJSON: 2 }];
      expect(decoded(msgpack(), msgpack().encode(message))).toEqual([message]);
    });

    it('refuses a cycle, and nesting that is too deep, with a sentence', () => {
      const cycle: unknown[] = [];
      cycle.push(cycle);
      expect(thrown(() => msgpack().encode(cycle))).toEqual(new TypeError('the message is nested too deeply, or refers to itself'));
    });
  });

  describe('decode', () => {
    it('reads integers of 64 bits as numbers up to 2^53, and as BigInts beyond: a rounded id would be another id', () => {
      expect(
        [
          'cf0020000000000000',
          'cf0020000000000001',
          'cfffffffffffffffff',
          'd30000000000000005',
          'd3ffe0000000000000',
          'd3ffdfffffffffffff',
          'd38000000000000000',
        ].map(read),
      ).toEqual([2 ** 53, 2n ** 53n + 1n, 2n ** 64n - 1n, 5, -(2 ** 53), -(2n ** 53n) - 1n, -(2n ** 63n)]);
    });

    it('gives binary its own memory', () => {
      const frame = bytes('95240102809191c4020102');
      const [[, , , , [[binary]]]] = decoded(msgpack(), frame) as [[0, 0, 0, 0, [[Uint8Array]]]];
      frame.fill(0);
      expect(binary).toEqual(Uint8Array.of(1, 2));
      expect(Object.getPrototypeOf(binary)).toBe(Uint8Array.prototype);
      expect(binary.buffer.byteLength).toBe(2);
    });

    it('I2 keeps a key __proto__ as data', () => {
      const dict = JSON.parse('{"__proto__":{"admin":true}}') as object;
      const back = read(encoded(dict)) as object;
      expect(JSON.stringify(back)).toBe('{"__proto__":{"admin":true}}');
      expect(Object.getPrototypeOf(back)).toBe(Object.prototype);
    });

    it('I5 throws a ProtocolError at bytes behind the message', () => {
      expect(failure('9332078000')).toEqual(new ProtocolError('a frame is not WAMP in MessagePack'));
      expect(String((failure('9332078000') as Error).cause)).toContain('1 bytes follow the message');
    });

    it('I5 throws at a frame that is cut anywhere', () => {
      const whole = hex(msgpack().encode([36, 1, 2 ** 53, { a: 'x'.repeat(40) }, [1.5, Uint8Array.of(1, 2), 'é', 300, -300, 70_000]]));
      for (let end = 0; end < whole.length; end += 2) expect(failure(whole.slice(0, end))).toBeInstanceOf(ProtocolError);
    });

    it('I5 throws at counts that cannot be true, without making room for them', () => {
      for (const frame of ['ddffffffff', '91dfffffffff', '91dbffffffff', '91c6ffffffff']) {
        expect(failure(frame)).toBeInstanceOf(ProtocolError);
      }
    });

    it('I5 throws at extension types, the type that is never used, text frames and what is not a list', () => {
      for (const frame of ['91d6ff00000000', '91c70105ff', '91d40100', '91c1', '80', 'c0', '05']) {
        expect(failure(frame)).toBeInstanceOf(ProtocolError);
      }
      expect(thrown(() => decoded(msgpack(), '[50,7,{}]'))).toBeInstanceOf(ProtocolError);
    });

    it('I5 throws at nesting that is too deep', () => {
      expect(thrown(() => decoded(msgpack(), new Uint8Array(1_000_000).fill(0x91)))).toBeInstanceOf(ProtocolError);
      expect(thrown(() => decoded(msgpack(), new Uint8Array(1_000_000).fill(0x81)))).toBeInstanceOf(ProtocolError);
    });

    it('works after a broken frame', () => {
      const one = msgpack();
      expect(thrown(() => decoded(one, bytes('93')))).toBeInstanceOf(ProtocolError);
      expect(decoded(one, bytes('93320780'))).toEqual([[50, 7, {}]]);
    });
  });

  describe('head', () => {
    const head = (text: string) => msgpack().head?.(bytes(text));

    it('I5 reads code and request of a broken frame', () => {
      expect(head('94320780c1')).toEqual([50, 7]);
      expect(head('9444cf00200000000000000380c1')).toEqual([68, 2 ** 53, 3]);
      expect(head('dc000432cd012c80c1')).toEqual([50, 300]);
      expect(head('dd0000000532cc8080c1')).toEqual([50, 128]);
      expect(head('9708300780c1')).toEqual([8, 48, 7]);
    });

    it('I5 does not read a number that the end of the frame cuts', () => {
      expect(head('9332cd01')).toEqual([50]);
      expect(head('93')).toEqual([]);
    });

    it('I5 reads nothing of what is no message', () => {
      expect(['', 'c0', '80', '93a132'].map(head)).toEqual([[], [], [], []]);
      expect(msgpack().head?.('[50,7,')).toEqual([]);
    });
  });
});
