// Events: with and without acknowledgement, to whom they go, by patterns, as a Subject, and retained.
import type { Client, Event, PublishOptions } from 'rxwamp';
import { map } from 'rxjs';
import { equal, holds, type Context, type Scenario, type Seen } from '../scenario.ts';
import { EVENT, PUBLISH } from '../wire.ts';

async function pubsub(context: Context): Promise<void> {
  const { client: publisher, wire } = context.recorded();
  const other = context.client();
  const topic = context.uri('topic');
  const listening = async (client: Client): Promise<Seen<Event>> => context.listen(client.topic(topic), client.subscribed(topic));
  const [own, theirs] = [await listening(publisher), await listening(other)];
  const acknowledged = { acknowledge: true } as const;

  const id = await context.first('PUBLISHED', publisher.publish(topic, [0, ''], { no: false }, acknowledged));
  await context.until('the first event', () => theirs.values.length === 1);
  const [{ args, kwargs, value, publication, topic: uri }] = theirs.values as [Event];
  equal(
    { args, kwargs, value, publication, uri },
    { args: [0, ''], kwargs: { no: false }, value: 0, publication: id, uri: topic },
    'the event',
  );

  equal(await context.first('a publication', publisher.publish(topic, ['unacknowledged'])), undefined, 'what it emits');
  equal(wire.sent(PUBLISH).at(-1), [PUBLISH, 3, {}, topic, ['unacknowledged']], 'PUBLISH without options');
  await context.first('PUBLISHED', publisher.publish(topic, ['both'], undefined, { ...acknowledged, exclude_me: false }));
  await context.first('PUBLISHED', publisher.publish(topic, undefined, undefined, acknowledged));
  await context.first('PUBLISHED', publisher.publish(topic, ['end'], undefined, { ...acknowledged, exclude_me: false }));
  await context.until('the last event', () => theirs.values.length === 5 && own.values.length === 2);
  equal(
    theirs.values.map(({ args }) => args),
    [[0, ''], ['unacknowledged'], ['both'], [], ['end']],
    'the events of the other client',
  );
  equal(
    own.values.map(({ args }) => args),
    [['both'], ['end']],
    'the own events',
  );
}

async function lists(context: Context): Promise<void> {
  const publisher = context.client();
  const clients = [context.client(), context.client(), context.client()];
  const topic = context.uri('topic');
  const seen: Seen<Event>[] = [];
  const ids: number[] = [];
  for (const client of clients) {
    seen.push(await context.listen(client.topic(topic), client.subscribed(topic)));
    ids.push((await context.first('the session', client.sessions)).id);
  }
  const [first, second] = ids as [number, number, number];
  const say = (word: string, options: PublishOptions): Promise<number> =>
    context.first('PUBLISHED', publisher.publish(topic, [word], undefined, { ...options, acknowledge: true }));
  await say('eligible', { eligible: [first] });
  await say('exclude', { exclude: [first] });
  await say('both', { eligible: [first, second], exclude: [first] });
  await say('nobody left out', { exclude: [] });
  await say('role', { exclude_authrole: ['no-such-role'] });
  await say('end', {});
  await context.until('the last event', () => seen.every(({ values }) => values.at(-1)?.value === 'end'));
  const common = ['nobody left out', 'role', 'end'];
  equal(
    seen.map(({ values }) => values.map(({ value }) => value)),
    [
      ['eligible', ...common],
      ['exclude', 'both', ...common],
      ['exclude', ...common],
    ],
    'who got what',
  );
}

async function patterns(context: Context): Promise<void> {
  const [subscriber, publisher] = [context.client(), context.client()];
  const kinds = ['exact', 'prefix', 'wildcard'] as const;
  // Of one base where the router bears it, so that one event goes out under several subscriptions.
  const bases = kinds.map((kind) => context.uri(context.target.mixesMatches ? 'base' : kind));
  const seen: Seen<Event>[] = [];
  for (const [index, match] of kinds.entries()) {
    const topic = [`${bases[index]!}.a.changed`, `${bases[index]!}.`, `${bases[index]!}..changed`][index]!;
    seen.push(await context.listen(subscriber.topic(topic, { match }), subscriber.subscribed(topic, { match })));
  }
  const names = ['a.changed', 'b.changed', 'b.gone', 'b.c.changed', 'end.changed'];
  for (const base of new Set(bases)) {
    for (const name of names)
      await context.first('PUBLISHED', publisher.publish(`${base}.${name}`, [name], undefined, { acknowledge: true }));
  }
  await context.until('the last events', () => seen.slice(1).every(({ values }) => values.at(-1)?.value === names.at(-1)));
  const expected = [['a.changed'], names, ['a.changed', 'b.changed', 'end.changed']];
  for (const [index, kind] of kinds.entries()) {
    equal(
      seen[index]!.values.map(({ topic, value }) => [topic, value]),
      expected[index]!.map((name) => [`${bases[index]!}.${name}`, name]),
      `the events of ${kind}`,
    );
  }

  const concrete = map(({ procedure }: { procedure: string }) => procedure);
  const [calls, wildCalls] = [context.uri('calls.'), `${context.uri('wild')}..run`];
  await context.serve(subscriber.register(calls, concrete, { match: 'prefix' }));
  await context.serve(subscriber.register(wildCalls, concrete, { match: 'wildcard' }));
  for (const procedure of [`${calls}one`, `${calls}two.three`, `${context.uri('wild')}.x.run`]) {
    equal((await context.first('the answer', publisher.call(procedure))).value, procedure, 'the concrete procedure');
  }
}

async function subjects(context: Context): Promise<void> {
  const [one, two] = [context.client(), context.client()];
  const topic = context.uri('topic');
  const [mine, yours] = [one.subject<number>(topic, { exclude_me: false, holdLast: 2 }), two.subject<number>(topic)];
  const seen = await context.listen(yours, two.subscribed(topic));
  const echoed = await context.listen(mine, one.subscribed(topic));
  for (const number of [0, 1, 2]) mine.next(number);
  yours.next(3);
  await context.until('the values', () => seen.values.length === 3 && echoed.values.length === 4);
  equal(seen.values, [0, 1, 2], 'the values of the other subject');
  equal([...echoed.values].sort(), [0, 1, 2, 3], 'the values of the own subject');
  mine.complete();
  yours.complete();
}

async function retained(context: Context): Promise<void> {
  const publisher = context.client();
  const topic = context.uri('topic');
  const say = (word: string, retain: boolean): Promise<number> =>
    context.first('PUBLISHED', publisher.publish(topic, [word], undefined, { retain, acknowledge: true }));
  await say('old', true);
  await say('kept', true);
  await say('not kept', false);

  const { client, wire } = context.recorded();
  const plain = await context.listen(client.topic(topic), client.subscribed(topic));
  const asking = await context.listen(client.topic(topic, { get_retained: true }), client.subscribed(topic, { get_retained: true }));
  const late = context.client();
  const first = await context.listen(late.topic(topic, { get_retained: true }), late.subscribed(topic, { get_retained: true }));
  await say('new', false);
  await context.until('the new event', () => [plain, asking, first].every(({ values }) => values.at(-1)?.value === 'new'));
  const values = ({ values }: Seen<Event>): unknown[] => values.map(({ value }) => value);
  equal(values(plain), ['new'], 'the events of who did not ask');
  equal(values(first), ['kept', 'new'], 'the events of who asked first');
  equal(values(asking), ['kept', 'new'], 'the events of who asked second');
  holds(wire.received(EVENT).length === 2, `two EVENTs must come, not ${wire.received(EVENT).length}`);
}

export const scenarios: readonly Scenario[] = [
  { name: 'pubsub', run: pubsub },
  { name: 'lists', run: lists },
  { name: 'patterns', run: patterns },
  { name: 'subject', run: subjects },
  { name: 'retained', skip: ({ retains }) => (retains ? undefined : 'this router retains no events'), run: retained },
];
