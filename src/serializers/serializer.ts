// The public interface of a serializer: one message, a list, to a frame and back.
// Knows no transport; a batched serializer delivers several messages of one frame.
// Source: WAMP basic profile, "Serializers" and "WebSocket Transport".
import type { List } from '../protocol/messages.ts';

/** A frame as it stands on the link: text for JSON, bytes for everything else. */
export type Frame = string | Uint8Array;

/** Turns messages into frames and back. An instance may be used by several links. */
export interface Serializer {
  /** The WebSocket subprotocol that says this serializer, like `wamp.2.msgpack`. */
  readonly protocol: string;
  /**
   * Encodes one message: text goes into a text frame, bytes into a binary one. The result is not written to again.
   * @throws {TypeError} What cannot be encoded, naming the place.
   */
  encode(message: List): Frame;
  /**
   * Decodes one frame and delivers each of its messages, in order.
   * @throws What a broken frame makes the codec throw; the link survives it.
   */
  decode(frame: Frame, deliver: (message: List) => void): void;
  /** Reads as much of the head of a broken frame as it can: `[code, request]` or less. */
  head?(frame: Frame): List;
}
