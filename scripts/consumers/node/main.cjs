// The same by `require`, with JSON.
const assert = require('node:assert/strict');
const { firstValueFrom, map } = require('rxjs');
const { Client } = require('rxwamp');
const { Router } = require('rxwamp/router');

// What every entry of package.json gives to `require` is compared in main.mjs.
async function main() {
  const router = new Router({ realms: ['realm1'] });
  const { url } = await router.listen({ port: 0 });
  const client = new Client({ url });
  const add = map(({ args: [a, b] }) => a + b);
  await new Promise((next, error) => client.register('com.example.add', add).subscribe({ next, error }));
  assert.equal((await firstValueFrom(client.call('com.example.add', [1, 2]))).value, 3);
  await client.close();
  await router.close();
}
main();
