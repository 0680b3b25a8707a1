// Where Firefox comes from: one that is installed, or that FIREFOX_BIN names, else Debian's package, and then it says so.
import { installForDebian, onPath, runnable } from './browsers.mjs';

const PLACES = [
  '/Applications/Firefox.app/Contents/MacOS/firefox',
  'C:\\Program Files\\Mozilla Firefox\\firefox.exe',
  '/usr/lib/firefox-esr/firefox-esr',
];

const find = () => [...onPath(['firefox-esr', 'firefox']), ...PLACES].find(runnable);

/** @returns The path of a Firefox; `undefined` if there is none and none could be had. */
export function firefox() {
  const named = process.env.FIREFOX_BIN;
  if (named) {
    if (runnable(named)) return named;
    console.error(`firefox: FIREFOX_BIN names ${named}, which cannot be run; looking elsewhere`);
  }
  return find() ?? (installForDebian('firefox-esr') ? find() : undefined);
}
