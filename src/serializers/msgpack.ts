// The serializer of `wamp.2.msgpack`: msgpack-lite, with hooks for integers beyond 32 bits (it writes floats, which end a link, and reads
// rounded ones), Uint8Array, text in browsers, keys like `__proto__`, and dicts that it takes for its own classes.
// Source: WAMP basic profile, "Serializers" and "IDs"; the MessagePack specification.
import msgpackLite from 'msgpack-lite';
import { ProtocolError } from '../protocol/errors.ts';
import { MAX_ID } from '../protocol/ids.ts';
import type { Dict } from '../protocol/messages.ts';
import { isOverflow, refusal } from './place.ts';
import type { Frame, Serializer } from './serializer.ts';

/** What is used of msgpack-lite; every array and map asks `codec` again for its elements. */
interface Codec {
  encode: (encoder: Encoder, value: unknown) => void;
  decode: (decoder: Decoder) => unknown;
}
interface Encoder {
  buffer: Uint8Array;
  offset: number;
  /** Makes room in `buffer`, which it may replace, and returns where the room starts. */
  reserve(length: number): number;
  write(value: unknown): void;
  read(): Uint8Array;
}
interface Decoder {
  buffer: Uint8Array;
  offset: number;
  /** Steps over bytes and returns where they start; throws if there are not so many. */
  reserve(length: number): number;
  fetch(): unknown;
}
const lite = msgpackLite as unknown as {
  readonly Encoder: new (options: { readonly codec: Codec }) => Encoder;
  readonly Decoder: new (options: { readonly codec: Codec }) => Decoder;
  createCodec(): Codec;
};

/** Below this many characters a loop over ASCII is faster than the platform's coders. */
const SHORT = 24;
const HIGH = 2 ** 32;
const NOTHING = new Uint8Array(0);
const utf8Encoder = new TextEncoder();
const utf8Decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** Writes a type and a length of 0, 1, 2 or 4 bytes. */
function header(encoder: Encoder, type: number, size: number, length: number): void {
  let at = encoder.reserve(1 + size);
  const { buffer } = encoder;
  buffer[at] = type;
  for (let shift = 8 * (size - 1); shift >= 0; shift -= 8) buffer[++at] = length >>> shift;
}

function writeInt64(encoder: Encoder, negative: boolean, high: number, low: number): void {
  header(encoder, negative ? 0xd3 : 0xcf, 4, high);
  const at = encoder.reserve(4);
  for (let i = 0; i < 4; i++) encoder.buffer[at + i] = low >>> (24 - 8 * i);
}

function writeText(encoder: Encoder, text: string): void {
  const { length } = text;
  if (length < SHORT) {
    const at = encoder.reserve(1 + length);
    const { buffer } = encoder;
    let i = 0;
    for (; i < length; i++) {
      const unit = text.charCodeAt(i);
      if (unit > 0x7f) break;
      buffer[at + 1 + i] = unit;
    }
    if (i === length) {
      buffer[at] = 0xa0 | length;
      return;
    }
    encoder.offset = at;
  }
  const at = encoder.reserve(5 + 3 * length);
  const { buffer } = encoder;
  // Where the bytes would start if all were ASCII; they move up if their number needs a longer header.
  const guess = at + (length < 32 ? 1 : length <= 0xff ? 2 : length <= 0xffff ? 3 : 5);
  const { written } = utf8Encoder.encodeInto(text, buffer.subarray(guess));
  const size = written < 32 ? 0 : written <= 0xff ? 1 : written <= 0xffff ? 2 : 4;
  const start = at + 1 + size;
  if (start !== guess) buffer.copyWithin(start, guess, guess + written);
  encoder.offset = at;
  header(encoder, size === 0 ? 0xa0 | written : size === 1 ? 0xd9 : size === 2 ? 0xda : 0xdb, size, written);
  encoder.offset = start + written;
}

function writeBinary(encoder: Encoder, view: ArrayBufferView): void {
  const { byteLength } = view;
  const size = byteLength <= 0xff ? 1 : byteLength <= 0xffff ? 2 : 4;
  header(encoder, size === 1 ? 0xc4 : size === 2 ? 0xc5 : 0xc6, size, byteLength);
  const at = encoder.reserve(byteLength);
  encoder.buffer.set(new Uint8Array(view.buffer, view.byteOffset, byteLength), at);
}

function reason(value: unknown): string | undefined {
  return typeof value === 'bigint' && (value < -(2n ** 63n) || value >= 2n ** 64n)
    ? 'is a BigInt of more than 64 bits: send a text'
    : undefined;
}

function readText(decoder: Decoder, length: number): string {
  const start = decoder.reserve(length);
  const { buffer } = decoder;
  if (length < SHORT) {
    let text = '';
    let i = 0;
    for (; i < length; i++) {
      const byte = buffer[start + i] ?? 0;
      if (byte > 0x7f) break;
      text += String.fromCharCode(byte);
    }
    if (i === length) return text;
  }
  return utf8Decoder.decode(buffer.subarray(start, start + length));
}

function readUint(decoder: Decoder, size: number): number {
  const start = decoder.reserve(size);
  let value = 0;
  for (let i = 0; i < size; i++) value = value * 256 + (decoder.buffer[start + i] ?? 0);
  return value;
}

/** A number where it is exact, else a BigInt: rounded, 2^53 + 1 would be a legal id. */
function readInt64(decoder: Decoder, signed: boolean): number | bigint {
  const unsignedHigh = readUint(decoder, 4);
  const low = readUint(decoder, 4);
  const high = signed ? unsignedHigh | 0 : unsignedHigh;
  return high >= -0x200000 && (high < 0x200000 || (high === 0x200000 && low === 0))
    ? high * HIGH + low
    : BigInt(high) * BigInt(HIGH) + BigInt(low);
}

function codecForWamp(): Codec {
  const codec = lite.createCodec();
  const { encode, decode } = codec;

  codec.encode = (encoder, value) => {
    switch (typeof value) {
      case 'string':
        writeText(encoder, value);
        return;
      case 'number':
        if (!(value > 0xffffffff || value < -0x80000000) || !Number.isInteger(value) || Math.abs(value) > MAX_ID) break;
        writeInt64(encoder, value < 0, Math.floor(value / HIGH), value >>> 0);
        return;
      case 'bigint':
        if (reason(value) !== undefined) throw new RangeError('BigInt');
        writeInt64(encoder, value < 0n, Number(BigInt.asIntN(32, value >> 32n)), Number(BigInt.asUintN(32, value)));
        return;
      case 'object': {
        if (value === null || Array.isArray(value)) break;
        if (ArrayBuffer.isView(value)) {
          writeBinary(encoder, value);
          return;
        }
        const keys = Object.keys(value);
        const { length } = keys;
        const size = length < 16 ? 0 : length <= 0xffff ? 2 : 4;
        header(encoder, size === 0 ? 0x80 | length : size === 2 ? 0xde : 0xdf, size, length);
        for (const key of keys) {
          writeText(encoder, key);
          codec.encode(encoder, (value as Dict)[key]);
        }
        return;
      }
      default:
    }
    encode(encoder, value);
  };

  const readDict = (decoder: Decoder, length: number): Dict => {
    // Two bytes at least for each: a count that cannot be true costs nothing.
    if (2 * length > decoder.buffer.length - decoder.offset) decoder.reserve(2 * length);
    const dict: Record<string, unknown> = {};
    for (let i = 0; i < length; i++) {
      const key = String(codec.decode(decoder));
      const value = codec.decode(decoder);
      if (key === '__proto__') Object.defineProperty(dict, key, { value, writable: true, enumerable: true, configurable: true });
      else dict[key] = value;
    }
    return dict;
  };

  codec.decode = (decoder) => {
    const type = decoder.buffer[decoder.offset] ?? 0xc1;
    if (type < 0x80 || type >= 0xe0 || (type >= 0x90 && type < 0xa0)) return decode(decoder);
    if (type < 0xc0) {
      decoder.offset++;
      return type < 0x90 ? readDict(decoder, type & 0x0f) : readText(decoder, type & 0x1f);
    }
    switch (type) {
      case 0xc4:
      case 0xc5:
      case 0xc6: {
        decoder.offset++;
        const length = readUint(decoder, 2 ** (type - 0xc4));
        const start = decoder.reserve(length);
        // A copy: the frame may be part of a buffer that is used again.
        return new Uint8Array(decoder.buffer.subarray(start, start + length));
      }
      case 0xcf:
      case 0xd3:
        decoder.offset++;
        return readInt64(decoder, type === 0xd3);
      case 0xd9:
      case 0xda:
      case 0xdb:
        decoder.offset++;
        return readText(decoder, readUint(decoder, 2 ** (type - 0xd9)));
      case 0xde:
      case 0xdf:
        decoder.offset++;
        return readDict(decoder, readUint(decoder, 2 * (type - 0xdd)));
      default:
        if ((type >= 0xc7 && type <= 0xc9) || (type >= 0xd4 && type <= 0xd8))
          throw new ProtocolError('WAMP has no MessagePack extension types');
        return decode(decoder);
    }
  };
  return codec;
}

/**
 * MessagePack as binary frames. Integers, ids among them, stay integers up to 2^53; beyond that a BigInt is sent, and received, as one of 64 bits.
 * A `Uint8Array` is binary and arrives as a copy of its own; extension types are refused.
 *
 * @returns A serializer; one may serve any number of links.
 * @see WAMP basic profile, "Serializers"
 */
export function msgpack(): Serializer {
  const codec = codecForWamp();
  const decoder = new lite.Decoder({ codec });
  let encoder = new lite.Encoder({ codec });

  const open = (frame: Frame): Uint8Array => {
    if (typeof frame === 'string') throw new ProtocolError('a text frame arrived where MessagePack needs a binary one');
    decoder.offset = 0;
    return (decoder.buffer = frame);
  };

  return {
    protocol: 'wamp.2.msgpack',
    encode(message) {
      try {
        encoder.write(message);
        return encoder.read();
      } catch (error) {
        // The old one holds half a message.
        encoder = new lite.Encoder({ codec });
        throw isOverflow(error) ? refusal(message, reason, error) : error;
      }
    },
    decode(frame, deliver) {
      let message: unknown;
      try {
        const { length } = open(frame);
        message = decoder.fetch();
        if (decoder.offset !== length) throw new ProtocolError(`${String(length - decoder.offset)} bytes follow the message`);
      } catch (cause) {
        throw new ProtocolError('a frame is not WAMP in MessagePack', { cause });
      } finally {
        decoder.buffer = NOTHING;
      }
      if (!Array.isArray(message)) throw new ProtocolError('a frame in MessagePack is not a list');
      deliver(message);
    },
    head(frame) {
      const numbers: unknown[] = [];
      try {
        const [first = 0] = open(frame);
        if (first >> 4 !== 9 && first !== 0xdc && first !== 0xdd) return numbers;
        decoder.offset = first === 0xdc ? 3 : first === 0xdd ? 5 : 1;
        for (let type; numbers.length < 3; numbers.push(decoder.fetch())) {
          type = decoder.buffer[decoder.offset] ?? 0xc1;
          if (!(type < 0x80 || (type >= 0xcc && type <= 0xcf))) break;
        }
      } catch {
        // It is cut within a number.
      }
      return numbers;
    },
  };
}
