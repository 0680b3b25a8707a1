// One realm: its members, its broker, its dealer, its logins.
// Knows no link and no message; a member gets the four operations when it joins.
// Source: WAMP basic profile, "Realms, Sessions and Transports".
import type { Id, Uri } from '../protocol/messages.ts';
import { Broker } from './broker.ts';
import { Dealer } from './dealer.ts';
import type { RouterLogin } from './login.ts';
import type { Member, Operations } from './operations.ts';

export class Realm {
  readonly name: Uri;
  readonly logins: readonly RouterLogin[];
  readonly broker: Broker = new Broker();
  readonly dealer: Dealer = new Dealer();
  readonly members: Map<Id, Member> = new Map<Id, Member>();

  constructor(name: Uri, logins: readonly RouterLogin[]) {
    this.name = name;
    this.logins = logins;
  }

  join(member: Member): Operations {
    const { broker, dealer } = this;
    this.members.set(member.id, member);
    return {
      publish: (topic, args, kwargs, options, sink) => {
        broker.publish(member, topic, args, kwargs, options, sink);
      },
      subscribe: (topic, options, sink) => broker.subscribe(member, topic, options, sink),
      call: (procedure, args, kwargs, options, sink) => dealer.call(member, procedure, args, kwargs, options, sink),
      register: (procedure, options, handler, sink) => dealer.register(member, procedure, options, handler, sink),
    };
  }

  /** The member itself has unsubscribed from everything by now. */
  leave(member: Member): void {
    this.members.delete(member.id);
  }
}
