// What the specs of the trading desk do again and again: its back end as a process, its page by keyboard, its chart as numbers.
import { type ChildProcess, spawn } from 'node:child_process';
import { firstValueFrom } from 'rxjs';
import { USERS } from '../../../examples/angular/server/users.ts';
import { ticket } from '../../../src/auth/index.ts';
import { Client } from '../../../src/index.ts';
import { openPage, type Page, ROUTER_DOWN, until, untilHere } from '../support/index.ts';

export const REALM = 'desk';
const USER = 'rembrandt';

/** Starts `server/main.ts` of a built example against a router; resolves when its procedures are there. */
export async function startBackEnd(folder: string, url: string): Promise<ChildProcess> {
  const args = ['--import', 'tsx', 'server/main.ts', '--url', url, '--realm', REALM, '--seed', '7', '--tick-ms', '20'];
  const child = spawn(process.execPath, args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  const isOver = (): boolean => child.exitCode !== null;
  await untilHere(() => isOver() || output.includes('desk: open'), 'the back end is open').catch(async (error: unknown) => {
    await stopBackEnd(child);
    throw new Error(output, { cause: error });
  });
  if (isOver()) throw new Error(`the back end ended with ${String(child.exitCode)}: ${output}`);
  return child;
}

export function stopBackEnd(child: ChildProcess | undefined): Promise<void> {
  if (child?.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.kill();
  });
}

/** Asks the back end as the page's own user, beside the page. */
export async function ask<T>(url: string, procedure: string, args: readonly unknown[] = []): Promise<T> {
  const client = new Client({ url, realm: REALM, auth: [ticket({ authid: USER, ticket: USERS[USER].ticket })], logger: false });
  try {
    return (await firstValueFrom(client.call<T>(procedure, args, undefined, { disclose_me: true }))).value;
  } finally {
    await client.close();
  }
}

export async function openDesk(url: string): Promise<Page> {
  const page = await openPage(url, { expected: [ROUTER_DOWN] });
  await until(page, () => document.querySelector('#user') !== null, 'the login form is there');
  return page;
}

/** By keyboard alone: from where the page begins, over the button for the colours, to name and ticket. */
export async function typeLogin(page: Page, secret: string): Promise<void> {
  for (const text of ['', USER, secret]) {
    await page.keyboard.press('Tab');
    await page.keyboard.type(text);
  }
  await page.keyboard.press('Enter');
}

/** Opens the desk and logs in. */
export async function enterDesk(url: string): Promise<Page> {
  const page = await openDesk(url);
  await typeLogin(page, USERS[USER].ticket);
  await until(page, () => document.querySelector('[data-ticks]') !== null, 'the chart is drawn');
  return page;
}

export interface Drawn {
  readonly first: number;
  readonly last: number;
  /** One number for each point of the line, downwards. */
  readonly heights: readonly number[];
}

/** What the chart shows at one moment. */
export function drawn(page: Page): Promise<Drawn> {
  return page.evaluate(() => {
    const number = (selector: string): number => Number(document.querySelector(selector)?.getAttribute('data-seq'));
    const line = document.querySelector('[data-ticks]')?.getAttribute('d') ?? '';
    return {
      first: number('[data-first]'),
      last: number('[data-last]'),
      heights: [...line.matchAll(/[ML][\d.]+ ([\d.]+)/g)].map(([, y]) => Number(y)),
    };
  });
}

/** Resolves when the chart has so many ticks more than now. */
export async function moreTicks(page: Page, count: number): Promise<void> {
  const { last } = await drawn(page);
  await until(
    page,
    (least) => Number(document.querySelector('[data-last]')?.getAttribute('data-seq')) >= least,
    `the chart has ${count} more ticks`,
    last + count,
  );
}

/** The chart's line against the back end's own list: every tick is a point, none is missing, none is there twice, and each is where it belongs. */
export async function expectEveryTick(page: Page, url: string, symbol: string): Promise<Drawn> {
  const shown = await drawn(page);
  const { ticks } = await ask<{ ticks: readonly (readonly [seq: number, price: number, at: number])[] }>(url, 'com.example.desk.history', [
    symbol,
  ]);
  expect(shown.heights.length)
    .withContext('points of the line')
    .toBe(shown.last - shown.first + 1);
  const both = ticks.filter(([seq]) => seq >= shown.first && seq <= shown.last);
  expect(both.length).withContext('ticks that back end and chart have').toBeGreaterThan(100);
  const wrong = both.filter(([seq, price], i) => {
    const before = both[i - 1];
    if (before === undefined) return false;
    const [y, yBefore] = [shown.heights[seq - shown.first]!, shown.heights[seq - shown.first - 1]!];
    // A height is rounded, so it may stay where it was, but it never moves against the price.
    return seq !== before[0] + 1 || (y - yBefore) * (price - before[1]) > 0;
  });
  expect(wrong).withContext('ticks that are drawn elsewhere').toEqual([]);
  return shown;
}

export function shows(page: Page, text: string): Promise<boolean> {
  return until(page, (wanted) => document.body.innerText.includes(wanted), `"${text}" is shown`, text);
}
