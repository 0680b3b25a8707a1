// The shape of every message: how long it is, and what stands at which place. Keys of options and details are validate.ts's business.
// Every message that arrives is checked by this one table, which is text: what a router sends goes into every bundle.
// Source: WAMP basic profile, "Messages" and "Protocol Violations".
import { isId } from './ids.ts';
import { type Dict, HELLO } from './messages.ts';

interface Shape {
  readonly name: string;
  /** Elements that must be there, the code included. */
  readonly least: number;
  /** What stands at each place: its name, and its place in `TYPES`; the code is the first. */
  readonly elements: readonly string[];
  readonly types: readonly number[];
}
/** Shapes by the code of their message. */
export type Shapes = readonly (Shape | undefined)[];

const ID = 'an id (an integer from 1 to 2^53)';
/** What is shown of a wrong one comes last: what may hold a payload or a secret only says its kind. */
const TYPES = [
  ['dict', 'a dict'],
  ['list', 'a list'],
  ['text', 'a string'],
  ['uri', 'a URI'],
  ['id', ID],
  ['id0', `${ID}, or 0`],
  ['code', 'an integer, 0 or more'],
] as const;

/** Every place of every message that arrives comes through here; a number decides faster than a text. */
function fits(type: number, value: unknown): boolean {
  if (type > 3) return isId(value) || (type > 4 && value === 0);
  if (type > 1) return typeof value === 'string';
  return type === 0 ? isDict(value) : Array.isArray(value);
}

/** Reads rows of a code, a name, and each element with its type; those behind the bar may be missing. */
export function shapesOf(rows: string): Shapes {
  const shapes: Shape[] = [];
  for (const row of rows.split('\n')) {
    const [code, ...parts] = row.replace('| payload', '| args:list kwargs:dict').split(' ');
    const bar = parts.indexOf('|');
    const places = parts.filter((part) => part !== '|').map((part) => part.split(':'));
    const [name = ''] = parts;
    const elements = places.map(([element = '']) => element);
    const types = places.map(([, type]) => TYPES.findIndex(([known]) => known === type));
    shapes[Number(code)] = { name, least: bar < 0 ? places.length : bar, elements, types };
  }
  return shapes;
}

/** The shape of a message of this code; a text could name a property of the list. */
export function shapeOf(code: unknown, shapes: Shapes): Shape | undefined {
  return typeof code === 'number' ? shapes[code] : undefined;
}

/** What a router sends. */
export const ROUTER_SHAPES: Shapes = shapesOf(`2 WELCOME session:id details:dict
3 ABORT details:dict reason:uri | payload
4 CHALLENGE authmethod:text extra:dict
6 GOODBYE details:dict reason:uri
8 ERROR type:code request:id details:dict error:uri | payload
17 PUBLISHED request:id publication:id
33 SUBSCRIBED request:id subscription:id
35 UNSUBSCRIBED request:id0 | details:dict
36 EVENT subscription:id publication:id details:dict | payload
50 RESULT request:id details:dict | payload
65 REGISTERED request:id registration:id
67 UNREGISTERED request:id0 | details:dict
68 INVOCATION request:id registration:id details:dict | payload
69 INTERRUPT request:id options:dict`);

/** Whether a value is a dictionary on the wire. */
export function isDict(value: unknown): value is Dict {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value);
}

/** The kind of a value, for what may hold a payload or a secret. */
export function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (typeof value !== 'object') return `a ${typeof value}`;
  return Array.isArray(value) ? 'a list' : ArrayBuffer.isView(value) ? 'binary' : 'a dict';
}

/** A short value itself. */
export function shown(value: unknown): string {
  if (typeof value === 'string') return quoted(value);
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : kindOf(value);
}

/** Text in a sentence, not to its end where it is long. */
export function quoted(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text);
}

/**
 * Says what is wrong with a message's shape, in one sentence: its type, its length, or the type of an element.
 *
 * @param shapes What may come. Default: what a router sends.
 * @param old Whether binary may stand in the place of args: the payload form that Crossbar.io had before payload passthru mode.
 * @returns `undefined` if the shape is right. Payloads and secrets are not in the sentence.
 */
export function explainShape(message: unknown, shapes: Shapes = ROUTER_SHAPES, old = false): string | undefined {
  if (!Array.isArray(message)) return `a message must be a list, not ${kindOf(message)}`;
  const { length } = message;
  const code: unknown = message[0];
  const shape = shapeOf(code, shapes);
  // An echo server sends it back.
  if (!shape && code === HELLO) return 'HELLO comes from a client, not from a router';
  if (!shape) return `a message must start with the code of a message type, not ${shown(code)}`;
  const { name, least, elements, types } = shape;
  const most = types.length;
  if (length < least || length > most) return `${name} has ${least === most ? '' : `${least} to `}${most} elements, not ${length}`;
  for (let i = 1; i < length; i++) {
    const value: unknown = message[i];
    const type = types[i] as number;
    if (fits(type, value) || (old && elements[i] === 'args' && ArrayBuffer.isView(value))) continue;
    // What may hold a payload or a secret only says its kind.
    return `${name}[${i}] ${elements[i] as string} must be ${TYPES[type]?.[1] ?? ''}, not ${type < 3 ? kindOf(value) : shown(value)}`;
  }
  if (message[1] === 0 && length < 3) return `${name} has details if its request is 0, a revocation, and only then`;
  return undefined;
}
