// What it weighs to have rxwamp: bytes in a page, and the time of an import in Node.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { BUNDLES, bundle } from '../scripts/bundle.mjs';
import { inRounds, spread } from './measure.mjs';

const run = promisify(execFile);
const number = (value) => value.toLocaleString('en-US');

async function bundles() {
  const rows = [];
  for (const each of BUNDLES) {
    const { minified, gzipped } = await bundle(each);
    rows.push([each.name, `\`${each.imports}\``, number(gzipped), each.limit === undefined ? '' : number(each.limit), number(minified)]);
  }
  return {
    title: 'Size in a browser',
    about: 'Bundled by esbuild for browsers, minified, gzip -9; `npm run size -- --files` has it by file.',
    head: ['bundle', 'of', 'bytes, gzipped', 'limit', 'bytes, minified'],
    rows,
  };
}

/** Milliseconds from the start of an import to its end, in a fresh process. */
async function importing(specifiers) {
  const program = `const start = performance.now();
    await Promise.all(${JSON.stringify(specifiers)}.map((name) => import(name)));
    console.log(performance.now() - start);`;
  const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', program]);
  return { milliseconds: Number(stdout) };
}

async function imports({ quick }) {
  const lists = [['rxjs'], ['ws'], ['rxjs', 'ws'], ['rxwamp'], ['rxwamp', 'rxwamp/msgpack'], ['rxwamp/router']];
  const cases = Object.fromEntries(lists.map((list) => [list.join(' + '), () => importing(list)]));
  const found = await inRounds(cases, quick ? 3 : 15);
  return {
    title: 'Import in Node',
    about: 'The time of `import()` in a fresh process, files in the cache of the system; rxjs and ws, which `rxwamp` brings, stand first.',
    head: ['import', 'ms'],
    rows: Object.keys(cases).map((name) => [name, spread(found[name].milliseconds)]),
  };
}

export async function weight(options) {
  return [await bundles(), await imports(options)];
}
