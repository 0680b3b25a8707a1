// One SUBSCRIBE or REGISTER, and those who want it.
// Knows its table, and no session: what becomes of it on the wire is the table's business.
// Source: WAMP basic profile, "Publish and Subscribe", "Remote Procedure Calls".
import type { WampError } from '../protocol/errors.ts';
import type { Dict, Id, Uri } from '../protocol/messages.ts';
import { REGISTER, SUBSCRIBE } from '../protocol/messages.ts';
import type { Cancel, Sink } from '../protocol/sink.ts';
import type { Handler } from './callee.ts';
import type { Claims } from './claims.ts';
import type { Event } from './result.ts';

/** What subscriptions and registrations differ in. */
interface Role {
  /** The request; its confirmation, its opposite and the opposite's confirmation follow it in number. */
  readonly code: typeof SUBSCRIBE | typeof REGISTER;
  /** What stands before the URI in a sentence. */
  readonly asking: string;
  readonly standing: string;
  /** Where the ids of a session stand. */
  readonly ids: 'topics' | 'registrations';
}
const SUBSCRIBER: Role = { code: SUBSCRIBE, asking: 'subscribe to', standing: 'subscription to', ids: 'topics' };
const CALLEE: Role = { code: REGISTER, asking: 'register of', standing: 'registration of', ids: 'registrations' };

/** Someone who wants a claim. */
export interface Wanting extends Cancel {
  readonly claim: Claim;
  /** Undefined once it has left. */
  sink: Sink<Event, Id> | undefined;
}

/** What only a registration has. */
interface Callee {
  readonly handler: Handler;
  /** It is given back, and ends once what runs has been answered. */
  draining: boolean;
  /** Above 0 once an earlier session had it, or asked for it: that session may still hold the procedure. */
  attempt: number;
  waiting: Cancel | undefined;
}

/** The `id` of what is under way; a real one is from 1. */
export const ASKED: Id = 0;

/**
 * One SUBSCRIBE or REGISTER and what comes of it. It is the first of those who want it, since most have no other: an object less for each of
 * thousands.
 */
export class Claim implements Wanting {
  readonly table: Claims;
  readonly uri: Uri;
  /** What goes on the wire. */
  readonly options: Dict;
  readonly callee: Callee | undefined;
  /** On the current session; undefined if it is not asked for. */
  id: Id | undefined = undefined;
  sink: Sink<Event, Id> | undefined;
  /** Those who came later. Never written to, as it may be in use. */
  others: readonly Wanting[] | undefined = undefined;

  constructor(table: Claims, uri: Uri, options: Dict, sink: Sink<Event, Id>, callee: Callee | undefined) {
    this.table = table;
    this.uri = uri;
    this.options = options;
    this.sink = sink;
    this.callee = callee;
  }

  get claim(): this {
    return this;
  }

  get isWanted(): boolean {
    return (this.sink ?? this.others) !== undefined && this.callee?.draining !== true;
  }

  /** Everyone who wants it. */
  get wanting(): readonly Wanting[] {
    return [this, ...(this.others ?? [])].filter(({ sink }) => sink);
  }

  unsubscribe(): void {
    leave(this);
  }

  /** Leaves a registration without cancelling: the sink completes behind UNREGISTERED, when what ran until then has been answered. */
  drain(): void {
    if (!this.sink || !this.callee) return;
    this.callee.draining = true;
    this.table.left(this);
  }
}

/** Someone who came to a claim that others have. */
export class Joined implements Wanting {
  readonly claim: Claim;
  sink: Sink<Event, Id> | undefined;

  constructor(claim: Claim, sink: Sink<Event, Id>) {
    this.claim = claim;
    this.sink = sink;
  }

  unsubscribe(): void {
    leave(this);
  }
}

function leave(one: Wanting): void {
  if (!one.sink) return;
  one.sink = undefined;
  one.claim.table.left(one);
}

/** Most keys and ids have one claim: a list less for each of thousands. */
export type Held = Claim | readonly Claim[];

export function claimsIn(held: Held | undefined): readonly Claim[] {
  return [held ?? []].flat();
}

export function hold<K>(map: Map<K, Held>, key: K, claims: readonly Claim[]): void {
  const [one] = claims;
  if (one) map.set(key, claims.length > 1 ? claims : one);
  else map.delete(key);
}

export function roleOf(claim: Pick<Claim, 'callee'> | undefined): Role {
  return claim?.callee ? CALLEE : SUBSCRIBER;
}

/** A space cannot stand in a URI, so that no two keys collide. */
export function keyOf({ uri, options, callee }: Pick<Claim, 'uri' | 'options' | 'callee'>): string {
  const match = options['match'];
  const key = match === undefined ? uri : `${uri} ${match as string}`;
  return callee ? ` ${key}` : key;
}

/** Leaves for whoever has, and tells why. */
export function end(one: Wanting, error?: WampError): void {
  const { sink } = one;
  one.unsubscribe();
  if (error) sink?.error(error);
  else sink?.complete();
}
