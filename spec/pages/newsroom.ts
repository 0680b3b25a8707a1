// The news room, which examples/page, react, vue and svelte are each in their own way: what a person sees of it, across a router's death.
import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { map } from 'rxjs';
import { type Example, heapBytes, killableRouter, openPage, type Page, ROUTER_DOWN, serve, until, untilHere } from './support/index.ts';

const NEWS = 'com.example.news';
const PRINT = 'com.example.news.print';
const [SUBSCRIBE, CALL, CANCEL] = [32, 48, 49];

const processes = new Set<ChildProcess>();
afterAll(() => {
  for (const child of processes) child.kill();
});

/** The example's own back end, as a service of the spec's router. */
function backEnd({ folder }: Example, url: string): void {
  const child = spawn(process.execPath, ['back-end.js', '--url', url], { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
  processes.add(child);
}

/** The headlines on the page. */
function headlines(page: Page): Promise<string[]> {
  return page.$$eval('li', (items) => items.map((item) => item.textContent.replace(/\s+/g, ' ').trim()));
}

function open(page: Page): Promise<unknown> {
  return until(page, () => document.querySelector('.status')?.textContent.trim() === 'open', 'the page says that it is connected');
}

async function shows(page: Page, headline: string): Promise<void> {
  const there = (text: string): boolean => [...document.querySelectorAll('li')].some((item) => item.textContent.includes(text));
  await until(page, there, `the page shows ${headline}`, headline);
}

/** By keyboard, as everything here. */
async function publish(page: Page, headline: string): Promise<void> {
  await page.focus('input[name=text]');
  await page.keyboard.type(headline);
  await page.keyboard.press('Enter');
}

async function print(page: Page, copies: number): Promise<void> {
  await page.focus('input[name=copies]');
  await page.$eval('input[name=copies]', (input) => input.select());
  await page.keyboard.type(String(copies));
  await page.keyboard.press('Enter');
}

function press(page: Page, said: string): Promise<unknown> {
  const says = (text: string): boolean => document.querySelector('.row .quiet')?.textContent.includes(text) ?? false;
  return until(page, says, `the press says ${said}`, said);
}

/** The specs of one of them. */
export function newsroom(name: string, built: () => Promise<Example>): void {
  describe(`examples/${name}`, () => {
    it('is used by keyboard, and comes back from a dead router without a reload, nothing doubled', async () => {
      const example = await built();
      const router = await killableRouter();
      backEnd(example, router.url);
      const site = await serve(example.dist);
      const page = await openPage(`${site.url}?router=${encodeURIComponent(router.url)}`, { expected: [ROUTER_DOWN] });
      const count = (code: number): number => router.received.filter(([each]) => each === code).length;
      const registered = (): Promise<unknown> =>
        untilHere(() => router.registrations().some(({ uri }) => uri === PRINT), 'the press is there');
      await page.evaluate(() => Object.assign(globalThis, { isFirst: true }));

      await open(page);
      await registered();
      await shows(page, 'agency');
      await publish(page, 'before');
      await shows(page, 'before');
      expect(await page.$eval('input[name=text]', (input) => input.value)).toBe('');

      await print(page, 400);
      await press(page, '3 of 400');
      await page.keyboard.press('Tab');
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      await untilHere(() => count(CANCEL) === 1, 'the call is cancelled');
      await untilHere(() => router.router.counts().invocations === 0, 'the press stands still');
      await print(page, 3);
      await press(page, '3 printed');
      expect(count(CALL)).toBe(2);

      await router.kill();
      await until(page, () => document.querySelector('.status')?.textContent.includes('attempt'), 'the page says that it is not connected');
      await publish(page, 'meanwhile');
      await publish(page, 'too');
      await router.restart();
      await open(page);
      await shows(page, 'meanwhile you');
      await shows(page, 'too you');
      await router.publish(NEWS, [{ text: 'after', by: 'the spec' }]);
      await shows(page, 'after');
      await registered();
      await print(page, 2);
      await press(page, '2 printed');

      const shown = await headlines(page);
      expect(shown.filter((each) => /^(before|meanwhile|too|after) /.test(each)).sort()).toEqual([
        'after the spec',
        'before you',
        'meanwhile you',
        'too you',
      ]);
      expect(new Set(shown).size).withContext(shown.join('\n')).toBe(shown.length);
      expect(await page.evaluate(() => 'isFirst' in globalThis)).toBeTrue();
      expect(router.subscribers(NEWS)).toBe(1);
      expect(count(SUBSCRIBE)).withContext('one SUBSCRIBE for each of the two routers').toBe(2);
    }, 60_000);
  });
}

/** A component with a topic and a call, from spec/pages/fixtures, built for production beside the example and by its tools. */
export function mounts(name: string, built: () => Promise<Example>): void {
  describe(`a component of ${name} with a topic and a call`, () => {
    it('leaves nothing on the router after 1,000 mounts, and less than 100 kB between the 100th and the last', async () => {
      const { folder } = await built();
      cpSync(`spec/pages/fixtures/${name}`, join(folder, 'mounts'), { recursive: true });
      await vite(folder, ['build', 'mounts', '--config', 'vite.config.js', '--outDir', '../mounts-built', '--emptyOutDir', '--base', './']);
      const router = await killableRouter();
      const echo = map(({ value }: { readonly value: unknown }) => value);
      router.client.register('com.example.echo', echo).subscribe({ error: fail });
      await untilHere(() => router.registrations().length === 1, 'the procedure is registered');
      const site = await serve(join(folder, 'mounts-built'));
      const page = await openPage(`${site.url}?router=${encodeURIComponent(router.url)}`, { jitless: true });
      const times = (count: number): Promise<unknown> => page.evaluate((n) => (globalThis as unknown as Mounting).mounts(n), count);
      await untilHere(() => router.sessions().length === 1, 'the page has joined');

      // The engine's cache of numbers' texts grows by 64 kB once: now, not in between.
      await page.evaluate(() => Array.from({ length: 20_000 }, (_, n) => String(n)).length);
      await times(100);
      const early = await heapBytes(page);
      await times(900);
      const late = await heapBytes(page);
      console.log(`${name}: ${late - early} bytes between the 100th mount and the 1,000th, of ${late}`);
      expect(late - early).toBeLessThan(100_000);
      await untilHere(() => router.subscriptions().length === 0, 'nothing is subscribed any more');
      await untilHere(() => router.router.counts().invocations === 0, 'no call is under way');
      const sent = (code: number): number => router.received.filter(([each]) => each === code).length;
      expect(sent(CALL)).toBe(1_000);
      expect(sent(SUBSCRIBE)).toBeGreaterThan(0);
    }, 120_000);
  });
}

interface Mounting {
  mounts(times: number): Promise<void>;
}

/** Runs the Vite of an example. */
function vite(cwd: string, args: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['node_modules/vite/bin/vite.js', ...args], { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text: Buffer) => (output += String(text)));
    child.once('close', (code) => (code === 0 ? resolve() : reject(new Error(`vite ${args.join(' ')} in ${cwd}:\n${output}`))));
  });
}
