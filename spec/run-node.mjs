// Runs the specs in Node, with the test harness in the same process.
// `npm run test:node -- [--filter=TEXT] [--seed=N] [spec/file.spec.ts | spec/folder ...]`
// Leaves reports/node.json: the counts and the full name of every spec that passed (the claims check reads it).
// With --runtime=cli or pages it runs the specs of the command line or the pages instead, and leaves reports/cli.json or pages.json:
// scripts/test-cli.mjs and scripts/test-pages.mjs start it so. --name=bun names the report after who runs it (scripts/test-runtimes.mjs).
import { mkdirSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import Jasmine from 'jasmine';
import { startHarness } from './support/harness.ts';
import { specFiles } from './support/spec-files.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { filter: { type: 'string' }, seed: { type: 'string' }, runtime: { type: 'string', default: 'node' }, name: { type: 'string' } },
});
const { runtime, name = runtime } = values;

const harness = await startHarness();
process.env.RXWAMP_ROUTER_URL = harness.url;

const runner = new Jasmine({ projectBaseDir: process.cwd() });
runner.exitOnCompletion = false;
runner.loadConfig({
  spec_files: specFiles(runtime, positionals),
  env: { random: true, failSpecWithNoExpectations: true, forbidDuplicateNames: true, ...(values.seed && { seed: values.seed }) },
});
// Processes and browsers start slowly on a busy machine.
runner.jasmine.DEFAULT_TIMEOUT_INTERVAL = runtime === 'node' ? 10_000 : 30_000;

const names = { passed: [], failed: [], pending: [], excluded: [] };
runner.addReporter({ specDone: ({ status, fullName }) => names[status].push(fullName) });
const filter = values.filter?.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
const { overallStatus } = await runner.execute(undefined, filter);
await harness.close();

const [passed, skipped] = [names.passed.length, names.pending.length];
// An error outside of any spec is a failure without a spec.
const failed = overallStatus === 'failed' ? Math.max(names.failed.length, 1) : 0;
const partial = positionals.length > 0 || filter !== undefined;
mkdirSync('reports', { recursive: true });
writeFileSync(`reports/${name}.json`, JSON.stringify({ passed, failed, skipped, partial, names: names.passed.sort() }, null, 2));
process.stdout.write(`${name}: ${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}\n`);
// A focused spec makes the run incomplete: fine at work, wrong in a full run.
const complete = overallStatus === 'passed' || (partial && overallStatus === 'incomplete');
process.exitCode = complete && passed > 0 ? 0 : 1;

// Bun does not end by itself behind a server.
if (name !== runtime) process.exit();
// Reached only if a spec left a socket or a timer behind: that is a defect, and without this the run would hang.
setTimeout(() => {
  console.error(`${runtime}: the specs ended, and something keeps the process alive: ${process.getActiveResourcesInfo().join(', ')}`);
  process.exit(1);
}, 3_000).unref();
