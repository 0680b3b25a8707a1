// `npm run test:pages`: the specs that drive whole pages in Chromium, spec/pages/**/*.page.ts. Needs the npm registry for the examples.
// The examples that those files name are built first, from the packed tarball, two at a time. `--keep=FOLDER` leaves them there for the
// next run; `--filter=TEXT` and paths narrow.
import { spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { specFiles } from '../spec/support/spec-files.mjs';
import { chromium } from './chromium.mjs';
import { pack, run } from './packed.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { filter: { type: 'string' }, seed: { type: 'string' }, keep: { type: 'string' } },
});
const AT_ONCE = 2;
const NOT_COPIED = ['node_modules', 'dist', '.angular', 'package-lock.json'];

const files = specFiles('pages', positionals);
const names = new Set(
  files.flatMap((path) => [...readFileSync(path, 'utf8').matchAll(/\bexample\('([\w-]+)'\)/g)].map(([, name]) => name)),
);
const work = values.keep ? resolve(values.keep) : realpathSync(mkdtempSync(join(tmpdir(), 'rxwamp-pages-')));

/** Runs npm to its end, without its output unless it fails. */
function npm(args, cwd) {
  return new Promise((done, failed) => {
    const child = spawn('npm', args, { cwd, shell: process.platform === 'win32', env: { ...process.env, CI: 'true' } });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += text));
    child.once('error', failed);
    child.once('close', (status) => {
      if (status === 0) done();
      else failed(new Error(`\`npm ${args.join(' ')}\` failed in examples/${basename(cwd)}:\n${output.slice(-5_000)}`));
    });
  });
}

/** Copies, installs and builds one example. */
async function prepare(name, tarball) {
  const started = performance.now();
  const folder = join(work, name);
  if (!existsSync(join('examples', name))) throw new Error(`there is no examples/${name}`);
  cpSync(join('examples', name), folder, { recursive: true, filter: (path) => !NOT_COPIED.includes(basename(path)) });
  const description = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  description.dependencies = { ...description.dependencies, rxwamp: `file:${tarball}` };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(description, null, 2));
  // What was kept is of another tarball of the same name.
  rmSync(join(folder, 'package-lock.json'), { force: true });
  rmSync(join(folder, 'node_modules/rxwamp'), { recursive: true, force: true });
  rmSync(join(folder, 'node_modules/.package-lock.json'), { force: true });
  await npm(['install', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error'], folder);
  const installed = performance.now();
  await npm(['run', 'build', '--if-present'], folder);
  const seconds = (from, to) => `${((to - from) / 1000).toFixed(0)} s`;
  console.log(`pages: examples/${name}: installed in ${seconds(started, installed)}, built in ${seconds(installed, performance.now())}`);
  return { folder, dist: distOf(folder) };
}

/** Where the build has left index.html: Angular's builder puts it some folders deeper. */
function distOf(folder) {
  const dist = join(folder, 'dist');
  if (!existsSync(dist)) return folder;
  const found = readdirSync(dist, { recursive: true }).filter((path) => basename(path) === 'index.html');
  const [first] = found.sort((one, other) => one.length - other.length);
  if (first === undefined) throw new Error(`the build of examples/${basename(folder)} left no index.html in dist`);
  return dirname(join(dist, first));
}

async function prepareAll() {
  if (names.size === 0) return {};
  run(process.execPath, ['scripts/build.mjs']);
  const tarball = pack(work);
  const waiting = [...names].sort();
  const prepared = {};
  const worker = async () => {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
      prepared[name] = await prepare(name, tarball).catch(({ message }) => ({ failure: message }));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return prepared;
}

try {
  const browser = chromium();
  if (browser === undefined)
    throw new Error('no Chromium, Chrome or Edge here and none could be installed; install one, or set CHROME_BIN to it');
  mkdirSync(work, { recursive: true });
  const env = { ...process.env, CHROME_BIN: browser, RXWAMP_PAGES_EXAMPLES: JSON.stringify(await prepareAll()) };
  const options = ['filter', 'seed'].filter((name) => values[name]).map((name) => `--${name}=${values[name]}`);
  const runner = ['--conditions=rxwamp-source', '--import', 'tsx', 'spec/run-node.mjs', '--runtime=pages', ...options, ...positionals];
  process.exitCode = spawnSync(process.execPath, runner, { stdio: 'inherit', env }).status ?? 1;
} catch (error) {
  console.error(`pages: ${error.message}\npages: 0 passed, 1 failed`);
  process.exitCode = 1;
} finally {
  if (!values.keep) rmSync(work, { recursive: true, force: true, maxRetries: 20, retryDelay: 250 });
}
