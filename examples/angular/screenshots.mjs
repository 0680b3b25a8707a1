// The pictures of the README, from the app as it runs: `npm start` in one terminal, `node screenshots.mjs [URL]` in another.
// Needs a Chromium (`CHROME_BIN`), puppeteer-core, which the repository has, and pngquant. Looks best with EB Garamond and Inter installed.
import { execFileSync } from 'node:child_process';
import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import puppeteer from 'puppeteer-core';

const [url = 'http://localhost:4200/'] = process.argv.slice(2);
const folder = join(import.meta.dirname, 'screenshots');
const DESKTOP = { width: 1240, height: 960, deviceScaleFactor: 1.5 };
const PHONE = { width: 390, height: 844, deviceScaleFactor: 2, isMobile: true, hasTouch: true };
const PICTURES = [
  { name: 'light', scheme: 'light', viewport: DESKTOP },
  { name: 'dark', scheme: 'dark', viewport: DESKTOP },
  { name: 'phone', scheme: 'light', viewport: PHONE },
];
const LIMIT_BYTES = 200_000;

/** Logs in, lets one order be filled, cancels one and leaves one running. */
async function trade(page) {
  await page.type('#user', 'rembrandt');
  await page.type('#ticket', 'nightwatch');
  await page.keyboard.press('Enter');
  await page.waitForSelector('[data-ticks]');
  const place = async (side, quantity, until) => {
    await page.$eval(`input[value="${side}"]`, (input) => input.click());
    await page.$eval('#quantity', (input) => (input.value = ''));
    await page.type('#quantity', String(quantity));
    await page.keyboard.press('Enter');
    await page.waitForFunction(until, { timeout: 20_000 });
  };
  const bar = (max, least) => `[...document.querySelectorAll('progress')].some(({ max, value }) => max === ${max} && value >= ${least})`;
  await place('buy', 40, bar(40, 40));
  await page.waitForSelector('desk-order [type="submit"]');
  await place('sell', 250, bar(250, 90));
  await page.$eval('desk-order button', (button) => button.click());
  await page.waitForSelector('desk-order [type="submit"]');
  await place('buy', 120, bar(120, 70));
}

const browser = await puppeteer.launch({
  executablePath: process.env.CHROME_BIN ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--hide-scrollbars'],
});
try {
  mkdirSync(folder, { recursive: true });
  for (const { name, scheme, viewport } of PICTURES) {
    const page = await (await browser.createBrowserContext()).newPage();
    await page.setViewport(viewport);
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
    await page.goto(url);
    await trade(page);
    await page.evaluate(() => (document.activeElement instanceof HTMLElement ? document.activeElement.blur() : undefined));
    const path = join(folder, `${name}.png`);
    await page.screenshot({ path, fullPage: process.argv.includes('--full') });
    execFileSync('pngquant', ['--force', '--ext=.png', '--speed=1', path]);
    const { size } = statSync(path);
    console.log(`${path}: ${Math.round(size / 1_000)} kB${size > LIMIT_BYTES ? ', which is too large' : ''}`);
    if (size > LIMIT_BYTES) process.exitCode = 1;
  }
} finally {
  await browser.close();
}
