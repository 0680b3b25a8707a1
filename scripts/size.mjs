// `npm run size`: what rxwamp adds to a page, and whether that is within the limits. `-- --files` says which file brings what.
// Needs a build.
import { BUNDLES, bundle } from './bundle.mjs';

const number = (value) => value.toLocaleString('en-US');
let above = 0;

for (const each of BUNDLES) {
  const { minified, gzipped, files } = await bundle(each);
  const limit =
    each.limit === undefined ? '' : `, at most ${number(each.limit)}${each.aim === undefined ? '' : ` (the aim is ${number(each.aim)})`}`;
  console.log(`size: ${each.name}: ${number(gzipped)} bytes gzipped${limit}; ${number(minified)} minified`);
  if (process.argv.includes('--files')) for (const { file, bytes } of files) console.log(`${number(bytes).padStart(10)}  ${file}`);
  if (gzipped <= (each.limit ?? Infinity)) continue;
  above++;
  console.error(
    `size: ${each.name} is ${number(gzipped - each.limit)} bytes above its limit; \`npm run size -- --files\` says where they are`,
  );
}
if (above === 0) console.log('size: ok');
process.exitCode = above === 0 ? 0 : 1;
