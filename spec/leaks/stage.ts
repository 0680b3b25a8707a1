// Two clients on a router in memory, and what must hold after thousands of operations: everything is as it was before the first of them.
import { firstValueFrom } from 'rxjs';
import { Client } from '../../src/index.ts';
import { Router, type RouterCounts, type RouterOptions } from '../../src/router/index.ts';
import { growth, resources, settled, turn, until } from './measure.ts';

export interface Stage {
  readonly router: Router;
  /** Registers and subscribes. */
  readonly service: Client;
  /** Calls and publishes. */
  readonly caller: Client;
}

export interface Scene {
  readonly intercept?: NonNullable<RouterOptions['intercept']>;
  /** What stands all the time. */
  prepare?(stage: Stage): Promise<void> | void;
  /** How many requests of `prepare` stay without an answer. Default: none. */
  readonly unanswered?: number;
  /** Runs the operations from `first` to `last`, `last` not included. */
  run(stage: Stage, first: number, last: number): Promise<void>;
  readonly operations?: number;
  /** The heap may grow by less than this with each operation. Default: 16 bytes, less than the smallest entry of any table. */
  readonly bytes?: number;
}

export const NO_COUNTS: RouterCounts = { sessions: 0, subscriptions: 0, registrations: 0, invocations: 0, retained: 0, dropped: 0 };

/** What a client holds, without what differs from one look to the next. */
export function heldBy(client: Client): object {
  const { topics, registrations, pending, waiting } = client.inspect();
  return {
    topics: topics.map(({ topic, subscribers }) => [topic, subscribers]),
    registrations: registrations.map(({ procedure, running }) => [procedure, running]),
    pending: pending.map(({ kind }) => kind),
    waiting,
  };
}

export const NOTHING = { topics: [], registrations: [], pending: [], waiting: 0 };

/** Waits until nothing is under way: what was left is unsubscribed, and every answer is there; `besides` requests wait for good. */
export async function quiet(clients: readonly Client[], besides = 0): Promise<void> {
  await turn();
  await until('no request is pending', () => clients.reduce((sum, client) => sum + client.inspect().pending.length, 0) <= besides);
}

/** Two clients with a session each, in memory. */
export async function staged(options: Omit<RouterOptions, 'realms'> = {}): Promise<Stage & { close(): Promise<void> }> {
  const router = new Router({ realms: ['realm1'], ...options });
  const make = (): Client => new Client({ transport: router.transport(), logger: false, retryDelayMs: () => 0 });
  const [service, caller] = [make(), make()];
  for (const client of [service, caller]) {
    client.sessions.subscribe();
    await firstValueFrom(client.sessions);
  }
  return {
    router,
    service,
    caller,
    close: async () => {
      await Promise.all([service.close(), caller.close()]);
    },
  };
}

/**
 * Plays a scene, and expects that nothing of its operations is left: in the clients, on the router, among timers and sockets, on the heap.
 *
 * @returns How many operations there were.
 */
export async function expectNothingLeft(scene: Scene): Promise<number> {
  const { operations = 10_000, bytes = 16 } = scene;
  const before = resources();
  const { router, service, caller, close } = await staged(scene.intercept && { intercept: scene.intercept });
  await scene.prepare?.({ router, service, caller });
  const clients = [service, caller];
  await quiet(clients, scene.unanswered);
  const look = (): object => ({ service: heldBy(service), caller: heldBy(caller), router: router.counts() });
  const pending = clients.reduce((sum, client) => sum + client.inspect().pending.length, 0);
  const [standing, standingResources] = [look(), resources()];

  const slopes: number[] = [];
  // A leak shows every time; what the engine compiles and keeps for itself does not.
  do {
    const done = slopes.length * operations;
    slopes.push(
      await growth(operations, async (first, last) => {
        await scene.run({ router, service, caller }, done + first, done + last);
        await quiet(clients, pending);
      }),
    );
  } while (Math.min(...slopes) >= bytes && slopes.length < 3);

  expect(look()).withContext('what stands after the operations').toEqual(standing);
  // Each client may have the one timer that sweeps over its unanswered requests.
  expect(resources().timers)
    .withContext('timers')
    .toBeLessThanOrEqual(standingResources.timers + clients.length);
  expect(resources().sockets).withContext('sockets').toBeLessThanOrEqual(standingResources.sockets);
  expect(Math.min(...slopes))
    .withContext('bytes on the heap with each operation')
    .toBeLessThan(bytes);

  await close();
  await turn();
  expect(clients.map(heldBy)).withContext('what closed clients hold').toEqual([NOTHING, NOTHING]);
  expect(router.counts()).withContext('what the router holds of closed clients').toEqual(NO_COUNTS);
  await router.close();
  const after = await settled(before);
  expect(after.timers).withContext('timers after the end').toBeLessThanOrEqual(before.timers);
  expect(after.sockets).withContext('sockets after the end').toBeLessThanOrEqual(before.sockets);
  return slopes.length * operations;
}

/** Runs `width` operations side by side until all are done. */
export async function abreast(first: number, last: number, operation: (i: number) => Promise<unknown>, width = 50): Promise<void> {
  for (let i = first; i < last; i += width) {
    await Promise.all(Array.from({ length: Math.min(width, last - i) }, (_, k) => operation(i + k)));
  }
}
