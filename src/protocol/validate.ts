// What makes a message well-formed beyond its shape: the known keys of options and details, by one table row per message type.
// URIs need only be text here: a bad one is answered with an ERROR, not taken for a violation. Keys that are not listed are ignored.
// Source: WAMP basic profile, "Messages" and "Protocol Violations"; advanced profile for the keys of its features.
import { isId } from './ids.ts';
import { explainShape, isDict, kindOf, ROUTER_SHAPES, shapeOf, type Shapes, shapesOf, shown } from './shapes.ts';
import {
  ABORT,
  CALL,
  CANCEL,
  ERROR,
  EVENT,
  GOODBYE,
  HELLO,
  INTERRUPT,
  INVOCATION,
  PUBLISH,
  REGISTER,
  RESULT,
  SUBSCRIBE,
  UNREGISTER,
  UNREGISTERED,
  UNSUBSCRIBE,
  UNSUBSCRIBED,
  WELCOME,
  YIELD,
} from './messages.ts';

const CLIENT_SHAPES = shapesOf(`1 HELLO realm:uri details:dict
5 AUTHENTICATE signature:text extra:dict
16 PUBLISH request:id options:dict topic:uri | payload
32 SUBSCRIBE request:id options:dict topic:uri
34 UNSUBSCRIBE request:id subscription:id
48 CALL request:id options:dict procedure:uri | payload
49 CANCEL request:id options:dict
64 REGISTER request:id options:dict procedure:uri
66 UNREGISTER request:id registration:id
70 YIELD request:id options:dict | payload`);
const SHAPES: Shapes = Object.assign([], ROUTER_SHAPES, CLIENT_SHAPES);
/** What both sides send. */
const EITHER: readonly unknown[] = [ABORT, GOODBYE, ERROR];

/** Says what is wrong with a value, as the rest of a sentence that starts with its place. */
type Check = (value: unknown) => string | undefined;

const isInteger = (value: unknown): value is number => typeof value === 'number' && Number.isInteger(value) && value >= 0;

const must =
  (what: string, test: (value: unknown) => boolean, show = shown): Check =>
  (value) =>
    test(value) ? undefined : ` must be ${what}, not ${show(value)}`;
const oneOf = (...values: readonly unknown[]): Check => must(`one of ${values.map(shown).join(', ')}`, (value) => values.includes(value));

const bool = must('a boolean', (value) => typeof value === 'boolean');
const integer = must('an integer, 0 or more', isInteger);
const id = must('an id (an integer from 1 to 2^53)', isId);
const text = must('a string', (value) => typeof value === 'string', kindOf);
const list = must('a list', Array.isArray, kindOf);
const anyDict = must('a dict', isDict, kindOf);

const listOf =
  (check: Check): Check =>
  (value) => {
    if (!Array.isArray(value)) return list(value);
    for (let i = 0; i < value.length; i++) {
      const wrong = check(value[i]);
      if (wrong !== undefined) return `[${i}]${wrong}`;
    }
    return undefined;
  };

/** A dict of which some keys have a check, and one may have to be there. */
const keyed =
  (checkOf: (key: string) => Check | undefined, needed?: string): Check =>
  (value) => {
    if (!isDict(value)) return anyDict(value);
    if (needed !== undefined && value[needed] === undefined) return `.${needed} is missing`;
    for (const key of Object.keys(value)) {
      const wrong = value[key] === undefined ? undefined : checkOf(key)?.(value[key]);
      if (wrong !== undefined) return `.${key}${wrong}`;
    }
    return undefined;
  };
const dictOf = (check: Check): Check => keyed(() => check);
/** A dict with known keys; what else is in it is ignored. */
function dict(names: string, needed?: string): Check {
  const known = new Set(names.split(' '));
  return keyed((key) => (known.has(key) ? (KEYS[key] ?? text) : undefined), needed);
}

/** The keys that are not text. Each means the same wherever it stands. */
const KEYS: Readonly<Record<string, Check>> = Object.fromEntries(
  (
    [
      [bool, 'acknowledge disclose_caller disclose_me exclude_me force_reregister forward_timeout get_retained progress receive_progress'],
      [bool, 'resumable retain retained x_acknowledged_delivery'],
      [integer, 'timeout trustlevel'],
      [id, 'callee caller publisher registration resume-session session subscription'],
      [must('an integer, 1 or more', isId), 'concurrency'],
      [listOf(id), 'eligible exclude'],
      [listOf(text), 'authmethods eligible_authid eligible_authrole exclude_authid exclude_authrole'],
      [listOf(dict('session authid authrole', 'session')), 'forward_for'],
      [dictOf(bool), 'features'],
      [dictOf(dict('features')), 'roles'],
      [anyDict, 'authextra'],
      [oneOf('exact', 'prefix', 'wildcard'), 'match'],
      [oneOf('single', 'roundrobin', 'random', 'first', 'last'), 'invoke'],
      [oneOf('skip', 'kill', 'killnowait'), 'mode'],
    ] as const
  ).flatMap(([check, names]) => names.split(' ').map((name) => [name, check])),
);

const AROUND = ' ppt_cipher ppt_keyid ppt_scheme ppt_serializer enc_algo enc_key enc_serializer forward_for';
const result = dict(`progress callee callee_authid callee_authrole${AROUND}`);
const CALLER = `caller caller_authid caller_authrole receive_progress progress timeout transaction_hash${AROUND}`;

/** Where the options or details of a message stand, what they are called, and their known keys. */
const DICTS: Readonly<Record<number, readonly [place: number, name: string, check: Check]>> = {
  [HELLO]: [
    2,
    'HELLO[2] details',
    dict('roles agent authmethods authid authrole authextra resumable resume-session resume-token', 'roles'),
  ],
  [WELCOME]: [2, 'WELCOME[2] details', dict('roles agent realm authid authrole authmethod authprovider authextra', 'roles')],
  [ABORT]: [1, 'ABORT[1] details', dict('message scram')],
  [GOODBYE]: [1, 'GOODBYE[1] details', dict('message')],
  [ERROR]: [3, 'ERROR[3] details', result],
  [PUBLISH]: [
    2,
    'PUBLISH[2] options',
    dict(
      `acknowledge exclude_me disclose_me retain rkey exclude exclude_authid exclude_authrole eligible eligible_authid eligible_authrole transaction_hash${AROUND}`,
    ),
  ],
  [SUBSCRIBE]: [2, 'SUBSCRIBE[2] options', dict('match get_retained nkey forward_for')],
  [UNSUBSCRIBED]: [2, 'UNSUBSCRIBED[2] details', dict('subscription reason', 'subscription')],
  [EVENT]: [
    3,
    'EVENT[3] details',
    dict(`topic retained publisher publisher_authid publisher_authrole trustlevel transaction_hash x_acknowledged_delivery${AROUND}`),
  ],
  [CALL]: [2, 'CALL[2] options', dict(`disclose_me rkey runmode ${CALLER}`)],
  [CANCEL]: [2, 'CANCEL[2] options', dict('mode forward_for')],
  [RESULT]: [2, 'RESULT[2] details', result],
  [REGISTER]: [2, 'REGISTER[2] options', dict('match invoke concurrency disclose_caller forward_timeout force_reregister forward_for')],
  [UNREGISTERED]: [2, 'UNREGISTERED[2] details', dict('registration reason', 'registration')],
  [INVOCATION]: [3, 'INVOCATION[3] details', dict(`procedure trustlevel ${CALLER}`)],
  [INTERRUPT]: [2, 'INTERRUPT[2] options', dict('mode reason forward_for')],
  [YIELD]: [2, 'YIELD[2] options', result],
};

const ANSWERED: readonly unknown[] = [PUBLISH, SUBSCRIBE, UNSUBSCRIBE, CALL, REGISTER, UNREGISTER];

/** What places alone do not say: whose request an ERROR may answer, and that only a revocation has details. */
function related(message: readonly unknown[], from: 'router' | 'client' | undefined): string | undefined {
  const [code, second] = message;
  if (code === ERROR) {
    const fits =
      (from !== 'client' && ANSWERED.includes(second)) ||
      (from !== 'router' && second === INVOCATION) ||
      // nexus answers a CANCEL and a YIELD so.
      (from === 'router' && (second === CANCEL || second === YIELD));
    if (!fits) return `ERROR[1] type must be that of a request, not ${shown(second)}${from === undefined ? '' : ` from a ${from}`}`;
  }
  if ((code === UNSUBSCRIBED || code === UNREGISTERED) && second !== 0 && message.length > 2) {
    return `${code === UNSUBSCRIBED ? 'UNSUBSCRIBED' : 'UNREGISTERED'} has details if its request is 0, a revocation, and only then`;
  }
  return undefined;
}

/**
 * Says what is wrong with a message, in one sentence: its shape, or the type of a known key in its options or details.
 *
 * @param from Who sent it; default: it may be either.
 * @returns `undefined` if the message is well-formed. Payloads and secrets are not in the sentence.
 * @see WAMP basic profile, "Protocol Violations"
 */
export function explain(message: unknown, from?: 'router' | 'client'): string | undefined {
  const [code] = Array.isArray(message) ? (message as readonly unknown[]) : [];
  const sender = EITHER.includes(code) ? from : shapeOf(code, CLIENT_SHAPES) ? 'client' : 'router';
  const known = shapeOf(code, SHAPES);
  if (from !== undefined && sender !== from && known) return `${known.name} comes from a ${sender ?? ''}, not from a ${from}`;
  const wrong = explainShape(message, SHAPES, true);
  if (wrong !== undefined) return wrong;
  const list = message as readonly unknown[];
  const [place = 0, name = '', check] = DICTS[list[0] as number] ?? [];
  const key = place < list.length ? check?.(list[place]) : undefined;
  return key === undefined ? related(list, from) : name + key;
}
