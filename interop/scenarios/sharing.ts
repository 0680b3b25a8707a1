// One subscription for many: what goes on the wire, two options of one topic, and one procedure with two callees.
import { map } from 'rxjs';
import { equal, holds, type Context, type Scenario } from '../scenario.ts';
import { EVENT, SUBSCRIBE, UNSUBSCRIBE } from '../wire.ts';

async function sharing(context: Context): Promise<void> {
  const { client, wire } = context.recorded();
  const publisher = context.client();
  const topic = context.uri('topic');
  const say = (word: string): Promise<number> =>
    context.first('PUBLISHED', publisher.publish(topic, [word], undefined, { acknowledge: true }));
  const first = await context.listen(client.topic(topic), client.subscribed(topic));
  const more = [context.watch(client.topic(topic)), context.watch(client.topic(topic))];
  const all = [first, ...more];
  await say('one');
  await context.until('the event', () => all.every(({ values }) => values.length === 1));
  equal([wire.sent(SUBSCRIBE).length, wire.received(EVENT).length], [1, 1], 'SUBSCRIBEs and EVENTs for three subscribers');

  // A remount: the last one leaves, and someone comes in the same turn.
  for (const { subscription } of all) subscription.unsubscribe();
  const back = context.watch(client.topic(topic));
  await say('two');
  await context.until('the event after the remount', () => back.values.length === 1);
  equal([wire.sent(SUBSCRIBE).length, wire.sent(UNSUBSCRIBE).length], [1, 0], 'what a remount sends');
  equal(
    all.map(({ values }) => values.length),
    [1, 1, 1],
    'the events of those who left',
  );

  // Leaving for good, and coming back while UNSUBSCRIBE is under way.
  back.subscription.unsubscribe();
  await context.until('UNSUBSCRIBE', () => wire.sent(UNSUBSCRIBE).length === 1);
  const again = await context.listen(client.topic(topic), client.subscribed(topic));
  await say('three');
  await context.until('the event after coming back', () => again.values.length === 1);
  equal([wire.sent(SUBSCRIBE).length, wire.sent(UNSUBSCRIBE).length], [2, 1], 'what coming back sends');
}

async function twoOptions(context: Context): Promise<void> {
  const { client, wire } = context.recorded();
  const publisher = context.client();
  const say = (topic: string, word: string): Promise<number> =>
    context.first('PUBLISHED', publisher.publish(topic, [word], undefined, { acknowledge: true }));
  for (const options of [{ get_retained: true }, { x_rxwamp: 1 }]) {
    const topic = context.uri(Object.keys(options)[0]!);
    const before = { events: wire.received(EVENT).length, unsubscribes: wire.sent(UNSUBSCRIBE).length };
    const plain = await context.listen(client.topic(topic), client.subscribed(topic));
    const special = await context.listen(client.topic(topic, options), client.subscribed(topic, options));
    await say(topic, 'both');
    await say(topic, 'second');
    await context.until('events for both', () => [plain, special].every(({ values }) => values.at(-1)?.value === 'second'));
    equal(
      [plain, special].map(({ values }) => values.map(({ value }) => value)),
      [
        ['both', 'second'],
        ['both', 'second'],
      ],
      'the events of two options of one topic',
    );
    const perEvent = (wire.received(EVENT).length - before.events) / 2;
    holds(perEvent === 1 || client.inspect().topics[0]?.id !== client.inspect().topics[1]?.id, `${perEvent} EVENTs came for one id`);

    plain.subscription.unsubscribe();
    await say(topic, 'for the other');
    await context.until('an event for the one that stayed', () => special.values.length === 3);
    await say(topic, 'still');
    await context.until('another event for the one that stayed', () => special.values.length === 4);
    equal(plain.values.length, 2, 'the events of the one that left');
    special.subscription.unsubscribe();
    await context.until('UNSUBSCRIBE', () => wire.sent(UNSUBSCRIBE).length > before.unsubscribes);
    await context.until('an empty client', () => client.inspect().topics.length + client.inspect().pending.length === 0);
  }
}

async function sharedRegistration(context: Context): Promise<void> {
  const clients = [context.client(), context.client()];
  const caller = context.client();
  const procedure = context.uri('work');
  const registrations = [];
  for (const [index, client] of clients.entries()) {
    registrations.push(
      await context.serve(
        client.register(
          procedure,
          map(() => index),
          { invoke: 'roundrobin' },
        ),
      ),
    );
  }
  const ask = async (): Promise<number> => (await context.first('an answer', caller.call<number>(procedure))).value;
  const answers: number[] = [];
  for (let count = 0; count < 10; count++) answers.push(await ask());
  equal(
    [0, 1].map((index) => answers.filter((answer) => answer === index).length),
    [5, 5],
    'the calls of each callee',
  );
  registrations[0]!.subscription.unsubscribe();
  // Until UNREGISTERED the router may still ask it.
  await context.until('the first callee to be gone', () => {
    const { registrations: own, pending } = clients[0]!.inspect();
    return own.length + pending.length === 0;
  });
  equal([await ask(), await ask(), await ask()], [1, 1, 1], 'who answers when the first has left');
}

export const scenarios: readonly Scenario[] = [
  { name: 'sharing', run: sharing },
  { name: 'two-options', run: twoOptions },
  { name: 'shared-registration', run: sharedRegistration },
];
