// The router's side, over a real WebSocket: what closing leaves there, and what comes back after it was killed or restarted.
import { firstValueFrom, lastValueFrom, map, mergeMap, NEVER } from 'rxjs';
import { Client, type ClientOptions, type ConnectionError, json } from '../../src/index.ts';
import { msgpack } from '../../src/msgpack.ts';
import { Router, type RouterServer } from '../../src/router/index.ts';
import { hear, kept, notebook } from '../client/opened.ts';

const NEWS = 'com.example.news';
const ADD = 'com.example.add';
const NO_COUNTS = { sessions: 0, subscriptions: 0, registrations: 0, invocations: 0, retained: 0, dropped: 0 };

describe('Client and Router over a real WebSocket', () => {
  let router: Router;
  let server: RouterServer;
  async function start(port = 0): Promise<void> {
    router = new Router({ realms: ['realm1'], sequentialIds: true });
    server = await router.listen({ port, path: '/ws' });
  }
  beforeEach(() => start());
  afterEach(() => router.close());

  function client(options: ClientOptions = {}): Client {
    return kept(new Client({ url: server.url, logger: false, retryDelayMs: () => 5, ...options }));
  }

  /** A client with everything: a topic, a registration, a pipeline that works, a subject. */
  async function busy(
    options: ClientOptions = {},
  ): Promise<{ wamp: Client; news: ReturnType<typeof hear<unknown>>; lost: ReturnType<typeof hear> }> {
    const wamp = client(options);
    const news = hear(wamp.topic(NEWS).pipe(map(({ value }) => value)));
    hear(
      wamp.register(
        'com.example.work',
        mergeMap(() => NEVER),
      ),
    );
    await new Promise((resolve) =>
      hear(
        wamp
          .register<[number, number]>(
            ADD,
            map(({ args: [a, b] }) => a + b),
          )
          .pipe(map(resolve)),
      ),
    );
    await firstValueFrom(wamp.subscribed(NEWS));
    wamp.subject(NEWS).next(0);
    const lost = hear(wamp.call('com.example.work'));
    await lastValueFrom(wamp.call(ADD, [1, 1]));
    return { wamp, news, lost };
  }

  for (const serializer of [json(), msgpack()]) {
    const { protocol } = serializer;
    const serializers = [serializer];

    it(`L9 close leaves nothing on the router, by ${protocol}`, async () => {
      const { wamp, lost } = await busy({ serializers });
      expect(router.counts()).toEqual({ ...NO_COUNTS, sessions: 1, subscriptions: 1, registrations: 2, invocations: 1 });
      await wamp.close();
      expect(router.counts()).toEqual(NO_COUNTS);
      expect([lost.errors.length, router.sessions('realm1')]).toEqual([1, []]);
    });

    for (const end of ['kill', 'close'] as const) {
      it(`R3 topics and registrations come back after ${end}() of the router and a restart, by ${protocol}`, async () => {
        const { wamp, news, lost } = await busy({ serializers });
        const first = wamp.inspect().session;
        const back = new Promise<number>((resolve) => {
          hear(wamp.sessions.pipe(map(({ id }) => id !== first && resolve(id))));
        });
        const registrations = hear(wamp.subscribed(NEWS));
        const { port } = server;
        await server[end]();
        await new Promise<void>((resolve) => {
          hear(wamp.status.pipe(map(({ state }) => state !== 'open' && resolve())));
        });
        const waiting = lastValueFrom(wamp.call<number>(ADD, [20, 22]));
        expect(wamp.inspect().waiting).toBe(1);
        await start(port);
        const second = await back;
        expect((await waiting).value).toBe(42);
        expect(lost.errors.map((error) => (error as ConnectionError).sent)).toEqual([true]);
        expect(registrations.values.length).toBe(2);
        const event = firstValueFrom(wamp.topic(NEWS));
        const other = client();
        await lastValueFrom(other.publish(NEWS, ['back'], undefined, { acknowledge: true }));
        expect((await event).value).toBe('back');
        expect(news.values).toEqual(['back']);
        expect((await lastValueFrom(other.call<number>(ADD, [1, 2]))).value).toBe(3);
        expect([wamp.inspect().session, wamp.inspect().counters.reconnects]).toEqual([second, 1]);
        expect(router.counts()).toEqual({ ...NO_COUNTS, sessions: 2, subscriptions: 1, registrations: 2 });
      });
    }
  }

  it('R6 a router that speaks none of the serializers is fatal, and says so once', async () => {
    const only = await router.listen({ port: 0, serializers: [json()] });
    const log = notebook();
    const wamp = client({ url: only.url, serializers: [msgpack()], logger: log });
    const error = await firstValueFrom(wamp.sessions).catch((reason: unknown) => reason);
    expect((error as ConnectionError).uri).toBe('wamp.error.no_serializer');
    expect([log.failed.length, log.warned.length]).toEqual([1, 0]);
    const both = client({ url: only.url, serializers: [msgpack(), json()] });
    expect((await firstValueFrom(both.sessions)).id).toBeGreaterThan(0);
  });
});
