// The bundle that a page gets, and its bytes: the built package through esbuild as for a browser, minified, then gzip -9.
import { resolve, sep } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const FRAMEWORKS = ['@angular/*', 'react', 'vue'];
/** What an app that only calls must not carry. */
const NOT_FOR_CALLS = /\bdist\/(router|auth|peer|contract|testing|angular|react|vue|cli)\/|msgpack|node_modules\/ws\//;

/**
 * What is measured, by name: the `entry` whose budget it is, what a page imports, what comes from elsewhere, and the most that it may weigh
 * (gzipped, in bytes). `without`: no file of such a path may be in it. `alone`: only what
 * stands in the entry's folder and in src/glue counts, without the lists of imports and exports, of which an app's bundle has none.
 */
export const BUNDLES = [
  {
    name: 'rxwamp, without rxjs',
    entry: '.',
    imports: "export { Client } from 'rxwamp';",
    external: ['rxjs'],
    limit: 21_230,
    aim: 10_000,
    without: NOT_FOR_CALLS,
  },
  { name: 'rxwamp, with rxjs', entry: '.', imports: "export { Client } from 'rxwamp';", external: [], limit: 24_840, aim: 16_000 },
  { name: 'rxwamp, all names, without rxjs', entry: '.', imports: "export * from 'rxwamp';", external: ['rxjs'], limit: 23_235 },
  whole('./auth', 2_200),
  whole('./msgpack', 12_200),
  whole('./router', 29_000),
  whole('./contract', 3_300),

  whole('./peer', 27_200),
  whole('./testing', 52_760),
  { ...whole('./testing/crossbar', 4_500), platform: 'node' },
  { ...whole('./angular', 1_024), alone: true },
  { ...whole('./angular/testing', 1_024), alone: true },
  whole('./react', 1_024),
  whole('./vue', 1_024),
];

function whole(entry, limit) {
  const name = entry.replace('.', 'rxwamp');
  return { name, entry, imports: `export * from '${name}';`, external: ['rxjs', 'rxjs/*', ...FRAMEWORKS], limit };
}

/** Leaves out what lies outside of a folder and of what adapters share. */
const only = (folder) => ({
  name: 'only',
  setup({ onResolve }) {
    onResolve({ filter: /^\.\.?\// }, ({ path, resolveDir }) =>
      [folder, 'dist/glue'].some((each) => resolve(resolveDir, path).startsWith(resolve(each) + sep))
        ? undefined
        : { path, external: true },
    );
  },
});

/**
 * Bundles the built package.
 *
 * @returns Bytes minified and gzipped, and what each file has of the minified ones, largest first.
 */
export async function bundle({ imports, external, entry, alone = false, platform = 'browser' }) {
  const { outputFiles, metafile } = await build({
    stdin: { contents: imports, resolveDir: process.cwd() },
    external,
    bundle: true,
    minify: true,
    format: 'esm',
    platform,
    target: 'es2022',
    write: false,
    outdir: 'bundle',
    metafile: true,
    logLevel: 'warning',
    plugins: alone ? [only(`dist/${entry.slice(2)}`)] : [],
  });
  const files = Object.values(metafile.outputs).flatMap(({ inputs }) => Object.entries(inputs));
  const texts = outputFiles.map(({ text }) => (alone ? text.replaceAll(/\b(import\{[^}]*\}from"[^"]*"|export\{[^}]*\});/g, '') : text));
  return {
    minified: texts.reduce((sum, text) => sum + text.length, 0),
    gzipped: texts.reduce((sum, text) => sum + gzipSync(text, { level: 9 }).length, 0),
    files: files
      .map(([file, { bytesInOutput }]) => ({ file, bytes: bytesInOutput }))
      .filter(({ bytes }) => bytes > 0)
      .sort((one, other) => other.bytes - one.bytes),
  };
}
