// What may be sent as arguments, made the same for every serializer: keys that are undefined are dropped, undefined in lists is null,
// what no serializer can carry is refused by its place. Values that need no change are passed on as they are, without a copy.
// Knows no message; binary, numbers and text are the serializer's business.
// Source: WAMP basic profile, "Serializers" (the data types that may be exchanged).
import type { Dict, List } from '../protocol/messages.ts';
import { textOf } from '../protocol/errors.ts';
import { isDict, quoted } from '../protocol/shapes.ts';

export const NO_ARGS: List = Object.freeze([]);
export const NO_KWARGS: Dict = Object.freeze({});

/** A container on the way down: gives the place its name, and finds cycles. */
interface Place {
  readonly above: Place | undefined;
  readonly key: string | number;
  readonly value: object;
}

/**
 * Positional arguments as they can be sent; undefined where there are none.
 * @throws {TypeError} Not a list, or something in it cannot be sent.
 */
export function sendableArgs(args: unknown): List | undefined {
  if (args === undefined) return undefined;
  if (!Array.isArray(args)) throw new TypeError(`args must be a list, not ${named(args)}: write [value], or [] for none`);
  return args.length === 0 ? undefined : sendableList(args, undefined, 'args');
}

/**
 * Keyword arguments, or another dictionary of that name, as they can be sent; undefined where there are none.
 * @throws {TypeError} Not an object, or something in it cannot be sent.
 */
export function sendableKwargs(kwargs: unknown, name = 'kwargs'): Dict | undefined {
  if (kwargs === undefined) return undefined;
  // What toJSON gives counts: a Date is text on the wire.
  const clean = isDict(kwargs) ? sendable(kwargs, undefined, name) : kwargs;
  if (!isDict(clean)) throw new TypeError(`${name} must be an object, not ${named(clean)}`);
  for (const _ in clean) return clean;
  return undefined;
}

/**
 * The value of an option as it can be sent.
 * @throws {TypeError} Something in it cannot be sent.
 */
export function sendableOption(options: object, name: string, value: unknown): unknown {
  return isPlain(value) ? value : sendable(value, { above: undefined, key: 'options', value: options }, name);
}

function sendable(value: unknown, above: Place | undefined, key: string | number): unknown {
  if (typeof value === 'function' || typeof value === 'symbol')
    throw new TypeError(`${placed(above, key)} is a ${typeof value} and cannot be sent: send data`);
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array || isFlat(value)) return value;
  for (let place = above; place !== undefined; place = place.above) {
    if (place.value === value)
      throw new TypeError(`${placed(above, key)} is a cycle and cannot be sent: it leads back to ${placed(place.above, place.key)}`);
  }
  if (Array.isArray(value)) return sendableList(value, above, key);
  const here: Place = { above, key, value };
  const toJson = read(here, 'toJSON');
  if (typeof toJson === 'function') {
    const given: unknown = toJson.call(value, String(key));
    if (given !== value) return sendable(given, here, 'toJSON()');
  }
  if (value instanceof ArrayBuffer) return new Uint8Array(value);
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) refuseOpaque(value, above, key);
  let copy: Map<string, unknown> | undefined;
  for (const name in value) {
    const before = read(here, name);
    if (isPlain(before) || !Object.hasOwn(value, name)) continue;
    // A `toJSON` among the data is no data: it gave the object itself, else its answer would stand here.
    const after = name === 'toJSON' && typeof before === 'function' ? undefined : sendable(before, here, name);
    if (after !== before) (copy ??= new Map(Object.entries(value))).set(name, after);
    if (after === undefined) (copy ??= new Map(Object.entries(value))).delete(name);
  }
  // fromEntries defines every key, `__proto__` too, as data
  return copy ? Object.fromEntries(copy) : value;
}

function sendableList(list: readonly unknown[], above: Place | undefined, key: string | number): List {
  let place: Place | undefined;
  let copy: unknown[] | undefined;
  for (let index = 0; index < list.length; index++) {
    const before = list[index];
    if (isPlain(before)) continue;
    place ??= { above, key, value: list };
    const after = sendable(before, place, index) ?? null;
    if (after !== before) (copy ??= list.slice())[index] = after;
  }
  return copy ?? list;
}

/** What most payloads are made of, and what goes out as it is: it costs no look at its place. */
function isPlain(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

/** Whether an object holds nothing but that, as most do; what is odd about the others is found out slowly. */
function isFlat(value: object): boolean {
  try {
    if (Object.getPrototypeOf(value) !== Object.prototype || 'toJSON' in value) return false;
    // Read here and not in a function: only then does the engine know where the property of each name stands.
    for (const name in value) if (!isPlain((value as Dict)[name])) return false;
    return true;
  } catch {
    return false;
  }
}

/** A property, or the place of the getter that threw. */
function read(here: Place, name: string): unknown {
  try {
    return (here.value as Readonly<Record<string, unknown>>)[name];
  } catch (cause) {
    throw new TypeError(`${placed(here, name)} cannot be read: ${textOf(cause)}`, { cause });
  }
}

/** Objects whose content no serializer sees: they would arrive as `{}`. */
function refuseOpaque(value: object, above: Place | undefined, key: string | number): void {
  const { then, subscribe, pipe } = value as Readonly<Record<string, unknown>>;
  const tag = Object.prototype.toString.call(value).slice(8, -1);
  const [kind, remedy] =
    typeof then === 'function'
      ? ['a Promise', 'await it, in a pipeline with mergeMap']
      : typeof subscribe === 'function' && typeof pipe === 'function'
        ? ['an Observable', 'use mergeMap or switchMap in its place']
        : [article(tag), 'send its content as a list, an object or a Uint8Array'];
  if (kind !== 'an Object') throw new TypeError(`${placed(above, key)} is ${kind} and cannot be sent: ${remedy}`);
}

function placed(above: Place | undefined, key: string | number): string {
  if (above === undefined) return String(key);
  const before = placed(above.above, above.key);
  return typeof key === 'number' ? `${before}[${String(key)}]` : `${before}.${key}`;
}

/** A value's kind, for a sentence. */
export function named(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'string') return `the text ${quoted(value)}`;
  if (typeof value === 'object') return article(Object.prototype.toString.call(value).slice(8, -1));
  // Its source may be long.
  if (typeof value === 'function') return typeof value.name !== 'string' || value.name === '' ? 'a function' : `the function ${value.name}`;
  const plain = value as bigint | boolean | number | symbol;
  return `the ${typeof plain} ${String(plain)}`;
}

/** Uint8Array and its like are spoken with a consonant. */
function article(tag: string): string {
  return `${/^[AEIO]/.test(tag) ? 'an' : 'a'} ${tag}`;
}
