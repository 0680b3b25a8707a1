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

/** One subscriber of a topic. */
interface Listening extends Cancel {
  readonly topic: Topic;
  /** Undefined once it has left. */
  sink: Sink<Event, Id> | undefined;
}

/**
 * One wire subscription: what stands between SUBSCRIBE and those who listen. It is its own first listener, since most have no other:
 * an object less for each of thousands.
 */
export class Topic implements Listening {
  readonly table: Topics;
  readonly uri: Uri;
  /** What goes on the wire with SUBSCRIBE. */
  readonly options: Dict;
  /** On the current session: not asked for, SUBSCRIBE under way, or confirmed. */
  state: 'idle' | 'asked' | 'live' = 'idle';
  /** Of the current session. */
  id: Id | undefined = undefined;
  sink: Sink<Event, Id> | undefined;
  /** Those who came later. */
  others: Listener[] | undefined = undefined;

  constructor(table: Topics, uri: Uri, options: Dict, sink: Sink<Event, Id>) {
    this.table = table;
    this.uri = uri;
    this.options = options;
    this.sink = sink;
  }

  get topic(): this {
    return this;
  }

  get isWanted(): boolean {
    return this.sink !== undefined || this.others !== undefined;
  }

  unsubscribe(): void {
    if (this.sink === undefined) return;
    this.sink = undefined;
    this.table.leave(this);
  }
}

/** A subscriber who came to a topic that others have. */
class Listener implements Listening {
  readonly topic: Topic;
  sink: Sink<Event, Id> | undefined;

  constructor(topic: Topic, sink: Sink<Event, Id>) {
    this.topic = topic;
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
  /** Everything in the table ends with the session, whoever subscribed it. */
  readonly bound?: boolean;
  /** Nothing is left in the table. */
  empty?(): void;
}

/** The role table of the subscriber. */
export class Topics {
  /** By URI and match; where there are siblings, any of them. */
  readonly #topics: Map<string, Topic> = new Map();
  /** Topics of one URI and match that differ in other options, all of them; they have one id. */
  readonly #siblings: Map<string, Topic[]> = new Map();
  /** Those whose session's end is their own: they do not wait for the next one. */
  readonly #bound: Set<Listening> = new Set();
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
    const listener = this.#add(uri, options, sink);
    if (bound && this.#host.bound !== true) this.#bound.add(listener);
    const topic = listener.topic;
    if (topic.state === 'live') sink.open?.(topic.id as Id);
    else this.#balance(keyOf(topic));
    return listener;
  }

  leave(listener: Listening): void {
    const topic = listener.topic;
    this.#bound.delete(listener);
    if (listener !== topic) {
      const rest = topic.others?.filter((other) => other !== listener) ?? [];
      topic.others = rest.length > 0 ? rest : undefined;
    }
    if (topic.isWanted) return;
    const key = keyOf(topic);
    if (this.#core === undefined || this.#host.defer === undefined) this.#balance(key);
    else
      this.#host.defer(() => {
        this.#balance(key);
      });
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
    const bound: Listening[] = [];
    for (const key of [...this.#topics.keys()]) {
      for (const topic of this.#members(key)) {
        topic.state = 'idle';
        topic.id = undefined;
        bound.push(...listenersOf(topic).filter((listener) => this.#host.bound === true || this.#bound.has(listener)));
      }
      this.#balance(key);
    }
    for (const listener of bound)
      core?.guard(() => {
        this.#end(listener, (sink) => {
          sink.error(error);
        });
      });
  }

  /** Everyone who listens at this moment: each is ended by the task, with an error or by completion. */
  ends(error?: WampError): (() => void)[] {
    const all = [...this.#topics.keys()].flatMap((key) => this.#members(key).flatMap(listenersOf));
    return all.map((listener) => () => {
      this.#end(listener, (sink) => {
        if (error === undefined) sink.complete();
        else sink.error(error);
      });
    });
  }

  /** The router took the subscription away. */
  revoked(topic: Topic, reason: string | undefined): void {
    const error = new ApplicationError(
      reason ?? 'wamp.error.subscription_revoked',
      [],
      {},
      {
        message: `the router revoked the subscription to ${topic.uri}${reason === undefined ? '' : `: ${reason}`}`,
      },
    );
    const id = topic.id as Id;
    this.#core?.topics.delete(id);
    this.#refuse(
      this.#members(keyOf(topic)).filter((member) => member.id === id),
      error,
    );
  }

  /** Hands an event to those who listened when it arrived, in every topic of its subscription; false if there was nobody. */
  dispatch(topic: Topic, event: Event): boolean {
    const siblings = this.#siblings.size === 0 ? undefined : this.#siblings.get(keyOf(topic));
    if (siblings === undefined) return this.#deliver(topic, event, topic.sink, topic.others);
    // All lists first: who comes to one of them while another is served does not get this event.
    const served = siblings.filter(({ id }) => id === topic.id).map((one) => ({ one, sink: one.sink, others: one.others?.slice() }));
    return served.map(({ one, sink, others }) => this.#deliver(one, event, sink, others)).includes(true);
  }

  /** For people: every topic with its subscribers. */
  list(): { readonly topic: Uri; readonly subscribers: number; readonly id: Id | undefined }[] {
    return [...this.#topics.keys()]
      .flatMap((key) => this.#members(key))
      .map((topic) => ({ topic: topic.uri, subscribers: listenersOf(topic).length, id: topic.id }));
  }

  #deliver(topic: Topic, event: Event, sink: Sink<Event, Id> | undefined, others: readonly Listener[] | undefined): boolean {
    if ((sink ?? others) === undefined || (event.details['retained'] === true && topic.options['get_retained'] !== true)) return false;
    this.#delivering++;
    // The first of them may have come to this topic while its siblings were served.
    if (sink !== undefined) this.#hand(topic, event);
    if (others !== undefined) for (const listener of others) this.#hand(listener, event);
    this.#delivering--;
    return true;
  }

  #hand(listener: Listening, event: Event): void {
    try {
      listener.sink?.next(event);
    } catch (error) {
      this.#core?.host.report(error);
    }
  }

  #add(uri: Uri, options: Dict, sink: Sink<Event, Id>): Listening {
    const key = keyOf({ uri, options });
    const members = this.#members(key);
    const known = members.find((member) => sameOptions(member.options, options));
    if (known !== undefined) {
      const listener = new Listener(known, sink);
      known.others = this.#withOne(known.others, listener);
      return listener;
    }
    const topic = new Topic(this, uri, options, sink);
    if (members.length === 0) this.#topics.set(key, topic);
    else this.#siblings.set(key, [...members, topic]);
    return topic;
  }

  #members(key: string): readonly Topic[] {
    const topic = this.#topics.get(key);
    return topic === undefined ? [] : (this.#siblings.get(key) ?? [topic]);
  }

  /** Makes the wire fit the listeners of one URI and match: asks for what is wanted, lets go of what is not. */
  #balance(key: string): void {
    const core = this.#core;
    const members = this.#members(key);
    if (core === undefined) {
      for (const topic of members) if (!topic.isWanted) this.#forget(topic);
      return;
    }
    if (this.#leaving.has(key)) return;
    for (const topic of members) if (topic.state === 'idle' && topic.isWanted) this.#subscribe(core, topic);
    // A SUBSCRIBE under way may be confirmed with the id that an UNSUBSCRIBE would end.
    if (members.some((topic) => topic.state === 'asked')) return;
    for (const topic of members) {
      if (topic.isWanted) continue;
      const id = topic.id as Id;
      if (topic.state === 'live' && core.topics.has(id) && !members.some((other) => other.isWanted && other.id === id)) {
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
        if (current() && topic.isWanted) return [SUBSCRIBE, id, topic.options, topic.uri];
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
        // What ends with its session is detached from it, and told by its owner.
        if (current() && core.isOpen) this.#refuse([topic], error);
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
    request(core, {
      kind: UNSUBSCRIBE,
      message: (number) => [UNSUBSCRIBE, number, id],
      confirmed: answered,
      refused: answered,
      failed: answered,
    });
  }

  /** Lets go of topics of one key before anyone hears of it: who comes back inside the error finds nothing of them. */
  #refuse(topics: readonly Topic[], error: WampError): void {
    const core = this.#core;
    for (const topic of topics) this.#forget(topic);
    for (const topic of topics) this.#balance(keyOf(topic));
    for (const listener of topics.flatMap(listenersOf))
      core?.guard(() => {
        this.#end(listener, (sink) => {
          sink.error(error);
        });
      });
  }

  #forget(topic: Topic): void {
    const key = keyOf(topic);
    const rest = this.#members(key).filter((member) => member !== topic);
    if (rest.length > 1) this.#siblings.set(key, rest);
    else this.#siblings.delete(key);
    const heir = rest.find(({ id }) => id === topic.id) ?? rest[0];
    if (heir === undefined) this.#topics.delete(key);
    else this.#topics.set(key, heir);
    const core = this.#core;
    if (heir !== undefined && topic.id !== undefined && heir.id === topic.id && core?.topics.get(topic.id) === topic)
      core.topics.set(topic.id, heir);
    topic.state = 'idle';
    topic.id = undefined;
    if (this.#topics.size === 0) this.#host.empty?.();
  }

  /** A list that is being delivered to is not written to. */
  #withOne(listeners: Listener[] | undefined, added: Listener): Listener[] {
    if (listeners === undefined) return [added];
    if (this.#delivering > 0) return [...listeners, added];
    listeners.push(added);
    return listeners;
  }

  #end(listener: Listening, how: (sink: Sink<Event, Id>) => void): void {
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
  if (!topic.table.dispatch(topic, event)) core.drop();
}

/** A space cannot stand in a URI, so that no two keys collide. */
function keyOf({ uri, options }: Pick<Topic, 'uri' | 'options'>): string {
  const match = options['match'];
  return match === undefined ? uri : `${uri} ${match as string}`;
}

function listenersOf(topic: Topic): readonly Listening[] {
  return [topic, ...(topic.others ?? [])].filter(({ sink }) => sink !== undefined);
}

function sameOptions(a: Dict, b: Dict): boolean {
  return a === b || JSON.stringify(Object.entries(a).sort()) === JSON.stringify(Object.entries(b).sort());
}
