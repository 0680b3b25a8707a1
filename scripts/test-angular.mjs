// `npm run test:angular`: the specs of rxwamp/angular in Chromium, without and with zone.js, and those of a page on a server in Node; each with
// the Angular of this project and with the oldest supported one. `--only=NAME` runs the one of that name, `--filter=TEXT` narrows.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { chromium } from './chromium.mjs';
import { project } from './packed.mjs';

/** The lower end of the peer range: the first with `rxResource({ params, stream })`. */
const OLDEST = '20.0.0';
const PACKAGES = ['common', 'compiler', 'core', 'platform-browser', 'platform-server'];
/** What the specs find in that folder. */
const packages = '^(@angular/|rxjs|zone\\.js)';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { only: { type: 'string' }, filter: { type: 'string' }, seed: { type: 'string' } },
});
const { only, filter, seed } = values;
const versionOf = (path) => JSON.parse(readFileSync(path, 'utf8')).version;
const newest = versionOf('node_modules/@angular/core/package.json');

/** @returns The folder whose packages are the oldest supported; installed once. */
async function oldest() {
  const folder = resolve('node_modules/.cache/rxwamp-angular');
  const core = join(folder, 'node_modules/@angular/core/package.json');
  if (existsSync(core) && versionOf(core) === OLDEST) return folder;
  rmSync(folder, { recursive: true, force: true });
  const rxjs = versionOf('node_modules/rxjs/package.json');
  await project(folder, [...PACKAGES.map((name) => `@angular/${name}@${OLDEST}`), `rxjs@${rxjs}`, 'zone.js@0.15.0']);
  return folder;
}

function inBrowser({ name, version, zone, folder }) {
  const before = [...(zone ? ['zone.js'] : []), '@angular/compiler'];
  const angular = { version, before, zone };
  const elsewhere = folder && { folder, packages };
  const RXWAMP_SPECS = JSON.stringify({ runtime: 'angular', name, paths: positionals, filter, seed, angular, elsewhere });
  const args = ['--conditions=rxwamp-source', 'node_modules/karma/bin/karma', 'start', '--single-run'];
  return spawnSync(process.execPath, args, { stdio: 'inherit', env: { ...process.env, CHROME_BIN: chromium(), RXWAMP_SPECS } });
}

function onServer({ version, folder }) {
  const options = [filter && `--filter=${filter}`, seed && `--seed=${seed}`].filter(Boolean);
  const args = ['--conditions=rxwamp-source', '--import', 'tsx', '--import', './spec/support/elsewhere.mjs'];
  const env = { ...process.env, ANGULAR_VERSION: version, ...(folder && { RXWAMP_ELSEWHERE: JSON.stringify({ folder, packages }) }) };
  return spawnSync(process.execPath, [...args, 'spec/run-node.mjs', '--runtime=server', ...options], { stdio: 'inherit', env });
}

const RUNS = [
  { name: 'angular', run: inBrowser, zone: false },
  { name: 'angular-zone', run: inBrowser, zone: true },
  { name: 'angular-server', run: onServer },
].flatMap((each) => [
  { ...each, version: newest },
  { ...each, name: `${each.name}-oldest`, version: OLDEST, folder: oldest },
]);

mkdirSync('reports', { recursive: true });
let passed = 0;
let failed = 0;
for (const each of RUNS.filter(({ name }) => only === undefined || name === only)) {
  console.log(`\n${each.name}: Angular ${each.version}`);
  const report = each.run === onServer ? 'reports/server.json' : `reports/${each.name}.json`;
  rmSync(report, { force: true });
  const { status } = each.run({ ...each, folder: await each.folder?.() });
  const counts = existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : { passed: 0, failed: 1 };
  passed += counts.passed;
  failed += status === 0 ? counts.failed : Math.max(counts.failed, 1);
}
console.log(`\nangular: ${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
