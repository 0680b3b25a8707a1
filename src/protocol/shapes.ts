// The shape of every message: how long it is, and what stands at which place. Keys of options and details are validate.ts's business.
// Every message that arrives is checked by this one table, which is text: what a router sends goes into every bundle.
// Source: WAMP basic profile, "Messages" and "Protocol Violations".
import { isId } from './ids.ts';
import { type Dict, HELLO } from './messages.ts';

/** One place of a message: what it is called, and its type. */
interface Place {
  readonly element: string;
  readonly type: string;
}
interface Shape {
  readonly name: string;
  /** Elements that must be there, the code included. */
  readonly least: number;
  readonly places: readonly Place[];
}
/** Shapes by the code of their message. */
export type Shapes = ReadonlyMap<unknown, Shape>;

const ID = 'an id (an integer from 1 to 2^53)';
const TYPES: Readonly<Record<string, string>> = {
  id: ID,
  id0: `${ID}, or 0`,
  code: 'an integer, 0 or more',
  text: 'a string',
  uri: 'a URI',
  dict: 'a dict',
  list: 'a list',
};

/** Every place of every message that arrives comes through here. */
function fits(type: string, value: unknown): boolean {
  switch (type) {
    case 'dict':
      return isDict(value);
    case 'id':
      return isId(value);
    case 'list':
      return Array.isArray(value);
    case 'text':
    case 'uri':
      return typeof value === 'string';
    default:
      return value === 0 || isId(value);
  }
}

/** Reads rows of a code, a name, and each element with its type; those behind the bar may be missing. */
export function shapesOf(rows: string): Shapes {
  return new Map(
    rows.split('\n').map((row) => {
      const [code, name = '', ...parts] = row.replace('| payload', '| args:list kwargs:dict').split(' ');
      const bar = parts.indexOf('|');
      const places = parts
        .filter((part) => part !== '|')
        .map((part) => part.split(':'))
        // The type as the engine knows it, a key: a piece of text would be compared letter by letter for every message.
        .map(([element = '', type]) => ({ element, type: Object.keys(TYPES).find((known) => known === type) ?? '' }));
      return [Number(code), { name, least: 1 + (bar < 0 ? places.length : bar), places }];
    }),
  );
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
  const shape = shapes.get(message[0]);
  // An echo server sends it back.
  if (!shape && message[0] === HELLO) return 'HELLO comes from a client, not from a router';
  if (!shape) return `a message must start with the code of a message type, not ${shown(message[0])}`;
  const { name, least, places } = shape;
  const most = 1 + places.length;
  if (length < least || length > most) return `${name} has ${least === most ? '' : `${least} to `}${most} elements, not ${length}`;
  for (let i = 1; i < length; i++) {
    const value: unknown = message[i];
    const { element, type } = places[i - 1] as Place;
    if (fits(type, value) || (old && element === 'args' && ArrayBuffer.isView(value))) continue;
    // What may hold a payload or a secret only says its kind.
    return `${name}[${i}] ${element} must be ${TYPES[type] ?? ''}, not ${type.endsWith('t') ? kindOf(value) : shown(value)}`;
  }
  if (message[1] === 0 && length < 3) return `${name} has details if its request is 0, a revocation, and only then`;
  return undefined;
}
