// Where the browser for the specs comes from: one that is installed, else one that is fetched, and then it says so.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installForDebian, onPath, run, runnable } from './browsers.mjs';

const NAMES = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'chrome',
  'microsoft-edge',
  'microsoft-edge-stable',
  'msedge',
];
const cache = fileURLToPath(new URL('../node_modules/.cache/browsers', import.meta.url));

function usualPlaces() {
  if (process.platform === 'darwin') {
    const apps = ['Google Chrome', 'Chromium', 'Microsoft Edge'].map((name) => `Applications/${name}.app/Contents/MacOS/${name}`);
    return ['/', homedir()].flatMap((root) => apps.map((app) => join(root, app)));
  }
  if (process.platform === 'win32') {
    const roots = ['PROGRAMFILES', 'PROGRAMFILES(X86)', 'LOCALAPPDATA'].map((name) => process.env[name]).filter(Boolean);
    const apps = ['Google/Chrome/Application/chrome.exe', 'Chromium/Application/chrome.exe', 'Microsoft/Edge/Application/msedge.exe'];
    return roots.flatMap((root) => apps.map((app) => join(root, app)));
  }
  return ['/snap/bin/chromium', '/opt/google/chrome/chrome', '/usr/lib/chromium/chromium', '/opt/microsoft/msedge/msedge'];
}

/** What an earlier run of Puppeteer's installer left in the project's cache. */
function fetched() {
  if (!existsSync(cache)) return [];
  const names = ['chrome', 'chrome.exe', 'Google Chrome for Testing'];
  return readdirSync(cache, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && names.includes(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
}

function find() {
  return [...onPath(NAMES), ...usualPlaces(), ...fetched()].find(runnable);
}

function installForProject() {
  console.log(`chromium: no browser found; fetching Chrome into ${cache}`);
  return run('npx', ['--yes', '@puppeteer/browsers', 'install', 'chrome@stable', '--path', cache]);
}

/** @returns The path of a Chromium, Chrome or Edge; `undefined` if there is none and none could be had. */
export function chromium() {
  const named = process.env.CHROME_BIN;
  if (named) {
    if (runnable(named)) return named;
    console.error(`chromium: CHROME_BIN names ${named}, which cannot be run; looking elsewhere`);
  }
  const here = find();
  if (here) return here;
  if (installForDebian('chromium') && find()) return find();
  return installForProject() ? find() : undefined;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const path = chromium();
  if (path === undefined) {
    console.error('chromium: no Chromium, Chrome or Edge here and none could be installed; install one, or set CHROME_BIN to it');
    process.exit(1);
  }
  console.log(`chromium: ${path} (${execFileSync(path, ['--version', '--no-sandbox'], { encoding: 'utf8' }).trim()})`);
}
