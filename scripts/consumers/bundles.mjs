// Pages that installed the tarball, through each bundler with no more settings than it asks everybody for: one that only calls, and one
// that uses every entry. Neither carries the package ws, the first carries nothing that it does not use, and both run in Chromium.
import { copyFileSync, cpSync, mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { exec, project } from '../packed.mjs';
import { inChromium } from './in-chromium.mjs';
import { service } from './service.mjs';
import { check, inTurn } from './tally.mjs';
import { BUNDLERS, RXJS } from './versions.mjs';

const PAGES = ['calls', 'everything'];
/** A text that no minifier changes, of each thing that a page which only calls has no use for. */
const MARKERS = {
  'rxwamp/router': 'rxwamp-router',
  'rxwamp/auth': 'PBKDF2',
  'rxwamp/msgpack': 'wamp.2.msgpack',
  'rxwamp/peer': 'WAMPYSECRET',
};
const WS = /sec-websocket-key/i;

/** Name of the bundler: the arguments of Node that write a page to dist/<name>/<page>/main.js. */
const BUILDS = {
  esbuild: (page) => ['../esbuild.config.js', page],
  rollup: (page) => [
    'rollup/dist/bin/rollup',
    '--config',
    'rollup.config.js',
    '--input',
    `${page}.js`,
    '--dir',
    `dist/rollup/${page}`,
    '--entryFileNames',
    'main.js',
  ],
  vite: (page) => ['vite/bin/vite.js', 'build', `site-${page}`, '--base=./', `--outDir=../dist/vite/${page}`, '--target=es2022'],
  webpack: (page) => ['../webpack.config.js', page],
};

/** All JavaScript below a folder. */
const scripts = (folder) =>
  readdirSync(folder, { recursive: true })
    .filter((name) => name.endsWith('.js'))
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .join('\n');

export async function bundles(tarball, work) {
  const folder = join(work, 'pages');
  cpSync(join(import.meta.dirname, 'pages'), folder, { recursive: true });
  for (const page of PAGES) {
    // Vite starts from a page, not from a script.
    mkdirSync(join(folder, `site-${page}`));
    copyFileSync(join(folder, 'index.html'), join(folder, `site-${page}/index.html`));
    copyFileSync(join(folder, `${page}.js`), join(folder, `site-${page}/main.js`));
  }
  await project(folder, [tarball, `rxjs@${RXJS.newest}`, ...BUNDLERS]);

  const built = Object.entries(BUILDS).flatMap(([name, build]) =>
    PAGES.map((page) => ({ name, page, build, dist: join(folder, 'dist', name, page) })),
  );
  await inTurn(
    built.map(({ name, page, build, dist }) => async () => {
      await check(`${name}: the page ${page} is built, and carries what it should`, async () => {
        const [program, ...args] = build(page);
        await exec(process.execPath, [join(folder, 'node_modules', program), ...args], folder);
        if (name !== 'vite') copyFileSync(join(folder, 'index.html'), join(dist, 'index.html'));
        const text = scripts(dist);
        if (WS.test(text)) throw new Error('it carries the package ws');
        for (const [entry, marker] of Object.entries(MARKERS)) {
          if (text.includes(marker) && page === 'calls') throw new Error(`it carries ${entry}`);
          if (!text.includes(marker) && page === 'everything')
            throw new Error(`\`${marker}\` no longer marks ${entry}; find another text for it`);
        }
      });
    }),
    2,
  );
  const { url, close } = await service();
  await inChromium(built, url);
  await check('esbuild: a program for Node is built, and runs', async () => {
    await exec(process.execPath, ['esbuild.config.js', 'node'], folder);
    await exec(process.execPath, ['dist/esbuild/node/main.cjs', url], folder);
  });
  await close();
}
