// Round trips and events per second through the embedded router: in this process, and in another one behind a loopback WebSocket.
import { Client, json } from 'rxwamp';
import { msgpack } from 'rxwamp/msgpack';
import { Router } from 'rxwamp/router';
import { bareLink, bareSocket } from './bare.mjs';
import { farSide } from './fork.mjs';
import { inRounds, ratios, spread, timed } from './measure.mjs';
import { BURST, ECHO, REALM, serve } from './serve.mjs';

const WORK = {
  'call, 1 in flight': { calls: 1, count: 3_000 },
  'call, 64 in flight': { calls: 64, count: 15_000 },
  event: { count: 20_000 },
};

/** Calls until so many were answered, never more than `width` at a time. */
function pump(call, count, width) {
  return new Promise((resolve, reject) => {
    let started = 0;
    let answered = 0;
    const start = () => {
      if (started === count) return;
      const value = ++started;
      call(ECHO, [value], (echo) => {
        if (echo !== value) reject(new RangeError(`${ECHO} answered ${echo} to ${value}`));
        if (++answered === count) resolve();
        else start();
      });
    };
    for (let each = 0; each < width; each++) start();
  });
}

/** A Client, with callbacks; its topic is its own and subscribed to once. */
async function measured(options) {
  const client = new Client({ ...options, realm: REALM, logger: false, keepAliveMs: 0 });
  const topic = 'com.example.ticks.measured';
  const listener = { next: () => undefined };
  client.topic(topic).subscribe(() => listener.next());
  await new Promise((resolve, reject) => {
    client.subscribed(topic).subscribe({ next: resolve, error: reject });
  });
  const call = (procedure, args, done) => {
    client.call(procedure, args).subscribe((result) => done(result.value));
  };
  return { call, topic, listener, close: () => client.close() };
}

/** The same of a bare client. */
async function bare({ client, close }) {
  const topic = 'com.example.ticks.bare';
  const listener = { next: () => undefined };
  await client.subscribe(topic, () => listener.next());
  const call = (procedure, args, done) => client.call(procedure, args, (message) => done(message[3][0]));
  return { call, topic, listener, close };
}

/** So many events, from the call that asks for them to the last that arrives. */
function events({ call, topic, listener }, count) {
  return new Promise((resolve) => {
    let heard = 0;
    listener.next = () => {
      if (++heard === count) resolve();
    };
    call(BURST, [topic, count], () => undefined);
  });
}

async function through(name, open, { quick }) {
  const clients = { rxwamp: await measured(open.options), bare: await bare(await open.bare()) };
  const cases = {};
  for (const [work, { calls, count }] of Object.entries(WORK)) {
    const times = quick ? count / 10 : count;
    for (const [who, client] of Object.entries(clients)) {
      cases[`${work} ${who}`] = () => timed(times, () => (calls === undefined ? events(client, times) : pump(client.call, times, calls)));
    }
  }
  const found = await inRounds(cases, quick ? 3 : 9);
  for (const client of Object.values(clients)) await client.close();
  return Object.keys(WORK).map((work) => {
    const ours = found[`${work} rxwamp`];
    const base = found[`${work} bare`];
    return [
      name,
      work,
      spread(ours.perSecond, 0),
      spread(base.perSecond, 0),
      spread(ours.cpu),
      spread(base.cpu),
      spread(ratios(ours.cpu, base.cpu), 2),
    ];
  });
}

export async function traffic(options) {
  const serializers = { JSON: json(), MessagePack: msgpack() };
  const rows = [];
  const near = new Router({ realms: [REALM], maxQueueBytes: 1 << 28 });
  const served = await serve(near);
  for (const [name, serializer] of Object.entries(serializers)) {
    const open = {
      options: { transport: near.transport({ serializer }) },
      bare: () => bareLink(near.transport({ serializer }), REALM),
    };
    rows.push(...(await through(`in memory, ${name}`, open, options)));
  }
  await served.close();
  await near.close();

  const far = await farSide('router');
  for (const [name, serializer] of Object.entries(serializers)) {
    const open = {
      options: { url: far.url, serializers: [serializer] },
      bare: () => bareSocket(far.url, REALM, name === 'JSON' ? undefined : serializer),
    };
    rows.push(...(await through(`WebSocket, ${name}`, open, options)));
  }
  far.close();
  return [
    {
      title: 'Round trips and events per second',
      about:
        'Through the embedded router. In memory everything is in one process, callee and publisher too, with each message encoded and decoded on ' +
        'every hop; the WebSocket goes over the loopback to a process with router, callee and publisher. CPU is that of the process that is ' +
        'measured. Bare is a hand-written client that checks nothing, on the same link or on ws, with plain JSON.',
      head: ['link', 'work', 'Client, per second', 'bare, per second', 'Client, CPU µs each', 'bare, CPU µs each', 'CPU ratio'],
      rows,
    },
  ];
}
