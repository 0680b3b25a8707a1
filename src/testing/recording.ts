// What went over links, kept as plain data to assert on: whole messages, both directions, secrets masked.
// Knows no assertion library and no router; it is a transport decorator.
import type * as codes from '../protocol/messages.ts';
import { type List, type Message, WELCOME, type Id } from '../protocol/messages.ts';
import { Garbled, type Channel, type Transport } from '../protocol/sink.ts';
import { isSecretKey, isSecretPart, MASKED } from '../transports/secrets.ts';
import { nameOf } from './names.ts';
import { type LimitOptions, Waiters } from './waiters.ts';

type Codes = typeof codes;
/** The name of a message, as the specification writes it. */
export type MessageName = {
  [Name in keyof Codes]: Codes[Name] extends Message[0] ? Name : never;
}[keyof Codes];
/** The message with this name, as a labelled tuple. */
export type MessageNamed<Name extends MessageName> = Extract<Message, { readonly 0: Codes[Name] }>;

/** One message that went over a link. */
export interface Recorded {
  /** As the client sees it. */
  readonly direction: 'sent' | 'received';
  readonly name: MessageName;
  /** The wire's own list, copied; secrets are masked. */
  readonly message: Message;
  /** The session of its link; undefined before WELCOME. */
  readonly session: Id | undefined;
}

export interface RecordingOptions {
  /** `false` keeps signatures, tickets and the like as they are. Default: true. */
  readonly mask?: boolean;
}

export interface UntilOptions extends LimitOptions {
  /** How many of them, those that are there already included. Default: 1. */
  readonly count?: number;
}

/**
 * Keeps every message of the links that go through it, in order.
 * Secrets are masked as `trace` masks them: signatures, challenges, and values under keys such as `ticket` or `token`, at every depth.
 *
 * @example
 * const recording = new Recording();
 * const client = new Client({ transport: recording.around(webSocket({ url })) });
 * // …
 * expect(recording.sent('CALL')).toEqual([[CALL, 1, {}, 'com.example.add', [1, 2]]]);
 */
export class Recording {
  readonly #mask: boolean;
  readonly #all: Recorded[] = [];
  readonly #waiters = new Waiters();
  readonly #parent: Recording | undefined;

  /** @param parent Keeps the same messages too. */
  constructor(options: RecordingOptions = {}, parent?: Recording) {
    this.#mask = options.mask ?? true;
    this.#parent = parent;
  }

  /** All of them, oldest first. */
  get messages(): readonly Recorded[] {
    return this.#all;
  }

  /** What the client sent; of one name, if it is given. */
  sent<Name extends MessageName = MessageName>(name?: Name): readonly MessageNamed<Name>[] {
    return this.#those('sent', name);
  }

  /** What the client received; of one name, if it is given. */
  received<Name extends MessageName = MessageName>(name?: Name): readonly MessageNamed<Name>[] {
    return this.#those('received', name);
  }

  /** Forgets everything so far. */
  clear(): void {
    this.#all.length = 0;
  }

  /**
   * Waits for messages with a name, or for which a function holds; those that are there already count.
   *
   * @returns The messages, at least as many as asked for.
   * @throws {WampError} `wamp.error.timeout`: they did not come in time; the sentence says what did.
   */
  async until<Name extends MessageName>(
    wanted: Name | ((recorded: Recorded) => boolean),
    { count = 1, limitMs }: UntilOptions = {},
  ): Promise<readonly MessageNamed<Name>[]> {
    const holds = typeof wanted === 'function' ? wanted : ({ name }: Recorded): boolean => name === wanted;
    const found = (): readonly Recorded[] => this.#all.filter(holds);
    const enough = await this.#waiters.until(
      () => (found().length >= count ? found() : undefined),
      () => {
        const what = typeof wanted === 'function' ? 'messages that were waited for' : `${wanted} messages`;
        return `${String(found().length)} of ${String(count)} ${what} went over the link, beside ${summary(this.#all)}`;
      },
      limitMs,
    );
    return enough.map(({ message }) => message as MessageNamed<Name>);
  }

  /** A transport like the given one, whose messages are kept here. */
  around(transport: Transport): Transport {
    return (sink) => {
      let session: Id | undefined;
      const keep = (direction: Recorded['direction'], message: List): void => {
        if (message[0] === WELCOME) session = message[1] as Id;
        this.#keep(direction, message, session);
      };
      return transport({
        open: (channel) => sink.open?.(recorded(channel, (message) => keep('sent', message))),
        next: (message) => {
          if (!(message instanceof Garbled)) keep('received', message);
          sink.next(message);
        },
        error: (error) => sink.error(error),
        complete: () => sink.complete(),
      });
    };
  }

  #keep(direction: Recorded['direction'], message: List, session: Id | undefined): void {
    const name = nameOf(message[0]);
    if (name !== undefined) {
      this.#all.push({ direction, name, message: copied(message, this.#mask) as unknown as Message, session });
      this.#waiters.look();
    }
    if (this.#parent) this.#parent.#keep(direction, message, session);
  }

  #those<Name extends MessageName>(direction: Recorded['direction'], name?: Name): readonly MessageNamed<Name>[] {
    return this.#all
      .filter((each) => each.direction === direction && (name === undefined || each.name === name))
      .map(({ message }) => message as MessageNamed<Name>);
  }
}

/** Kept only when it has been sent: what cannot be encoded throws, and nothing went over the link. */
function recorded(channel: Channel, keep: (message: List) => void): Channel {
  return {
    send: (message) => {
      channel.send(message);
      keep(message);
    },
    get bufferedAmount() {
      return channel.bufferedAmount;
    },
    protocol: channel.protocol,
    ...(channel.ping !== undefined && { ping: (pong: () => void) => channel.ping?.(pong) }),
    ...(channel.binding !== undefined && { binding: channel.binding }),
  };
}

function copied(message: List, mask: boolean): List {
  const [code, ...rest] = message;
  return [code, ...rest.map((part, index) => (mask && isSecretPart(code, index) ? hidden(part) : plain(part, mask)))];
}

/** Without what no serializer sees: keys that are symbols. */
function plain(value: unknown, mask: boolean): unknown {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
  if (Array.isArray(value)) return value.map((item) => plain(item, mask));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mask && isSecretKey(key) ? MASKED : plain(item, mask)]));
}

/** A dict keeps its keys, so that the message stays of its type. */
function hidden(part: unknown): unknown {
  if (typeof part !== 'object' || part === null) return MASKED;
  return Object.fromEntries(Object.keys(part).map((key) => [key, MASKED]));
}

function summary(all: readonly Recorded[]): string {
  const counts = new Map<string, number>();
  for (const { name } of all) counts.set(name, (counts.get(name) ?? 0) + 1);
  if (counts.size === 0) return 'nothing else';
  return [...counts].map(([name, count]) => (count === 1 ? name : `${String(count)} × ${name}`)).join(', ');
}
