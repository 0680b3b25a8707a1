// One realm: its members, its broker, its dealer, its logins.
// Knows no link and no message; a member gets the four operations when it joins.
// Source: WAMP basic profile, "Realms, Sessions and Transports".
import type { Dict, Id, Uri } from '../protocol/messages.ts';
import { Broker, BROKER_FEATURES } from './broker.ts';
import { Dealer, DEALER_FEATURES, NOTHING } from './dealer.ts';
import type { RouterLogin } from './login.ts';
import { Meta, META_FEATURES } from './meta.ts';
import type { Member, Operations } from './operations.ts';

export class Realm {
  readonly name: Uri;
  readonly logins: readonly RouterLogin[];
  /** WELCOME.Details.roles */
  readonly roles: Dict;
  readonly broker: Broker = new Broker((...change) => this.#meta?.changed('subscription', ...change));
  readonly dealer: Dealer = new Dealer((...change) => this.#meta?.changed('registration', ...change));
  readonly members: Map<Id, Member> = new Map<Id, Member>();

  readonly #meta: Meta | undefined;

  constructor(name: Uri, logins: readonly RouterLogin[], meta: boolean) {
    this.name = name;
    this.logins = logins;
    const { members, broker, dealer } = this;
    const announce = broker.announce.bind(broker);
    this.#meta = meta ? new Meta({ members, subscriptions: broker, registrations: dealer, announce }) : undefined;
    this.roles = {
      broker: { features: { ...BROKER_FEATURES, ...(meta && META_FEATURES.broker) } },
      dealer: { features: { ...DEALER_FEATURES, ...(meta && META_FEATURES.dealer) } },
    };
  }

  join(member: Member): Operations {
    const { broker, dealer } = this;
    this.members.set(member.id, member);
    this.#meta?.joined(member);
    return {
      publish: (topic, args, kwargs, options, sink) => {
        broker.publish(member, topic, args, kwargs, options, sink);
      },
      subscribe: (topic, options, sink) => broker.subscribe(member, topic, options, sink),
      call: (procedure, args, kwargs, options, sink) =>
        this.#meta?.call(member, procedure, args, kwargs, sink) === true
          ? NOTHING
          : dealer.call(member, procedure, args, kwargs, options, sink),
      register: (procedure, options, handler, sink) => dealer.register(member, procedure, options, handler, sink),
    };
  }

  /** The member itself has unsubscribed from everything by now. */
  leave(member: Member): void {
    this.members.delete(member.id);
    this.#meta?.left(member);
  }
}
