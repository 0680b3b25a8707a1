// What stands behind the router in the traffic benchmarks, in the router's process: a callee that echoes, and a publisher that sends as many
// events as a call asks it to.
import { firstValueFrom, map, mergeMap } from 'rxjs';
import { Client } from 'rxwamp';

export const REALM = 'bench';
export const ECHO = 'com.example.echo';
export const BURST = 'com.example.burst';

/** Publications that go out before the router has confirmed the last of them. */
const CHUNK = 256;

async function burst(client, topic, count) {
  for (let sent = 1; sent <= count; sent++) {
    if (sent % CHUNK !== 0 && sent < count) client.publish(topic, [sent]).subscribe();
    else await firstValueFrom(client.publish(topic, [sent], undefined, { acknowledge: true }));
  }
  return count;
}

/** @returns The client, once its procedures are registered. */
export async function serve(router) {
  const client = new Client({ transport: router.transport(), realm: REALM, keepAliveMs: 0 });
  const procedures = [
    client.register(
      ECHO,
      map(({ args: [value] }) => value),
    ),
    client.register(
      BURST,
      mergeMap(({ args: [topic, count] }) => burst(client, topic, count)),
    ),
  ];
  for (const registered of procedures) {
    await new Promise((resolve, reject) => {
      registered.subscribe({ next: resolve, error: reject });
    });
  }
  return client;
}
