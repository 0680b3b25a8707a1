// `npm test`: the specs in Node, then in Chromium, then one line with both.
// `--only=node|browser` runs one of them, `--only=firefox` the latter in Firefox; `--watch` stays and reruns in the browser;
// `--filter=TEXT` and paths narrow each.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { chromium } from './chromium.mjs';
import { firefox } from './firefox.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { only: { type: 'string' }, filter: { type: 'string' }, seed: { type: 'string' }, watch: { type: 'boolean' } },
});
const { only, filter, seed, watch } = values;

function inNode() {
  const options = [filter && `--filter=${filter}`, seed && `--seed=${seed}`].filter(Boolean);
  const args = ['--conditions=rxwamp-source', '--import', 'tsx', 'spec/run-node.mjs', ...options, ...positionals];
  return spawnSync(process.execPath, args, { stdio: 'inherit' }).status === 0;
}

function inBrowser() {
  const path = chromium();
  if (path === undefined) {
    console.error('no Chromium, Chrome or Edge here and none could be installed; install one, or set CHROME_BIN to it');
    return false;
  }
  return karma('browser', { CHROME_BIN: path });
}

function inFirefox() {
  const path = firefox();
  if (path !== undefined) return karma('firefox', { FIREFOX_BIN: path });
  console.error('no Firefox here and none could be installed; install it, or set FIREFOX_BIN to it');
  // On one's own machine the other browser says nearly as much.
  if (process.env.CI) return false;
  writeFileSync('reports/firefox.json', JSON.stringify({ passed: 0, failed: 0, skipped: 1 }));
  console.log('firefox: 0 passed, 0 failed, 1 skipped');
  return true;
}

/** @param env Names the browser, in the variable of its Karma launcher. */
function karma(name, env) {
  console.log(`specs in ${Object.values(env)[0]}`);
  const args = ['--conditions=rxwamp-source', 'node_modules/karma/bin/karma', 'start', watch ? '--no-single-run' : '--single-run'];
  const RXWAMP_SPECS = JSON.stringify({ name, paths: positionals, filter, seed });
  return spawnSync(process.execPath, args, { stdio: 'inherit', env: { ...process.env, ...env, RXWAMP_SPECS } }).status === 0;
}

/** The counts a run left. A run that was red without a failed spec (it crashed, or had no specs) counts as one failure. */
function counts(name, green) {
  const none = { passed: 0, failed: 0, skipped: 0 };
  let report = none;
  try {
    report = JSON.parse(readFileSync(`reports/${name}.json`, 'utf8'));
  } catch {
    // It died before its report.
  }
  return green || report.failed > 0 ? report : { ...report, failed: 1 };
}

mkdirSync('reports', { recursive: true });
const runs = [];
for (const [name, run] of Object.entries({ node: inNode, browser: inBrowser, firefox: inFirefox })) {
  if (only === undefined ? name === 'firefox' : name !== only) continue;
  rmSync(`reports/${name}.json`, { force: true });
  runs.push(counts(name, run()));
}
const sum = (key) => runs.reduce((total, run) => total + run[key], 0);
if (only === undefined) {
  console.log(`\n${sum('passed')} passed, ${sum('failed')} failed${sum('skipped') > 0 ? `, ${sum('skipped')} skipped` : ''}`);
}
process.exitCode = sum('failed') === 0 && sum('passed') + sum('skipped') > 0 ? 0 : 1;
