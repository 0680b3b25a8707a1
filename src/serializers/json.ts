// The serializer of `wamp.2.json`. Binary is text that starts with U+0000, the rest of it base64.
// JSON.stringify and JSON.parse do the work: a walk decides before the one, and a look for the escape after the other, if there is more to do.
// Source: WAMP basic profile, "Serializers"; advanced profile, "Binary conversion of JSON Strings".
import { ProtocolError } from '../protocol/errors.ts';
import type { Dict, List } from '../protocol/messages.ts';
import { refusal } from './place.ts';
import type { Frame, Serializer } from './serializer.ts';

const PLAIN = 0;
const BINARY = 1;
const REFUSED = 2;

/** What a value holds: only what JSON has, binary too, or (then also) something that JSON would change silently. */
function survey(value: unknown): number {
  switch (typeof value) {
    case 'string':
      return value.charCodeAt(0) === 0 ? REFUSED : PLAIN;
    case 'number':
      return value - value === 0 ? PLAIN : REFUSED;
    case 'bigint':
      return REFUSED;
    case 'object':
      return value === null
        ? PLAIN
        : Array.isArray(value)
          ? surveyList(value)
          : ArrayBuffer.isView(value)
            ? BINARY
            : surveyDict(value as Dict);
    default:
      return PLAIN;
  }
}

// Every message that is sent comes through here: text and numbers, which most of it is, cost no call.
function surveyList(list: List): number {
  let found = PLAIN;
  for (const value of list) {
    if (typeof value === 'string' ? value.charCodeAt(0) !== 0 : typeof value === 'number' && value - value === 0) continue;
    found |= survey(value);
  }
  return found;
}

function surveyDict(dict: Dict): number {
  let found = PLAIN;
  for (const key in dict) {
    const value = dict[key];
    if (typeof value === 'string' ? value.charCodeAt(0) !== 0 : typeof value === 'number' && value - value === 0) continue;
    found |= survey(value);
  }
  return found;
}

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

/** A copy with text in the place of binary. */
function textual(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(textual);
  if (ArrayBuffer.isView(value)) return `\0${toBase64(value)}`;
  // Unlike an assignment, this makes a key `__proto__` a key.
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, textual(item)]));
}

/** The same value with binary in the place of text; lists and dicts are changed in place. */
function binary(value: unknown): unknown {
  if (typeof value === 'string') return value.charCodeAt(0) === 0 ? fromBase64(value.slice(1)) : value;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) for (let i = 0; i < value.length; i++) value[i] = binary(value[i]);
  // The keys are its own, `__proto__` too, so that an assignment reaches no setter.
  else for (const key of Object.keys(value)) (value as Record<string, unknown>)[key] = binary((value as Dict)[key]);
  return value;
}

function encode(message: List): string {
  let cause: unknown;
  try {
    const found = survey(message);
    if (found < REFUSED) return JSON.stringify(found === PLAIN ? message : textual(message));
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    cause = error;
  }
  throw refusal(message, reason, cause);
}

function decode(frame: Frame, deliver: (message: List) => void): void {
  let message: unknown;
  try {
    // A RawSocket hands over bytes.
    const text = typeof frame === 'string' ? frame : new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(frame);
    message = JSON.parse(text);
    if (text.includes('\\u0000')) message = binary(message);
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
