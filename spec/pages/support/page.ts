// Pages in one Chromium for the whole run, each in a context of its own: no cookies, no storage, no cache of another.
// What a page complains of is kept, and looked at behind each spec.
import puppeteer, { type Browser, type ConsoleMessage, type Page } from 'puppeteer-core';

export type { Page };

export interface OpenOptions {
  /** The complaints that belong to the spec, like `ROUTER_DOWN`. Default: none. */
  readonly expected?: readonly RegExp[];
  /** In a browser that compiles nothing, for the heap: there compiled code counts too. Default: false. */
  readonly jitless?: boolean;
  /** Runs before anything of the page does. */
  readonly prepare?: (page: Page) => Promise<unknown>;
}

/** What Chromium itself writes to the console when a WebSocket cannot be opened, or is cut. */
export const ROUTER_DOWN = /^WebSocket connection to .* failed/;

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-dev-shm-usage',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  '--disable-quic',
];
/** How long the two below wait; in milliseconds. */
const LIMIT_MS = 10_000;
const LOOK_EVERY_MS = 20;

const launched = new Map<boolean, Promise<Browser>>();
let open: { readonly page: Page; readonly url: string; readonly complaints: readonly string[] }[] = [];

afterEach(async () => {
  const pages = open;
  open = [];
  await Promise.all(pages.map(({ page }) => page.browserContext().close()));
  for (const { url, complaints } of pages) expect(complaints).withContext(`what ${url} complained of`).toEqual([]);
});

afterAll(async () => {
  for (const browser of launched.values()) await (await browser).close();
});

/** Opens a page at a URL and waits for its `load`. It is closed behind the spec, which fails if the page complained of something unexpected. */
export async function openPage(url: string, { expected = [], jitless = false, prepare }: OpenOptions = {}): Promise<Page> {
  const launching = launched.get(jitless) ?? launch(jitless);
  launched.set(jitless, launching);
  const browser = await launching;
  const context = await browser.createBrowserContext();
  const page = await context.newPage();
  const complaints: string[] = [];
  const complain = (sentence: string): void => {
    if (!expected.some((each) => each.test(sentence))) complaints.push(sentence);
  };
  page.on('console', (message: ConsoleMessage) => {
    if (message.type() === 'error') complain(message.text());
  });
  page.on('pageerror', (error) => {
    complain(error instanceof Error ? (error.stack ?? error.message) : String(error));
  });
  page.on('error', ({ message }) => {
    complain(message);
  });
  open.push({ page, url, complaints });
  // tsx keeps the names of functions by a helper that the page does not have.
  await page.evaluateOnNewDocument('globalThis.__name = (named) => named;');
  await prepare?.(page);
  await page.goto(url);
  return page;
}

/**
 * Waits until a condition holds in the page; asked from outside, so it needs neither frames, timers nor `eval` there.
 *
 * @param text What is waited for, as a statement, for the error: `'the price is shown'`.
 * @returns The first truthy value of the predicate.
 */
export async function until<const Args extends readonly unknown[], T>(
  page: Page,
  predicate: (...args: Args) => T,
  text: string,
  ...args: Args
): Promise<T> {
  const ask = predicate as unknown as (...all: readonly unknown[]) => unknown;
  const shown = async (): Promise<string> => {
    const body = await page.evaluate(() => document.body.innerText);
    return `. The page at ${page.url()} shows: ${body.slice(0, 500)}`;
  };
  return (await holds(() => page.evaluate(ask, ...args), text, shown)) as T;
}

/** The same for a condition on this side, such as what the router holds. `expect` does not throw in Jasmine: give a value. */
export function untilHere<T>(predicate: () => T | Promise<T>, text: string): Promise<T> {
  return holds(predicate, text, () => '');
}

async function holds<T>(predicate: () => T | Promise<T>, text: string, more: () => string | Promise<string>): Promise<T> {
  const end = performance.now() + LIMIT_MS;
  for (;;) {
    const value = await predicate();
    if (value) return value;
    if (performance.now() > end) throw new Error(`not within ${LIMIT_MS} ms: ${text}${await more()}`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}

/** The bytes that are in use on the page's heap, after a forced collection. */
export async function heapBytes(page: Page): Promise<number> {
  const devtools = await page.createCDPSession();
  // Twice: what a finalizer lets go of in the first goes in the second.
  await devtools.send('HeapProfiler.collectGarbage');
  await devtools.send('HeapProfiler.collectGarbage');
  const { usedSize } = await devtools.send('Runtime.getHeapUsage');
  await devtools.detach();
  return usedSize;
}

function launch(jitless: boolean): Promise<Browser> {
  const executablePath = process.env['CHROME_BIN'];
  if (executablePath === undefined) throw new Error('no browser: start the pages by `npm run test:pages`');
  const args = [...FLAGS, ...(jitless ? ['--js-flags=--jitless'] : [])];
  // As in a person's browser: puppeteer turns the back/forward cache off.
  return puppeteer.launch({ executablePath, args, ignoreDefaultArgs: ['--disable-back-forward-cache'] });
}
