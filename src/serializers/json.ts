// The serializer of `wamp.2.json`. Binary is text that starts with U+0000, the rest of it base64.
// JSON.stringify and JSON.parse do the work: a walk decides before the one, and a look for the escape after the other, if there is more to do.
// Source: WAMP basic profile, "Serializers"; advanced profile, "Binary conversion of JSON Strings".
import { ProtocolError } from '../protocol/errors.ts';
import type { Dict, List } from '../protocol/messages.ts';
import { isOverflow, refusal } from './place.ts';
import type { Frame, Serializer } from './serializer.ts';

const PLAIN = 0;
const BINARY = 1;
const REFUSED = 2;

function reason(value: unknown): string | undefined {
  switch (typeof value) {
    case 'bigint':
      return 'is a BigInt, which JSON does not have: send a number or a text, or use rxwamp/msgpack';
    case 'number':
      return Number.isFinite(value) ? undefined : `is ${String(value)}, which JSON does not have: send null or a text`;
    case 'string':
      return value.startsWith('\0')
        ? 'starts with U+0000, which marks binary in JSON: send a Uint8Array, or use rxwamp/msgpack'
        : undefined;
    default:
      return undefined;
  }
}

/** What a value holds: only what JSON has, binary too, or (then also) something that JSON would change silently. Every value of every message. */
function survey(value: unknown): number {
  if (typeof value === 'string') return value.charCodeAt(0) === 0 ? REFUSED : PLAIN;
  if (typeof value === 'number') return Number.isFinite(value) ? PLAIN : REFUSED;
  if (typeof value !== 'object' || value === null) return typeof value === 'bigint' ? REFUSED : PLAIN;
  if (ArrayBuffer.isView(value)) return BINARY;
  let found = PLAIN;
  if (Array.isArray(value)) for (const item of value) found |= survey(item);
  else for (const key in value) found |= survey((value as Dict)[key]);
  return found;
}

// A multiple of 3, so that the pieces join without padding between them, and few enough arguments for any stack.
const PIECE = 6144;

function toBase64(view: ArrayBufferView): string {
  const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  let text = '';
  for (let i = 0; i < bytes.length; i += PIECE) text += btoa(String.fromCharCode(...bytes.subarray(i, i + PIECE)));
  return text;
}

function fromBase64(text: string): Uint8Array {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
}

/** Text in the place of binary. */
function textual(this: Dict, key: string, value: unknown): unknown {
  // As it was before a toJSON of its own.
  const item = this[key];
  return ArrayBuffer.isView(item) ? `\0${toBase64(item)}` : value;
}

/** Binary in the place of text. */
function binary(_key: string, value: unknown): unknown {
  return typeof value === 'string' && value.startsWith('\0') ? fromBase64(value.slice(1)) : value;
}

function encode(message: List): string {
  let cause: unknown;
  try {
    const found = survey(message);
    if (found < REFUSED) return JSON.stringify(message, found === PLAIN ? undefined : textual);
  } catch (error) {
    if (!isOverflow(error)) throw error;
    cause = error;
  }
  throw refusal(message, reason, cause);
}

function decode(frame: Frame, deliver: (message: List) => void): void {
  let message: unknown;
  try {
    // A RawSocket hands over bytes.
    const text = typeof frame === 'string' ? frame : new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(frame);
    message = JSON.parse(text, text.includes('\\u0000') ? binary : undefined);
  } catch (cause) {
    throw new ProtocolError('a frame is not WAMP in JSON', { cause });
  }
  if (!Array.isArray(message)) throw new ProtocolError('a frame in JSON is not a list');
  deliver(message);
}

function head(frame: Frame): List {
  const text = typeof frame === 'string' ? frame : new TextDecoder().decode(frame.subarray(0, 80));
  // Each followed by a comma: a number at the end of a cut frame may have lost digits.
  const [, numbers = ''] = /^\s*\[((?:\s*\d+\s*,){1,3})/.exec(text) ?? [];
  return (numbers.match(/\d+/g) ?? []).map(Number);
}

/**
 * JSON as text frames. A `Uint8Array` travels as text that starts with U+0000 and goes on in base64, and arrives as a `Uint8Array`.
 * What JSON would change silently (BigInt, NaN, Infinity, a text that starts with U+0000) is refused.
 *
 * @returns A serializer without state; one may serve any number of links.
 * @see WAMP basic profile, "Serializers"
 */
export function json(): Serializer {
  return { protocol: 'wamp.2.json', encode, decode, head };
}
