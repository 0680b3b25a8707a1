// Losses: the router is killed, a link is half open, many topics come back at once.
import { ConnectionError } from 'rxwamp';
import { firstValueFrom, from, map, mergeMap, NEVER, toArray } from 'rxjs';
import { equal, holds, sentence, type Context, type Scenario } from '../scenario.ts';
import { ERROR, REGISTER, SUBSCRIBE, SUBSCRIBED } from '../wire.ts';

async function killed(context: Context): Promise<void> {
  const client = context.client();
  const other = context.plain();
  const [echo, slow, topic] = [context.uri('echo'), context.uri('slow'), context.uri('topic')];
  let started = 0;
  const states = context.watch(client.status);
  const served = await context.serve(
    client.register(
      echo,
      map(({ value }) => value),
    ),
  );
  const pending = mergeMap(() => {
    started++;
    return NEVER;
  });
  await context.serve(client.register(slow, pending));
  const heard = await context.listen(client.topic(topic), client.subscribed(topic));
  const subscribed = context.watch(client.subscribed(topic));
  const elsewhere = await context.listen(other.topic(topic), other.subscribed(topic));
  const again = context.watch(other.subscribed(topic));
  const say = (word: string): Promise<number> =>
    context.first('PUBLISHED', other.publish(topic, [word], undefined, { acknowledge: true, exclude_me: false }));
  await say('before');
  await context.until('the event before', () => heard.values.length === 1 && elsewhere.values.length === 1);
  const flying = [context.watch(client.call(slow)), context.watch(other.call(slow))];
  await context.until('both invocations', () => started === 2);

  await context.target.kill();
  await context.until('the end of the calls in flight', () => flying.every(({ ended }) => ended !== undefined));
  for (const { error } of flying) {
    holds(error instanceof ConnectionError && error.sent, `a ConnectionError with sent must come, not ${String(error)}`);
    sentence(error);
  }
  const waiting = context.watch(client.call(echo, ['waited']));
  const told = context.watch(client.publish(topic, ['told'], undefined, { acknowledge: true, exclude_me: false }));
  await context.until('a second failed attempt', () => states.values.filter(({ state }) => state === 'waiting').length > 1);
  equal([waiting.ended, told.ended, client.inspect().waiting], [undefined, undefined, 2], 'what waits for the router');
  const unsent = await context.failure('a call that does not wait', client.call(echo, [1], undefined, { waitMs: 0 }));
  holds(unsent instanceof ConnectionError && !unsent.sent, `a ConnectionError without sent must come, not ${String(unsent)}`);

  await context.target.restart();
  await context.until('the answer to the call that waited', () => waiting.ended !== undefined);
  if (waiting.error !== undefined) throw waiting.error;
  equal([waiting.values[0]?.value, waiting.ended], ['waited', 'complete'], 'the answer to the call that waited');
  await context.until('topics and registrations', () => [subscribed, served, again].every(({ values }) => values.length === 2));
  await context.until('the publication that waited', () => told.ended !== undefined && heard.values.length === 2);
  if (told.error !== undefined) throw told.error;
  await say('after');
  await context.until('the event after', () => elsewhere.values.at(-1)?.value === 'after' && heard.values.length === 3);
  equal(
    heard.values.map(({ value }) => value),
    ['before', 'told', 'after'],
    'the events',
  );
  equal((await context.first('a call from elsewhere', other.call(echo, ['over']))).value, 'over', 'the answer');
  equal(client.inspect().counters.reconnects, 1, 'the reconnects');
}

async function zombie(context: Context): Promise<void> {
  const proxy = await context.proxy();
  const { client, wire } = context.recorded({ url: proxy.url(context.target.url) });
  const caller = context.client();
  const [who, topic] = [context.uri('who'), context.uri('topic')];
  const served = await context.serve(
    client.register(
      who,
      map(() => 'client'),
    ),
  );
  const heard = await context.listen(client.topic(topic), client.subscribed(topic));
  equal((await context.first('a call', caller.call(who))).value, 'client', 'the answer before');

  const [old] = proxy.links;
  old!.stall();
  const since = performance.now();
  client.reconnect();
  await context.until('the refusal of REGISTER', () =>
    wire.received(ERROR, -1).some((message) => message[4] === 'wamp.error.procedure_already_exists'),
  );
  // A router that does not look after its links depends on the network to tell it of their end.
  if (context.target.silenceMs === 0) old!.cut();
  await context.until('the registration to come back', () => served.values.length === 2 || served.ended !== undefined);
  if (served.error !== undefined) throw served.error;
  const tries = wire.sent(REGISTER, -1).length;
  context.note = `back after ${tries} tries in ${Math.round(performance.now() - since)} ms`;
  holds(tries > 1, 'REGISTER must have been sent again');
  equal((await context.first('a call', caller.call(who))).value, 'client', 'the answer after');
  await context.first('PUBLISHED', caller.publish(topic, ['after'], undefined, { acknowledge: true }));
  await context.until('an event', () => heard.values.length === 1);
  equal(wire.links.length, 2, 'the links');
}

const TOPICS = 2000;

async function manyTopics(context: Context): Promise<void> {
  const { client, wire } = context.recorded();
  const publisher = context.client();
  const topics = Array.from({ length: TOPICS }, (_, index) => context.uri(`t${index}`));
  const seen = topics.map((topic) => context.watch(client.topic(topic)));
  const live = (): boolean => client.inspect().topics.filter(({ id }) => id !== undefined).length === TOPICS;
  await context.until('all topics', live);
  const since = performance.now();
  client.reconnect();
  await context.until('all topics on the next link', () => wire.links.length === 2 && live());
  context.note = `${TOPICS} topics back in ${Math.round(performance.now() - since)} ms`;
  equal(
    [wire.sent(SUBSCRIBE, 1).length, wire.received(SUBSCRIBED, 1).length],
    [TOPICS, TOPICS],
    'SUBSCRIBEs and SUBSCRIBEDs after the loss',
  );

  // No more at a time than any router's queue for one client holds.
  const said = from(topics.entries()).pipe(
    mergeMap(async ([index, topic]) => {
      await firstValueFrom(publisher.publish(topic, [index], undefined, { acknowledge: true }));
      await context.until(`the event of ${topic}`, () => seen[index]!.values.length > 0);
    }, 16),
    toArray(),
  );
  await context.first('an event on each topic', said);
  equal(
    seen.map(({ values }) => values.map(({ value }) => value)),
    topics.map((_, index) => [index]),
    'the events of the topics',
  );
}

export const scenarios: readonly Scenario[] = [
  { name: 'router-killed', limitMs: () => 60_000, run: killed },
  { name: 'zombie', limitMs: ({ silenceMs }) => 30_000 + 2 * silenceMs, run: zombie },
  { name: 'many-topics', limitMs: () => 40_000, run: manyTopics },
];
