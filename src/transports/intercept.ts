// Interceptors: transport decorators that see, change, drop or refuse messages before they are encoded and after they were decoded.
// Knows the codes of messages, no state.
import { ConnectionError } from '../protocol/errors.ts';
import type { List } from '../protocol/messages.ts';
import * as codes from '../protocol/messages.ts';
import { Garbled, type Cancel, type Channel, type Transport } from '../protocol/sink.ts';

/** Makes a transport of a transport, for the option `interceptors`. */
export type Interceptor = (transport: Transport) => Transport;

/** `out` from here to the router, `in` from there. */
export type Direction = 'in' | 'out';

/** What it returns goes on instead of the message, `undefined` drops it, and what it throws refuses it. */
export type Intercept = (direction: Direction, message: List) => List | undefined;

/** The same for messages of some types, by their names. */
export type InterceptByName = {
  readonly [N in keyof typeof codes]?: (message: List, direction: Direction) => List | undefined;
};

/** What stands between the two halves of a link. */
interface Between {
  readonly opened?: (channel: Channel) => void;
  readonly send: (message: List, send: (message: List) => void) => void;
  readonly next: (message: List | Garbled, next: (message: List | Garbled) => void) => void;
  /** Once, however it ends: with an error, with nothing, or left from here. */
  readonly ended?: (error: unknown, left: boolean) => void;
}

/** A transport whose links have something between. `lose` of a link ends it with an error. */
export function decorated(transport: Transport, between: (lose: (error: ConnectionError) => void) => Between): Transport {
  return (sink) => {
    let over = false;
    // A function, because the compiler takes it for settled between two looks.
    const isOver = (): boolean => over;
    const inner: Cancel[] = [];
    const stop = (): void => {
      for (const one of inner) one.unsubscribe();
    };
    const end = (error: unknown, left: boolean): boolean => {
      if (over) return false;
      over = true;
      ended?.(error, left);
      return true;
    };
    const { opened, send, next, ended } = between((error) => {
      if (!end(error, false)) return;
      stop();
      sink.error(error);
    });
    const link = transport({
      open: (channel) => {
        opened?.(channel);
        sink.open?.({
          send: (message) => {
            send(message, (changed) => {
              channel.send(changed);
            });
          },
          get bufferedAmount() {
            return channel.bufferedAmount;
          },
          protocol: channel.protocol,
          ...(channel.ping !== undefined && { ping: (pong: () => void) => channel.ping?.(pong) }),
          ...(channel.binding !== undefined && { binding: channel.binding }),
        });
      },
      next: (message) => {
        if (over) return;
        next(message, (changed) => {
          sink.next(changed);
        });
      },
      error: (error) => {
        if (end(error, false)) sink.error(error);
      },
      complete: () => {
        if (end(undefined, false)) sink.complete();
      },
    });
    inner.push(link);
    // It may have been lost before its transport returned.
    if (isOver()) stop();
    return {
      unsubscribe: () => {
        end(undefined, true);
        stop();
      },
    };
  };
}

/** The names of messages by their codes. */
export const NAMES: ReadonlyMap<unknown, string> = new Map(Object.entries(codes).map(([name, code]) => [code, name]));
/** Messages by which something begins; what refuses one of them has somebody to hear it. */
const STARTS: readonly unknown[] = [
  ...[codes.HELLO, codes.AUTHENTICATE, codes.PUBLISH, codes.SUBSCRIBE, codes.CALL, codes.REGISTER],
  // Its place is taken by an ERROR.
  codes.YIELD,
];

/**
 * Sees every message of a link, both ways, synchronously: those to the router before they are encoded, those from it after they were
 * decoded. A message is the list that WAMP has for it, and is never changed in place.
 *
 * @param see What it returns goes on instead, `undefined` drops the message, and what it throws refuses it: an operation that is refused
 *   errors with that and takes no id; an arrival that is refused is treated like one that cannot be decoded (I5); a refused message of the
 *   session itself (WELCOME, CHALLENGE, ABORT, GOODBYE), or one by which something ends, ends the link with a `ConnectionError`. Or an
 *   object with such functions by the names of messages, like `{ EVENT: (message) => … }`; messages that it does not name pass.
 * @returns An interceptor for the option `interceptors`, or for a transport of your own: `intercept(see)(webSocket({ url }))`.
 * @throws {TypeError} It is neither a function nor an object with functions by the names of messages.
 */
export function intercept(see: Intercept | InterceptByName): Interceptor {
  const ask = typeof see === 'function' ? see : byName(see);
  return (transport) =>
    decorated(transport, (lose) => {
      const refused = (direction: Direction, message: List, cause: unknown): void => {
        const why = cause instanceof Error ? cause.message : String(cause);
        const arrow = direction === 'in' ? 'from the router' : 'to the router';
        lose(new ConnectionError(`an interceptor refused ${nameOf(message)} ${arrow}: ${why}`, { cause }));
      };
      return {
        send: (message, send) => {
          let changed: List | undefined;
          try {
            changed = answer(ask, 'out', message);
          } catch (error) {
            if (STARTS.includes(message[0])) throw error;
            // A channel never calls its sink before `send` has returned.
            queueMicrotask(() => {
              refused('out', message, error);
            });
          }
          if (changed !== undefined) send(changed);
        },
        next: (message, next) => {
          let changed: List | Garbled | undefined = message;
          if (!(message instanceof Garbled)) {
            try {
              changed = answer(ask, 'in', message);
            } catch (error) {
              if ((message[0] as number) <= codes.GOODBYE) {
                refused('in', message, error);
                return;
              }
              changed = new Garbled(error, message.slice(0, 3), 'did not pass an interceptor');
            }
          }
          if (changed !== undefined) next(changed);
        },
      };
    });
}

function answer(ask: Intercept, direction: Direction, message: List): List | undefined {
  const changed: unknown = ask(direction, message);
  if (Array.isArray(changed)) return changed as List;
  const name = nameOf(message);
  if (changed !== undefined)
    throw new TypeError(`an interceptor must return a message or undefined for ${name}, and at once, not a Promise`);
  // Nobody means to drop these, and without them nothing would ever happen.
  if (message[0] === codes.HELLO || message[0] === codes.WELCOME)
    throw new TypeError(`an interceptor returned nothing for ${name}: return the message to let it pass`);
  return undefined;
}

function byName(see: InterceptByName): Intercept {
  const given = Object.entries((see as InterceptByName | undefined) ?? {});
  if (given.length === 0) throw new TypeError('intercept needs a function, or an object with functions by the names of messages');
  for (const [name, one] of given) {
    if (!Object.hasOwn(codes, name)) throw new TypeError(`intercept knows no message ${name}: there are ${Object.keys(codes).join(', ')}`);
    if (typeof one !== 'function') throw new TypeError(`intercept needs a function for ${name}`);
  }
  return (direction, message) => {
    const one = see[NAMES.get(message[0]) as keyof InterceptByName];
    return one === undefined ? message : one(message, direction);
  };
}

function nameOf([code]: List): string {
  return NAMES.get(code) ?? `a message of type ${String(code)}`;
}
