// A real WebSocket: what Angular hears of it, with zone.js and without.
import { type ApplicationRef, NgZone } from '@angular/core';
import { firstValueFrom, take, toArray } from 'rxjs';
import { injectWamp, provideWamp, topicSignal, WAMP, wampStatus } from '../../src/angular/index.ts';
import { Client, type ClientOptions } from '../../src/index.ts';
import { routerUrl } from '../support/env.ts';
import { application, becomes, component, inside, mount, ZONE } from './setup.ts';

const EVENTS = 1000;
const others: Client[] = [];

afterEach(() => Promise.all(others.splice(0).map((client) => client.close())));

function connected(options: ClientOptions = {}): Promise<ApplicationRef> {
  return application(provideWamp(() => ({ url: routerUrl(), logger: false, ...options })));
}

/** Publishes each event in a task of its own, and the last one with an acknowledgement. */
async function burst(topic: string): Promise<void> {
  const publisher = new Client({ url: routerUrl(), logger: false });
  others.push(publisher);
  const { port1, port2 } = new MessageChannel();
  for (let i = 1; i < EVENTS; i++) {
    await firstValueFrom(publisher.publish(topic, [i]));
    await new Promise((resolve) => {
      port1.onmessage = resolve;
      port2.postMessage(0);
    });
  }
  await firstValueFrom(publisher.publish(topic, [EVENTS], {}, { acknowledge: true }));
}

describe('an application on a WebSocket', () => {
  it('checks for changes once a frame at most, however many events come, and shows the last one', async () => {
    const app = await connected();
    const topic = 'com.burst.one';
    let checks = 0;
    const Two = component(
      '{{ price() }} {{ again() }}',
      class {
        readonly price = topicSignal(topic);
        readonly again = topicSignal(topic, { project: ({ value }) => `#${String(value)}` });
        ngDoCheck(): void {
          checks++;
        }
      },
    );
    const all = firstValueFrom(app.injector.get(WAMP).topic(topic).pipe(take(EVENTS), toArray()));
    const { text } = mount(app, Two);
    await firstValueFrom(app.injector.get(WAMP).subscribed(topic));
    await app.whenStable();
    checks = 0;
    const start = performance.now();
    await burst(topic);
    expect((await all).length).toBe(EVENTS);
    await becomes(text, `${EVENTS} #${EVENTS}`);
    const frames = Math.ceil((performance.now() - start) / 16);
    expect(frames).toBeGreaterThan(1);
    expect(frames)
      .withContext('the events came at more than one in a frame')
      .toBeLessThan(EVENTS / 2);
    expect(checks).toBeLessThanOrEqual(frames + 2);
  });

  it('is stable while it is connected, while it waits, and whatever comes', async () => {
    const app = await connected({ keepAliveMs: 1000 });
    const zone = app.injector.get(NgZone);
    const [status, value] = inside(app, () => [wampStatus(), topicSignal('com.stable')] as const);
    app.tick();
    await becomes(() => status().state, 'open');
    await app.whenStable();
    let unstable = 0;
    zone.onUnstable.subscribe(() => unstable++);
    const client = inside(app, () => injectWamp());
    await firstValueFrom(client.publish('com.stable', [1], {}, { acknowledge: true, exclude_me: false }));
    await becomes(value, 1);
    await app.whenStable();
    expect(unstable)
      .withContext('the zone was entered')
      .toBeLessThanOrEqual(ZONE ? 1 : 0);
  });
});
