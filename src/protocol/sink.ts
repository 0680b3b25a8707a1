// The types that join the layers: one interface in, one out. An RxJS Subscriber is a Sink, so an operation's reactive form is one line.
// Knows no layer above; types only.
import type { List } from './messages.ts';

/** What a layer hands values to. After `error` or `complete` nothing more comes. */
export interface Sink<T, Opened = unknown> {
  /** It stands: a transport with its Channel, a join with its session, a subscription or a registration with its id. */
  open?(opened: Opened): void;
  next(value: T): void;
  error(error: unknown): void;
  complete(): void;
}

/** What an operation returns: the pending entry itself. After `unsubscribe` its sink hears nothing more. */
export interface Cancel {
  unsubscribe(): void;
}

/** The sending half of an open transport. */
export interface Channel {
  /**
   * Encodes and sends one message.
   * Never calls the sink before it returns. Sends on a closed channel are dropped.
   * @throws {TypeError} What cannot be encoded; nothing was sent.
   * @throws {WampError} `wamp.error.payload_size_exceeded`: the encoded message is larger than the limit; nothing was sent.
   */
  send(message: List): void;
  /** Bytes that were sent and have not left the process. */
  readonly bufferedAmount: number;
  /** The subprotocol that the router chose, like `wamp.2.json`. */
  readonly protocol: string;
  /** Sends a transport-level ping and calls back at its pong; absent where the platform cannot. */
  ping?(pong: () => void): void;
  /** Channel-binding data for a login, where the transport has it. */
  readonly binding?: Uint8Array;
}

/**
 * A function of a sink: calling it opens one link, `unsubscribe` closes it without a message.
 * The sink gets `open(channel)` once, then decoded messages in `next`, and `error` with a `ConnectionError` when the link
 * fails or ends for whatever reason (close codes of every kind); it never completes by itself.
 * A frame that cannot be decoded arrives as a `Garbled` in `next`'s place: see `Garbled`.
 */
export type Transport = (sink: Sink<List | Garbled, Channel>) => Cancel;

/** A frame that could not be decoded, or `what` else became of it, with what could be read of its head: up to three leading integers. */
export class Garbled {
  readonly cause: unknown;
  readonly head: List;
  readonly what: string;
  constructor(cause: unknown, head: List = [], what = 'could not be decoded') {
    this.cause = cause;
    this.head = head;
    this.what = what;
  }
}
