// What npm would get: it builds, its package.json and types are sound for every resolver, and it works for those who install it.
import { spawnSync } from 'node:child_process';

const STEPS = [
  ['scripts/build.mjs'],
  ['node_modules/publint/src/cli.js', '--strict'],
  ['node_modules/@arethetypeswrong/cli/dist/index.js', '--pack', '.', '--profile', 'esm-only'],
  ['scripts/check-consumers.mjs'],
];

for (const step of STEPS) {
  console.log(`\n> ${step.join(' ')}`);
  if (spawnSync(process.execPath, step, { stdio: 'inherit' }).status !== 0) {
    console.error(`package: ${step[0]} failed`);
    process.exit(1);
  }
}
console.log('package: ok');
