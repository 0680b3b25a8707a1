// The options of the router, of its realms, of `listen` and of `transport`, checked by name and value before anything is made of them.
// Knows no client, which has a check of its own: neither package entry loads the other.
import { kindOf } from '../protocol/shapes.ts';
import { isUri } from '../protocol/uris.ts';

type Holds = (value: unknown) => boolean;
/** What must hold for each option, and what the sentence calls it. */
type Rules = Readonly<Record<string, readonly [holds: Holds, what: string]>>;

const isText: Holds = (value) => typeof value === 'string' && value !== '';
const isFunction: Holds = (value) => typeof value === 'function';
const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null && !Array.isArray(value);
const isWhole = (value: unknown, from: number, to = Infinity): boolean =>
  Number.isInteger(value) && (value as number) >= from && (value as number) <= to;
const isOrigin: Holds = (value) => typeof value === 'string' && (value === 'null' || /^[a-z][a-z0-9+.-]*:\/\/[^/\s?#*A-Z]+$/.test(value));
const isSerializer: Holds = (value) => {
  const { protocol, encode, decode } = (value ?? {}) as Readonly<Record<string, unknown>>;
  return isText(protocol) && isFunction(encode) && isFunction(decode);
};

const anything = [() => true, ''] as const;
const isLogin: Holds = (value) => {
  const { authmethod, begin } = (value ?? {}) as Readonly<Record<string, unknown>>;
  return isText(authmethod) && isFunction(begin);
};

const bool = [(value: unknown) => typeof value === 'boolean', 'true or false'] as const;
const bytes = [(value: unknown) => isWhole(value, 1), 'a whole number of bytes from 1'] as const;

const ROUTER: Rules = {
  realms: [(value) => Array.isArray(value) && value.length > 0, "a list of at least one realm, like ['realm1']"],
  agent: [isText, 'a text'],
  sequentialIds: bool,
  maxQueueBytes: [(value) => typeof value === 'number' && value > 0, 'a number of bytes above 0'],
  goodbyeTimeoutMs: [(value) => typeof value === 'number' && value >= 0, 'a number of milliseconds, 0 or more'],
  loginTimeoutMs: [(value) => typeof value === 'number' && value >= 0, 'a number of milliseconds, 0 or more'],
  intercept: [isFunction, 'a function'],
  logger: [
    (value) => value === false || (isObject(value) && isFunction((value as { readonly error?: unknown }).error)),
    'a logger with a method error, or false',
  ],
};
const REALM: Rules = {
  name: [isUri, 'a URI like com.example.realm, without spaces, # or empty parts'],
  auth: [isObject, 'an object like { ticket: { joe: … } }'],
  meta: bool,
};
const AUTH: Rules = {
  anonymous: [(value) => typeof value === 'boolean' || isObject(value), 'true, false or an object like { authrole: … }'],
  ticket: anything,
  wampcra: anything,
  custom: [(value) => Array.isArray(value) && value.every(isLogin), 'a list of logins, each with authmethod and begin'],
};
const ANONYMOUS: Rules = { authrole: [isText, 'a text'] };
// The secrets among these were looked at before: a sentence that shows a wrong value never shows one of them.
const TICKET_USER: Rules = { ticket: [isText, 'a text that is not empty'], authrole: [isText, 'a text'] };
const WAMPCRA_USER: Rules = {
  secret: [isText, 'a text that is not empty'],
  authrole: [isText, 'a text'],
  authprovider: [isText, 'a text'],
  salt: [isText, 'a text that is not empty'],
  iterations: [(value) => isWhole(value, 1, 10_000_000), 'a whole number from 1 to 10 million'],
  keylen: [(value) => isWhole(value, 1, 1024), 'a whole number from 1 to 1024'],
};
const LISTEN: Rules = {
  port: [(value) => isWhole(value, 0, 65_535), 'a whole number from 0, which takes any free port, to 65535'],
  host: [isText, 'an address like 127.0.0.1'],
  path: [(value) => typeof value === 'string' && /^\/[^\s?#]*$/.test(value), 'a path like /ws, which begins with / and has no ? or #'],
  origins: [
    (value) => Array.isArray(value) && value.every(isOrigin),
    'a list of origins like https://example.com, in lower case, without a path and without *',
  ],
  serializers: [
    (value) => Array.isArray(value) && value.length > 0 && value.every(isSerializer),
    'a list of at least one serializer, like [json()]',
  ],
  maxMessageBytes: bytes,
};
const TRANSPORT: Rules = {
  serializer: [isSerializer, 'a serializer like json()'],
  maxMessageBytes: bytes,
};

/**
 * Checks the options of `new Router`, those of its realms too.
 * @throws {TypeError} An unknown name, a wrong value, no realm, or one that is declared twice.
 */
export function checkRouterOptions(options: unknown): void {
  check('Router', "{ realms: ['realm1'] }", options, ROUTER, ['realms']);
  const names = new Set<unknown>();
  for (const [index, realm] of (options as { readonly realms: readonly unknown[] }).realms.entries()) {
    const of = `realms[${String(index)}]`;
    const entry = typeof realm === 'string' ? { name: realm } : realm;
    check(of, "{ name: 'realm1' }, or a URI", entry, REALM, ['name']);
    const { name, auth } = entry as { readonly name: string; readonly auth?: object };
    if (auth !== undefined) checkAuth(`auth of ${of}`, auth);
    if (names.has(name)) throw new TypeError(`the realm "${name}" is declared twice: leave one out`);
    names.add(name);
  }
}

/** Checks the logins of a realm; what stands in the place of a secret is not shown. */
function checkAuth(of: string, auth: object): void {
  check(of, '{ ticket: { joe: … } }', auth, AUTH);
  const { anonymous, ticket, wampcra } = auth as Readonly<Record<string, unknown>>;
  if (isObject(anonymous)) check(`anonymous in ${of}`, "{ authrole: 'guest' }", anonymous, ANONYMOUS);
  checkUsers(`ticket in ${of}`, ticket, TICKET_USER, 'ticket');
  checkUsers(`wampcra in ${of}`, wampcra, WAMPCRA_USER, 'secret');
}

function checkUsers(of: string, users: unknown, rules: Rules, secret: string): void {
  if (users === undefined || isFunction(users)) return;
  // Nothing is shown from here on: what was put in the place of something else may be a secret.
  if (!isObject(users)) throw new TypeError(`${of} must be users by their authid, or a function, not ${kindOf(users)}`);
  for (const [authid, user] of Object.entries(users)) {
    const whose = `user ${JSON.stringify(authid)} of ${of}`;
    const given: unknown = isObject(user) ? (user as Readonly<Record<string, unknown>>)[secret] : user;
    if (!isText(given)) throw new TypeError(`${whose} has no ${secret}: give a text that is not empty, or { ${secret}: … }`);
    if (isObject(user)) check(whose, `{ ${secret}: … }`, user, rules);
  }
}

/** @throws {TypeError} An unknown name, or a wrong value. */
export function checkListenOptions(options: unknown): void {
  check('listen', '{ port: 8080 }', options, LISTEN);
}

/** @throws {TypeError} An unknown name, or a wrong value. */
export function checkTransportOptions(options: unknown): void {
  check('transport', '{ maxMessageBytes: 1000 }', options, TRANSPORT);
}

function check(of: string, example: string, options: unknown, rules: Rules, required: readonly string[] = []): void {
  if (!isObject(options)) throw new TypeError(`options of ${of} must be an object like ${example}, not ${named(options)}`);
  for (const name in options) {
    if (!Object.hasOwn(rules, name) && (options as Readonly<Record<string, unknown>>)[name] !== undefined)
      throw new TypeError(`unknown option ${name} of ${of}: it has ${Object.keys(rules).join(', ')}`);
  }
  for (const [name, [holds, what]] of Object.entries(rules)) {
    const value = (options as Readonly<Record<string, unknown>>)[name];
    if (holds(value) || (value === undefined && !required.includes(name))) continue;
    throw new TypeError(`option ${name} of ${of} must be ${what}, not ${named(value)}`);
  }
}

/** A value or its kind, for a sentence; of a list the entries too, as far as they are short. */
function named(value: unknown, inside = false): string {
  if (typeof value === 'string') {
    const text = JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
    return inside ? text : `the text ${text}`;
  }
  if (Array.isArray(value)) {
    if (inside) return 'a list';
    if (value.length === 0) return 'an empty list';
    const entries = value.slice(0, 3).map((entry) => named(entry, true));
    return `the list of ${entries.join(', ')}${value.length > 3 ? ', …' : ''}`;
  }
  if (typeof value === 'number' || typeof value === 'bigint') return inside ? String(value) : `the number ${String(value)}`;
  if (typeof value === 'function') return 'a function';
  if (typeof value === 'object' && value !== null) return 'an object';
  return String(value);
}
