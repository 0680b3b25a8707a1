// What the specs of the serializers share.
import type { Frame, Serializer } from '../../src/serializers/serializer.ts';

/** The messages of a frame. */
export function decoded(serializer: Serializer, frame: Frame): unknown[] {
  const messages: unknown[] = [];
  serializer.decode(frame, (message) => {
    messages.push(message);
  });
  return messages;
}

export function hex(bytes: Frame): string {
  if (typeof bytes === 'string') throw new TypeError('a text frame has no bytes');
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

export function bytes(text: string): Uint8Array {
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

/** The error that a function throws. */
export function thrown(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  return undefined;
}
