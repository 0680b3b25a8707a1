// The role tables of one owner, attached and detached together.
// Knows no link and no timer beyond the clock that it is given.
import type { WampError } from '../protocol/errors.ts';
import { type CalleeHost, Registrations } from '../session/callee.ts';
import { describeError } from '../session/invocations.ts';
import type { SessionCore } from '../session/session.ts';
import { type TableHost, Topics } from '../session/subscriber.ts';

export class Tables {
  readonly topics: Topics;
  readonly registrations: Registrations;

  constructor(maskErrors: boolean | undefined, topicHost: TableHost = {}, calleeHost: Omit<CalleeHost, 'describe'> = {}) {
    this.topics = new Topics(topicHost);
    this.registrations = new Registrations({ ...calleeHost, describe: (error) => describeError(error, maskErrors === true) });
  }

  get size(): number {
    return this.topics.size + this.registrations.size;
  }

  attach(core: SessionCore): void {
    this.topics.attach(core);
    this.registrations.attach(core);
  }

  detach(error: WampError): void {
    this.topics.detach(error);
    this.registrations.detach(error);
  }

  /** Everyone of this moment, as tasks that end each: with an error, or by completion. Who comes back meanwhile is not among them. */
  ends(error?: WampError): (() => void)[] {
    return [...this.topics.ends(error), ...this.registrations.ends(error)];
  }
}
