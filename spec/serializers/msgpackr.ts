// A serializer as a user writes one: msgpackr behind the public interface.
// msgpackr writes integers beyond 32 bits as floats, which end a WAMP link, and BigInts as integers; hence `wide`.
import { Packr } from 'msgpackr';
import type { Serializer } from '../../src/serializers/serializer.ts';

export function msgpackr(): Serializer {
  const packr = new Packr({ useRecords: false, int64AsType: 'number', copyBuffers: true });
  const wide = (value: unknown): unknown =>
    typeof value === 'number' && Number.isInteger(value) && Math.abs(value) > 0x7fffffff && Math.abs(value) <= 2 ** 53
      ? BigInt(value)
      : Array.isArray(value)
        ? value.map(wide)
        : typeof value === 'object' && value !== null && !ArrayBuffer.isView(value)
          ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, wide(item)]))
          : value;
  return {
    protocol: 'wamp.2.msgpack',
    encode: (message) => packr.pack(wide(message)),
    decode: (frame, deliver) => deliver(packr.unpack(frame as Uint8Array) as unknown[]),
  };
}
