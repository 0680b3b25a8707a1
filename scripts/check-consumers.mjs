// The packed tarball, installed by strangers: programs on every Node line, pages through every bundler, projects in TypeScript. One idea a
// file in scripts/consumers/; `-- bundles types` runs these only. Needs a build and the npm registry.
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundles } from './consumers/bundles.mjs';
import { programs } from './consumers/programs.mjs';
import { check, inTurn, tally } from './consumers/tally.mjs';
import { types } from './consumers/types.mjs';
import { pack } from './packed.mjs';

const IDEAS = { types, programs, bundles };
const wanted = process.argv.slice(2);
const work = realpathSync(mkdtempSync(join(tmpdir(), 'rxwamp-consumers-')));
try {
  const tarball = pack(work);
  const ideas = Object.entries(IDEAS).filter(([name]) => wanted.length === 0 || wanted.includes(name));
  await inTurn(
    ideas.map(
      ([name, idea]) =>
        () =>
          check(name, () => idea(tarball, work)),
    ),
    2,
  );
} finally {
  rmSync(work, { recursive: true, force: true, maxRetries: 20, retryDelay: 250 });
}
console.log(`consumers: ${tally.passed} passed, ${tally.failed} failed`);
process.exitCode = tally.failed === 0 && tally.passed > 0 ? 0 : 1;
