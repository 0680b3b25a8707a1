// What the design and the README show first, word by word, over a real WebSocket.
import {
  firstValueFrom,
  interval,
  lastValueFrom,
  map,
  merge,
  mergeMap,
  NEVER,
  type Observable,
  pipe,
  retry,
  switchMap,
  take,
  timeout,
  toArray,
} from 'rxjs';
import { type Client, connect, type Registered, whenLost } from '../../src/index.ts';
import { hear } from '../client/opened.ts';
import { routerUrl } from '../support/env.ts';
import { client } from './clients.ts';

/** Resolves when the registration stands. */
function registered(registration: Observable<Registered>): Promise<unknown> {
  return new Promise((resolve) => hear(registration.pipe(map(resolve))));
}

describe('The examples of the design', () => {
  let wamp: Client;
  let other: Client;
  beforeEach(() => {
    wamp = client({ realm: 'realm1' });
    other = client();
  });

  it('topic and publish: a headline is heard', async () => {
    const headline = firstValueFrom(wamp.topic<[string]>('com.example.news').pipe(map(({ args: [text] }) => text)));
    await firstValueFrom(wamp.subscribed('com.example.news'));
    other.publish('com.example.news', ['hello']).subscribe();
    expect(await headline).toBe('hello');
  });

  it('call and register: the sum of two numbers', async () => {
    await registered(
      wamp.register<[number, number]>(
        'com.example.add',
        map(({ args: [a, b] }) => a + b),
      ),
    );
    const { value } = await lastValueFrom(other.call<number>('com.example.add', [1, 2]));
    expect(value).toBe(3);
  });

  it('a countdown with progress and timeout', async () => {
    await registered(
      wamp.register<[number]>(
        'com.example.countdown',
        switchMap(({ args: [n] }) => interval(1).pipe(take(n))),
      ),
    );
    const countdown = other.call('com.example.countdown', [3], undefined, { receive_progress: true });
    expect(
      await lastValueFrom(
        countdown.pipe(
          timeout(5_000),
          map(({ value }) => value),
          toArray(),
        ),
      ),
    ).toEqual([0, 1, 2]);
  });

  it('several operators by pipe, and options last', async () => {
    const render = ({ title }: { readonly title?: unknown }): Promise<string> => Promise.resolve(`# ${String(title)}`);
    const report = pipe(
      map(({ kwargs }: { readonly kwargs: { readonly title?: unknown } }) => kwargs),
      mergeMap(render),
    );
    await Promise.all([wamp, other].map((one) => registered(one.register('com.example.report', report, { invoke: 'roundrobin' }))));
    const reports = await Promise.all([1, 2].map((title) => lastValueFrom(client().call('com.example.report', [], { title }))));
    expect(reports.map(({ value }) => value)).toEqual(['# 1', '# 2']);
  });

  it('a topic as a Subject: an interval publishes', async () => {
    const ticks = firstValueFrom(
      other.topic('com.example.tick').pipe(
        take(2),
        map(({ value }) => value),
        toArray(),
      ),
    );
    await firstValueFrom(other.subscribed('com.example.tick'));
    const ticking = interval(1).subscribe(wamp.subject('com.example.tick', { holdLast: 2 }));
    const [first, second] = (await ticks) as [number, number];
    ticking.unsubscribe();
    expect(second).toBe(first + 1);
  });

  it('snapshot and changes', async () => {
    await registered(
      other.register(
        'com.example.snapshot',
        map(() => 'snapshot'),
      ),
    );
    const uri = 'com.example.changes';
    const live = merge(wamp.topic(uri), wamp.subscribed(uri).pipe(switchMap(() => wamp.call('com.example.snapshot'))));
    const seen = lastValueFrom(
      live.pipe(
        take(2),
        map(({ value }) => value),
        toArray(),
      ),
    );
    await firstValueFrom(live);
    other.publish(uri, ['change']).subscribe();
    expect(await seen).toEqual(['snapshot', 'change']);
  });

  it('status, sessions and close', async () => {
    const states: string[] = [];
    wamp.status.subscribe(({ state }) => states.push(state));
    const { id } = await firstValueFrom(wamp.sessions);
    expect(id).toBeGreaterThan(0);
    await wamp.close();
    expect(states).toEqual(['idle', 'connecting', 'open', 'closed']);
  });

  it('connect, with retry below switchMap', async () => {
    const session$ = connect({ url: routerUrl(), realm: 'realm1', logger: false });
    const news = 'com.example.primitive';
    const heard = hear(
      session$.pipe(
        switchMap((session) => merge(session.topic(news), session.subscribed(news), NEVER)),
        retry({ delay: whenLost(1000) }),
        take(2),
      ),
    );
    const done = new Promise<void>((resolve) => {
      heard.subscription.add(resolve);
    });
    const again = setInterval(() => other.publish(news, ['hello']).subscribe(), 5);
    await done;
    clearInterval(again);
    expect([heard.values.length, heard.errors, heard.completions]).toEqual([2, [], 1]);
  });
});
