// Which spec files belong to a run: all of them, or those that the command line names.
// `*.node.spec.ts` runs only in Node, `*.browser.spec.ts` only in a browser, every other `*.spec.ts` in both; `*.cli.spec.ts` runs only
// where the packed command line is installed; `*.page.ts` drives pages from outside (scripts/test-pages.mjs);
// `*.angular.spec.ts` and, in Node, `*.server.spec.ts` need Angular (scripts/test-angular.mjs).
import { readdirSync } from 'node:fs';
import { relative, sep } from 'node:path';

const OTHERS = { node: ['browser', 'cli', 'angular', 'server'], browser: ['node', 'cli', 'angular', 'server'] };

/** @returns Paths from the project's root, with forward slashes, sorted. */
export function specFiles(runtime, named = []) {
  const belongs = (path) => {
    if (runtime === 'pages') return path.endsWith('.page.ts');
    if (OTHERS[runtime] === undefined) return path.endsWith(`.${runtime}.spec.ts`);
    return path.endsWith('.spec.ts') && !OTHERS[runtime].some((other) => path.endsWith(`.${other}.spec.ts`));
  };
  const wanted = named.map((path) => relative(process.cwd(), path).split(sep).join('/'));
  return readdirSync('spec', { recursive: true })
    .map((path) => `spec/${path.split(sep).join('/')}`)
    .filter(belongs)
    .filter((path) => wanted.length === 0 || wanted.some((name) => path === name || path.startsWith(`${name}/`)))
    .sort();
}
