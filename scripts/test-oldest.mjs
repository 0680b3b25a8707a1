// `npm run test:oldest`: the specs of rxwamp/react and rxwamp/vue, in Chromium and on a server in Node, with the oldest React and Vue that
// the peer ranges of package.json admit. `--filter=TEXT` narrows.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { chromium } from './chromium.mjs';
import { project } from './packed.mjs';

const SPECS = ['spec/react', 'spec/vue'];
const { filter } = parseArgs({ options: { filter: { type: 'string' } } }).values;
const read = (path) => JSON.parse(readFileSync(path, 'utf8'));

/** The first version of a range such as `>=3.4`. */
function oldest(name) {
  const [major, minor = 0, patch = 0] = read('package.json').peerDependencies[name].replace('>=', '').split('.');
  return `${major}.${minor}.${patch}`;
}

const [react, vue] = [oldest('react'), oldest('vue')];
const folder = resolve(`node_modules/.cache/rxwamp-oldest/react-${react}-vue-${vue}`);
if (!existsSync(join(folder, 'package-lock.json'))) await project(folder, [`react@${react}`, `react-dom@${react}`, `vue@${vue}`]);
const elsewhere = { folder, packages: '^(react|react-dom|vue)(/|$)' };

function inBrowser(name) {
  const args = ['--conditions=rxwamp-source', 'node_modules/karma/bin/karma', 'start', '--single-run'];
  const RXWAMP_SPECS = JSON.stringify({ name, paths: SPECS, filter, elsewhere });
  return spawnSync(process.execPath, args, { stdio: 'inherit', env: { ...process.env, CHROME_BIN: chromium(), RXWAMP_SPECS } });
}

function onServer(name) {
  const args = ['--conditions=rxwamp-source', '--import', 'tsx', '--import', './spec/support/elsewhere.mjs', 'spec/run-node.mjs'];
  const env = { ...process.env, RXWAMP_ELSEWHERE: JSON.stringify(elsewhere) };
  return spawnSync(process.execPath, [...args, `--name=${name}`, ...(filter ? [`--filter=${filter}`] : []), ...SPECS], {
    stdio: 'inherit',
    env,
  });
}

console.log(`React ${react} and Vue ${vue}, in ${folder}`);
mkdirSync('reports', { recursive: true });
let passed = 0;
let failed = 0;
for (const [name, run] of Object.entries({ oldest: inBrowser, 'oldest-server': onServer })) {
  const report = `reports/${name}.json`;
  rmSync(report, { force: true });
  const { status } = run(name);
  const counts = existsSync(report) ? read(report) : { passed: 0, failed: 1 };
  passed += counts.passed;
  failed += status === 0 ? counts.failed : Math.max(counts.failed, 1);
}
console.log(`\noldest: ${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
