// What every transport does with frames and sinks alike: measure, refuse what is too large, survive a sink that throws.
// Knows no socket.
import { WampError } from '../protocol/errors.ts';
import type { Frame } from '../serializers/serializer.ts';

/** 16 MiB, the largest message that Crossbar.io and RawSocket take. */
export const DEFAULT_MAX_MESSAGE_BYTES = 16_777_216;

const utf8 = new TextEncoder();

/** The length of a frame on the wire, in bytes. */
export function byteLength(frame: Frame): number {
  return typeof frame === 'string' ? utf8.encode(frame).byteLength : frame.byteLength;
}

/** Whether a frame is larger than a limit in bytes; text is only measured where its length leaves a doubt. */
export function exceeds(frame: Frame, limit: number): boolean {
  if (typeof frame !== 'string') return frame.byteLength > limit;
  return frame.length * 3 > limit && (frame.length > limit || byteLength(frame) > limit);
}

export const PAYLOAD_SIZE_EXCEEDED = 'wamp.error.payload_size_exceeded';

/** The error of a message that is too large to send. */
export function tooLarge(frame: Frame, limit: number): WampError {
  const size = byteLength(frame);
  return new WampError(
    PAYLOAD_SIZE_EXCEEDED,
    `the message has ${size} bytes, which is more than maxMessageBytes (${limit}): send less or raise the limit`,
  );
}

/** Checks the option of that name. */
export function checkMaxMessageBytes(maxMessageBytes: number): void {
  if (!(maxMessageBytes > 0)) throw new TypeError(`maxMessageBytes must be above 0: ${maxMessageBytes}`);
}

/** Does something for which a sink may throw: that harms no link. */
export function safely(task: () => void): void {
  try {
    task();
  } catch (error) {
    throwLater(error);
  }
}

/** Throws in a turn of its own, where the platform reports it and no link is harmed. */
export function throwLater(error: unknown): void {
  setTimeout(() => {
    throw error;
  });
}
