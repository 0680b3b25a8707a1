// The strict check of every incoming message: each element, each known option, each feature. What is wrong is told in one sentence.
// Its own code: it shares only types, codes, ids and URIs with the client, so that a fault of the one is not a fault of the other.
// Source: WAMP basic profile, "Messages", "Message Validation" and "Protocol Violations".
import { isId } from '../protocol/ids.ts';
import {
  ABORT,
  AUTHENTICATE,
  CALL,
  CANCEL,
  ERROR,
  GOODBYE,
  HELLO,
  INVOCATION,
  PUBLISH,
  REGISTER,
  SUBSCRIBE,
  UNREGISTER,
  UNSUBSCRIBE,
  YIELD,
} from '../protocol/messages.ts';
import type { Dict, List, Message } from '../protocol/messages.ts';
import { isUri } from '../protocol/uris.ts';
import type { ClientRole } from './operations.ts';

/** A value's test and what it asks for, in words. */
interface Kind {
  readonly is: (value: unknown) => boolean;
  readonly words: string;
}

interface Shape {
  readonly name: string;
  /** Behind the code; the last `optional` of them may be missing. */
  readonly elements: readonly (readonly [name: string, kind: Kind])[];
  readonly optional: number;
  readonly options: Readonly<Record<string, Kind>>;
  /** Who may send it; nobody in particular where it belongs to the session. */
  readonly role?: ClientRole;
}

const BOOLEAN: Kind = { is: (value) => typeof value === 'boolean', words: 'a boolean' };
const STRING: Kind = { is: (value) => typeof value === 'string', words: 'a string' };
const ID: Kind = { is: isId, words: 'an integer from 1 to 2^53' };
const NATURAL: Kind = {
  is: (value) => Number.isSafeInteger(value) && (value as number) >= 0,
  words: 'an integer from 0',
};
const LIST: Kind = { is: Array.isArray, words: 'a list' };
const DICT: Kind = { is: isDict, words: 'a dict' };
const IDS: Kind = { is: (value) => Array.isArray(value) && value.every(isId), words: 'a list of ids' };
const STRINGS: Kind = {
  is: (value) => Array.isArray(value) && value.every((item) => typeof item === 'string'),
  words: 'a list of strings',
};
const URI: Kind = { is: (value) => isUri(value), words: 'a URI' };
const UNANNOUNCED: Kind = { is: () => false, words: 'absent, because the router does not announce payload_passthru_mode' };
const NO_PROGRESS: Kind = {
  is: (value) => value === false,
  words: 'absent or false, because the router does not announce progressive_call_invocations',
};

const MATCH = oneOf('exact', 'prefix', 'wildcard');
const PPT = { ppt_scheme: UNANNOUNCED, ppt_serializer: UNANNOUNCED, ppt_cipher: UNANNOUNCED, ppt_keyid: UNANNOUNCED };
const REQUEST = ['Request', ID] as const;
const OPTIONS = ['Options', DICT] as const;
const DETAILS = ['Details', DICT] as const;
const PAYLOAD = [['Arguments', LIST] as const, ['ArgumentsKw', DICT] as const] as const;

const SHAPES: Readonly<Record<number, Shape>> = {
  [HELLO]: {
    name: 'HELLO',
    elements: [['Realm', STRING], DETAILS],
    optional: 0,
    options: { roles: DICT, agent: STRING, authmethods: STRINGS, authid: STRING, authrole: STRING, authextra: DICT },
  },
  [ABORT]: { name: 'ABORT', elements: [DETAILS, ['Reason', URI], ...PAYLOAD], optional: 2, options: { message: STRING } },
  [AUTHENTICATE]: {
    name: 'AUTHENTICATE',
    elements: [
      ['Signature', STRING],
      ['Extra', DICT],
    ],
    optional: 0,
    options: {},
  },
  [GOODBYE]: { name: 'GOODBYE', elements: [DETAILS, ['Reason', URI]], optional: 0, options: { message: STRING } },
  [ERROR]: {
    name: 'ERROR',
    elements: [['REQUEST.Type', oneOf(INVOCATION)], ['REQUEST.Request', ID], DETAILS, ['Error', URI], ...PAYLOAD],
    optional: 2,
    options: PPT,
    role: 'callee',
  },
  [PUBLISH]: {
    name: 'PUBLISH',
    elements: [REQUEST, OPTIONS, ['Topic', STRING], ...PAYLOAD],
    optional: 2,
    options: {
      acknowledge: BOOLEAN,
      disclose_me: BOOLEAN,
      eligible: IDS,
      eligible_authid: STRINGS,
      eligible_authrole: STRINGS,
      exclude: IDS,
      exclude_authid: STRINGS,
      exclude_authrole: STRINGS,
      exclude_me: BOOLEAN,
      retain: BOOLEAN,
      rkey: STRING,
      ...PPT,
    },
    role: 'publisher',
  },
  [SUBSCRIBE]: {
    name: 'SUBSCRIBE',
    elements: [REQUEST, OPTIONS, ['Topic', STRING]],
    optional: 0,
    options: { match: MATCH, get_retained: BOOLEAN, nkey: STRING },
    role: 'subscriber',
  },
  [UNSUBSCRIBE]: {
    name: 'UNSUBSCRIBE',
    elements: [REQUEST, ['SUBSCRIBED.Subscription', ID]],
    optional: 0,
    options: {},
    role: 'subscriber',
  },
  [CALL]: {
    name: 'CALL',
    elements: [REQUEST, OPTIONS, ['Procedure', STRING], ...PAYLOAD],
    optional: 2,
    options: {
      disclose_me: BOOLEAN,
      progress: NO_PROGRESS,
      receive_progress: BOOLEAN,
      rkey: STRING,
      runmode: STRING,
      timeout: NATURAL,
      ...PPT,
    },
    role: 'caller',
  },
  [CANCEL]: {
    name: 'CANCEL',
    elements: [['CALL.Request', ID], OPTIONS],
    optional: 0,
    options: { mode: oneOf('skip', 'kill', 'killnowait') },
    role: 'caller',
  },
  [REGISTER]: {
    name: 'REGISTER',
    elements: [REQUEST, OPTIONS, ['Procedure', STRING]],
    optional: 0,
    options: {
      disclose_caller: BOOLEAN,
      forward_timeout: BOOLEAN,
      invoke: oneOf('single', 'roundrobin', 'random', 'first', 'last'),
      match: MATCH,
    },
    role: 'callee',
  },
  [UNREGISTER]: {
    name: 'UNREGISTER',
    elements: [REQUEST, ['REGISTERED.Registration', ID]],
    optional: 0,
    options: {},
    role: 'callee',
  },
  [YIELD]: {
    name: 'YIELD',
    elements: [['INVOCATION.Request', ID], OPTIONS, ...PAYLOAD],
    optional: 2,
    options: { progress: BOOLEAN, ...PPT },
    role: 'callee',
  },
};

/** The messages that a client can send. */
export type Incoming = Extract<
  Message,
  readonly [
    (
      | typeof HELLO
      | typeof ABORT
      | typeof AUTHENTICATE
      | typeof GOODBYE
      | typeof ERROR
      | typeof PUBLISH
      | typeof SUBSCRIBE
      | typeof UNSUBSCRIBE
      | typeof CALL
      | typeof CANCEL
      | typeof REGISTER
      | typeof UNREGISTER
      | typeof YIELD
    ),
    ...unknown[],
  ]
>;

/**
 * Checks one message from a client. URIs that have an answer of their own (a realm, a topic, a procedure) are only checked to be text.
 *
 * @returns What is wrong with it, in one sentence, or undefined: then it is an `Incoming`.
 */
export function violation(message: List): string | undefined {
  const [code, ...rest] = message;
  if (!Number.isSafeInteger(code)) return 'a message must begin with its type, an integer';
  const shape = SHAPES[code as number];
  if (shape === undefined) return `a router takes no message of type ${String(code)}`;
  const { name, elements, optional, options } = shape;
  if (rest.length > elements.length || rest.length < elements.length - optional) {
    return `${name} has ${String(message.length)} elements, which is none of its lengths`;
  }
  for (const [index, value] of rest.entries()) {
    const [element, kind] = elements[index] as readonly [string, Kind];
    if (!kind.is(value)) return `${name}.${element} must be ${kind.words}`;
    if (kind !== DICT || element === 'ArgumentsKw' || element === 'Extra') continue;
    const wrong = wrongOption(value as Dict, options);
    if (wrong !== undefined) return `${name}.${element}.${wrong}`;
  }
  return code === HELLO ? wrongRoles((message[2] as Dict)['roles']) : undefined;
}

/** The role that a client must have announced for this message. */
export function roleFor(code: number): ClientRole | undefined {
  return SHAPES[code]?.role;
}

export function nameOf(code: number): string {
  return SHAPES[code]?.name ?? String(code);
}

function wrongOption(dict: Dict, kinds: Readonly<Record<string, Kind>>): string | undefined {
  for (const [key, value] of Object.entries(dict)) {
    // WAMP itself knows no null, not even in a key that a router ignores.
    if (value === null) return `${key} must not be null`;
    const kind = Object.hasOwn(kinds, key) ? kinds[key] : undefined;
    if (kind && !kind.is(value)) return `${key} must be ${kind.words}`;
  }
  return undefined;
}

const ROLES: readonly unknown[] = ['publisher', 'subscriber', 'caller', 'callee'] satisfies readonly ClientRole[];

function wrongRoles(roles: unknown): string | undefined {
  if (roles === undefined || Object.keys(roles as Dict).length === 0) return 'HELLO.Details.roles must name a role';
  for (const [role, value] of Object.entries(roles as Dict)) {
    const path = `HELLO.Details.roles.${role}`;
    if (!ROLES.includes(role)) return `${path} is no role of a client`;
    if (!isDict(value)) return `${path} must be a dict`;
    const features = value['features'];
    if (features === undefined) continue;
    if (!isDict(features)) return `${path}.features must be a dict`;
    const wrong = Object.entries(features).find(([, has]) => typeof has !== 'boolean');
    if (wrong) return `${path}.features.${wrong[0]} must be a boolean`;
  }
  return undefined;
}

function isDict(value: unknown): value is Dict {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value);
}

function oneOf(...values: readonly (string | number)[]): Kind {
  const known: readonly unknown[] = values;
  return { is: (value) => known.includes(value), words: values.length === 1 ? String(values[0]) : `one of ${values.join(', ')}` };
}
