// The examples of the front page, each against the embedded router in memory.
import {
  filter,
  firstValueFrom,
  interval,
  lastValueFrom,
  map,
  merge,
  mergeMap,
  type Observable,
  of,
  pipe,
  retry,
  switchMap,
  take,
  timeout,
  toArray,
} from 'rxjs';
import { Client, connect, whenLost } from '../../src/index.ts';
import { Router } from '../../src/router/index.ts';
import { hear, kept, notebook, turn } from './opened.ts';

function setup(): { router: Router; client(): Client; log: ReturnType<typeof notebook> } {
  const router = new Router({ realms: ['realm1'] });
  const log = notebook();
  return { router, log, client: () => kept(new Client({ transport: router.transport(), retryDelayMs: () => 1, logger: log })) };
}

async function until(so: () => boolean): Promise<void> {
  while (!so()) await turn();
}

describe('The examples', () => {
  it('T1 deliver news', async () => {
    const { client, router } = setup();
    const [reader, writer] = [client(), client()];
    const headlines = hear(reader.topic<[string]>('com.example.news').pipe(map(({ args: [headline] }) => headline)));
    await firstValueFrom(reader.subscribed('com.example.news'));
    expect(router.counts().subscriptions).toBe(1);
    hear(writer.publish('com.example.news', ['hello']));
    await until(() => headlines.values.length > 0);
    expect(headlines.values).toEqual(['hello']);
  });

  it('C1 add, by a procedure of another client', async () => {
    const { client } = setup();
    const add = client().register<[number, number]>(
      'com.example.add',
      map(({ args: [a, b] }) => a + b),
    );
    await firstValueFrom(hearing(add));
    const sum = await lastValueFrom(client().call<number>('com.example.add', [1, 2]));
    expect([sum.value, sum.args, sum.kwargs] as unknown[]).toEqual([3, [3], {}]);
  });

  it('G3 count down with progressive results', async () => {
    const { client } = setup();
    const down = client().register<[number]>(
      'com.example.countdown',
      switchMap(({ args: [n] }) => interval(1).pipe(take(n))),
    );
    await firstValueFrom(hearing(down));
    const values = client()
      .call('com.example.countdown', [3], undefined, { receive_progress: true })
      .pipe(
        timeout(5_000),
        map(({ value }) => value),
        toArray(),
      );
    expect(await lastValueFrom(values)).toEqual([0, 1, 2]);
  });

  it('G2 report through several operators, shared by invoke', async () => {
    const { client } = setup();
    const render = (kwargs: object): Observable<string> => of(JSON.stringify(kwargs));
    const report = (wamp: Client): ReturnType<Client['register']> =>
      wamp.register(
        'com.example.report',
        pipe(
          map(({ kwargs }) => kwargs),
          mergeMap(render),
        ),
        { invoke: 'roundrobin' },
      );
    await firstValueFrom(hearing(report(client())));
    await firstValueFrom(hearing(report(client())));
    const { value } = await lastValueFrom(client().call('com.example.report', [], { year: 2026 }));
    expect(value).toBe('{"year":2026}');
  });

  it('P2 tick through a topic that is a Subject', async () => {
    const { client } = setup();
    const reader = client();
    const ticks = hear(reader.subject<number>('com.example.tick').pipe(take(2)));
    await firstValueFrom(reader.subscribed('com.example.tick'));
    interval(1)
      .pipe(take(30))
      .subscribe(client().subject('com.example.tick', { holdLast: 5 }));
    await until(() => ticks.completions > 0);
    expect(ticks.values).toEqual([0, 1]);
  });

  it('T4 take the snapshot again after each reconnect', async () => {
    const { client, router } = setup();
    const [server, reader] = [client(), client()];
    await firstValueFrom(
      hearing(
        server.register(
          'com.example.snapshot',
          map(() => 'snapshot'),
        ),
      ),
    );
    const live = hear(
      merge(
        reader.topic('com.example.change').pipe(map(({ value }) => value)),
        reader.subscribed('com.example.change').pipe(
          switchMap(() => reader.call('com.example.snapshot')),
          map(({ value }) => value),
        ),
      ),
    );
    await until(() => live.values.length > 0);
    hear(server.publish('com.example.change', ['change']));
    await until(() => live.values.length > 1);
    router.link(reader.inspect().session!)!.unsubscribe();
    await until(() => live.values.length > 2);
    expect(live.values).toEqual(['snapshot', 'change', 'snapshot']);
    expect(live.errors).toEqual([]);
  });

  it('L7 tell what the client is doing, and give its sessions', async () => {
    const { client, router } = setup();
    const wamp = client();
    const states = hear(wamp.status.pipe(map(({ state }) => state)));
    const session = await firstValueFrom(hearing(wamp.sessions));
    expect(router.sessions('realm1')).toEqual([session.id]);
    await wamp.close();
    expect(states.values).toEqual(['idle', 'connecting', 'open', 'closed']);
    expect([states.completions, router.counts().sessions]).toEqual([1, 0]);
  });

  it('L2 reconnect with connect, switchMap and retry', async () => {
    const { router } = setup();
    const sessions = connect({ transport: router.transport(), logger: false });
    const news = hear(
      sessions.pipe(
        switchMap((session) => session.topic('com.example.news')),
        map(({ value }) => value),
        retry({ delay: whenLost(1) }),
      ),
    );
    const publish = async (value: number): Promise<void> => {
      await until(() => router.counts().subscriptions === 1);
      const writer = connect({ transport: router.transport(), logger: false });
      await lastValueFrom(
        writer.pipe(
          switchMap((session) => session.publish('com.example.news', [value])),
          take(1),
        ),
      );
      await until(() => news.values.includes(value));
    };
    await publish(1);
    const [reader] = router.sessions('realm1');
    router.link(reader!)!.unsubscribe();
    await until(() => router.counts().subscriptions === 0);
    await publish(2);
    expect([news.values, news.errors]).toEqual([[1, 2], []]);
    news.leave();
  });
});

/** Keeps a stream subscribed to the end of the spec, and lets others see what it says. */
function hearing<T>(stream: Observable<T>): Observable<T> {
  const { values } = hear(stream);
  return interval(0).pipe(
    filter(() => values.length > 0),
    map(() => values[0] as T),
  );
}
