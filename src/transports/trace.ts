// Shows what goes over a link: a transport decorator that prints one line a message.
// Knows the names of messages, no state; what may be secret is masked, what is long is cut.
import type { List } from '../protocol/messages.ts';
import * as codes from '../protocol/messages.ts';
import { Garbled, type Channel, type Transport } from '../protocol/sink.ts';
import { isSecretKey, isSecretPart, MASKED } from './secrets.ts';

export interface TraceOptions {
  /** Takes each line. Default: `console.log`. */
  readonly log?: (line: string) => void;
}

const NAMES: ReadonlyMap<unknown, string> = new Map(Object.entries(codes).map(([name, code]) => [code, name]));

/** Characters of one argument after which the rest is left out. */
const LENGTH = 200;
const DEPTH = 8;

/**
 * Prints one line for each message of a link, such as `→ CALL 7 com.example.add [1, 2]`, and for its opening and end.
 * Empty dicts are left out. Signatures, challenges, `authextra` and values under keys such as `ticket` or `token` are masked; other
 * arguments are shown, so this is for development.
 *
 * @returns A transport like the given one.
 */
export function trace(transport: Transport, options: TraceOptions = {}): Transport {
  const {
    log = (line: string): void => {
      // eslint-disable-next-line no-console -- printing is what was asked for
      console.log(line);
    },
  } = options;
  return (sink) => {
    let over = false;
    const end = (line: string): void => {
      if (!over) log(line);
      over = true;
    };
    const cancel = transport({
      open: (channel) => {
        log(`· open, ${channel.protocol}`);
        sink.open?.(traced(channel, log));
      },
      next: (message) => {
        log(`← ${message instanceof Garbled ? garbled(message) : line(message)}`);
        sink.next(message);
      },
      error: (error) => {
        end(`· lost: ${error instanceof Error ? error.message : String(error)}`);
        sink.error(error);
      },
      complete: () => {
        end('· ended');
        sink.complete();
      },
    });
    return {
      unsubscribe: () => {
        end('· left');
        cancel.unsubscribe();
      },
    };
  };
}

function traced(channel: Channel, log: (line: string) => void): Channel {
  return {
    send: (message) => {
      channel.send(message);
      log(`→ ${line(message)}`);
    },
    get bufferedAmount() {
      return channel.bufferedAmount;
    },
    protocol: channel.protocol,
    ...(channel.ping !== undefined && { ping: (pong: () => void) => channel.ping?.(pong) }),
    ...(channel.binding !== undefined && { binding: channel.binding }),
  };
}

function garbled({ cause, head }: Garbled): string {
  return `cannot be decoded: ${cause instanceof Error ? cause.message : String(cause)}${head.length === 0 ? '' : ` (${line(head)})`}`;
}

function line(message: List): string {
  const [code, ...rest] = message;
  const parts = rest.map((part, index) => {
    if (isSecretPart(code, index)) return MASKED;
    if (code === codes.ERROR && index === 0) return NAMES.get(part) ?? String(part);
    if (isDict(part) && Object.keys(part).length === 0) return '';
    return typeof part === 'string' ? cut(part) : cut(shown(part, DEPTH));
  });
  return [NAMES.get(code) ?? String(code), ...parts].filter((part) => part !== '').join(' ');
}

function cut(text: string): string {
  return text.length > LENGTH ? `${text.slice(0, LENGTH)}…` : text;
}

function isDict(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value);
}

/** A value in the manner of JSON; stops soon after the length at which it is cut. */
function shown(value: unknown, depth: number): string {
  if (typeof value === 'string') return JSON.stringify(cut(value));
  if (typeof value !== 'object' || value === null) return String(value);
  if (ArrayBuffer.isView(value)) return `<${value.byteLength} bytes>`;
  if (depth === 0) return '…';
  if (Array.isArray(value)) return `[${joined(value, (item) => shown(item, depth - 1))}]`;
  return `{${joined(Object.entries(value), ([key, item]) => `${key}: ${isSecretKey(key) ? MASKED : shown(item, depth - 1)}`)}}`;
}

function joined<T>(items: readonly T[], show: (item: T) => string): string {
  let text = '';
  for (const item of items) {
    if (text.length > LENGTH) break;
    text += text === '' ? show(item) : `, ${show(item)}`;
  }
  return text;
}
