// examples/angular, the trading desk: the built page and its back end, both from the packed tarball, and a router between them that dies.
import type { ChildProcess } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import type { Order } from '../../examples/angular/shared/api.ts';
import { GOODS, tickTopic } from '../../examples/angular/shared/goods.ts';
import { USERS } from '../../examples/angular/server/users.ts';
import { crossbarCommand, Unavailable } from '../../interop/routers.ts';
import { crossbar } from '../../src/testing/crossbar/index.ts';
import { freePorts } from '../../src/testing/crossbar/process.ts';
import {
  ask,
  drawn,
  enterDesk,
  expectEveryTick,
  moreTicks,
  openDesk,
  REALM,
  shows,
  startBackEnd,
  stopBackEnd,
  typeLogin,
} from './angular/desk.ts';
import { example, type KillableRouter, killableRouter, type Page, serve, until, untilHere } from './support/index.ts';

const SUBSCRIBE = 32;
const TOPICS = [...GOODS.map(({ symbol }) => tickTopic(symbol)), 'com.example.desk.news'].sort();

interface Killable {
  readonly url: string;
  kill(): Promise<void>;
  restart(): Promise<void>;
}

/** Serves the built page for a router. */
async function siteFor({ url }: Killable): Promise<string> {
  const { dist } = await example('angular');
  return (await serve(dist, { rewrites: { '/desk.json': JSON.stringify({ url, realm: REALM }) } })).url;
}

const orders = ({ url }: Killable): Promise<readonly Order[]> => ask(url, 'com.example.desk.orders');

async function place(page: Page, quantity: number): Promise<void> {
  await page.locator('#quantity').fill(String(quantity));
  await page.focus('#quantity');
  await page.keyboard.press('Enter');
}

function filled(page: Page, least: number): Promise<boolean> {
  const bar = (wanted: number): boolean => (document.querySelector('progress')?.value ?? 0) >= wanted;
  return until(page, bar, `${least} of the order are filled`, least);
}

/** The router dies while the page is open, stays away until the banner has counted down, and comes back. */
async function survive(page: Page, router: Killable): Promise<void> {
  await page.evaluate(() => Object.assign(globalThis, { loadedOnce: true }));
  const before = await drawn(page);
  await router.kill();
  await shows(page, 'The connection is lost');
  for (const seconds of ['2 s', '1 s'])
    await until(page, (text) => document.querySelector('.seconds')?.textContent === text, `the banner says ${seconds}`, seconds);
  await router.restart();
  await until(page, () => document.querySelector('.banner') === null, 'the banner is gone');
  await until(
    page,
    (least) => Number(document.querySelector('[data-last]')?.getAttribute('data-seq')) >= least,
    'the chart goes on',
    before.last + 20,
  );
  expect(await page.evaluate(() => 'loadedOnce' in globalThis))
    .withContext('the page was not loaded again')
    .toBeTrue();
}

describe('the Angular example', () => {
  let router: KillableRouter;
  let backEnd: ChildProcess | undefined;
  let site: string;

  beforeAll(async () => {
    router = await killableRouter({ realms: [{ name: REALM, auth: { ticket: USERS } }] });
    backEnd = await startBackEnd((await example('angular')).folder, router.url);
    site = await siteFor(router);
  }, 30_000);
  afterAll(() => stopBackEnd(backEnd));
  // The next spec begins with a router that only the back end is at.
  afterEach(async () => {
    await untilHere(() => router.registrations().length === 3, 'the back end is there');
  });

  /** The topics that pages have subscribed to since then. */
  const subscribedSince = (mark: number): readonly unknown[] =>
    router.received
      .slice(mark)
      .filter(([code]) => code === SUBSCRIBE)
      .map(([, , , topic]) => topic)
      .sort();
  const held = (): readonly unknown[] => router.subscriptions().map(({ uri, sessions }) => `${uri} ${sessions.length}`);
  const heldOnce = TOPICS.map((topic) => `${topic} 1`);

  it('tells in a sentence that a ticket is wrong, and takes the right one after it', async () => {
    const page = await openDesk(site);
    await typeLogin(page, 'wrong');
    await shows(page, 'This name and ticket do not go together.');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('ticket');
    await page.keyboard.type('nightwatch');
    await page.keyboard.press('Enter');
    await shows(page, 'Semper Augustus');
    await shows(page, 'rembrandt');
  });

  it('draws every tick that the back end has published, none twice, with one SUBSCRIBE for each topic', async () => {
    const mark = router.received.length;
    const page = await enterDesk(site);
    await moreTicks(page, 30);
    await expectEveryTick(page, router.url, 'tulip');
    await page.focus('[data-symbol="pepper"] button');
    await page.keyboard.press('Space');
    await until(page, () => document.querySelector('figcaption h2')?.textContent === 'Malabar pepper', 'the chart shows pepper');
    await moreTicks(page, 20);
    await expectEveryTick(page, router.url, 'pepper');
    expect(subscribedSince(mark)).toEqual(TOPICS);
    expect(held().toSorted()).toEqual(heldOnce);
  });

  it('shows prices in the table that move', async () => {
    const page = await enterDesk(site);
    const rows = (): string[] => [...document.querySelectorAll('tbody [data-seq]')].map((cell) => cell.getAttribute('data-seq') ?? '');
    const before = await until(
      page,
      () => {
        const seen = [...document.querySelectorAll('tbody [data-seq]')].map((cell) => cell.getAttribute('data-seq'));
        return seen.length === 8 && seen;
      },
      'all goods have a price',
    );
    await until(
      page,
      (old) =>
        [...document.querySelectorAll('tbody [data-seq]')].every((cell, i) => Number(cell.getAttribute('data-seq')) > Number(old[i])),
      'every price has moved',
      before as string[],
    );
    expect((await page.evaluate(rows)).length).toBe(GOODS.length);
  });

  it('fills an order bit by bit, and lists it', async () => {
    const page = await enterDesk(site);
    await place(page, 60);
    const steps = new Set<number>();
    await untilHere(async () => {
      steps.add(await page.evaluate(() => document.querySelector('progress')?.value ?? 0));
      return steps.has(60);
    }, 'the order is filled');
    expect(steps.size).toBeGreaterThan(4);
    await shows(page, 'All 60 filled');
    await shows(page, 'Buy 60 Semper Augustus');
    expect((await orders(router))[0]).toEqual(jasmine.objectContaining({ quantity: 60, filled: 60, state: 'filled' }));
  });

  it('refuses an order in the words of the back end', async () => {
    const page = await enterDesk(site);
    await place(page, 5_000);
    await shows(page, '5000 is more than the market takes at once: 1000 is the largest order.');
  });

  it('cancels an order down to the back end', async () => {
    const page = await enterDesk(site);
    await place(page, 500);
    await filled(page, 40);
    await page.locator('desk-order button').click();
    await shows(page, 'Cancelled with');
    await until(page, () => document.querySelector('[data-order].cancelled') !== null, 'the list says that it was cancelled');
    const [last] = await orders(router);
    expect([last?.quantity, last?.state]).toEqual([500, 'cancelled']);
    expect(last?.filled).toBeLessThan(500);
    expect(router.router.counts().invocations).toBe(0);
  });

  it('counts down when the router is gone, and comes back without a reload, with nothing doubled and no tick missing', async () => {
    const page = await enterDesk(site);
    await moreTicks(page, 5);
    const { last } = await drawn(page);
    const mark = router.received.length;
    await survive(page, router);
    const after = await expectEveryTick(page, router.url, 'tulip');
    expect(after.first).withContext('the chart reaches back over the time without a router').toBeLessThan(last);
    expect(subscribedSince(mark)).toEqual(TOPICS);
    expect(held().toSorted()).toEqual(heldOnce);
    expect(router.sessions().length).withContext('sessions: back end and page').toBe(2);
    await place(page, 20);
    await shows(page, 'All 20 filled');
  });

  it('says what is known of an order that the router took with it', async () => {
    const page = await enterDesk(site);
    await place(page, 400);
    await filled(page, 30);
    await router.kill();
    await shows(page, 'The connection was lost while the order ran.');
    expect(await page.$('progress'))
      .withContext('a bar, though nobody knows')
      .toBeNull();
    await router.restart();
    await page.locator('.banner button').click();
    await until(page, () => document.querySelector('[data-order].cancelled') !== null, 'the list says that it was cancelled');
  });

  it('leaves nothing on the router after logging out, and no order running', async () => {
    const page = await enterDesk(site);
    await place(page, 300);
    await filled(page, 20);
    await page.locator('header button').click();
    await untilHere(() => router.sessions().length === 1, 'the back end alone has a session');
    expect(held()).toEqual([]);
    expect(router.router.counts().invocations).toBe(0);
    expect((await orders(router))[0]).toEqual(jasmine.objectContaining({ quantity: 300, state: 'cancelled' }));
    await until(page, () => document.querySelector('#user') !== null, 'the login form is there');
    await typeLogin(page, USERS.rembrandt.ticket);
    await shows(page, 'Buy 300 Semper Augustus');
  });

  it('is walked through by the Tab key in the order of what is seen', async () => {
    const page = await enterDesk(site);
    await page.focus('header button');
    const path: unknown[] = [];
    for (let i = 0; i < 6; i++) {
      await page.keyboard.press('Tab');
      const at = (): unknown => {
        const { activeElement: here } = document;
        const outlined = here instanceof HTMLInputElement ? here.type : getComputedStyle(here!).outlineStyle;
        return [here?.getAttribute('aria-label') ?? here?.textContent.trim(), outlined];
      };
      path.push(await page.evaluate(at));
    }
    expect(path).toEqual([
      ['Switch to dark', 'solid'],
      ['Prices of Semper Augustus. The arrow keys read single ticks.', 'solid'],
      ['', 'radio'],
      ['', 'number'],
      ['Buy Semper Augustus', 'solid'],
      ['Semper Augustus', 'solid'],
    ]);
  });

  it('finds its router in desk.json beside the page', async () => {
    const { dist } = await example('angular');
    expect(JSON.parse(await readFile(`${dist}/desk.json`, 'utf8'))).toEqual({ url: 'ws://localhost:8080/ws', realm: REALM });
  });

  it('keeps the colours that were chosen, and fits a phone', async () => {
    const page = await enterDesk(site);
    const scheme = (): string => getComputedStyle(document.documentElement).colorScheme;
    expect(await page.evaluate(scheme)).toBe('light');
    await page.locator('[aria-label="Switch to dark"]').click();
    await until(page, () => getComputedStyle(document.documentElement).colorScheme === 'dark', 'the page is dark');
    await page.reload();
    await until(page, () => getComputedStyle(document.documentElement).colorScheme === 'dark', 'the page is dark again');
    await page.setViewport({ width: 390, height: 844 });
    await typeLogin(page, USERS.rembrandt.ticket);
    await until(page, () => document.querySelector('[data-ticks]') !== null, 'the chart is drawn');
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
  });
});

describe('the Angular example on Crossbar.io', () => {
  let router: Killable & { stop(): Promise<void> };
  let backEnd: ChildProcess | undefined;
  let unavailable: string | undefined;

  beforeAll(async () => {
    const { folder } = await example('angular');
    try {
      const command = await crossbarCommand();
      const [port] = await freePorts(1);
      // The example's own configuration, but for the port.
      const text = await readFile(`${folder}/crossbar/config.json`, 'utf8');
      router = await crossbar({ command, config: JSON.parse(text.replace('"port": 8080', `"port": ${port}`)) as object });
    } catch (error) {
      if (!(error instanceof Unavailable) || process.env['CI'] !== undefined) throw error;
      unavailable = error.message;
      return;
    }
    backEnd = await startBackEnd(folder, router.url);
  }, 180_000);
  afterAll(async () => {
    await stopBackEnd(backEnd);
    if (unavailable === undefined) await router.stop();
  });

  it('does the same: a wrong ticket, every tick, an order, a cancelled one, a killed router, and out', async () => {
    if (unavailable !== undefined) pending(unavailable);
    const page = await openDesk(await siteFor(router));
    await typeLogin(page, 'wrong');
    await shows(page, 'This name and ticket do not go together.');
    await page.keyboard.type(USERS.rembrandt.ticket);
    await page.keyboard.press('Enter');
    await until(page, () => document.querySelector('[data-ticks]') !== null, 'the chart is drawn');
    await moreTicks(page, 20);
    await expectEveryTick(page, router.url, 'tulip');
    await place(page, 40);
    await shows(page, 'All 40 filled');
    await place(page, 500);
    await filled(page, 40);
    await page.locator('desk-order button').click();
    await until(page, () => document.querySelector('[data-order].cancelled') !== null, 'the list says that it was cancelled');
    await survive(page, router);
    await expectEveryTick(page, router.url, 'tulip');
    await page.locator('header button').click();
    await until(page, () => document.querySelector('#user') !== null, 'the login form is there');
  }, 120_000);
});
