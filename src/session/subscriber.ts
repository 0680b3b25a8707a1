// Subscriber role: topics with their subscribers, one SUBSCRIBE per (topic, match, options), and the fan-out of EVENTs.
// The table outlives a session: it is attached to one core at a time. Knows no socket, timer, promise or rxjs.
// Source: WAMP basic profile, "Publish and Subscribe"; advanced profile, "Pattern-based Subscriptions", "Subscription Revocation",
// "Event Retention".
import type { WampError } from '../protocol/errors.ts';
import { ApplicationError } from '../protocol/errors.ts';
import type { Dict, Id, List, Uri } from '../protocol/messages.ts';
import { SUBSCRIBE, UNSUBSCRIBE } from '../protocol/messages.ts';
import type { Cancel, Sink } from '../protocol/sink.ts';
import { request } from './confirmation.ts';
import { NO_ARGS, NO_KWARGS } from './payload.ts';
import { refusal } from './refusal.ts';
import type { Event } from './result.ts';
import type { SessionCore } from './session.ts';
import { isPayload } from './shape.ts';

/** One wire subscription: what stands between SUBSCRIBE and those who listen. */
export class Topic {
  readonly table: Topics;
  readonly uri: Uri;
  /** What goes on the wire with SUBSCRIBE. */
  readonly options: Dict;
  /** On the current session: not asked for, SUBSCRIBE under way, or confirmed. */
  state: 'idle' | 'asked' | 'live' = 'idle';
  /** Of the current session. */
  id: Id | undefined = undefined;
  /** One listener stands alone, without a list. */
  listeners: Listener | Listener[] | undefined = undefined;
  /** The topics of this URI and match, where they differ in other options; they have one id. */
  siblings: Topic[] | undefined = undefined;

  constructor(table: Topics, uri: Uri, options: Dict) {
    this.table = table;
    this.uri = uri;
    this.options = options;
  }

  get count(): number {
    return Array.isArray(this.listeners) ? this.listeners.length : this.listeners === undefined ? 0 : 1;
  }
}

/** One subscriber of a topic. */
class Listener implements Cancel {
  readonly topic: Topic;
  /** Its session's end is its own: it does not wait for the next session. */
  readonly bound: boolean;
  /** Undefined once it has left. */
  sink: Sink<Event, Id> | undefined;

  constructor(topic: Topic, sink: Sink<Event, Id>, bound: boolean) {
    this.topic = topic;
    this.bound = bound;
    this.sink = sink;
  }

  unsubscribe(): void {
    if (this.sink === undefined) return;
    this.sink = undefined;
    this.topic.table.leave(this);
  }
}

/** The environment of a table. */
export interface TableHost {
  /** Runs a task at the end of this turn; a table without it lets go at once. */
  readonly defer?: (task: () => void) => void;
  /** Nothing is left in the table. */
  empty?(): void;
}

/** The role table of the subscriber. */
export class Topics {
  /** By URI and match; where there are siblings, any of them. */
  readonly #topics: Map<string, Topic> = new Map();
  /** Keys whose UNSUBSCRIBE is not answered yet: a SUBSCRIBE now could be confirmed with the id that is about to end. */
  readonly #leaving: Set<string> = new Set();
  readonly #host: TableHost;
  #core: SessionCore | undefined;
  #delivering = 0;

  constructor(host: TableHost = {}) {
    this.#host = host;
  }

  get size(): number {
    return this.#topics.size;
  }

  /** Adds a subscriber; `sink.open` gets the subscription's id at every SUBSCRIBED, at once where it stands already. */
  subscribe(uri: Uri, options: Dict, sink: Sink<Event, Id>, bound: boolean): Cancel {
    const topic = this.#topicOf(uri, options);
    const listener = new Listener(topic, sink, bound);
    if (topic.listeners === undefined) topic.listeners = listener;
    else if (Array.isArray(topic.listeners)) topic.listeners = this.#writable(topic.listeners, listener);
    else topic.listeners = [topic.listeners, listener];
    if (topic.state === 'live') sink.open?.(topic.id as Id);
    else this.#balance(keyOf(topic));
    return listener;
  }

  leave(listener: Listener): void {
    const topic = listener.topic;
    if (topic.listeners === listener) topic.listeners = undefined;
    else if (Array.isArray(topic.listeners)) {
      const rest = topic.listeners.filter((other) => other !== listener);
      topic.listeners = rest.length > 0 ? rest : undefined;
    }
    if (topic.listeners !== undefined) return;
    const key = keyOf(topic);
    if (this.#core === undefined || this.#host.defer === undefined) this.#balance(key);
    else this.#host.defer(() => { this.#balance(key); });
  }

  /** Subscribes everything on a new session. */
  attach(core: SessionCore): void {
    this.#core = core;
    for (const key of [...this.#topics.keys()]) this.#balance(key);
  }

  /** The session is lost: bound subscribers get its error, the others wait for the next session. */
  detach(error: WampError): void {
    const core = this.#core;
    this.#core = undefined;
    this.#leaving.clear();
    const bound: Listener[] = [];
    for (const key of [...this.#topics.keys()]) {
      for (const topic of this.#members(key)) {
        topic.state = 'idle';
        topic.id = undefined;
        bound.push(...listenersOf(topic).filter((listener) => listener.bound));
      }
      this.#balance(key);
    }
    for (const listener of bound) core?.guard(() => { this.#end(listener, (sink) => { sink.error(error); }); });
  }

  /** Everyone who listens at this moment: each is ended by the task, with an error or by completion. */
  ends(error?: WampError): (() => void)[] {
    const all = [...this.#topics.keys()].flatMap((key) => this.#members(key).flatMap(listenersOf));
    return all.map((listener) => () => { this.#end(listener, (sink) => { if (error === undefined) sink.complete(); else sink.error(error); }); });
  }

  /** The router took the subscription away. */
  revoked(topic: Topic, reason: string | undefined): void {
    const error = new ApplicationError(reason ?? 'wamp.error.subscription_revoked', [], {}, {
      message: `the router revoked the subscription to ${topic.uri}${reason === undefined ? '' : `: ${reason}`}`,
    });
    const id = topic.id as Id;
    this.#core?.topics.delete(id);
    this.#refuse(this.#members(keyOf(topic)).filter((member) => member.id === id), error);
  }

  /** Hands an event to those who listened when it arrived. */
  deliver(topic: Topic, event: Event, listeners: Topic['listeners'] = topic.listeners): boolean {
    if (listeners === undefined || (event.details['retained'] === true && topic.options['get_retained'] !== true)) return false;
    if (!Array.isArray(listeners)) {
      listeners.sink?.next(event);
      return true;
    }
    this.#delivering++;
    for (const listener of listeners) {
      try {
        listener.sink?.next(event);
      } catch (error) {
        this.#core?.host.report(error);
      }
    }
    this.#delivering--;
    return true;
  }

  /** For people: every topic with its subscribers. */
  list(): { readonly topic: Uri; readonly subscribers: number; readonly id: Id | undefined }[] {
    return [...this.#topics.keys()].flatMap((key) => this.#members(key)).map((topic) => ({ topic: topic.uri, subscribers: topic.count, id: topic.id }));
  }

  #topicOf(uri: Uri, options: Dict): Topic {
    const fresh = new Topic(this, uri, options);
    const key = keyOf(fresh);
    const known = this.#topics.get(key);
    if (known === undefined) {
      this.#topics.set(key, fresh);
      return fresh;
    }
    const same = this.#members(key).find((member) => sameOptions(member.options, options));
    if (same !== undefined) return same;
    const siblings = known.siblings ?? [known];
    siblings.push(fresh);
    known.siblings = fresh.siblings = siblings;
    return fresh;
  }

  #members(key: string): Topic[] {
    const topic = this.#topics.get(key);
    return topic === undefined ? [] : [...(topic.siblings ?? [topic])];
  }

  /** Makes the wire fit the listeners of one URI and match: asks for what is wanted, lets go of what is not. */
  #balance(key: string): void {
    const core = this.#core;
    const members = this.#members(key);
    if (core === undefined) {
      for (const topic of members) if (topic.listeners === undefined) this.#forget(topic);
      return;
    }
    if (this.#leaving.has(key)) return;
    for (const topic of members) if (topic.state === 'idle' && topic.listeners !== undefined) this.#subscribe(core, topic);
    // A SUBSCRIBE under way may be confirmed with the id that an UNSUBSCRIBE would end.
    if (members.some((topic) => topic.state === 'asked')) return;
    for (const topic of members) {
      if (topic.listeners !== undefined) continue;
      const id = topic.id as Id;
      if (topic.state === 'live' && core.topics.has(id) && !members.some((other) => other.listeners !== undefined && other.id === id)) {
        // Of another id than the one that is being unsubscribed: one after the other.
        if (this.#leaving.has(key)) continue;
        core.topics.delete(id);
        this.#unsubscribe(core, key, id);
      }
      this.#forget(topic);
    }
  }

  #subscribe(core: SessionCore, topic: Topic): void {
    topic.state = 'asked';
    const current = (): boolean => this.#core === core && topic.state === 'asked';
    request(core, {
      kind: SUBSCRIBE,
      repeats: true,
      message: (id, again) => {
        if (current() && topic.listeners !== undefined) return [SUBSCRIBE, id, topic.options, topic.uri];
        // Everyone left before it was sent.
        if (current() && !again) topic.state = 'idle';
        this.#balance(keyOf(topic));
        return undefined;
      },
      confirmed: (message) => {
        if (!current()) return;
        const id = message[2] as Id;
        topic.state = 'live';
        topic.id = id;
        core.topics.set(id, topic);
        for (const listener of [...listenersOf(topic)]) core.guard(() => listener.sink?.open?.(id));
        this.#balance(keyOf(topic));
      },
      refused: (message) => {
        if (current()) this.#refuse([topic], refusal(message, `subscribe to ${topic.uri}`));
      },
      failed: (error) => {
        if (current()) this.#refuse([topic], error);
      },
    });
  }

  #unsubscribe(core: SessionCore, key: string, id: Id): void {
    this.#leaving.add(key);
    const answered = (): void => {
      if (this.#core !== core) return;
      this.#leaving.delete(key);
      this.#balance(key);
    };
    request(core, { kind: UNSUBSCRIBE, message: (number) => [UNSUBSCRIBE, number, id], confirmed: answered, refused: answered, failed: answered });
  }

  /** Lets go of topics of one key before anyone hears of it: who comes back inside the error finds nothing of them. */
  #refuse(topics: readonly Topic[], error: WampError): void {
    const core = this.#core;
    const listeners = topics.flatMap(listenersOf);
    for (const topic of topics) {
      topic.state = 'idle';
      topic.id = undefined;
      topic.listeners = undefined;
    }
    for (const topic of topics) this.#balance(keyOf(topic));
    for (const listener of listeners) core?.guard(() => { this.#end(listener, (sink) => { sink.error(error); }); });
  }

  #forget(topic: Topic): void {
    const key = keyOf(topic);
    const rest = this.#members(key).filter((member) => member !== topic);
    const heir = rest.find((member) => member.id === topic.id) ?? rest[0];
    if (heir === undefined) this.#topics.delete(key);
    else {
      this.#topics.set(key, heir);
      for (const member of rest) member.siblings = rest.length > 1 ? rest : undefined;
      if (topic.id !== undefined && this.#core?.topics.get(topic.id) === topic && heir.id === topic.id) this.#core.topics.set(topic.id, heir);
    }
    topic.siblings = undefined;
    if (this.#topics.size === 0) this.#host.empty?.();
  }

  /** A list that is being delivered to is not written to. */
  #writable(listeners: Listener[], added: Listener): Listener[] {
    if (this.#delivering > 0) return [...listeners, added];
    listeners.push(added);
    return listeners;
  }

  #end(listener: Listener, how: (sink: Sink<Event, Id>) => void): void {
    const sink = listener.sink;
    if (sink === undefined) return;
    listener.unsubscribe();
    how(sink);
  }
}

/** Hands an EVENT to every topic of its subscription. */
export function deliver(core: SessionCore, message: List): void {
  const id = message[1] as Id;
  const details = message[3] as Dict;
  const args = message[4] as List | undefined;
  const kwargs = message[5] as Dict | undefined;
  const topic = core.topics.get(id);
  if (topic === undefined || !isPayload(details, args, kwargs)) {
    core.malformed(message);
    return;
  }
  const list = args ?? NO_ARGS;
  const concrete = details['topic'];
  const event: Event = {
    value: list[0],
    args: list,
    kwargs: kwargs ?? NO_KWARGS,
    topic: typeof concrete === 'string' ? concrete : topic.uri,
    publication: message[2] as Id,
    details,
  };
  let heard = false;
  if (topic.siblings === undefined) heard = topic.table.deliver(topic, event);
  else {
    // All lists first: who comes to one of them while another is served does not get this event.
    const lists = topic.siblings.filter((sibling) => sibling.id === id).map((sibling) => ({ sibling, listeners: [...listenersOf(sibling)] }));
    for (const { sibling, listeners } of lists) if (listeners.length > 0) heard = topic.table.deliver(sibling, event, listeners) || heard;
  }
  if (!heard) core.drop();
}

/** A space cannot stand in a URI, so that no two keys collide. */
function keyOf(topic: Topic): string {
  const match = topic.options['match'];
  return match === undefined ? topic.uri : `${topic.uri} ${match as string}`;
}

function listenersOf(topic: Topic): readonly Listener[] {
  return topic.listeners === undefined ? [] : Array.isArray(topic.listeners) ? topic.listeners : [topic.listeners];
}

function sameOptions(a: Dict, b: Dict): boolean {
  return a === b || JSON.stringify(Object.entries(a).sort()) === JSON.stringify(Object.entries(b).sort());
}
