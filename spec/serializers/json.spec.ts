// The JSON serializer beyond what every serializer does.
import { ProtocolError } from '../../src/protocol/errors.ts';
import { json } from '../../src/serializers/json.ts';
import { decoded, thrown } from './support.ts';

const call = (args: unknown[], kwargs?: object) => [48, 7, {}, 'com.example.add', args, ...(kwargs ? [kwargs] : [])];
const refusal = (message: readonly unknown[]) => thrown(() => json().encode(message));

describe('json', () => {
  it('speaks wamp.2.json', () => {
    expect(json().protocol).toBe('wamp.2.json');
  });

  describe('encode', () => {
    it('writes what JSON.stringify writes', () => {
      const message = call([1, 'two', 3.5, true, null, { four: [5] }], { six: 'é' });
      expect(json().encode(message)).toBe(JSON.stringify(message));
    });

    it('writes binary as text that starts with U+0000 and goes on in base64', () => {
      expect(json().encode(call([Uint8Array.from({ length: 16 }, (_, i) => i)], { none: new Uint8Array(0) }))).toBe(
        '[48,7,{},"com.example.add",["\\u0000AAECAwQFBgcICQoLDA0ODw=="],{"none":"\\u0000"}]',
      );
    });

    it('writes the part of a buffer that a view shows', () => {
      const { buffer } = Uint8Array.of(1, 2, 3, 4);
      expect(json().encode([50, 1, {}, [new Uint8Array(buffer, 1, 2), new DataView(buffer, 3)]])).toBe(
        '[50,1,{},["\\u0000AgM=","\\u0000BA=="]]',
      );
    });

    it('leaves the message as it was when it holds binary', () => {
      const bytes = Uint8Array.of(1);
      const message = call([{ bytes }]);
      json().encode(message);
      expect(message).toEqual(call([{ bytes }]));
    });

    it('I2 keeps a key __proto__ as data, beside binary too', () => {
      const dict = JSON.parse('{"__proto__":{"admin":true}}') as object;
      expect(json().encode(call([], dict))).toBe('[48,7,{},"com.example.add",[],{"__proto__":{"admin":true}}]');
      expect(json().encode(call([Uint8Array.of(1)], dict))).toBe(
        '[48,7,{},"com.example.add",["\\u0000AQ=="],{"__proto__":{"admin":true}}]',
      );
    });

    it('refuses a BigInt, naming its place and a way out', () => {
      expect(refusal(call([{ price: 1n }]))).toEqual(
        new TypeError('args[0].price is a BigInt, which JSON does not have: send a number or a text, or use rxwamp/msgpack'),
      );
    });

    it('refuses NaN and Infinity, which would become null', () => {
      expect(refusal(call([], { 'a-b': [0, NaN] }))).toEqual(
        new TypeError('kwargs["a-b"][1] is NaN, which JSON does not have: send null or a text'),
      );
      expect(refusal([50, 1, {}, [-Infinity]])).toEqual(
        new TypeError('args[0] is -Infinity, which JSON does not have: send null or a text'),
      );
    });

    it('refuses text that starts with U+0000, which would become binary', () => {
      expect(refusal([8, 68, 1, {}, 'com.example.error', ['\0AQ==']])).toEqual(
        new TypeError('args[0] starts with U+0000, which marks binary in JSON: send a Uint8Array, or use rxwamp/msgpack'),
      );
      expect(json().encode([50, 1, {}, ['a\0']])).toBe('[50,1,{},["a\\u0000"]]');
    });

    it('names the place in options by its position', () => {
      expect(refusal([48, 7, { timeout: Infinity }, 'com.example.add'])).toEqual(
        new TypeError('message[2].timeout is Infinity, which JSON does not have: send null or a text'),
      );
    });

    it('refuses a cycle, and nesting that is too deep, with a sentence', () => {
      const cycle: unknown[] = [];
      cycle.push(cycle);
      let deep: unknown[] = [];
      for (let i = 0; i < 200_000; i++) deep = [deep];
      const sentence = 'the message is nested too deeply, or refers to itself';
      expect(refusal(call(cycle))).toEqual(new TypeError(sentence));
      expect(refusal(call(deep))).toEqual(new TypeError(sentence));
    });
  });

  describe('decode', () => {
    it('reads text that starts with U+0000 as binary, in values and not in keys', () => {
      expect(decoded(json(), '[36,1,2,{},["\\u0000AgM=",["\\u0000"]],{"\\u0000AQ==":"a\\u0000"}]')).toEqual([
        [36, 1, 2, {}, [Uint8Array.of(2, 3), [new Uint8Array(0)]], { '\0AQ==': 'a\0' }],
      ]);
    });

    it('reads the bytes of a RawSocket', () => {
      expect(decoded(json(), new TextEncoder().encode('[50,7,{},["é"]]'))).toEqual([[50, 7, {}, ['é']]]);
    });

    it('I2 keeps a key __proto__ as data, beside binary too', () => {
      for (const value of ['{"admin":true}', '"\\u0000AQ=="']) {
        const [[, , , , kwargs]] = decoded(json(), `[50,1,{},[],{"__proto__":${value}}]`) as [[0, 0, 0, 0, object]];
        expect(Object.keys(kwargs)).toEqual(['__proto__']);
        expect(Object.getPrototypeOf(kwargs)).toBe(Object.prototype);
      }
    });

    it('I5 throws a ProtocolError at what is not JSON, and delivers nothing', () => {
      for (const frame of ['[50,7,{},[NaN]]', '', '[50', new Uint8Array([0x5b, 0xff, 0x5d])]) {
        const messages: unknown[] = [];
        expect(thrown(() => json().decode(frame, (message) => messages.push(message)))).toBeInstanceOf(ProtocolError);
        expect(messages).toEqual([]);
      }
    });

    it('I5 throws at binary that is not base64', () => {
      expect(thrown(() => decoded(json(), '[50,7,{},["\\u0000*"]]'))).toBeInstanceOf(ProtocolError);
    });

    it('I5 throws at what is not a list', () => {
      for (const frame of ['{}', 'null', '5']) expect(thrown(() => decoded(json(), frame))).toBeInstanceOf(ProtocolError);
    });

    it('keeps the frame out of the sentence of its error', () => {
      expect(String(thrown(() => decoded(json(), '["secret"')))).toBe('ProtocolError: a frame is not WAMP in JSON');
    });

    it('lets through what the receiver throws', () => {
      const error = new TypeError('mine');
      expect(
        thrown(() => {
          json().decode('[50,7,{}]', () => {
            throw error;
          });
        }),
      ).toBe(error);
    });
  });

  describe('head', () => {
    const head = (frame: string | Uint8Array) => json().head?.(frame);

    it('I5 reads code and request of a broken frame', () => {
      expect(head('[50,7,{},[NaN]]')).toEqual([50, 7]);
      expect(head(' [ 68 , 9007199254740992 , 3, {}, [NaN]')).toEqual([68, 2 ** 53, 3]);
      expect(head('[8, 48, 7, {}, "com.example.error", [NaN]]')).toEqual([8, 48, 7]);
      expect(head(new TextEncoder().encode('[50,7,{},[NaN]]'))).toEqual([50, 7]);
    });

    it('I5 does not read a number that the end of the frame cuts', () => {
      expect(head('[50,12')).toEqual([50]);
      expect(head('[50')).toEqual([]);
    });

    it('I5 reads nothing of what is no message', () => {
      expect(['', '{"a":1}', '[[50,7,', '["50",7,'].map(head)).toEqual([[], [], [], []]);
    });
  });
});
