// A program of ES modules that installed rxwamp: every entry, and a callee and a caller by WebSocket and MessagePack on a router of its own.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { firstValueFrom, map } from 'rxjs';
import { Client } from 'rxwamp';
import { msgpack } from 'rxwamp/msgpack';
import { Router } from 'rxwamp/router';

const require = createRequire(import.meta.url);
const { name, exports } = require('rxwamp/package.json');
for (const key of Object.keys(exports).filter((each) => each !== './package.json')) {
  const specifier = key.replace('.', name);
  const imported = await import(specifier);
  assert.ok(Object.keys(imported).length > 0, `${specifier} exports something`);
  const required = require(specifier);
  for (const each of Object.keys(imported)) assert.equal(required[each], imported[each], `import and require give the same ${each}`);
}

const router = new Router({ realms: ['realm1'] });
const { url } = await router.listen({ port: 0 });
const client = new Client({ url, serializers: [msgpack()] });
const add = map(({ args: [a, b] }) => a + b);
await new Promise((next, error) => client.register('com.example.add', add).subscribe({ next, error }));
assert.equal((await firstValueFrom(client.call('com.example.add', [1, 2]))).value, 3);
await client.close();
await router.close();
