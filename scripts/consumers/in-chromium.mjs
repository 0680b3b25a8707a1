// Opens built pages in Chromium; each calls a procedure and writes the answer into its title.
import puppeteer from 'puppeteer-core';
import { createServer } from 'node:http';
import sirv from 'sirv';
import { chromium } from '../chromium.mjs';
import { check } from './tally.mjs';

const LIMIT_MS = 15_000;

async function opened(browser, url) {
  const page = await browser.newPage();
  const complaints = [];
  page.on('console', (message) => message.type() === 'error' && !/favicon/.test(message.location().url) && complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(String(error)));
  await page.goto(url);
  await page.waitForFunction("document.title !== 'rxwamp'", { timeout: LIMIT_MS }).catch(() => undefined);
  const title = await page.title();
  await page.close();
  if (title !== '3') throw new Error(`the page answered ${title} instead of 3; ${complaints.join('; ')}`);
  if (complaints.length > 0) throw new Error(complaints.join('; '));
}

/** Opens each `dist` with its `name` and `page`, tells it the router's URL, and says how it went. */
export async function inChromium(built, router) {
  const executablePath = chromium();
  if (executablePath === undefined) throw new Error('no browser to open the pages in');
  const browser = await puppeteer.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'] });
  try {
    for (const { name, page, dist } of built) {
      const site = createServer(sirv(dist, { dev: true }));
      await new Promise((resolve) => site.listen(0, '127.0.0.1', resolve));
      const url = `http://127.0.0.1:${site.address().port}/?router=${encodeURIComponent(router)}`;
      await check(`${name}: the page ${page} runs in Chromium`, () => opened(browser, url));
      site.close();
      site.closeAllConnections();
    }
  } finally {
    await browser.close();
  }
}
