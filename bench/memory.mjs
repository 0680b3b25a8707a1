// What the client holds for each open topic and for each call that waits: bytes of the heap after a collection.
import { Client, connect as join } from 'rxwamp';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { inRounds, spread } from './measure.mjs';
import { ScriptedLink } from './script.mjs';

const COUNT = 10_000;
/** With an error handler, since the end of a session is an error to whoever waits; the same one for all. */
const OBSERVER = { next: () => undefined, error: () => undefined };

function collected() {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc');
  for (let each = 0; each < 3; each++) collect();
  return process.memoryUsage().heapUsed;
}

const WORK = {
  topic: async (operations, uris) => {
    for (const uri of uris) operations.topic(uri).subscribe(OBSERVER);
    await new Promise((resolve, reject) => {
      operations.subscribed(uris.at(-1)).subscribe({ next: resolve, error: reject });
    });
  },
  'call that waits': (operations, uris) => {
    for (const uri of uris) operations.call(uri).subscribe(OBSERVER);
    return Promise.resolve();
  },
};

const FACES = {
  Client: (options) =>
    new Promise((resolve, reject) => {
      const client = new Client(options);
      client.sessions.subscribe({ next: () => resolve({ operations: client, close: () => client.close() }), error: reject });
    }),
  Session: (options) =>
    new Promise((resolve, reject) => {
      const link = join(options).subscribe({
        next: (operations) => resolve({ operations, close: () => Promise.resolve(link.unsubscribe()) }),
        error: reject,
      });
    }),
};

async function bytesEach(open, work) {
  const { transport } = new ScriptedLink();
  const { operations, close } = await open({ transport, logger: false, keepAliveMs: 0 });
  // The text of the URIs is the user's.
  const uris = Array.from({ length: COUNT }, (_, number) => `com.example.item${number}`);
  const before = collected();
  await work(operations, uris);
  const bytes = (collected() - before) / uris.length;
  await close();
  return { bytes };
}

export async function memory({ quick }) {
  const cases = {};
  for (const [face, open] of Object.entries(FACES)) {
    for (const [name, work] of Object.entries(WORK)) cases[`${face} ${name}`] = () => bytesEach(open, work);
  }
  const found = await inRounds(cases, quick ? 2 : 5);
  return [
    {
      title: 'Memory',
      about: `Heap for each of ${COUNT.toLocaleString('en-US')}, with one subscriber and without the text of its URI.`,
      head: ['for each', ...Object.keys(FACES).map((face) => `${face}, bytes`)],
      rows: Object.keys(WORK).map((name) => [name, ...Object.keys(FACES).map((face) => spread(found[`${face} ${name}`].bytes, 0))]),
    },
  ];
}
