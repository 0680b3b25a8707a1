// The packed tarball, installed by two strangers: a Node program on the newest and the oldest rxjs, and a Vite page opened in Chromium.
// Their sources are in scripts/consumers/; needs a build and the npm registry.
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { chromium } from './chromium.mjs';
import { install, pack, project, run } from './packed.mjs';

const work = mkdtempSync(join(tmpdir(), 'rxwamp-consumers-'));
const tarball = pack(work);

function consumer(name, packages) {
  const folder = join(work, name);
  cpSync(join(import.meta.dirname, 'consumers', name), folder, { recursive: true });
  project(folder, [tarball, ...packages]);
  return folder;
}

function nodeProgram() {
  const folder = consumer('node', ['rxjs@7.8.2']);
  run(process.execPath, [resolve('node_modules/typescript/bin/tsc'), '-p', folder], folder);
  run(process.execPath, ['main.mjs'], folder);
  // The oldest rxjs allowed runs too; its package.json does not yet tell TypeScript's NodeNext resolution where its types are.
  install(folder, ['rxjs@7.4.0']);
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
