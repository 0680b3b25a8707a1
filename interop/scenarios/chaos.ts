// Links that are cut again and again under mixed load: nothing acknowledged is lost, nothing comes twice, nothing hangs.
import { firstValueFrom } from 'rxjs';
import { Actor, COUNT, cutAtRandom, Deliveries, ECHO, Random, type Uris } from '../chaos.ts';
import { equal, holds, type Context, type Scenario } from '../scenario.ts';

const ACTORS = ['a', 'b', 'c'];

async function chaos(context: Context): Promise<void> {
  const { cuts, seed } = context.settings;
  const random = new Random(seed);
  const uris: Uris = {
    numbers: context.uri('numbers'),
    echo: context.uri('echo'),
    count: context.uri('count'),
    pattern: context.target.mixesMatches ? context.uri('numb') : context.uri('elsewhere.'),
    passing: context.uri('passing'),
  };

  // On links of their own, which are never cut.
  const steady = context.client({}, context.serializers[0]);
  await context.serve(steady.register(uris.echo, ECHO));
  await context.serve(steady.register(uris.count, COUNT));
  const all = new Deliveries();
  await context.listen(steady.topic(uris.numbers), steady.subscribed(uris.numbers));
  context.watch(steady.topic(uris.numbers), (event) => all.add(event));

  const proxies = [await context.proxy(), await context.proxy()];
  const delays = random.split();
  const actors = ACTORS.map((name, index) => {
    const url = proxies[index % proxies.length]!.url(context.target.url);
    const options = { url, retryDelayMs: () => delays.whole(5, 60), joinTimeoutMs: 2000 };
    return new Actor(name, context.client(options, context.serializers[index % context.serializers.length]), uris);
  });
  // One subscriber of each stays all the time, over all its sessions.
  const staying = actors.map(({ client }) => {
    const deliveries = new Deliveries();
    const seen = context.watch(client.topic(uris.numbers), (event) => deliveries.add(event));
    return { deliveries, seen };
  });
  // And one registration, which the zombie of the old link may hold for a while.
  const kept = actors.map(({ name, client }) => context.watch(client.register(`${uris.passing}.kept.${name}`, ECHO)));
  await context.until('the first session of each', () => kept.every(({ values }) => values.length > 0));

  for (const actor of actors) actor.start(random.split(), steady);
  const since = performance.now();
  const ways = await cutAtRandom(proxies, cuts, random.split(), () => !context.isOver);
  const seconds = ((performance.now() - since) / 1000).toFixed(0);
  const stopping = Promise.all(actors.map((actor) => actor.stop()));
  let stopped = false;
  void stopping.then(() => (stopped = true));
  await context.until('the end of everything under way', () => stopped);

  // From the last reconnect on everyone gets everything again.
  const live = (): boolean =>
    actors.every(({ client }) => {
      const { session, topics, registrations } = client.inspect();
      return session !== undefined && [...topics, ...registrations].every(({ id }) => id !== undefined);
    });
  await context.until('all topics and registrations', live);
  for (const [index, { name }] of actors.entries()) {
    const answer = firstValueFrom(steady.call(`${uris.passing}.kept.${name}`, [index], undefined, { timeoutMs: 5000 }));
    equal((await answer).value, index, `the registration of ${name} after all cuts`);
  }
  const after = Array.from({ length: 20 }, (_, index) => index + 1);
  for (const number of after) {
    await context.first('PUBLISHED', steady.publish(uris.numbers, ['end', number], undefined, { acknowledge: true, exclude_me: false }));
  }
  const missing = (deliveries: Deliveries): number[] => after.filter((number) => !deliveries.has('end', number));
  await context.until('the events after the last reconnect', () => staying.every(({ deliveries }) => missing(deliveries).length === 0));
  const lost = (): string[] =>
    actors.flatMap(({ name, acknowledged }) =>
      acknowledged.filter((number) => !all.has(name, number)).map((number) => `${name} ${number}`),
    );
  // The event of a publication may stand behind its acknowledgement, but not behind what was published after it.
  await context.until('the last event at the steady subscriber', () => missing(all).length === 0);
  equal(lost(), [], 'the acknowledged publications that the steady subscriber did not get');

  const sum = (count: (actor: Actor) => number): number => actors.reduce((total, actor) => total + count(actor), 0);
  equal(
    actors.flatMap(({ tally }) => tally.wrong),
    [],
    'what went wrong',
  );
  equal(
    sum(({ tally }) => tally.hung),
    0,
    'the calls that hung',
  );
  equal(all.twice, [], 'the events that came twice at the steady subscriber');
  equal(
    staying.flatMap(({ deliveries }) => deliveries.twice),
    [],
    'the events that came twice at a subscriber that was cut',
  );
  equal(
    [...staying.map(({ seen }) => seen.error), ...kept.map(({ error }) => error)].map(String),
    [...staying, ...kept].map(() => 'undefined'),
    'the errors of what stayed',
  );
  const reconnects = sum(({ client }) => client.inspect().counters.reconnects);
  holds(reconnects > cuts / 4, `only ${reconnects} reconnects came of ${cuts} cuts`);
  const figures = [
    `${cuts} cuts in ${seconds} s (${Object.entries(ways)
      .map(([way, count]) => `${count} ${way}`)
      .join(', ')})`,
    `${reconnects} reconnects`,
    `${sum(({ published }) => published)} published, ${sum(({ acknowledged }) => acknowledged.length)} acknowledged`,
    `${sum(({ tally }) => tally.answered)} done, ${sum(({ tally }) => tally.lost)} lost with their link`,
    `seed ${seed}`,
  ];
  context.note = figures.join('; ');
}

export const scenarios: readonly Scenario[] = [{ name: 'chaos', mixed: true, limitMs: (_, { cuts }) => 40_000 + cuts * 350, run: chaos }];
