// `npm run test:examples`: examples/testing with the packed tarball in a project of its own, under each test runner that they are for.
// Needs the npm registry. RXWAMP_EXAMPLES_PROJECT names a project that has everything installed already.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pack, project, run } from './packed.mjs';

const PACKAGES = ['rxjs@7.8.2', 'vitest@4.1.12', 'jest@30.5.2', '@jest/globals@30.5.2', 'jasmine@7.0.0'];

/** How each is started in its folder, and where its output has the counts. */
const RUNNERS = {
  vitest: { bin: ['vitest/vitest.mjs', 'run'], passed: /^\s*Tests\s.*?(\d+) passed/m, failed: /^\s*Tests\s.*?(\d+) failed/m },
  jest: {
    node: ['--experimental-vm-modules', '--no-warnings'],
    bin: ['jest/bin/jest.js'],
    passed: /^Tests:\s.*?(\d+) passed/m,
    failed: /^Tests:\s.*?(\d+) failed/m,
  },
  jasmine: { bin: ['jasmine/bin/jasmine.js', '--config=jasmine.json'], total: /^(\d+) specs?, /m, failed: /^\d+ specs?, (\d+) failure/m },
  'node-test': { node: ['--test', '--test-reporter=tap'], passed: /^# pass (\d+)/m, failed: /^# fail (\d+)/m },
};

const given = process.env.RXWAMP_EXAMPLES_PROJECT;
const work = given ?? realpathSync(mkdtempSync(join(tmpdir(), 'rxwamp-examples-')));
const sum = { passed: 0, failed: 0 };

function runs(name, { node = [], bin = [], passed, total, failed }) {
  const [program, ...args] = bin;
  const command = [...node, ...(program === undefined ? [] : [join(work, 'node_modules', program)]), ...args];
  const options = {
    cwd: join(work, 'testing', name),
    encoding: 'utf8',
    timeout: 60_000,
    env: { ...process.env, NO_COLOR: '1', CI: 'true' },
  };
  const { status, stdout = '', stderr = '' } = spawnSync(process.execPath, command, options);
  const output = `${stdout}${stderr}`;
  const count = (pattern) => Number(pattern?.exec(output)?.[1] ?? 0);
  const bad = count(failed);
  const good = total === undefined ? count(passed) : count(total) - bad;
  const isGreen = status === 0 && good > 0 && bad === 0;
  sum.passed += good;
  // A runner that counts nothing, or ends badly with nothing failed, has failed.
  sum.failed += isGreen ? 0 : Math.max(bad, 1);
  console.log(`${isGreen ? 'ok' : 'FAILED'} ${name}: ${good} passed, ${bad} failed, exit code ${status}`);
  if (!isGreen) console.log(output.replace(/^/gm, '    '));
}

try {
  if (given === undefined) {
    run(process.execPath, ['scripts/build.mjs']);
    await project(work, [pack(work), ...PACKAGES]);
  }
  cpSync('examples/testing', join(work, 'testing'), { recursive: true });
  for (const [name, runner] of Object.entries(RUNNERS)) runs(name, runner);
} catch (error) {
  console.error(`examples: ${error.message}`);
  sum.failed++;
} finally {
  if (given === undefined) rmSync(work, { recursive: true, force: true, maxRetries: 20, retryDelay: 250 });
}
console.log(`examples: ${sum.passed} passed, ${sum.failed} failed`);
process.exitCode = sum.failed === 0 && sum.passed > 0 ? 0 : 1;
