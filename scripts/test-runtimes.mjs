// `npm run test:runtimes`: the specs of Node in Bun and in Deno, which come from npm (into node_modules/.cache, at the first run).
// `-- bun` or `-- deno` takes one of them, `--filter=TEXT` and paths narrow.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { specFiles } from '../spec/support/spec-files.mjs';
import { run } from './packed.mjs';

const HEAP = "measures V8's heap by Node's own means";
const OPENSSL = "reads Node's words for TLS";

/** How each is installed and started, and the files that it cannot run, with the reason. */
const RUNTIMES = {
  bun: {
    version: '1.4.5',
    install: 'install.js',
    program: 'bin/bun.exe',
    args: ['--conditions=rxwamp-source'],
    skipped: {
      'spec/leaks/': HEAP,
      'spec/transports/places.node.spec.ts': OPENSSL,
      'spec/transports/websocket.node.spec.ts': `${OPENSSL}, and counts the writes of a socket, which Bun does not show`,
      'spec/first-hour/connecting.node.spec.ts': OPENSSL,
      'spec/router/listen.node.spec.ts': 'counts the writes of a socket, which Bun does not show',
      'spec/testing/crossbar.node.spec.ts': "starts processes whose pipes do not hold the program: Bun's pipes have no unref",
    },
  },
  deno: {
    version: '2.9.6',
    install: 'install.cjs',
    program: 'deno',
    args: ['run', '--allow-all', '--conditions=rxwamp-source'],
    skipped: {
      'spec/leaks/': HEAP,
      'spec/transports/places.node.spec.ts': OPENSSL,
    },
  },
};

const { values, positionals } = parseArgs({ allowPositionals: true, options: { filter: { type: 'string' }, seed: { type: 'string' } } });
const chosen = positionals.filter((name) => name in RUNTIMES);
const paths = positionals.filter((name) => !(name in RUNTIMES));
const cache = resolve('node_modules/.cache/rxwamp/runtimes');

/** @returns The path of the program. */
function installed(name, { version, install, program }) {
  const folder = join(cache, `${name}-${version}`);
  const path = join(folder, 'node_modules', name, program);
  if (existsSync(join(folder, 'ready'))) return path;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true }));
  run('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error', '--ignore-scripts', `${name}@${version}`], folder);
  // npm may hold install scripts back, and this one puts the program in its place.
  run(process.execPath, [join('node_modules', name, install)], folder);
  writeFileSync(join(folder, 'ready'), version);
  return path;
}

function runs(name) {
  const runtime = RUNTIMES[name];
  const skips = Object.entries(runtime.skipped);
  const why = (path) => skips.find(([start]) => path.startsWith(start));
  const files = specFiles('node', paths);
  for (const [start, reason] of skips)
    if (files.some((path) => path.startsWith(start))) console.log(`${name}: skipped ${start}: it ${reason}`);
  const wanted = files.filter((path) => !why(path));
  const options = Object.entries(values).map(([option, value]) => `--${option}=${value}`);
  const args = [...runtime.args, 'spec/run-node.mjs', `--name=${name}`, ...options, ...wanted];
  return spawnSync(installed(name, runtime), args, { stdio: ['ignore', 'inherit', 'inherit'], timeout: 300_000 }).status === 0;
}

const sum = { passed: 0, failed: 0, skipped: 0 };
for (const name of chosen.length > 0 ? chosen : Object.keys(RUNTIMES)) {
  const report = join('reports', `${name}.json`);
  rmSync(report, { force: true });
  try {
    const isGreen = runs(name);
    const counts = JSON.parse(readFileSync(report, 'utf8'));
    for (const key of Object.keys(sum)) sum[key] += counts[key];
    if (isGreen) continue;
    if (counts.failed === 0) sum.failed++;
    console.error(`runtimes: ${name} failed`);
  } catch (error) {
    console.error(`runtimes: ${name} did not come to its end within five minutes, or not at all: ${error.message}`);
    sum.failed++;
  }
}
console.log(`runtimes: ${sum.passed} passed, ${sum.failed} failed${sum.skipped > 0 ? `, ${sum.skipped} skipped` : ''}`);
process.exitCode = sum.failed === 0 && sum.passed > 0 ? 0 : 1;
