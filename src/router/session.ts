// One link of the router from its opening to its end: HELLO, WELCOME, GOODBYE, ABORT, and the queue of a slow client.
// Knows a Transport and no socket; role messages are the business of `Requests`.
// Source: WAMP basic profile, "Sessions"; "Protocol Violations".
import { nextId, randomId } from '../protocol/ids.ts';
import {
  ABORT,
  AUTHENTICATE,
  CALL,
  CHALLENGE,
  GOODBYE,
  HELLO,
  PUBLISH,
  REGISTER,
  SUBSCRIBE,
  UNREGISTER,
  UNSUBSCRIBE,
  WELCOME,
} from '../protocol/messages.ts';
import type { Dict, Hello, Id, List, Uri } from '../protocol/messages.ts';
import { Garbled } from '../protocol/sink.ts';
import type { Cancel, Channel, Transport } from '../protocol/sink.ts';
import { isUri } from '../protocol/uris.ts';
import { nameOf, roleFor, violation } from './check.ts';
import type { Incoming } from './check.ts';
import { after } from './clock.ts';
import { loginFor, principal, refusal } from './login.ts';
import type { Challenged, LoginStep, Principal, RouterLogin } from './login.ts';
import type { ClientRole, Member } from './operations.ts';
import type { Realm } from './realm.ts';
import { Requests } from './requests.ts';

/** Sees every message of every session; what it returns goes on instead, and `undefined` drops it. */
export type Intercept = (direction: 'in' | 'out', message: List, session: Id) => List | undefined;

/** What a session needs of its router. */
export interface SessionHost {
  readonly agent: string;
  readonly sequentialIds: boolean;
  readonly maxQueueBytes: number;
  readonly goodbyeTimeoutMs: number;
  readonly loginTimeoutMs: number;
  readonly intercept: Intercept | undefined;
  /** Tells whoever runs the router what no client may know. */
  report(message: string, error: unknown): void;
  /** False once the router is closing. */
  readonly isOpen: boolean;
  realm(name: Uri): Realm | undefined;
  began(session: RouterSession): void;
  ended(session: RouterSession): void;
}

/** What whoever comes too late is told. */
export const CLOSED = 'the router is closed: make a new one';

const NUMBERED: readonly number[] = [PUBLISH, SUBSCRIBE, UNSUBSCRIBE, CALL, REGISTER, UNREGISTER];

/** How many times `maxQueueBytes` may wait for a client before its link is ended. */
const DISCONNECT_FACTOR = 4;

export class RouterSession implements Cancel {
  readonly id: Id = randomId();
  readonly #host: SessionHost;
  #state: 'joining' | 'login' | 'open' | 'closing' | 'closed' = 'joining';
  #link: Cancel | undefined;
  #channel: Channel | undefined;
  #realm: Realm | undefined;
  #member: Member | undefined;
  #requests: Requests | undefined;
  /** A CHALLENGE that AUTHENTICATE has not answered. */
  #challenged: ((signature: string, extra: Dict) => void) | undefined;
  #roles: Dict = {};
  #lastRequest: Id = 0;
  #dropped = 0;
  #overflowing = false;
  #goodbye: Promise<void> | undefined;
  #farewell: (() => void) | undefined;
  #stopWaiting: (() => void) | undefined;

  constructor(host: SessionHost, transport: Transport) {
    this.#host = host;
    host.began(this);
    const { loginTimeoutMs } = host;
    this.#stopWaiting = after(loginTimeoutMs, () => {
      this.#abort('wamp.error.timeout', `no HELLO came within ${String(loginTimeoutMs)} ms`);
    });
    this.#link = transport({
      open: (channel) => {
        this.#channel = channel;
      },
      next: (message) => {
        this.#receive(message);
      },
      error: () => {
        this.#link = undefined;
        this.unsubscribe();
      },
      complete: () => {
        this.#link = undefined;
        this.unsubscribe();
      },
    });
    if (this.#isClosed()) this.#link.unsubscribe();
  }

  /** The realm it has joined. */
  get realm(): Uri | undefined {
    return this.#realm?.name;
  }

  /** How many EVENTs and progressive RESULTs its slowness has cost it. */
  get dropped(): number {
    return this.#dropped;
  }

  /**
   * Says GOODBYE and waits for the echo, at most for the router's limit; then the link ends.
   * A client that has not joined gets an ABORT.
   */
  goodbye(reason: Uri, message: string): Promise<void> {
    if (this.#goodbye) return this.#goodbye;
    if (this.#state === 'joining' || this.#state === 'login') this.#abort(reason, message);
    if (this.#state !== 'open') {
      this.unsubscribe();
      return Promise.resolve();
    }
    this.#state = 'closing';
    this.#push([GOODBYE, { message }, reason]);
    this.#forget();
    return (this.#goodbye = new Promise((resolve) => {
      this.#farewell = resolve;
      this.#stopWaiting = after(this.#host.goodbyeTimeoutMs, () => {
        this.unsubscribe();
      });
    }));
  }

  /** Ends the link without a word. */
  unsubscribe(): void {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    this.#stopWaiting?.();
    this.#forget();
    this.#link?.unsubscribe();
    this.#host.ended(this);
    this.#farewell?.();
  }

  #receive(message: List | Garbled): void {
    if (this.#state === 'closed') return;
    if (message instanceof Garbled) {
      this.#violated('a frame could not be decoded');
      return;
    }
    try {
      const seen = this.#host.intercept ? this.#host.intercept('in', message, this.id) : message;
      if (seen !== undefined) this.#take(seen);
    } catch (error) {
      // Nothing may be thrown into a transport: `ws` would stop reading, and the link would hang.
      this.#abort('wamp.error.runtime_error', `the router failed: ${String(error)}`);
    }
  }

  #take(message: List): void {
    const wrong = violation(message);
    if (wrong !== undefined) {
      // While our GOODBYE is under way everything else is ignored.
      if (this.#state !== 'closing') this.#violated(wrong);
      return;
    }
    const incoming = message as unknown as Incoming;
    const [code] = incoming;
    if (code === ABORT || (code === GOODBYE && this.#state === 'closing')) this.unsubscribe();
    else if (this.#state === 'joining') this.#join(incoming);
    else if (this.#state === 'login') this.#authenticate(incoming);
    else if (this.#state === 'open') this.#serve(incoming);
  }

  #join(message: Incoming): void {
    if (message[0] !== HELLO) {
      this.#violated(`${nameOf(message[0])} before HELLO`);
      return;
    }
    const [, name] = message;
    const realm = this.#host.realm(name);
    if (!this.#host.isOpen) this.#abort('wamp.close.system_shutdown', CLOSED);
    else if (!isUri(name)) this.#abort('wamp.error.invalid_uri', `HELLO.Realm ${JSON.stringify(name)} is not a URI`);
    else if (realm === undefined) this.#abort('wamp.error.no_such_realm', `this router has no realm "${name}"`);
    else this.#login(realm, message);
  }

  #login(realm: Realm, [, , details]: Hello): void {
    const login = loginFor(realm.name, realm.logins, details);
    if ('abort' in login) {
      this.#abort(login.abort, login.message);
      return;
    }
    this.#roles = details['roles'] as Dict;
    this.#state = 'login';
    this.#stopWaiting?.();
    this.#stopWaiting = after(this.#host.loginTimeoutMs, () => {
      this.#abort('wamp.error.timeout', `the login by ${login.authmethod} took longer than ${String(this.#host.loginTimeoutMs)} ms`);
    });
    this.#step(realm, login, () => login.begin({ realm: realm.name, session: this.id, details }));
  }

  /** Goes one step of a login; what is at hand is taken in the same turn. */
  #step(realm: Realm, login: RouterLogin, take: () => LoginStep | Promise<LoginStep>): void {
    const failed = (error: unknown): void => {
      this.#host.report(`the login by ${login.authmethod} in realm ${realm.name} failed`, error);
      this.#abort('wamp.error.authentication_failed', `the login by ${login.authmethod} could not be checked: see the log of the router`);
    };
    const taken = (step: LoginStep): void => {
      if (this.#state !== 'login') return;
      if (step === undefined || 'refused' in step) {
        const { abort, message } = refusal(login.authmethod, step);
        this.#abort(abort, message);
      } else if ('challenge' in step) this.#challenge(realm, login, step);
      else this.#welcome(realm, principal(login.authmethod, step));
    };
    try {
      const step = take();
      if (step instanceof Promise) step.then(taken).catch(failed);
      else taken(step);
    } catch (error) {
      failed(error);
    }
  }

  #challenge(realm: Realm, login: RouterLogin, step: Challenged): void {
    this.#challenged = (signature, extra) => {
      this.#step(realm, login, () => step.answer(signature, extra));
    };
    this.#push([CHALLENGE, login.authmethod, step.challenge]);
  }

  #authenticate(message: Incoming): void {
    const answered = this.#challenged;
    this.#challenged = undefined;
    if (message[0] === AUTHENTICATE && answered) answered(message[1], message[2]);
    else this.#violated(`${nameOf(message[0])} ${message[0] === AUTHENTICATE ? 'without a CHALLENGE' : 'before WELCOME'}`);
  }

  #welcome(realm: Realm, principal: Principal): void {
    const { authid, authrole, authmethod, authprovider } = principal;
    this.#stopWaiting?.();
    this.#member = {
      id: this.id,
      authid,
      authrole,
      authmethod,
      authprovider,
      has: (role, feature) => this.#has(role, feature),
      end: (reason, message) => void this.goodbye(reason, message),
    };
    this.#realm = realm;
    this.#requests = new Requests(realm.join(this.#member), this.#member, (message, expendable) => {
      if (this.#state === 'open') this.#push(message, expendable);
    });
    this.#state = 'open';
    this.#push([
      WELCOME,
      this.id,
      {
        realm: realm.name,
        ...principal,
        agent: this.#host.agent,
        roles: realm.roles,
      },
    ]);
  }

  #serve(message: Incoming): void {
    const [code] = message;
    if (code === GOODBYE) {
      this.#state = 'closing';
      this.#push([GOODBYE, {}, 'wamp.close.goodbye_and_out']);
      this.unsubscribe();
      return;
    }
    const wrong = this.#outOfPlace(message) ?? this.#requests?.receive(message);
    if (wrong !== undefined) this.#violated(wrong);
  }

  #outOfPlace([code, request]: Incoming): string | undefined {
    if (code === HELLO || code === AUTHENTICATE) return `${nameOf(code)} in an open session`;
    const role = roleFor(code);
    if (role !== undefined && !Object.hasOwn(this.#roles, role)) {
      return `${nameOf(code)} from a client that did not announce the role ${role}`;
    }
    if (!this.#host.sequentialIds || !NUMBERED.includes(code)) return undefined;
    const expected = nextId(this.#lastRequest);
    this.#lastRequest = expected;
    return request === expected ? undefined : `${nameOf(code)}.Request must be ${expected}, the next of this session`;
  }

  #has(role: ClientRole, feature: string): boolean {
    const announced = this.#roles[role] as { readonly features?: Dict } | undefined;
    return announced?.features?.[feature] === true;
  }

  #violated(what: string): void {
    if (this.#state === 'closing') return;
    this.#abort('wamp.error.protocol_violation', what);
  }

  #abort(reason: Uri, message: string): void {
    if (this.#isClosed()) return;
    this.#state = 'closing';
    this.#push([ABORT, { message }, reason]);
    this.unsubscribe();
  }

  /** Gives back all that it holds in its realm. */
  #forget(): void {
    const requests = this.#requests;
    this.#requests = undefined;
    requests?.end();
    if (this.#member) this.#realm?.leave(this.#member);
    this.#member = undefined;
  }

  #push(message: List, expendable = false): void {
    const { intercept, maxQueueBytes } = this.#host;
    const channel = this.#channel;
    const seen = intercept ? intercept('out', message, this.id) : message;
    if (!channel || seen === undefined) return;
    const waiting = channel.bufferedAmount;
    if (expendable && waiting > maxQueueBytes) this.#dropped++;
    else channel.send(seen);
    if (waiting > maxQueueBytes * DISCONNECT_FACTOR) this.#overflow();
  }

  /** Ends the link once whoever is sending has returned, because ending it changes the tables that he goes through. */
  #overflow(): void {
    if (this.#overflowing || this.#state !== 'open') return;
    this.#overflowing = true;
    queueMicrotask(() => {
      const limit = this.#host.maxQueueBytes * DISCONNECT_FACTOR;
      this.#abort('wamp.error.network_failure', `more than ${String(limit)} bytes wait for this client: it reads too slowly`);
    });
  }

  // A method, because the compiler takes the state for settled between two looks at the field.
  #isClosed(): boolean {
    return this.#state === 'closed';
  }
}
