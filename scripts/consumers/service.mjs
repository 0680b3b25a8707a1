// What built pages and programs call.
import { map } from 'rxjs';
import { Client } from 'rxwamp';
import { Router } from 'rxwamp/router';

/** @returns The URL of a router, at a free port, with the procedure com.example.add; and its end. */
export async function service() {
  const router = new Router({ realms: ['realm1'] });
  const { url } = await router.listen({ port: 0 });
  const add = map(({ args: [a, b] }) => a + b);
  const client = new Client({ transport: router.transport() });
  await new Promise((next, error) => client.register('com.example.add', add).subscribe({ next, error }));
  const close = async () => {
    await client.close();
    await router.close();
  };
  return { url, close };
}
