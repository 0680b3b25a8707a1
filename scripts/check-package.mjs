// What npm would get: `npm pack` builds it, its contents are those agreed, its package.json and types are sound for every resolver, its public
// surface is the reviewed one, and it works for those who install it.
import { rmSync } from 'node:fs';
import { inTurn } from './consumers/tally.mjs';
import { exec } from './packed.mjs';

const CHECKS = [
  ['scripts/api.mjs', '--check'],
  ['scripts/check-contents.mjs'],
  ['node_modules/@arethetypeswrong/cli/dist/index.js', '--pack', '.', '--profile', 'esm-only'],
  ['node_modules/publint/src/cli.js', '--strict'],
];
const sum = { passed: 0, failed: 0 };

/** Runs a script of ours or a tool; one that does not count is one check. None of them builds again when it packs. */
async function step(args, running = exec(process.execPath, args, '.', { npm_config_ignore_scripts: 'true' })) {
  const started = performance.now();
  const { ok, output } = await running.then(
    (text) => ({ ok: true, output: text }),
    (error) => ({ ok: false, output: error.message }),
  );
  const [, passed = ok ? 1 : 0, failed = ok ? 0 : 1] = /^[a-z-]+: (\d+) passed, (\d+) failed$/m.exec(output) ?? [];
  sum.passed += Number(passed);
  sum.failed += ok ? 0 : Math.max(1, Number(failed));
  console.log(
    `\n> ${args.join(' ')}\n${output.trimEnd()}\n${ok ? 'ok' : 'FAILED'} after ${((performance.now() - started) / 1000).toFixed(0)} s`,
  );
  return ok;
}

const PACK = ['pack', '--dry-run', '--loglevel=error'];
// From nothing: who packs or publishes a fresh clone gets what was built.
rmSync('dist', { recursive: true, force: true });
if (await step(['npm', ...PACK], exec('npm', PACK, '.'))) {
  await inTurn(
    CHECKS.map((args) => () => step(args)),
    2,
  );
  // It takes two at a time itself.
  await step(['scripts/check-consumers.mjs']);
}
console.log(`package: ${sum.passed} passed, ${sum.failed} failed`);
process.exitCode = sum.failed === 0 ? 0 : 1;
