// The options of every operation and of a client: their types, and the check that finds a misspelt one or a wrong value at once.
// snake_case goes on the wire as it is, camelCase stays here; `mode` and `force` stay here too.
// Source: WAMP basic and advanced profile, the Options of SUBSCRIBE, CALL, REGISTER and PUBLISH.
import { isObservable, type Observable } from 'rxjs';
import type { WampError } from '../protocol/errors.ts';
import type { Fresh } from '../protocol/fresh.ts';
import type { Dict, Id, List, Uri } from '../protocol/messages.ts';
import type { Transport } from '../protocol/sink.ts';
import type { Login } from '../protocol/login.ts';
import { isId } from '../protocol/ids.ts';
import { isDict } from '../protocol/shapes.ts';
import { isUri, type Match } from '../protocol/uris.ts';
import type { Serializer } from '../serializers/serializer.ts';
import type { CancelMode } from '../session/caller.ts';
import { FORCE, NO_OPTIONS } from '../session/gating.ts';
import { named, sendableKwargs, sendableOption } from '../session/payload.ts';
import type { Interceptor } from '../transports/intercept.ts';
import type { SocketOptions } from '../transports/websocket.ts';
import type { Logger } from './logger.ts';

/** Attributes outside the specification; a misspelt known one is still an error. */
export interface Custom {
  readonly [key: `_${string}` | `x_${string}`]: unknown;
}

export interface Forced {
  /** Sends what the router did not announce. Default: false. */
  readonly force?: boolean;
}

export interface Waiting extends Forced {
  /** Milliseconds to wait for a session; 0 fails at once. Default: the client's, 30 000. */
  readonly waitMs?: number;
  /** Milliseconds from subscription to the last answer, waiting included. Default: the client's `callTimeoutMs` for a call, else none. */
  readonly timeoutMs?: number;
}

export interface SubscribeOptions extends Custom, Forced {
  /** How the topic matches. Default: `exact`. */
  readonly match?: Match;
  /** Asks for the event that the broker retained, if it has one. Default: false. */
  readonly get_retained?: boolean;
}

export interface CallOptions extends Custom, Waiting {
  /** How leaving cancels: `skip`, `kill` or `killnowait`. Default: `killnowait`. */
  readonly mode?: CancelMode;
  /** Asks for progressive results. Default: false. */
  readonly receive_progress?: boolean;
  /** The dealer's limit, in milliseconds. Default: none. */
  readonly timeout?: number;
  /** Asks the dealer to tell the callee who calls. Default: the dealer's choice. */
  readonly disclose_me?: boolean;
}

export interface RegisterOptions extends Custom, Forced {
  /** How the procedure matches. Default: `exact`. */
  readonly match?: Match;
  /** How calls are shared among callees. Default: `single`. */
  readonly invoke?: 'single' | 'roundrobin' | 'random' | 'first' | 'last';
  /** How many invocations run at once; Crossbar.io only. Default: no limit. */
  readonly concurrency?: number;
  /** Takes the procedure from whoever has it; Crossbar.io only. Default: false. */
  readonly force_reregister?: boolean;
  /** When it emits, UNREGISTER goes out; the stream completes once everything that ran until then has been answered. Default: never. */
  readonly until?: Observable<unknown>;
}

export interface PublishOptions extends Custom, Waiting {
  /** Asks the broker to confirm the publication. Default: false. */
  readonly acknowledge?: boolean;
  /** `false` sends the event to this session too. Default: true. */
  readonly exclude_me?: boolean;
  /** Sessions, authids and authroles that do not get the event. Default: none. */
  readonly exclude?: readonly Id[];
  readonly exclude_authid?: readonly string[];
  readonly exclude_authrole?: readonly string[];
  /** Sessions, authids and authroles that alone may get the event; never an empty list. Default: everyone. */
  readonly eligible?: readonly Id[];
  readonly eligible_authid?: readonly string[];
  readonly eligible_authrole?: readonly string[];
  /** Asks the broker to keep the event for those who subscribe later with `get_retained`. Default: false. */
  readonly retain?: boolean;
  /** Asks the broker to tell subscribers who publishes. Default: the broker's choice. */
  readonly disclose_me?: boolean;
}

export interface SubjectOptions extends SubscribeOptions, Pick<PublishOptions, 'exclude_me' | 'retain'> {
  /** How many of the latest values wait while there is no session. Default: 0, they are dropped and counted. */
  readonly holdLast?: number;
}

export interface ConnectOptions {
  /** The router, or a function asked at every attempt. Default: `ws://localhost:8080/ws`. */
  readonly url?: Fresh<string>;
  /** The realm, or a function asked at every attempt. Default: `realm1`. */
  readonly realm?: Fresh<Uri>;
  /** Logins of one user to offer, in this order; the router chooses. Default: none, which is anonymous. */
  readonly auth?: readonly Login[];
  /** More HELLO.Details, or a function asked at every attempt. Default: none. */
  readonly details?: Fresh<Dict>;
  /** Another way to the router than a WebSocket, like `router.transport()`; `url` is not used then. */
  readonly transport?: Transport;
  /** See, change, drop or refuse messages, like `[trace, intercept(…)]`; the first is nearest to the client. Default: none. */
  readonly interceptors?: readonly Interceptor[];
  /** The serializers to offer, in this order; the router chooses. Default: `[json()]`. */
  readonly serializers?: readonly Serializer[];
  /** How the socket is opened: headers, certificates, agent, address family. Default: nothing special. */
  readonly socket?: SocketOptions;
  /** Milliseconds for opening the link, and then for each answer that the router owes until WELCOME. Default: 10 000. */
  readonly joinTimeoutMs?: number;
  /** Milliseconds to wait for the router's GOODBYE. Default: 1000. */
  readonly goodbyeTimeoutMs?: number;
  /** Milliseconds that a call may take. Default: no limit. */
  readonly callTimeoutMs?: number;
  /** Milliseconds between signs of life; 0 for none. Default: 30 000. */
  readonly keepAliveMs?: number;
  /** The largest message, encoded, in bytes, both ways. Default: 16 MiB (16 777 216). */
  readonly maxMessageBytes?: number;
  /** `true` keeps the messages of errors that are no `ApplicationError` from callers. Default: false. */
  readonly maskErrors?: boolean;
  /** Starts sockets and timers, for instance outside of Angular's zone. Default: starts them as they are. */
  readonly runOutside?: <T>(start: () => T) => T;
  /** Is told what no stream can tell; `false` for nobody. Default: the console's `warn` and `error`. */
  readonly logger?: Logger | false;
}

export interface ReconnectOptions {
  /** Milliseconds to wait before round 2, 3, … of attempts. Default: 500 doubled each time, at most 30 000, half of it random. */
  readonly retryDelayMs?: (attempt: number) => number;
  /** Rounds through the URLs before giving up with the last error. Default: Infinity. */
  readonly maxAttempts?: number;
  /** Whether waiting cannot mend an error. Default: refusals before the first session, and five refusals in a row after it. */
  readonly isFatal?: (error: WampError) => boolean;
}

export interface ClientOptions extends Omit<ConnectOptions, 'url'>, ReconnectOptions {
  /** The router, or several that are tried in turn, or a function asked at every attempt. Default: `ws://localhost:8080/ws`. */
  readonly url?: Fresh<string | readonly string[]>;
  /** Milliseconds that the session is kept after the last subscriber. Default: 1000. */
  readonly lingerMs?: number;
  /** Milliseconds that calls and publishes wait for a session; 0 fails at once. Default: 30 000. */
  readonly waitMs?: number;
}

/**
 * What is wrong with a value, as the end of a sentence; undefined if nothing is.
 * @throws {TypeError} Something below the value is wrong.
 */
type Check = (value: unknown, name: string, of: string) => string | undefined;
export type Checks = Readonly<Record<string, Check>>;
type Test = (value: unknown) => boolean;

const must =
  (what: string, holds: Test): Check =>
  (value) =>
    holds(value) ? undefined : `must be ${what}, not ${named(value)}`;
const is =
  (type: string): Test =>
  (value) =>
    typeof value === type;
const whole =
  (least: number): Test =>
  (value) =>
    Number.isInteger(value) && (value as number) >= least;
const isText = is('string');
const isFunction = is('function');
const isOptional = (value: unknown): boolean => value === undefined || isFunction(value);

const any: Check = () => undefined;
const bool = must('true or false', is('boolean'));
export const text: Check = must('a text', isText);
const fn = must('a function', isFunction);
const fnOrNone = must('a function', isOptional);
const count = must('a whole number from 1', whole(1));
export const milliseconds: Check = must('a number of milliseconds, 0 or more', (value) => (value as number) >= 0 && is('number')(value));
const list = must('a list', Array.isArray);
const oneOf = (...values: readonly string[]): Check => must(`one of ${values.join(', ')}`, (value) => values.includes(value as string));
const match = oneOf('exact', 'prefix', 'wildcard');
const listOf = (what: string, holds: Test): Check => must(`a list of ${what}`, (value) => Array.isArray(value) && value.every(holds));
const ids = listOf('session ids', isId);
const texts = listOf('texts', isText);
const some =
  (check: Check): Check =>
  (value, ...where) =>
    check(value, ...where) ??
    ((value as List).length > 0 ? undefined : 'must not be empty: routers take that for everyone; leave it out, or publish nothing');
const each =
  (check: Check): Check =>
  (value, name, of) => {
    const wrong = list(value, name, of);
    if (wrong === undefined) for (const [index, one] of (value as List).entries()) verify(of, `${name}[${index}]`, one, check);
    return wrong;
  };
/** An object, or `what` stands there, whose properties are as the checks say; others are its own business. */
const shape =
  (what: string, checks: Checks): Check =>
  (value, name, of) => {
    if (isDict(value)) {
      for (const key in checks) verify(of, `${name}.${key}`, value[key], checks[key] as Check);
      return undefined;
    }
    const wrong = must(what, () => false)(value, name, of);
    // In a list it is a factory that was not called, or its name.
    const factory = name.endsWith(']') ? /(?:function|text) "?(\w+)"?$/.exec(named(value)) : null;
    return factory === null ? wrong : `${wrong as string}: write ${factory[1] as string}()`;
  };
const logger = shape('a logger or false', { warn: fn, error: fn });

const WAITING: Checks = { waitMs: milliseconds, timeoutMs: milliseconds, force: bool };
export const SUBSCRIBE_OPTIONS: Checks = { match, get_retained: bool, force: bool };
export const CALL_OPTIONS: Checks = {
  mode: oneOf('skip', 'kill', 'killnowait'),
  receive_progress: bool,
  timeout: must('a whole number of milliseconds, 0 or more', whole(0)),
  disclose_me: bool,
  ...WAITING,
};
export const REGISTER_OPTIONS: Checks = {
  match,
  invoke: oneOf('single', 'roundrobin', 'random', 'first', 'last'),
  concurrency: count,
  force_reregister: bool,
  until: must('an Observable', (value) => typeof value === 'object' && isObservable(value)),
  force: bool,
};
export const PUBLISH_OPTIONS: Checks = {
  acknowledge: bool,
  exclude_me: bool,
  exclude: ids,
  exclude_authid: texts,
  exclude_authrole: texts,
  eligible: some(ids),
  eligible_authid: some(texts),
  eligible_authrole: some(texts),
  retain: bool,
  disclose_me: bool,
  ...WAITING,
};
export const SUBJECT_OPTIONS: Checks = {
  ...SUBSCRIBE_OPTIONS,
  exclude_me: bool,
  retain: bool,
  holdLast: must('a whole number, 0 or more', whole(0)),
};
const SOCKET: Checks & Record<keyof SocketOptions, Check> = {
  headers: must('an object', isDict),
  origin: text,
  ca: any,
  cert: any,
  key: any,
  passphrase: text,
  rejectUnauthorized: bool,
  servername: text,
  agent: any,
  family: must('4 or 6', (value) => value === 4 || value === 6),
  compression: bool,
  WebSocket: fn,
};
export const CONNECT_OPTIONS: Checks = {
  url: must('a URL or a function', (value) => isText(value) || isFunction(value)),
  realm: must('a URI or a function', (value) => isUri(value) || isFunction(value)),
  auth: each(shape('a login', { authmethod: text, hello: fnOrNone, answer: fn, verify: fnOrNone })),
  details: (value, name) => {
    if (!isFunction(value)) sendableKwargs(value, name);
    return undefined;
  },
  transport: fn,
  interceptors: each(fn),
  serializers: each(shape('a serializer', { protocol: text, encode: fn, decode: fn })),
  socket: (value, name) => {
    checkOptions(name, value as object, SOCKET);
    return undefined;
  },
  joinTimeoutMs: milliseconds,
  goodbyeTimeoutMs: milliseconds,
  callTimeoutMs: milliseconds,
  keepAliveMs: milliseconds,
  maxMessageBytes: count,
  maskErrors: bool,
  runOutside: fn,
  logger: (value, ...where) => (value === false ? undefined : logger(value, ...where)),
};
export const CLIENT_OPTIONS: Checks = {
  ...CONNECT_OPTIONS,
  url: must('a URL, a list of URLs or a function', (value) => {
    const urls: List = [value].flat();
    return isFunction(value) || (urls.length > 0 && urls.every(isText));
  }),
  retryDelayMs: fn,
  maxAttempts: must('a whole number from 1, or Infinity', (value) => value === Infinity || whole(1)(value)),
  isFatal: fn,
  lingerMs: milliseconds,
  waitMs: milliseconds,
};
const CUSTOM = /^(_[a-z0-9]|x_)/;
/** Options of operations that stay here. */
const LOCAL: ReadonlySet<string> = new Set(['mode', 'force', 'until', 'waitMs', 'timeoutMs']);

/**
 * Checks options by name and value.
 * @param of What they are options of, for the sentence.
 * @throws {TypeError} An unknown name, or a wrong value.
 */
export function checkOptions(of: string, options: object, checks: Checks): void {
  if (!isDict(options)) {
    const hint = isFunction(options) ? ': several operators are one with pipe(…)' : '';
    throw new TypeError(`options of ${of} must be an object, not ${named(options)}${hint}`);
  }
  for (const name in options) {
    const value = options[name];
    if (value === undefined) continue;
    const check = Object.hasOwn(checks, name) ? checks[name] : CUSTOM.test(name) ? any : undefined;
    if (check === undefined) throw new TypeError(`unknown option ${name} of ${of}: it has ${Object.keys(checks).join(', ')}`);
    verify(of, name, value, check);
  }
}

function verify(of: string, name: string, value: unknown, check: Check): void {
  const wrong = check(value, name, of);
  if (wrong !== undefined) throw new TypeError(`option ${name} of ${of} ${wrong}`);
}

/**
 * Checks the options of an operation and picks what goes on the wire: no undefined, nothing local, and no default that some routers read
 * in a way of their own.
 * @throws {TypeError} An unknown name, or a wrong value.
 */
export function wireOptions(of: string, options: object | undefined, checks: Checks): Dict {
  if (options === undefined) return NO_OPTIONS;
  checkOptions(of, options, checks);
  let wire: Record<string | symbol, unknown> | undefined;
  for (const name in options) {
    if (LOCAL.has(name)) continue;
    const value = sendableOption(options, name, (options as Dict)[name]);
    if (value === undefined || (name === 'match' && value === 'exact')) continue;
    (wire ??= {})[name] = value;
  }
  if ((options as Forced).force === true) (wire ??= {})[FORCE] = true;
  return (wire as Dict | undefined) ?? NO_OPTIONS;
}

/**
 * Checks a URI before anything is made of it.
 * @throws {TypeError} It is none.
 */
export function checkUri(of: string, uri: unknown, match: Match = 'exact'): void {
  if (isUri(uri, match)) return;
  throw new TypeError(`${of} needs a URI like com.example.name, without spaces, # or empty parts, not ${named(uri)}`);
}
