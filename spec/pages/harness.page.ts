// The harness itself: a page with a client of ours, a router that dies and comes back.
import { bundled, killableRouter, openPage, ROUTER_DOWN, serve, until, untilHere } from './support/index.ts';

describe('the page harness', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await bundled({ main: 'spec/pages/scripts/topic.ts' });
  });

  it('shows a page events before and after the router was killed', async () => {
    const router = await killableRouter();
    const site = await serve(folder);
    const page = await openPage(`${site.url}?router=${router.url}`, { expected: [ROUTER_DOWN] });
    await untilHere(() => router.subscribers('com.example.news') === 1, 'the page has subscribed');
    await router.publish('com.example.news', ['first']);
    await until(page, () => document.body.innerText === 'first', 'the first event is shown');
    await router.kill();
    await router.restart();
    await untilHere(() => router.subscribers('com.example.news') === 1, 'the page has subscribed again');
    await router.publish('com.example.news', ['second']);
    await until(page, () => document.body.innerText === 'first second', 'the second event is shown');
    expect(router.sessions().length).toBe(1);
    expect(router.received.filter(([code]) => code === 32).length).toBe(2);
  });
});
