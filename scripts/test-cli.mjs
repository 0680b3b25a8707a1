// `npm run test:cli`: the specs of the command line, which run what npm would get: built, packed, and installed in a project of its own.
// Options and paths go to the runner: `npm run test:cli -- --filter=TEXT spec/cli/run.cli.spec.ts`. RXWAMP_CLI_PROJECT names a project
// that has it installed already, which saves the packing while at work on the specs.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pack, project, run } from './packed.mjs';

const given = process.env.RXWAMP_CLI_PROJECT;
// Its real path: on some systems the folder for temporary files is a link.
const work = given ?? realpathSync(mkdtempSync(join(tmpdir(), 'rxwamp-cli-')));
try {
  if (given === undefined) {
    run(process.execPath, ['scripts/build.mjs']);
    await project(work, [pack(work), 'rxjs@7.8.2', 'tsx@4.23.15']);
  }
  const runner = ['--conditions=rxwamp-source', '--import', 'tsx', 'spec/run-node.mjs', '--runtime=cli', ...process.argv.slice(2)];
  const { status } = spawnSync(process.execPath, runner, { stdio: 'inherit', env: { ...process.env, RXWAMP_CLI_PROJECT: work } });
  process.exitCode = status ?? 1;
} catch (error) {
  console.error(`cli: ${error.message}`);
  process.exitCode = 1;
} finally {
  if (given === undefined) rmSync(work, { recursive: true, force: true, maxRetries: 20, retryDelay: 250 });
}
