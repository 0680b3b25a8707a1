// A hundred reconnects with everything standing: the old sessions are gone, and nothing came twice.
import { firstValueFrom, lastValueFrom, map, NEVER, switchMap } from 'rxjs';
import type { Session } from '../../src/index.ts';
import { Client } from '../../src/index.ts';
import { Router } from '../../src/router/index.ts';
import { growth, resources, settled, Tracked, until } from './measure.ts';
import { heldBy, NO_COUNTS, NOTHING, quiet } from './stage.ts';

const ADD = 'com.example.add';
const WORK = 'com.example.work';
const NEWS = 'com.example.news';
const TIMEOUT = 60_000;

interface Way {
  readonly name: string;
  readonly times: number;
  readonly socket: boolean;
  /** The heap may grow by less than this with each reconnect: less than the table of one session's requests, or one socket. */
  readonly bytes: number;
  lose(client: Client, router: Router): void;
}

const cut = (client: Client, router: Router): void => router.link(client.inspect().session!)!.unsubscribe();
const again = (client: Client): void => client.reconnect();
const WAYS: readonly Way[] = [
  { name: '100 reconnects in memory by reconnect()', times: 100, socket: false, bytes: 2048, lose: again },
  { name: '100 reconnects in memory after the router cut the link', times: 100, socket: false, bytes: 2048, lose: cut },
  { name: '100 reconnects in memory after GOODBYE', times: 100, socket: false, bytes: 2048, lose: goodbye },
  { name: '100 reconnects by WebSocket, after reconnect() and after cuts', times: 100, socket: true, bytes: 8192, lose: both() },
];

function goodbye(client: Client, router: Router): void {
  void router.link(client.inspect().session!)!.goodbye('wamp.close.normal', 'come again');
}

function both(): Way['lose'] {
  let turns = 0;
  return (client, router) => (turns++ % 2 === 0 ? again(client) : cut(client, router));
}

describe('Many reconnects', () => {
  for (const { name, times, socket, bytes, lose } of WAYS) {
    it(
      `leave nothing behind: ${name}`,
      async () => {
        const before = resources();
        const router = new Router({ realms: ['realm1'] });
        const server = socket ? await router.listen({ port: 0 }) : undefined;
        const link = server === undefined ? { transport: router.transport() } : { url: server.url };
        const client = new Client({ ...link, logger: false, retryDelayMs: () => 0 });
        const tracked = new Tracked();
        const lost = { calls: 0, publishes: 0 };
        const seen = { sessions: 0, subscribed: 0, registered: 0, events: 0 };
        client.sessions.subscribe((session: Session) => {
          tracked.add('sessions', session);
          seen.sessions++;
        });
        client.subscribed(NEWS).subscribe(() => seen.subscribed++);
        client.topic(NEWS).subscribe(() => seen.events++);
        client
          .register<[number]>(
            ADD,
            map(({ args: [n] }) => n + 1),
          )
          .subscribe(() => seen.registered++);
        client
          .register(
            WORK,
            switchMap(() => NEVER),
          )
          .subscribe();
        client.subject(NEWS).next(0);

        /** One more session, in which everything works and a call is under way. */
        const round = async (i: number): Promise<void> => {
          await until('everything came back', () => [seen.sessions, seen.subscribed, seen.registered].every((count) => count === i + 1));
          const session = await firstValueFrom(client.sessions);
          session.topic('com.example.bound').subscribe({ error: () => {} });
          if ((await lastValueFrom(client.call<number>(ADD, [i]))).value !== i + 1) throw new TypeError('a wrong sum');
          await lastValueFrom(client.publish(NEWS, [i], undefined, { acknowledge: true, exclude_me: false }));
          client.call(WORK).subscribe({ error: () => lost.calls++ });
          await until('the call is under way', () => router.counts().invocations === 1);
          await quiet([client], 1);
        };
        await round(0);
        const look = (): object => ({ client: heldBy(client), router: router.counts() });
        const [standing, standingResources] = [look(), resources()];

        const grown = await growth(times, async (first, last) => {
          for (let i = first; i < last; i++) {
            lose(client, router);
            await round(i + 1);
          }
        });

        expect(look()).withContext('what stands after the last one').toEqual(standing);
        expect(client.inspect().counters.reconnects).toBe(times);
        expect(seen).toEqual({ sessions: times + 1, subscribed: times + 1, registered: times + 1, events: times + 1 });
        expect(lost.calls).toBe(times);
        expect(resources().sockets).withContext('sockets').toBeLessThanOrEqual(standingResources.sockets);
        expect(resources().timers)
          .withContext('timers')
          .toBeLessThanOrEqual(standingResources.timers + 1);
        expect(await tracked.alive())
          .withContext('sessions alive')
          .toEqual({ sessions: 1 });
        expect(grown).withContext('bytes on the heap with each reconnect').toBeLessThan(bytes);

        await client.close();
        await quiet([client]);
        expect(heldBy(client)).toEqual(NOTHING);
        await until('the router has heard of the end', () => router.counts().sessions === 0);
        expect(router.counts()).withContext('what the router holds of a closed client').toEqual(NO_COUNTS);
        await router.close();
        const left = await settled(before);
        expect(left.timers).withContext('timers after the end').toBeLessThanOrEqual(before.timers);
        expect(left.sockets).withContext('sockets after the end').toBeLessThanOrEqual(before.sockets);
      },
      TIMEOUT,
    );
  }
});
