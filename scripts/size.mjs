// `npm run size`: what rxwamp adds to a page, whether that is within the limits, and whether every entry has one. `-- --files` says which
// file brings what. Needs a build.
import { BUNDLES, bundle } from './bundle.mjs';
import { entries } from './entries.mjs';

const number = (value) => value.toLocaleString('en-US');
const faults = [];

for (const each of BUNDLES) {
  const { minified, gzipped, files } = await bundle(each);
  const aim = each.aim === undefined ? '' : ` (the aim is ${number(each.aim)})`;
  console.log(`size: ${each.name}: ${number(gzipped)} bytes gzipped, at most ${number(each.limit)}${aim}; ${number(minified)} minified`);
  if (process.argv.includes('--files')) for (const { file, bytes } of files) console.log(`${number(bytes).padStart(10)}  ${file}`);
  if (gzipped > each.limit)
    faults.push(`${each.name} is ${number(gzipped - each.limit)} bytes above its limit; \`npm run size -- --files\` says where they are`);
  const useless = files.map(({ file }) => file).filter((file) => each.without?.test(file));
  if (useless.length > 0) faults.push(`${each.name} carries what it has no use for: ${useless.join(', ')}`);
}
for (const { key } of entries())
  if (!BUNDLES.some(({ entry, limit }) => entry === key && limit > 0))
    faults.push(`${key} of package.json has no limit in scripts/bundle.mjs`);

for (const fault of faults) console.error(`size: ${fault}`);
console.log(`size: ${BUNDLES.length} passed, ${faults.length} failed`);
process.exitCode = faults.length === 0 ? 0 : 1;
