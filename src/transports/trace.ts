// Shows what goes over a link: an interceptor that prints one line a message.
// Knows the names of messages, no state; what may be secret is masked, what is long is cut.
import { textOf } from '../protocol/errors.ts';
import type { List } from '../protocol/messages.ts';
import * as codes from '../protocol/messages.ts';
import { Garbled, type Transport } from '../protocol/sink.ts';
import { decorated, NAMES } from './intercept.ts';
import { isSecretKey, isSecretPart, MASKED } from './secrets.ts';

export interface TraceOptions {
  /** Takes each line. Default: `console.log`. */
  readonly log?: (line: string) => void;
}

/** Characters of one argument after which the rest is left out. */
const LENGTH = 200;
const DEPTH = 8;

/**
 * Prints one line for each message of a link, such as `→ CALL 7 com.example.add [1, 2]`, and for its opening and end.
 * Empty dicts are left out. Signatures, challenges, `authextra` and values under keys such as `ticket` or `token` are masked; other
 * arguments are shown, so this is for development.
 *
 * @returns A transport like the given one; so `trace` itself is an interceptor: `interceptors: [trace]`.
 */
export function trace(transport: Transport, options: TraceOptions = {}): Transport {
  const {
    log = (line: string): void => {
      // eslint-disable-next-line no-console -- printing is what was asked for
      console.log(line);
    },
  } = options;
  return decorated(transport, () => ({
    opened: ({ protocol }) => {
      log(`· open, ${protocol}`);
    },
    send: (message, send) => {
      send(message);
      log(`→ ${line(message)}`);
    },
    next: (message, next) => {
      log(`← ${message instanceof Garbled ? garbled(message) : line(message)}`);
      next(message);
    },
    ended: (error, left) => {
      if (error !== undefined) log(`· lost: ${textOf(error)}`);
      else log(left ? '· left' : '· ended');
    },
  }));
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
