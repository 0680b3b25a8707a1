// `npm run check:newcomer`: the first section of README.md as a newcomer meets it. Its commands and its file are taken from the text and run
// in an empty folder, with the packed tarball in the place of the name; the page is opened in Chromium, and what is published appears there.
// Needs a build, the npm registry, and the ports that the text names.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import puppeteer from 'puppeteer-core';
import { chromium } from './chromium.mjs';
import { exec, pack } from './packed.mjs';

const HEADING = '## A live topic in the browser';
const MOST_LINES = 19;
const LIMIT_MS = 60_000;
const OWN_TERMINAL = /# in (a terminal of its own|another)$/;
const SUBSCRIBED = /^\[33,/;

const section =
  readFileSync('README.md', 'utf8')
    .split(/^(?=## )/m)
    .find((text) => text.startsWith(`${HEADING}\n`)) ?? '';
const blocks = [...section.matchAll(/^```(\w+) ?(\S*)\n(.*?)^```$/gms)].map(([, language, name, text]) => ({ language, name, text }));
const [page] = /http:\/\/localhost:\d+\/\S*/.exec(section)?.map((url) => url.replace(/[.,]$/, '')) ?? [];
const lines = blocks.flatMap(({ text }) => text.split('\n').filter((line) => line.trim() !== ''));
const commands = blocks.filter(({ language }) => language === 'sh').flatMap(({ text }) => text.trim().split('\n'));
const expected = /^npx rxwamp publish \S+ "(.*)"$/.exec(commands.at(-1) ?? '')?.[1];

const work = realpathSync(mkdtempSync(join(tmpdir(), 'rxwamp-newcomer-')));
const background = [];
let browser;

const shell = (command) => exec('bash', ['-c', command], work);

/** What has a terminal of its own runs on, in a group that ends with this script. */
function inBackground(command) {
  const child = spawn('bash', ['-c', command], { cwd: work, detached: true, stdio: 'ignore' });
  background.push(child);
}

function listens(port) {
  return new Promise((resolve) => {
    const socket = connect(Number(port), 'localhost', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

async function until(what, condition) {
  const end = performance.now() + LIMIT_MS;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`not within ${LIMIT_MS / 1000} s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function walk() {
  if (blocks.length === 0 || page === undefined || expected === undefined)
    throw new Error(`README.md has no "${HEADING}" with commands, a page and a publication`);
  if (lines.length > MOST_LINES) throw new Error(`${lines.length} lines, and ${MOST_LINES} were promised`);
  const ports = ['8080', new URL(page).port];
  for (const port of ports)
    if (await listens(port)) throw new Error(`something listens on port ${port}, which README.md names; stop it first`);

  const tarball = pack(work);
  for (const { name, text } of blocks) if (name !== '') writeFileSync(join(work, name), text);
  for (const command of commands.slice(0, -1)) {
    if (OWN_TERMINAL.test(command)) inBackground(command);
    else
      await shell(
        command.replace(/^(npm install\b.*) rxwamp\b/, `$1 ${tarball}`).replace(/^npm install /, 'npm install --no-audit --no-fund '),
      );
  }
  for (const port of ports) await until(`something listens on port ${port}`, () => listens(port));

  const executablePath = chromium();
  if (executablePath === undefined) throw new Error('no browser to open the page in');
  browser = await puppeteer.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'] });
  const tab = await browser.newPage();
  const devtools = await tab.createCDPSession();
  let subscribed = false;
  devtools.on('Network.webSocketFrameReceived', ({ response }) => (subscribed ||= SUBSCRIBED.test(response.payloadData)));
  await devtools.send('Network.enable');
  await tab.goto(page);
  const appears = async (times) => {
    await until('the page has subscribed', () => subscribed);
    await shell(commands.at(-1));
    const shown = async () => (await tab.evaluate('document.body.innerText')).split(expected).length - 1;
    await until(`the page shows "${expected}" ${times} times`, async () => (await shown()) === times);
  };
  await appears(1);

  // Stop the router and start it again, as the text says.
  subscribed = false;
  process.kill(-background.shift().pid, 'SIGTERM');
  await until('the router has stopped', async () => !(await listens(8080)));
  inBackground(commands.find((command) => command.startsWith('npx rxwamp router')));
  await appears(2);
}

let failed = 0;
const started = performance.now();
try {
  await walk();
  console.log(`newcomer: ${lines.length} lines, a live topic after ${((performance.now() - started) / 1000).toFixed(0)} s`);
} catch (error) {
  failed = 1;
  console.error(`newcomer: ${error.message}`);
} finally {
  await browser?.close();
  for (const { pid } of background) process.kill(-pid, 'SIGTERM');
  rmSync(work, { recursive: true, force: true, maxRetries: 20, retryDelay: 250 });
}
console.log(`newcomer: ${1 - failed} passed, ${failed} failed`);
process.exitCode = failed;
