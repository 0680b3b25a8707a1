// A process of its own at the other end of the loopback: `script` confirms subscriptions and sends EVENTs on demand, `router` is the
// embedded router with a callee and a publisher. Says its URL to the process that forked it, and ends with it.
import { WebSocketServer } from 'ws';
import { setImmediate } from 'node:timers/promises';
import { EVENT, Script } from './script.mjs';
import { serve } from './serve.mjs';

/** Frames that are ready: what is sent again and again costs the far side nothing. */
const FRAMES = 1 << 14;
const CHUNK = 64;
const MOST_BUFFERED_BYTES = 1 << 20;

async function burst({ socket, script }, count, which) {
  const frames = script.shuffled(FRAMES, which).map((id) => JSON.stringify([EVENT, id, 4_503_599_627_370_496, {}, [12_345]]));
  for (let sent = 0; sent < count;) {
    for (const end = Math.min(sent + CHUNK, count); sent < end; sent++) socket.send(frames[sent % FRAMES]);
    while (socket.bufferedAmount > MOST_BUFFERED_BYTES) await setImmediate();
    await setImmediate();
  }
}

function script() {
  const links = [];
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false, handleProtocols: () => 'wamp.2.json' });
  server.on('listening', () => process.send({ url: `ws://127.0.0.1:${server.address().port}/` }));
  server.on('connection', (socket) => {
    const link = { socket, script: new Script() };
    links.push(link);
    socket.on('message', (data) => {
      const answer = link.script.answer(JSON.parse(data.toString()));
      if (answer !== undefined) socket.send(JSON.stringify(answer));
    });
  });
  process.on('message', ({ link, count, which }) => void burst(links[link], count, which));
}

async function router() {
  const { Router } = await import('rxwamp/router');
  const embedded = new Router({ realms: ['bench'], maxQueueBytes: 1 << 28 });
  const { url } = await embedded.listen({ port: 0 });
  await serve(embedded);
  process.send({ url });
}

process.on('disconnect', () => process.exit());
if (process.argv[2] === 'script') script();
else await router();
