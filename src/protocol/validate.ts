// What makes a message well-formed: one table row per message type, and a sentence that says where one is not.
// URIs need only be text here: a bad one is answered with an ERROR, not taken for a violation. Keys that are not listed are ignored.
// Source: WAMP basic profile, "Messages" and "Protocol Violations"; advanced profile for the keys of its features.
import { isId } from './ids.ts';
import {
  ABORT,
  AUTHENTICATE,
  CALL,
  CANCEL,
  CHALLENGE,
  type Dict,
  ERROR,
  EVENT,
  GOODBYE,
  HELLO,
  INTERRUPT,
  INVOCATION,
  PUBLISH,
  PUBLISHED,
  REGISTER,
  REGISTERED,
  RESULT,
  SUBSCRIBE,
  SUBSCRIBED,
  UNREGISTER,
  UNREGISTERED,
  UNSUBSCRIBE,
  UNSUBSCRIBED,
  WELCOME,
  YIELD,
} from './messages.ts';

/** Says what is wrong with a value, as the rest of a sentence that starts with its place. */
type Check = (value: unknown) => string | undefined;

const isInteger = (value: unknown): value is number => typeof value === 'number' && Number.isInteger(value) && value >= 0;

function isDict(value: unknown): value is Dict {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value);
}

/** The kind of a value; for what may hold a payload or a secret. */
function kind(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  return Array.isArray(value)
    ? 'a list'
    : ArrayBuffer.isView(value)
      ? 'binary'
      : typeof value === 'object'
        ? 'a dict'
        : `a ${typeof value}`;
}

/** A short value itself. */
function shown(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : kind(value);
}

const must =
  (what: string, test: (value: unknown) => boolean, show = shown): Check =>
  (value) =>
    test(value) ? undefined : ` must be ${what}, not ${show(value)}`;
const oneOf = (...values: readonly unknown[]): Check => must(`one of ${values.map(shown).join(', ')}`, (value) => values.includes(value));

const bool = must('a boolean', (value) => typeof value === 'boolean');
const integer = must('an integer, 0 or more', isInteger);
const id = must('an id (an integer from 1 to 2^53)', isId);
const idOrZero = must('an id (an integer from 1 to 2^53), or 0', (value) => value === 0 || isId(value));
const text = must('a string', (value) => typeof value === 'string', kind);
const uri = must('a URI', (value) => typeof value === 'string');
const list = must('a list', Array.isArray, kind);
// Binary in the place of the list is the payload form that Crossbar.io had before payload passthru mode.
const args = must('a list', (value) => Array.isArray(value) || ArrayBuffer.isView(value), kind);
const anyDict = must('a dict', isDict, kind);

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

const payload = { args, kwargs: anyDict };
const AROUND = ' ppt_cipher ppt_keyid ppt_scheme ppt_serializer enc_algo enc_key enc_serializer forward_for';
const result = dict(`progress callee callee_authid callee_authrole${AROUND}`);
const CALLER = `caller caller_authid caller_authrole receive_progress progress timeout transaction_hash${AROUND}`;

type From = 'router' | 'client' | undefined;
/** The elements behind the code, in order, and how long a message is at least; it is at most as long as its row. */
const row = (name: string, from: From, least: number, elements: Readonly<Record<string, Check>>) => ({
  name,
  from,
  least,
  elements: Object.entries(elements),
});
const ROWS: Readonly<Record<number, ReturnType<typeof row>>> = {
  [HELLO]: row('HELLO', 'client', 3, {
    realm: uri,
    details: dict('roles agent authmethods authid authrole authextra resumable resume-session resume-token', 'roles'),
  }),
  [WELCOME]: row('WELCOME', 'router', 3, {
    session: id,
    details: dict('roles agent realm authid authrole authmethod authprovider authextra', 'roles'),
  }),
  [ABORT]: row('ABORT', undefined, 3, { details: dict('message scram'), reason: uri, ...payload }),
  [CHALLENGE]: row('CHALLENGE', 'router', 3, { authmethod: text, extra: anyDict }),
  [AUTHENTICATE]: row('AUTHENTICATE', 'client', 3, { signature: text, extra: anyDict }),
  [GOODBYE]: row('GOODBYE', undefined, 3, { details: dict('message'), reason: uri }),
  [ERROR]: row('ERROR', undefined, 5, { type: integer, request: id, details: result, error: uri, ...payload }),
  [PUBLISH]: row('PUBLISH', 'client', 4, {
    request: id,
    options: dict(
      `acknowledge exclude_me disclose_me retain rkey exclude exclude_authid exclude_authrole eligible eligible_authid eligible_authrole transaction_hash${AROUND}`,
    ),
    topic: uri,
    ...payload,
  }),
  [PUBLISHED]: row('PUBLISHED', 'router', 3, { request: id, publication: id }),
  [SUBSCRIBE]: row('SUBSCRIBE', 'client', 4, { request: id, options: dict('match get_retained nkey forward_for'), topic: uri }),
  [SUBSCRIBED]: row('SUBSCRIBED', 'router', 3, { request: id, subscription: id }),
  [UNSUBSCRIBE]: row('UNSUBSCRIBE', 'client', 3, { request: id, subscription: id }),
  [UNSUBSCRIBED]: row('UNSUBSCRIBED', 'router', 2, { request: idOrZero, details: dict('subscription reason', 'subscription') }),
  [EVENT]: row('EVENT', 'router', 4, {
    subscription: id,
    publication: id,
    details: dict(
      `topic retained publisher publisher_authid publisher_authrole trustlevel transaction_hash x_acknowledged_delivery${AROUND}`,
    ),
    ...payload,
  }),
  [CALL]: row('CALL', 'client', 4, { request: id, options: dict(`disclose_me rkey runmode ${CALLER}`), procedure: uri, ...payload }),
  [CANCEL]: row('CANCEL', 'client', 3, { request: id, options: dict('mode forward_for') }),
  [RESULT]: row('RESULT', 'router', 3, { request: id, details: result, ...payload }),
  [REGISTER]: row('REGISTER', 'client', 4, {
    request: id,
    options: dict('match invoke concurrency disclose_caller forward_timeout force_reregister forward_for'),
    procedure: uri,
  }),
  [REGISTERED]: row('REGISTERED', 'router', 3, { request: id, registration: id }),
  [UNREGISTER]: row('UNREGISTER', 'client', 3, { request: id, registration: id }),
  [UNREGISTERED]: row('UNREGISTERED', 'router', 2, { request: idOrZero, details: dict('registration reason', 'registration') }),
  [INVOCATION]: row('INVOCATION', 'router', 4, {
    request: id,
    registration: id,
    details: dict(`procedure trustlevel ${CALLER}`),
    ...payload,
  }),
  [INTERRUPT]: row('INTERRUPT', 'router', 3, { request: id, options: dict('mode reason forward_for') }),
  [YIELD]: row('YIELD', 'client', 3, { request: id, options: result, ...payload }),
};

const ANSWERED: readonly unknown[] = [PUBLISH, SUBSCRIBE, UNSUBSCRIBE, CALL, REGISTER, UNREGISTER];

/** What positions alone do not say: whose request an ERROR may answer, and the two forms of a confirmation. */
function related(message: readonly unknown[], name: string, from: From): string | undefined {
  const [code, second] = message;
  if (code === ERROR) {
    const fits =
      (from !== 'client' && ANSWERED.includes(second)) ||
      (from !== 'router' && second === INVOCATION) ||
      // nexus answers a CANCEL and a YIELD so.
      (from === 'router' && (second === CANCEL || second === YIELD));
    if (!fits) return `ERROR[1] type must be that of a request, not ${shown(second)}${from === undefined ? '' : ` from a ${from}`}`;
  }
  if ((code === UNSUBSCRIBED || code === UNREGISTERED) && (second === 0) !== message.length > 2)
    return `${name} has details if its request is 0, a revocation, and only then`;
  return undefined;
}

/**
 * Says what is wrong with a message, in one sentence: its length, the type of an element, or that of a known key in its options or details.
 *
 * @param from Who sent it; default: it may be either.
 * @returns `undefined` if the message is well-formed. Payloads and secrets are not in the sentence.
 * @see WAMP basic profile, "Protocol Violations"
 */
export function explain(message: unknown, from?: 'router' | 'client'): string | undefined {
  if (!Array.isArray(message)) return `a message must be a list, not ${kind(message)}`;
  const [code] = message as unknown[];
  const found = isInteger(code) ? ROWS[code] : undefined;
  if (found === undefined) return `a message must start with the code of a message type, not ${shown(code)}`;
  const { name, elements, least } = found;
  if (from !== undefined && found.from !== undefined && from !== found.from)
    return `${name} comes from a ${found.from}, not from a ${from}`;
  const { length } = message;
  const most = elements.length + 1;
  if (length < least || length > most) return `${name} has ${least === most ? '' : `${least} to `}${most} elements, not ${length}`;
  for (const [i, [element, check]] of elements.entries()) {
    const wrong = i + 1 < length ? check(message[i + 1]) : undefined;
    if (wrong !== undefined) return `${name}[${i + 1}] ${element}${wrong}`;
  }
  return related(message, name, from);
}
