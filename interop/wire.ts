// What went over a client's links: a transport decorator that keeps every message, and a readable trace of the latest.
// Knows the codes of the wire by heart: what is tested here must not help to test itself.
// Source: WAMP basic profile, "Message Codes and Direction", "Session Scope IDs".
import { Garbled, trace, type List, type Transport } from 'rxwamp';

export const GOODBYE = 6;
export const ERROR = 8;
export const PUBLISH = 16;
export const SUBSCRIBE = 32;
export const SUBSCRIBED = 33;
export const UNSUBSCRIBE = 34;
export const EVENT = 36;
export const CALL = 48;
export const CANCEL = 49;
export const REGISTER = 64;
export const UNREGISTER = 66;
export const INTERRUPT = 69;

const REQUESTS: readonly unknown[] = [PUBLISH, SUBSCRIBE, UNSUBSCRIBE, CALL, REGISTER, UNREGISTER];
const LINES = 25;

interface LinkRecord {
  readonly sent: List[];
  readonly received: List[];
}

/** The record of one client. */
export class Wire {
  readonly links: LinkRecord[] = [];
  /** The latest lines of the trace, oldest first. */
  readonly lines: string[] = [];

  /** The messages of this code that were sent, on all links or on one; the latest is -1. */
  sent(code: number, link?: number): readonly List[] {
    return this.#of(link).flatMap(({ sent }) => sent.filter((message) => message[0] === code));
  }

  received(code: number, link?: number): readonly List[] {
    return this.#of(link).flatMap(({ received }) => received.filter((message) => message[0] === code));
  }

  /** What is wrong with the request ids of a session, which must be 1, 2, 3 and so on; undefined if nothing is. */
  wrongIds(): string | undefined {
    for (const { sent } of this.links) {
      const ids = sent.filter((message) => REQUESTS.includes(message[0])).map((message) => message[1]);
      const wrong = ids.findIndex((id, index) => id !== index + 1);
      if (wrong >= 0) return `request ${wrong + 1} of a session has the id ${String(ids[wrong])}`;
    }
    return undefined;
  }

  decorate(transport: Transport): Transport {
    const recorded: Transport = (sink) => {
      const record: LinkRecord = { sent: [], received: [] };
      this.links.push(record);
      return transport({
        open: (channel) => {
          sink.open?.({
            send: (message) => {
              channel.send(message);
              record.sent.push(message);
            },
            get bufferedAmount() {
              return channel.bufferedAmount;
            },
            protocol: channel.protocol,
            ...(channel.ping !== undefined && { ping: (pong: () => void) => channel.ping?.(pong) }),
          });
        },
        next: (message) => {
          if (!(message instanceof Garbled)) record.received.push(message);
          sink.next(message);
        },
        error: (error) => {
          sink.error(error);
        },
        complete: () => {
          sink.complete();
        },
      });
    };
    return trace(recorded, {
      log: (line) => {
        this.lines.push(line);
        if (this.lines.length > LINES) this.lines.shift();
      },
    });
  }

  #of(link: number | undefined): readonly LinkRecord[] {
    if (link === undefined) return this.links;
    const record = this.links.at(link);
    return record === undefined ? [] : [record];
  }
}
