// A program that installed rxwamp: its own router, a callee and a caller over WebSocket, JSON and MessagePack.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { firstValueFrom, map } from 'rxjs';
import * as rxwamp from 'rxwamp';
import * as msgpack from 'rxwamp/msgpack';
import { Router } from 'rxwamp/router';

const { Client } = rxwamp;
assert.equal(createRequire(import.meta.url)('rxwamp').Client, Client, 'require and import give the same class');
assert.ok(Object.keys(msgpack).length > 0, 'rxwamp/msgpack exports something');

const port = await new Promise((resolve) => {
  const probe = createServer().listen(0, '127.0.0.1', () => {
    const { port: free } = probe.address();
    probe.close(() => resolve(free));
  });
});
const server = await new Router({ realms: ['realm1'] }).listen({ port });

const wamp = new Client({ url: `ws://127.0.0.1:${port}/ws` });
const registered = new Promise((resolve, reject) => {
  wamp
    .register(
      'com.example.add',
      map(({ args: [a, b] }) => a + b),
    )
    .subscribe({ next: resolve, error: reject });
});
await registered;
assert.equal((await firstValueFrom(wamp.call('com.example.add', [1, 2]))).value, 3);
await wamp.close();
await server[Symbol.asyncDispose]();
console.log('consumers: a Node program ok');
