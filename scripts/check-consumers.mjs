// The packed tarball, installed by two strangers: a Node program on the newest and the oldest rxjs, and a Vite page opened in Chromium.
// Their sources are in scripts/consumers/; needs a build and the npm registry.
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { chromium } from './chromium.mjs';

const shell = process.platform === 'win32';
const work = mkdtempSync(join(tmpdir(), 'rxwamp-consumers-'));
const tarball = join(
  work,
  JSON.parse(execFileSync('npm', ['pack', '--json', '--pack-destination', work], { encoding: 'utf8', shell }))[0].filename,
);

function run(command, args, cwd, env = {}) {
  const done = spawnSync(command, args, {
    cwd,
    stdio: 'inherit',
    shell: shell && command !== process.execPath,
    env: { ...process.env, ...env },
  });
  if (done.status !== 0) throw new Error(`\`${command} ${args.join(' ')}\` failed`);
}

function consumer(name, packages) {
  const folder = join(work, name);
  cpSync(join(import.meta.dirname, 'consumers', name), folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name, private: true, type: 'module' }));
  run('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error', tarball, ...packages], folder);
  return folder;
}

function nodeProgram() {
  const folder = consumer('node', ['rxjs@7.8.2']);
  run(process.execPath, [resolve('node_modules/typescript/bin/tsc'), '-p', folder], folder);
  run(process.execPath, ['main.mjs'], folder);
  // The oldest rxjs allowed runs too; its package.json does not yet tell TypeScript's NodeNext resolution where its types are.
  run('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error', 'rxjs@7.4.0'], folder);
  run(process.execPath, ['main.mjs'], folder);
}

function vitePage() {
  const folder = consumer('vite', ['rxjs@7.8.2', 'vite@8.3.8']);
  run(process.execPath, ['node_modules/vite/bin/vite.js', 'build'], folder);
  const assets = join(folder, 'dist/assets');
  const scripts = readdirSync(assets).map((name) => readFileSync(join(assets, name), 'utf8'));
  if (scripts.some((text) => /sec-websocket-key/i.test(text))) throw new Error('the bundle for browsers contains the package ws');
  const path = chromium();
  if (path === undefined) throw new Error('no browser to open the page in');
  run(process.execPath, ['serve.mjs'], folder, { CHROME_BIN: path });
}

try {
  nodeProgram();
  vitePage();
} catch (error) {
  console.error(`consumers: ${error.message}`);
  process.exitCode = 1;
} finally {
  // The browser's helpers write to their profile for a moment longer.
  rmSync(work, { recursive: true, force: true, maxRetries: 20, retryDelay: 250 });
}
