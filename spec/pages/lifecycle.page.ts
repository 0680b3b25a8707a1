// What happens to a page while it has a client: it goes offline, sleeps, goes to the background, is left and come back to, is closed.
// Source: docs/semantics.md; what Chromium does of itself stands in docs/pages.md.
import type { LifecyclePage } from './scripts/lifecycle.ts';
import {
  bundled,
  type KillableRouter,
  killableRouter,
  openPage,
  type Page,
  ROUTER_DOWN,
  serve,
  type Site,
  until,
  untilHere,
} from './support/index.ts';

const TOPIC = 'com.example.news';
/** So long that only what the page hears of can end a wait. */
const NEVER = '&delay=100000000';
const GOODBYE = 6;

describe('a page', () => {
  let site: Site;
  let router: KillableRouter;

  beforeAll(async () => {
    site = await serve(await bundled({ main: 'spec/pages/scripts/lifecycle.ts' }), {
      rewrites: { '/elsewhere.html': '<!doctype html><title>elsewhere</title>elsewhere' },
    });
  });
  beforeEach(async () => {
    router = await killableRouter();
  });
  afterEach(() => router.close());

  const open = async (more = ''): Promise<Page> => {
    const page = await openPage(`${site.url}?router=${router.url}${more}`, { expected: [ROUTER_DOWN, /ERR_INTERNET_DISCONNECTED/] });
    await subscribed();
    return page;
  };
  const subscribed = (): Promise<boolean> => untilHere(() => router.subscribers(TOPIC) === 1, 'the router has one subscriber');
  const state = (page: Page, wanted: string): Promise<boolean> =>
    until(page, (name) => (globalThis as unknown as LifecyclePage).seen.states.at(-1) === name, `the client is ${wanted}`, wanted);
  const hears = async (page: Page, text: string): Promise<void> => {
    await router.publish(TOPIC, [text]);
    await until(page, (name) => (globalThis as unknown as LifecyclePage).seen.events.at(-1) === name, `${text} is heard`, text);
  };
  const codes = (wanted: number): number => router.received.filter(([code]) => code === wanted).length;
  const seen = (page: Page): Promise<LifecyclePage['seen']> => page.evaluate(() => (globalThis as unknown as LifecyclePage).seen);
  const lifecycle = async (page: Page, next: 'frozen' | 'active'): Promise<void> => {
    const devtools = await page.createCDPSession();
    await devtools.send('Page.setWebLifecycleState', { state: next });
    await devtools.detach();
  };

  it('R11 that comes online again tries at once, whatever the wait', async () => {
    const page = await open(NEVER);
    await page.setOfflineMode(true);
    await router.kill();
    await state(page, 'waiting');
    await router.restart();
    await page.setOfflineMode(false);
    await subscribed();
    await hears(page, 'online');
    const { events, page: told } = await seen(page);
    expect(events).toEqual(['online']);
    expect(told.filter((name) => name.endsWith('line'))).toEqual(['offline', 'online']);
  });

  it('R10 R11 whose network goes away without a word finds out by its keep-alive, and is back when it is online', async () => {
    const page = await open(`${NEVER}&keepAlive=200`);
    const [before] = router.sessions();
    // Chromium holds the frames back and closes nothing, as a cable that was pulled.
    await page.setOfflineMode(true);
    await state(page, 'waiting');
    await page.setOfflineMode(false);
    await untilHere(() => router.sessions().some((id) => id !== before), 'there is another session');
    await state(page, 'open');
    await untilHere(() => router.sessions().length === 1, 'the router has forgotten the one before');
    await hears(page, 'online');
    expect((await seen(page)).events).toEqual(['online']);
  });

  it('R11 that was frozen while its router died comes back when it is active again', async () => {
    const page = await open();
    await lifecycle(page, 'frozen');
    await router.kill();
    await router.restart();
    await lifecycle(page, 'active');
    await subscribed();
    await hears(page, 'awake');
    expect((await seen(page)).events).toEqual(['awake']);
  });

  it('R10 on a machine that slept for longer than its keep-alive keeps its link', async () => {
    const page = await open('&keepAlive=200');
    const before = router.sessions();
    // All processes of this browser, which are a group of their own.
    const group = -(page.browser().process()?.pid ?? NaN);
    const asleep = router.received.length;
    process.kill(group, 'SIGSTOP');
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(router.received.length).toBeLessThan(asleep + 2);
    process.kill(group, 'SIGCONT');
    await hears(page, 'awake');
    const asked = router.received.length;
    await untilHere(() => router.received.length > asked + 2, 'keep-alive goes on asking');
    expect(router.sessions()).toEqual(before);
    expect((await seen(page)).states).toEqual(['idle', 'connecting', 'open']);
  });

  it('R11 in a background tab hears events, and tries at once when it is in front again', async () => {
    const page = await open(NEVER);
    const other = await page.browserContext().newPage();
    await other.bringToFront();
    await until(page, () => document.visibilityState === 'hidden', 'the tab is hidden');
    await hears(page, 'behind');
    await router.kill();
    await state(page, 'waiting');
    await router.restart();
    await page.bringToFront();
    await subscribed();
    await hears(page, 'in front');
    expect((await seen(page)).events).toEqual(['behind', 'in front']);
  });

  it('L5 R11 that is left says GOODBYE, and is back with one subscription when it is come back to', async () => {
    const page = await open(NEVER);
    await page.goto(`${site.url}elsewhere.html`);
    await untilHere(() => router.sessions().length === 0, 'the router has forgotten the page that was left');
    await page.goBack();
    await subscribed();
    await hears(page, 'back');
    expect(codes(GOODBYE)).toBe(1);
    expect(router.sessions().length).toBe(1);
    const { events, page: told, states, reasons } = await seen(page);
    // The same page, which was kept, and not another one of the same address.
    expect(told.filter((name) => name.startsWith('page'))).toEqual(['pageshow', 'pagehide persisted', 'pageshow persisted']);
    expect(states).toEqual(['idle', 'connecting', 'open', 'waiting', 'connecting', 'open']);
    expect([events, reasons]).toEqual([['back'], ['the page was left']]);
  });

  it('L5 that is closed says GOODBYE', async () => {
    const page = await open();
    await page.close({ runBeforeUnload: true });
    await untilHere(() => router.sessions().length === 0, 'the router has forgotten the page');
    expect(router.subscriptions()).toEqual([]);
    expect(codes(GOODBYE)).toBe(1);
  });
});
