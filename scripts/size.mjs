// What rxwamp adds to a page, in bytes: the browser build of each entry point, minified, then gzipped. Needs a build.
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const CASES = [
  ['rxwamp without rxjs', 'dist/index.js', ['rxjs']],
  ['rxwamp with rxjs', 'dist/index.js', []],
  ['rxwamp/msgpack', 'dist/msgpack.js', []],
];

for (const [name, entry, external] of CASES) {
  const contents = `export * from './${entry}';`;
  const options = { bundle: true, minify: true, format: 'esm', platform: 'browser', target: 'es2022', write: false, logLevel: 'warning' };
  const { outputFiles } = await build({ ...options, stdin: { contents, resolveDir: process.cwd() }, external });
  const [{ contents: code }] = outputFiles;
  console.log(`size: ${name}: ${code.length} bytes minified, ${gzipSync(code, { level: 9 }).length} gzipped`);
}
