// What is asked of the router and kept until it is given back: subscriptions and registrations, each with those who want it.
// A table outlives a session: it is attached to one core at a time. Knows no socket, timer, promise or rxjs.
// Source: WAMP basic profile, "Publish and Subscribe", "Remote Procedure Calls"; advanced profile, "Pattern-based Subscriptions",
// "Shared Registration", "Subscription Revocation", "Registration Revocation".
import { ApplicationError, type WampError } from '../protocol/errors.ts';
import { type Dict, type Id, SUBSCRIBE, type Uri } from '../protocol/messages.ts';
import type { Cancel, Sink } from '../protocol/sink.ts';
import type { Handler } from './callee.ts';
import { ASKED, Claim, claimsIn, end, type Held, hold, Joined, keyOf, roleOf, type Wanting } from './claim.ts';
import { request } from './confirmation.ts';
import type { Event } from './result.ts';
import type { SessionCore } from './session.ts';

/** The environment of a table. */
export interface TableHost {
  /** Runs a task at the end of this turn; a table without it lets go of topics at once. */
  readonly defer?: (task: () => void) => void;
  /** Everything in the table ends with the session, whoever asked for it. */
  readonly bound?: boolean;
  /** Whether callers do not get to know the message of an error that is no `ApplicationError`. */
  readonly maskErrors?: boolean | undefined;
  /**
   * The old session still holds a procedure after a reconnect: arranges another try, or returns undefined to give up.
   * `attempt` counts from 1.
   */
  again?(attempt: number, retry: () => void): Cancel | undefined;
  /** Nothing is left in the table. */
  empty?(): void;
}

/** What stands in a table, for people. */
export interface Listed {
  readonly topics: readonly { readonly topic: Uri; readonly subscribers: number; readonly id: Id | undefined }[];
  readonly registrations: readonly { readonly procedure: Uri; readonly running: number; readonly id: Id | undefined }[];
}

/** A table of claims. */
export class Claims {
  readonly host: TableHost;
  /** By role, URI and match. */
  readonly #claims: Map<string, Held> = new Map();
  /** Those whose session's end is their own: they do not wait for the next one. */
  readonly #bound: Set<Wanting> = new Set();
  /** Keys of which an id is being given back: a request now could be confirmed with it. */
  readonly #leaving: Set<string> = new Set();
  /** Given back, with invocations that still run. */
  readonly #draining: Set<Claim> = new Set();
  #core: SessionCore | undefined;

  constructor(host: TableHost = {}) {
    this.host = host;
  }

  get size(): number {
    return this.#claims.size;
  }

  get #all(): readonly Claim[] {
    return [...this.#claims.values()].flat();
  }

  /**
   * Asks for a topic or a procedure; `sink.open` gets its id at every confirmation, at once where it stands already.
   * @param handler What makes it a registration, which is not shared.
   */
  claim(uri: Uri, options: Dict, sink: Sink<Event, Id>, bound: boolean, handler?: Handler): Wanting {
    const callee = handler && { handler, draining: false, attempt: 0, waiting: undefined };
    const key = keyOf({ uri, options, callee });
    const members = this.#at(key);
    const known = handler ? undefined : members.find((member) => sameOptions(member.options, options));
    const one = known ? new Joined(known, sink) : new Claim(this, uri, options, sink, callee);
    if (known) known.others = [...(known.others ?? []), one];
    else hold(this.#claims, key, [...members, one as Claim]);
    if (bound && this.host.bound !== true) this.#bound.add(one);
    if (one.claim.id) sink.open?.(one.claim.id);
    else this.#balance(key);
    return one;
  }

  /** Someone has left. */
  left(one: Wanting): void {
    const { claim } = one;
    this.#bound.delete(one);
    const others = claim.others?.filter((other) => other !== one);
    claim.others = others?.[0] && others;
    if (claim.isWanted) return;
    this.#rest(claim);
    if (!claim.sink) {
      for (const running of this.#core?.running(claim) ?? []) running.cancel();
      this.#draining.delete(claim);
    }
    const balance = (): void => {
      this.#balance(keyOf(claim));
    };
    if (this.#core && this.host.defer && !claim.callee) this.host.defer(balance);
    else balance();
  }

  /** Ends a claim that was given back, unless something still runs for it. */
  drained(claim: Claim): void {
    const core = this.#core;
    if (claim.id !== undefined || !this.#draining.has(claim) || core?.running(claim)[0]) return;
    this.#draining.delete(claim);
    if (core) core.guard(() => end(claim));
    else end(claim);
  }

  /** Asks for everything on a new session. */
  attach(core: SessionCore): void {
    this.#core = core;
    for (const key of [...this.#claims.keys()]) this.#balance(key);
  }

  /** The session is lost: who is bound gets its error, the others wait for the next session. */
  detach(error: WampError): void {
    const core = this.#core;
    this.#core = undefined;
    this.#leaving.clear();
    const bound = this.#all.flatMap(({ wanting }) => wanting).filter((one) => this.host.bound === true || this.#bound.has(one));
    for (const claim of this.#all) {
      this.#rest(claim);
      if (claim.callee && claim.id !== undefined) claim.callee.attempt ||= 1;
      claim.id = undefined;
      this.#balance(keyOf(claim));
    }
    // Their invocations are gone with the session.
    this.#returned([...this.#draining]);
    for (const one of bound) core?.guard(() => end(one, error));
  }

  /** Everyone of this moment: each is ended by the task, with an error or by completion. */
  ends(error?: WampError): (() => void)[] {
    return [...this.#all, ...this.#draining].flatMap(({ wanting }) => wanting).map((one) => () => end(one, error));
  }

  /** The router took away what had an id. */
  revoked(claims: readonly Claim[], reason: unknown): void {
    const { standing } = roleOf(claims[0]);
    const why = typeof reason === 'string' ? reason : undefined;
    const message = `the router revoked the ${standing} ${claims[0]?.uri ?? ''}${why === undefined ? '' : `: ${why}`}`;
    const uri = why ?? `wamp.error.${standing.replace(/ .*/, '_revoked')}`;
    this.#refuse(claims, new ApplicationError(uri, undefined, undefined, { message }));
  }

  /** For people. */
  list(): Listed {
    const id = (claim: Claim): Id | undefined => (claim.id === ASKED ? undefined : claim.id);
    return {
      topics: this.#all.filter(({ callee }) => !callee).map((one) => ({ topic: one.uri, subscribers: one.wanting.length, id: id(one) })),
      registrations: this.#all
        .filter(({ callee }) => callee)
        .map((one) => ({ procedure: one.uri, running: this.#core?.running(one).length ?? 0, id: id(one) })),
    };
  }

  /** Makes the wire fit what is wanted of one URI and match: asks for it, and gives back what is not. */
  #balance(key: string): void {
    const core = this.#core;
    for (const claim of this.#at(key)) if (!claim.isWanted && claim.id === undefined) this.#release(claim);
    if (!core || this.#leaving.has(key)) return;
    const members = this.#at(key);
    const unwanted = members.filter(({ isWanted }) => !isWanted);
    for (const claim of members) {
      // A registration that is on its way out holds the procedure until it is gone.
      const isHeld = claim.callee && (claim.callee.waiting ?? unwanted[0]);
      if (claim.id === undefined && !isHeld) this.#ask(core, claim, key);
    }
    // What is under way may be confirmed with the id that would be given back.
    if (members.some(({ id }) => id === ASKED)) return;
    for (const claim of unwanted) {
      const id = claim.id as Id;
      const held = claimsIn(core[roleOf(claim).ids].get(id));
      if (held.some(({ isWanted }) => isWanted)) this.#release(claim);
      // One after the other, where they are several.
      else if (!this.#leaving.has(key)) this.#giveBack(core, key, id, held);
    }
  }

  #ask(core: SessionCore, claim: Claim, key: string): void {
    const { code, asking, ids } = roleOf(claim);
    claim.id = ASKED;
    request(core, {
      kind: code,
      what: `${asking} ${claim.uri}`,
      repeats: code === SUBSCRIBE,
      message: (id, again) => {
        if (claim.isWanted) return [code, id, claim.options, claim.uri];
        if (again) return undefined;
        // Everyone left before it was sent.
        claim.id = undefined;
        this.#balance(key);
        return undefined;
      },
      done: (error, id) => {
        // What ends with its session is detached from it, and told by its owner.
        if (!core.isOpen) return;
        if (error) {
          claim.id = undefined;
          if (this.#triesAgain(claim, error)) this.#balance(key);
          else this.#refuse([claim], error);
          return;
        }
        claim.id = id;
        if (claim.callee) claim.callee.attempt = 0;
        hold(core[ids], id, [...claimsIn(core[ids].get(id)), claim]);
        if (claim.isWanted) for (const one of claim.wanting) core.guard(() => one.sink?.open?.(id));
        this.#balance(key);
      },
    });
  }

  #giveBack(core: SessionCore, key: string, id: Id, claims: readonly Claim[]): void {
    const { code, ids } = roleOf(claims[0]);
    this.#leaving.add(key);
    for (const claim of claims) this.#forget(claim);
    const draining = claims.filter((claim) => this.#draining.has(claim));
    // They run what comes until the answer; others say that they do not.
    for (const claim of draining) claim.id = id;
    core[ids].set(id, draining);
    request(core, {
      kind: code + 2,
      what: '',
      message: (number) => [code + 2, number, id],
      // However it is answered.
      done: () => {
        if (!core.isOpen) return;
        core[ids].delete(id);
        this.#leaving.delete(key);
        this.#returned(draining);
        this.#balance(key);
      },
    });
  }

  /** Whether a refused claim waits for another try. */
  #triesAgain(claim: Claim, error: WampError): boolean {
    const { callee } = claim;
    if (!callee?.attempt || !claim.isWanted || error.uri !== 'wamp.error.procedure_already_exists') return false;
    callee.waiting = this.host.again?.(callee.attempt++, () => {
      callee.waiting = undefined;
      this.#balance(keyOf(claim));
    });
    return callee.waiting !== undefined;
  }

  #rest({ callee }: Claim): void {
    callee?.waiting?.unsubscribe();
    if (callee) callee.waiting = undefined;
  }

  /** Lets go of claims of one key before anyone hears of it: who comes back inside the error finds nothing of them. */
  #refuse(claims: readonly Claim[], error: WampError): void {
    const core = this.#core;
    for (const claim of claims) this.#forget(claim);
    for (const claim of claims) this.#balance(keyOf(claim));
    for (const one of claims.flatMap(({ wanting }) => wanting)) core?.guard(() => end(one, error));
  }

  #release(claim: Claim): void {
    this.#forget(claim);
    this.drained(claim);
  }

  #returned(claims: readonly Claim[]): void {
    for (const claim of claims) {
      claim.id = undefined;
      this.drained(claim);
    }
  }

  #forget(claim: Claim): void {
    const { id } = claim;
    const others = (held: Held | undefined): Claim[] => claimsIn(held).filter((other) => other !== claim);
    hold(this.#claims, keyOf(claim), others(this.#claims.get(keyOf(claim))));
    const ids = this.#core?.[roleOf(claim).ids];
    if (id && ids) hold(ids, id, others(ids.get(id)));
    claim.id = undefined;
    if (claim.callee?.draining && claim.sink) this.#draining.add(claim);
    if (this.#claims.size === 0) this.host.empty?.();
  }

  #at(key: string): readonly Claim[] {
    return claimsIn(this.#claims.get(key));
  }
}

function sameOptions(a: Dict, b: Dict): boolean {
  return a === b || JSON.stringify(Object.entries(a).sort()) === JSON.stringify(Object.entries(b).sort());
}
