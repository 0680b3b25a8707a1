// Subscriber role: one SUBSCRIBE per (topic, match, options), and the fan-out of EVENTs.
// Knows no socket, timer, promise or rxjs.
// Source: WAMP basic profile, "Publish and Subscribe"; advanced profile, "Event Retention".
import type { Dict, Id, List } from '../protocol/messages.ts';
import { Claim, claimsIn } from './claim.ts';
import { NO_ARGS, NO_KWARGS } from './payload.ts';
import type { Event } from './result.ts';
import type { SessionCore } from './session.ts';

/** Hands an EVENT to those who listened when it arrived, in every topic of its subscription. */
export function deliver(core: SessionCore, message: List): void {
  const held = core.topics.get(message[1] as Id);
  const topic = held instanceof Claim ? held : held?.[0];
  if (!topic) {
    core.drop();
    return;
  }
  const details = message[3] as Dict;
  const args = (message[4] as List | undefined) ?? NO_ARGS;
  const concrete = details['topic'];
  const event: Event = {
    value: args[0],
    args,
    kwargs: (message[5] as Dict | undefined) ?? NO_KWARGS,
    topic: typeof concrete === 'string' ? concrete : topic.uri,
    publication: message[2] as Id,
    details,
  };
  const isHeard =
    held === topic
      ? hand(core, topic, topic.others, event)
      : // All lists first: who comes to one of them while another is served does not get this event.
        claimsIn(held)
          .map((one) => [one, one.others] as const)
          .map(([one, others]) => hand(core, one, others, event))
          .includes(true);
  if (!isHeard) core.drop();
}

function hand(core: SessionCore, topic: Claim, others: Claim['others'], event: Event): boolean {
  if (!topic.isWanted || (event.details['retained'] === true && topic.options['get_retained'] !== true)) return false;
  tell(core, topic, event);
  if (others) for (const one of others) tell(core, one, event);
  return true;
}

function tell(core: SessionCore, { sink }: Pick<Claim, 'sink'>, event: Event): void {
  try {
    sink?.next(event);
  } catch (error) {
    core.host.report(error);
  }
}
