// Self check of routers.ts: starts both routers, joins by hand, crashes and restarts them, stops them, prints the times.
// Knows the wire only, nothing of this library.
// Source: WAMP basic profile, "Session Establishment".
import { WebSocket } from 'ws';
import { RouterError, startCrossbar, startNexus, Unavailable, type RealRouter } from './routers.ts';

const HELLO = 1;
const WELCOME = 2;

function negotiated(url: string, protocol: string, ca?: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, [protocol], ca === undefined ? {} : { ca });
    socket.once('error', reject).once('open', () => {
      resolve(socket.protocol);
      socket.terminate();
    });
  });
}

function agent(url: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, ['wamp.2.json']);
    socket.once('error', reject).once('close', (code) => reject(new RouterError(`closed by ${code} instead of WELCOME`)));
    socket.once('open', () => socket.send(JSON.stringify([HELLO, 'realm1', { roles: { caller: {} } }])));
    socket.once('message', (data: Buffer) => {
      const text = data.toString();
      const [type, , details] = JSON.parse(text) as [number, unknown, { agent?: string }];
      if (type === WELCOME) resolve(details.agent ?? 'a router that names no agent');
      else reject(new RouterError(`answered HELLO with ${text}`));
      socket.terminate();
    });
  });
}

async function timed<T>(what: string, work: () => Promise<T>): Promise<T> {
  const since = performance.now();
  const result = await work();
  console.log(`  ${what}: ${Math.round(performance.now() - since)} ms`);
  return result;
}

async function check(name: string, start: () => Promise<RealRouter>): Promise<boolean> {
  console.log(name);
  try {
    const router = await timed('start, with what had to be installed', start);
    try {
      for (const protocol of ['wamp.2.json', 'wamp.2.msgpack']) {
        console.log(
          `  ${protocol}: ${await negotiated(router.url, protocol)}, TLS ${await negotiated(router.secureUrl, protocol, router.certificate)}`,
        );
      }
      console.log(`  WELCOME from ${await agent(router.url)}`);
      await timed('kill', () => router.kill());
      await timed('restart after kill', () => router.restart());
      console.log(`  WELCOME from ${await agent(router.url)}`);
      await timed('restart', () => router.restart());
      console.log(`  WELCOME from ${await agent(router.url)}`);
    } finally {
      await timed('stop', () => router.stop());
    }
    return true;
  } catch (error) {
    if (!(error instanceof Unavailable)) throw error;
    console.log(`  unavailable: ${error.message}`);
    return process.env['CI'] === undefined;
  }
}

const passed = [await check('crossbar', () => startCrossbar()), await check('nexus', () => startNexus())];
if (passed.includes(false)) process.exitCode = 1;
