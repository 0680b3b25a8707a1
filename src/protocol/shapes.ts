// The shape of every message: how long it is, and what stands at which place. Keys of options and details are validate.ts's business.
// One table, in text: it goes into every bundle.
// Source: WAMP basic profile, "Messages" and "Protocol Violations".
import { isId } from './ids.ts';
import type { Dict, List } from './messages.ts';

// Code, name, who sends it (client, router, either), and each element with its type; those behind the bar may be missing.
const SHAPES: ReadonlyMap<number, readonly string[]> = new Map(
  `1 HELLO c realm:uri details:dict
2 WELCOME r session:id details:dict
3 ABORT e details:dict reason:uri | args:list kwargs:dict
4 CHALLENGE r authmethod:text extra:dict
5 AUTHENTICATE c signature:text extra:dict
6 GOODBYE e details:dict reason:uri
8 ERROR e type:code request:id details:dict error:uri | args:list kwargs:dict
16 PUBLISH c request:id options:dict topic:uri | args:list kwargs:dict
17 PUBLISHED r request:id publication:id
32 SUBSCRIBE c request:id options:dict topic:uri
33 SUBSCRIBED r request:id subscription:id
34 UNSUBSCRIBE c request:id subscription:id
35 UNSUBSCRIBED r request:id0 | details:dict
36 EVENT r subscription:id publication:id details:dict | args:list kwargs:dict
48 CALL c request:id options:dict procedure:uri | args:list kwargs:dict
49 CANCEL c request:id options:dict
50 RESULT r request:id details:dict | args:list kwargs:dict
64 REGISTER c request:id options:dict procedure:uri
65 REGISTERED r request:id registration:id
66 UNREGISTER c request:id registration:id
67 UNREGISTERED r request:id0 | details:dict
68 INVOCATION r request:id registration:id details:dict | args:list kwargs:dict
69 INTERRUPT r request:id options:dict
70 YIELD c request:id options:dict | args:list kwargs:dict`
    .split('\n')
    .map((row) => row.split(' '))
    .map(([code, ...row]) => [Number(code), row]),
);

const TYPES: Readonly<Record<string, readonly [what: string, test: (value: unknown) => boolean]>> = {
  id: ['an id (an integer from 1 to 2^53)', isId],
  id0: ['an id (an integer from 1 to 2^53), or 0', (value) => value === 0 || isId(value)],
  code: ['an integer, 0 or more', (value) => value === 0 || isId(value)],
  text: ['a string', (value) => typeof value === 'string'],
  uri: ['a URI', (value) => typeof value === 'string'],
  dict: ['a dict', isDict],
  // Binary in the place of the list is the payload form that Crossbar.io had before payload passthru mode.
  list: ['a list', (value) => Array.isArray(value) || ArrayBuffer.isView(value)],
};

/** Whether a value is a dictionary on the wire. */
export function isDict(value: unknown): value is Dict {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value);
}

/** The kind of a value; for what may hold a payload or a secret. */
export function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (typeof value !== 'object') return `a ${typeof value}`;
  return Array.isArray(value) ? 'a list' : ArrayBuffer.isView(value) ? 'binary' : 'a dict';
}

/** A short value itself. */
export function shown(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : kindOf(value);
}

/**
 * Says what is wrong with a message's shape, in one sentence: its type, its length, or the type of an element.
 *
 * @param from Who sent it; default: it may be either.
 * @returns `undefined` if the shape is right. Payloads and secrets are not in the sentence.
 */
export function explainShape(message: unknown, from?: 'router' | 'client'): string | undefined {
  if (!Array.isArray(message)) return `a message must be a list, not ${kindOf(message)}`;
  const list: List = message;
  const [name = '', sender, ...places] = SHAPES.get(list[0] as number) ?? [];
  if (name === '') return `a message must start with the code of a message type, not ${shown(list[0])}`;
  if (from !== undefined && sender !== 'e' && sender !== from[0]) {
    return `${name} comes from a ${sender === 'r' ? 'router' : 'client'}, not from a ${from}`;
  }
  const elements = places.filter((place) => place !== '|');
  const most = elements.length + 1;
  const least = places.includes('|') ? places.indexOf('|') + 1 : most;
  if (list.length < least || list.length > most)
    return `${name} has ${least === most ? '' : `${least} to `}${most} elements, not ${list.length}`;
  for (let i = 1; i < list.length; i++) {
    const [element = '', type = ''] = elements[i - 1]?.split(':') ?? [];
    const [what, test] = TYPES[type] ?? ['', () => true];
    const value = list[i];
    if (!test(value))
      return `${name}[${i}] ${element} must be ${what}, not ${/^(text|dict|list)$/.test(type) ? kindOf(value) : shown(value)}`;
  }
  if (list[1] === 0 && list.length < 3) return `${name} has details if its request is 0, a revocation, and only then`;
  return undefined;
}
