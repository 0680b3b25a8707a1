// A link inside the process: two transports that meet, with a real encoding between them.
// Knows no socket and no session; nothing arrives before the sender has returned.
import { ConnectionError } from '../protocol/errors.ts';
import type { List } from '../protocol/messages.ts';
import { Garbled, type Cancel, type Channel, type Sink, type Transport } from '../protocol/sink.ts';
import { json } from '../serializers/json.ts';
import type { Frame, Serializer } from '../serializers/serializer.ts';
import { checkMaxMessageBytes, DEFAULT_MAX_MESSAGE_BYTES, exceeds, safely, throwLater, tooLarge } from './frames.ts';

export interface MemoryOptions {
  /** What messages are encoded with. Default: JSON. */
  readonly serializer?: Serializer;
  /** The largest message that is sent, encoded, in bytes. Default: 16 MiB. */
  readonly maxMessageBytes?: number;
}

/**
 * Two transports whose links end at each other, in this process.
 * Each use of one side meets the next use of the other, first come, first served; a link opens at both ends once it
 * has both, each in a microtask of its own, so never inside a call of a transport. What one side sends in a turn arrives
 * at the other in one microtask, in order. Leaving ends the other side with a `ConnectionError`, behind what was sent.
 *
 * @throws {TypeError} An option is wrong.
 */
export function memoryPair(options: MemoryOptions = {}): readonly [near: Transport, far: Transport] {
  const { serializer = json(), maxMessageBytes = DEFAULT_MAX_MESSAGE_BYTES } = options;
  checkMaxMessageBytes(maxMessageBytes);
  const near: MemoryEnd[] = [];
  const far: MemoryEnd[] = [];
  const side =
    (own: MemoryEnd[], others: MemoryEnd[]): Transport =>
    (sink) => {
      const end = new MemoryEnd(sink, serializer, maxMessageBytes);
      const other = others.shift();
      if (other === undefined) end.wait(own);
      else end.meet(other);
      return end;
    };
  return [side(near, far), side(far, near)];
}

/** One end of one link: what its owner cancels, and the Channel that its sink gets. */
class MemoryEnd implements Cancel, Channel {
  readonly protocol: string;
  readonly #sink: Sink<List | Garbled, Channel>;
  readonly #serializer: Serializer;
  readonly #limit: number;
  #queue: MemoryEnd[] | undefined;
  #other: MemoryEnd | undefined;
  #inbox: Frame[] = [];
  #waiting = 0;
  #draining = false;
  #left = false;
  #over = false;

  constructor(sink: Sink<List | Garbled, Channel>, serializer: Serializer, limit: number) {
    this.protocol = serializer.protocol;
    this.#sink = sink;
    this.#serializer = serializer;
    this.#limit = limit;
  }

  /** Counted as it comes and goes, since a router asks at every send; text counts by its characters. */
  get bufferedAmount(): number {
    return this.#other === undefined ? 0 : this.#other.#waiting;
  }

  wait(queue: MemoryEnd[]): void {
    this.#queue = queue;
    queue.push(this);
  }

  meet(other: MemoryEnd): void {
    this.#other = other;
    other.#other = this;
    other.#queue = undefined;
    queueMicrotask(other.#open);
    queueMicrotask(this.#open);
  }

  send(message: List): void {
    const other = this.#other;
    if (this.#over || other === undefined) return;
    const frame = this.#serializer.encode(message);
    if (exceeds(frame, this.#limit)) throw tooLarge(frame, this.#limit);
    other.#inbox.push(frame);
    other.#waiting += frame.length;
    other.#schedule();
  }

  unsubscribe(): void {
    if (this.#over) return;
    this.#over = true;
    this.#inbox = [];
    this.#waiting = 0;
    this.#queue?.splice(this.#queue.indexOf(this), 1);
    const other = this.#other;
    if (other === undefined) return;
    other.#left = true;
    other.#schedule();
  }

  #schedule(): void {
    if (this.#draining || this.#over) return;
    this.#draining = true;
    queueMicrotask(this.#drain);
  }

  readonly #open = (): void => {
    if (!this.#over) safely(() => this.#sink.open?.(this));
  };

  readonly #drain = (): void => {
    const frames = this.#inbox;
    this.#inbox = [];
    this.#waiting = 0;
    this.#draining = false;
    for (const frame of frames) {
      try {
        this.#serializer.decode(frame, this.#deliver);
      } catch (cause) {
        this.#deliver(new Garbled(cause, this.#serializer.head?.(frame)));
      }
    }
    // What the other side sent before it left may have come in during this very turn.
    if (this.#left && this.#inbox.length === 0) this.#end();
  };

  #end(): void {
    if (this.#over) return;
    this.#over = true;
    safely(() => {
      this.#sink.error(new ConnectionError('the other side of the link in memory has left'));
    });
  }

  readonly #deliver = (message: List | Garbled): void => {
    if (this.#over) return;
    try {
      this.#sink.next(message);
    } catch (error) {
      throwLater(error);
    }
  };
}
