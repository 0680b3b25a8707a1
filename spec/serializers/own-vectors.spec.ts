// Our own vectors through our own serializers and the validator, in Node and in a browser.
import { explain } from '../../src/protocol/validate.ts';
import { json } from '../../src/serializers/json.ts';
import { msgpack } from '../../src/serializers/msgpack.ts';
import { vectors } from './own-vectors.ts';
import { bytes, decoded, hex } from './support.ts';

describe('own vectors', () => {
  for (const vector of vectors) {
    it(`${vector.name}: JSON both ways`, () => {
      expect(json().encode(vector.message)).toBe(vector.json);
      expect(decoded(json(), vector.json)).toEqual([vector.message]);
    });

    it(`${vector.name}: MessagePack both ways`, () => {
      expect(hex(msgpack().encode(vector.message))).toBe(vector.msgpack);
      expect(decoded(msgpack(), bytes(vector.msgpack))).toEqual([vector.message]);
    });

    it(`${vector.name}: is well-formed`, () => {
      expect(explain(vector.message)).toBeUndefined();
    });
  }
});
