// The broker of one realm: subscriptions, publications, retained events.
// Knows no message code, no request id and no link. One EVENT per matching subscription, one publication id per PUBLISH.
// Source: WAMP basic profile, "Publish and Subscribe"; advanced profile, "Pattern-based Subscriptions",
// "Subscriber Black- and Whitelisting", "Publisher Exclusion", "Publisher Identification", "Event Retention".
import { ApplicationError } from '../protocol/errors.ts';
import { randomId } from '../protocol/ids.ts';
import type { Dict, Id, List, Uri } from '../protocol/messages.ts';
import type { Cancel, Sink } from '../protocol/sink.ts';
import type { Match } from '../protocol/uris.ts';
import { matches, PatternTable } from './match.ts';
import { isReserved, nothing, payload } from './operations.ts';
import type { Changed, Entry, Holding, Member, Publication } from './operations.ts';

interface Subscription {
  readonly id: Id;
  readonly topic: Uri;
  readonly match: Match;
  readonly created: string;
  readonly subscribers: Map<Id, Subscriber>;
}

interface Subscriber extends Cancel {
  readonly member: Member;
  readonly sink: Sink<Publication, Id>;
}

interface Published {
  readonly publication: Id;
  readonly topic: Uri;
  /** Nobody, if the router itself publishes. */
  readonly publisher: Member | undefined;
  readonly options: Dict;
  readonly payload: readonly [args?: List, kwargs?: Dict];
}

export const BROKER_FEATURES: Readonly<Record<string, true>> = {
  event_retention: true,
  pattern_based_subscription: true,
  publisher_exclusion: true,
  publisher_identification: true,
  subscriber_blackwhite_listing: true,
  subscription_revocation: true,
};

export class Broker {
  readonly #subscriptions = new PatternTable<Subscription>();
  readonly #retained = new Map<Uri, Published>();
  readonly #changed: Changed;

  constructor(changed: Changed = nothing) {
    this.#changed = changed;
  }

  /** How many (topic, match) have subscribers. */
  get subscriptions(): number {
    return this.#subscriptions.size;
  }

  list(): readonly Holding[] {
    return this.#subscriptions
      .values()
      .map(({ id, topic, match, subscribers }) => ({ id, uri: topic, match, sessions: [...subscribers.keys()] }));
  }

  entry(id: Id): Entry | undefined {
    const found = this.#subscriptions.values().find((subscription) => subscription.id === id);
    return found && entryOf(found);
  }

  /** The subscriptions that an event of a topic goes out under. */
  matching(topic: Uri): readonly Id[] {
    return this.#subscriptions.all(topic).map(({ id }) => id);
  }

  get retained(): number {
    return this.#retained.size;
  }

  publish(publisher: Member, topic: Uri, args: List | undefined, kwargs: Dict | undefined, options: Dict, sink: Sink<Id>): void {
    if (isReserved(topic)) {
      sink.error(new ApplicationError('wamp.error.invalid_uri', [`${topic} is reserved: the router alone publishes there`]));
      return;
    }
    const published = { publication: randomId(), topic, publisher, options, payload: payload(args, kwargs) };
    if (options['retain'] === true) this.#retained.set(topic, published);
    sink.next(published.publication);
    sink.complete();
    this.#distribute(published);
  }

  /** Publishes what the router itself has to say. */
  announce(topic: Uri, args: List): void {
    this.#distribute({ publication: randomId(), topic, publisher: undefined, options: {}, payload: payload(args, undefined) });
  }

  subscribe(member: Member, topic: Uri, options: Dict, sink: Sink<Publication, Id>): Cancel {
    const match = (options['match'] ?? 'exact') as Match;
    let subscription = this.#subscriptions.get(match, topic);
    if (subscription === undefined) {
      subscription = { id: randomId(), topic, match, created: new Date().toISOString(), subscribers: new Map() };
      this.#subscriptions.set(match, topic, subscription);
    }
    const isNew = subscription.subscribers.size === 0;
    const known = subscription.subscribers.get(member.id);
    const subscriber = known ?? this.#add(subscription, member, sink);
    sink.open?.(subscription.id);
    if (isNew) this.#changed('created', member.id, entryOf(subscription));
    if (!known) this.#changed('entered', member.id, entryOf(subscription));
    if (options['get_retained'] === true) {
      for (const published of this.#retainedFor(match, topic)) {
        if (isEligible(member, published.options)) sink.next(event(published, subscription, member, true));
      }
    }
    return subscriber;
  }

  /** Ends one member's subscription from this side. Returns whether there was one. */
  revoke(session: Id, topic: Uri, match: Match, reason: Uri): boolean {
    const subscriber = this.#subscriptions.get(match, topic)?.subscribers.get(session);
    if (subscriber === undefined) return false;
    subscriber.unsubscribe();
    subscriber.sink.error(new ApplicationError(reason));
    return true;
  }

  #add(subscription: Subscription, member: Member, sink: Sink<Publication, Id>): Subscriber {
    const subscriber: Subscriber = {
      member,
      sink,
      unsubscribe: () => {
        if (subscription.subscribers.get(member.id) !== subscriber) return;
        subscription.subscribers.delete(member.id);
        const isLast = subscription.subscribers.size === 0;
        if (isLast) this.#subscriptions.delete(subscription.match, subscription.topic);
        this.#changed('left', member.id, entryOf(subscription));
        if (isLast) this.#changed('deleted', member.id, entryOf(subscription));
      },
    };
    subscription.subscribers.set(member.id, subscriber);
    return subscriber;
  }

  #distribute(published: Published): void {
    const { topic, publisher, options } = published;
    for (const subscription of this.#subscriptions.all(topic)) {
      for (const { member, sink } of subscription.subscribers.values()) {
        const own = member.id === publisher?.id && options['exclude_me'] !== false;
        if (!own && isEligible(member, options)) sink.next(event(published, subscription, member));
      }
    }
  }

  #retainedFor(match: Match, topic: Uri): readonly Published[] {
    if (match !== 'exact') return [...this.#retained.values()].filter((published) => matches(match, topic, published.topic));
    const published = this.#retained.get(topic);
    return published === undefined ? [] : [published];
  }
}

function entryOf({ id, topic, match, created }: Subscription): Entry {
  return { id, created, uri: topic, match };
}

/** The six lists; all that are present must hold, and an empty list of the eligible means nobody. */
function isEligible(member: Member, options: Dict): boolean {
  return (
    isOn(options['eligible'], member.id, true) &&
    isOn(options['eligible_authid'], member.authid, true) &&
    isOn(options['eligible_authrole'], member.authrole, true) &&
    !isOn(options['exclude'], member.id, false) &&
    !isOn(options['exclude_authid'], member.authid, false) &&
    !isOn(options['exclude_authrole'], member.authrole, false)
  );
}

function isOn(list: unknown, value: unknown, absent: boolean): boolean {
  return list === undefined ? absent : (list as List).includes(value);
}

function event(published: Published, subscription: Subscription, subscriber: Member, retained = false): Publication {
  const { publication, topic, publisher, options, payload } = published;
  const details: Record<string, unknown> = {};
  if (subscription.match !== 'exact') details['topic'] = topic;
  if (retained) details['retained'] = true;
  if (publisher && options['disclose_me'] === true && subscriber.has('subscriber', 'publisher_identification')) {
    details['publisher'] = publisher.id;
    details['publisher_authid'] = publisher.authid;
    details['publisher_authrole'] = publisher.authrole;
  }
  return [publication, details, ...payload];
}
