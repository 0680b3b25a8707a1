// What an EVENT costs the client from its arrival to its subscriber, and whether that depends on how many topics are open.
import { connect as join, Client } from 'rxwamp';
import { firstValueFrom, Observable } from 'rxjs';
import { bareSocket } from './bare.mjs';
import { farSide } from './fork.mjs';
import { inBatches, inRounds, ratios, spread, timed } from './measure.mjs';
import { EVENT, ScriptedLink } from './script.mjs';

const TOPICS = [1, 10, 100, 1_000, 10_000];
const ON_THE_WIRE = [1, 5_000];
/** Short enough that most batches end before another process has its turn. */
const BATCH = 250;
const IDS = 1 << 14;
const topicName = (number) => `com.example.topic${number}`;

/** Each topic with one subscriber; resolves when all are confirmed. */
function subscribeAll(operations, topics, next) {
  return Promise.all(
    Array.from({ length: topics }, (_, number) => {
      // With an error handler, since the end of a session is an error to its topics.
      operations.topic(topicName(number)).subscribe({ next: (event) => next(event), error: () => undefined });
      return firstValueFrom(operations.subscribed(topicName(number)));
    }),
  );
}

const session = (options) =>
  new Promise((resolve, reject) => {
    const link = join({ ...options, logger: false, keepAliveMs: 0 }).subscribe({
      next: (operations) => resolve({ operations, close: () => link.unsubscribe() }),
      error: reject,
    });
  });

function client(options) {
  const operations = new Client({ ...options, logger: false, keepAliveMs: 0 });
  return Promise.resolve({ operations, close: () => operations.close() });
}

const FACES = { Client: client, Session: session };

/** The least that RxJS can do: a Map from id to subscriber, and nothing looked at. */
function bareDispatch(topics, next) {
  const script = new ScriptedLink().script;
  const subscribers = new Map();
  for (let number = 0; number < topics; number++) {
    const [, , id] = script.answer([32, number, {}, topicName(number)]);
    new Observable((subscriber) => void subscribers.set(id, subscriber)).subscribe((event) => next(event));
  }
  const receive = (message) => subscribers.get(message[1]).next(message);
  return { script, receive };
}

/** Which topics the events are for: whether only what is open counts, or also that all of it is in use. */
const FOR = ['one', 'all'];

async function inProcess({ quick }) {
  let heard = 0;
  const next = () => void heard++;
  const tasks = {};
  const closes = [];
  const add = (name, script, receive) => {
    for (const which of FOR) {
      // Numbers out of a typed list are new each time, as those of a decoded message are.
      const ids = Float64Array.from(script.shuffled(IDS, which));
      let at = 0;
      tasks[`${name} ${which}`] = () => {
        const before = heard;
        for (let sent = 0; sent < BATCH; sent++) {
          at = (at + 1) % IDS;
          receive([EVENT, ids[at], 4_503_599_627_370_496, {}, [sent]]);
        }
        if (heard !== before + BATCH) throw new RangeError(`${name}: ${heard - before} of ${BATCH} events arrived`);
      };
    }
  };
  for (const topics of TOPICS) {
    for (const [face, open] of Object.entries(FACES)) {
      const link = new ScriptedLink();
      const { operations, close } = await open({ transport: link.transport });
      await subscribeAll(operations, topics, next);
      add(`${face} ${topics}`, link.script, (message) => link.sink.next(message));
      closes.push(close);
    }
    const bare = bareDispatch(topics, next);
    add(`bare ${topics}`, bare.script, bare.receive);
  }
  const found = inBatches(tasks, { rounds: quick ? 3 : 15, milliseconds: quick ? 30 : 60, batch: BATCH });
  for (const close of closes) await close();
  const names = ['Client', 'Session', 'bare'];
  return FOR.map((which) => ({
    title: `One EVENT without a socket, events for ${which} of the topics`,
    about:
      which === 'one'
        ? 'From `sink.next` of a transport in the process to the subscriber of its topic; each topic has one, and ids have 16 digits. Bare is a `Map` from id to RxJS subscriber that looks at nothing.'
        : 'The same with events for all topics, in no order: what grows here and not above is the time that a processor takes to fetch what it did not have at hand.',
    head: ['open topics', ...names.flatMap((name) => [`${name}, ns`, 'to 1 topic'])],
    rows: TOPICS.map((topics) => [
      topics.toLocaleString('en-US'),
      ...names.flatMap((name) => {
        const values = found[`${name} ${topics} ${which}`];
        return [spread(values), spread(ratios(values, found[`${name} ${TOPICS[0]} ${which}`]), 2)];
      }),
    ]),
  }));
}

/** Events that a far side sends, counted until all have come. */
class Arrivals {
  #left = 0;
  #done = () => undefined;

  next = () => {
    if (--this.#left === 0) this.#done();
  };

  of(count) {
    this.#left = count;
    return new Promise((resolve) => {
      this.#done = resolve;
    });
  }
}

async function overLoopback({ quick }) {
  const count = quick ? 10_000 : 60_000;
  const far = await farSide('script');
  const cases = {};
  const closes = [() => far.close()];
  // The far side counts its links in the order in which they come.
  const add = (name, arrivals) => {
    const link = Object.keys(cases).length / FOR.length;
    for (const which of FOR) {
      cases[`${name} ${which}`] = () =>
        timed(count, () => {
          const all = arrivals.of(count);
          far.send({ link, count, which });
          return all;
        });
    }
  };
  for (const topics of ON_THE_WIRE) {
    for (const [face, open] of Object.entries(FACES)) {
      const arrivals = new Arrivals();
      const { operations, close } = await open({ url: far.url });
      await subscribeAll(operations, topics, arrivals.next);
      add(`${face} ${topics}`, arrivals);
      closes.unshift(close);
    }
    const arrivals = new Arrivals();
    const { client: bare, close } = await bareSocket(far.url, 'realm1');
    await Promise.all(Array.from({ length: topics }, (_, number) => bare.subscribe(topicName(number), arrivals.next)));
    add(`bare ${topics}`, arrivals);
    closes.unshift(close);
  }
  const found = await inRounds(cases, quick ? 3 : 11);
  for (const close of closes) await close();
  const [few, many] = ON_THE_WIRE;
  const open = many.toLocaleString('en-US');
  return {
    title: 'One EVENT over a loopback WebSocket',
    about:
      `JSON; the far side is a process of its own. CPU of the client's process for one event, ${count.toLocaleString('en-US')} in a round, and ratios to ` +
      `its own with ${few} topic. The contract: with ${open} topics at most 1.15. Bare is a hand-written client on ws.`,
    head: ['client', `${few} topic, µs`, `${open}, events for one`, `${open}, events for all`, `to bare, ${few} topic`],
    rows: ['Client', 'Session', 'bare'].map((name) => {
      const alone = found[`${name} ${few} all`].cpu;
      const among = FOR.map((which) => spread(ratios(found[`${name} ${many} ${which}`].cpu, alone), 2));
      return [name, spread(alone), ...among, spread(ratios(alone, found[`bare ${few} all`].cpu), 2)];
    }),
  };
}

export async function dispatch(options) {
  return [...(await inProcess(options)), await overLoopback(options)];
}
