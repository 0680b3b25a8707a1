// `npm run check:decorators`: one file with decorators under every tool, with and without `experimentalDecorators`; the table in
// docs/services.md must say what happened. `-- vitest jest` runs these only. Needs a build and the npm registry.
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pack } from './packed.mjs';

// Its package named `node` is a script that fetches this one.
const NODE = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
const PACKAGES = [
  'rxjs@7.8.2',
  'typescript@6.0.3',
  'tsx@4.23.15',
  'esbuild@0.28.2',
  '@swc/core@1.16.22',
  '@swc/jest@0.2.39',
  'vite@8.3.8',
  'vitest@5.1.1',
  'jest@30.5.2',
  'ts-jest@29.4.15',
  `${NODE}@22.23.3`,
];
const work = mkdtempSync(join(tmpdir(), 'rxwamp-decorators-'));
const bin = (path) => [process.execPath, join(work, 'node_modules', path)];
const run = (folder, [command, ...args], env = {}) =>
  spawnSync(command, args, {
    cwd: folder,
    encoding: 'utf8',
    timeout: 120_000,
    env: { ...process.env, NODE_OPTIONS: '', NO_COLOR: '1', FORCE_COLOR: '0', ...env },
  });
const steps =
  (...commands) =>
  (folder) => {
    let done;
    for (const command of commands) {
      done = Array.isArray(command) ? run(folder, command) : run(folder, command.run, command.env);
      if (done.status !== 0) break;
    }
    return done;
  };

const swc = (legacy) => ({
  jsc: {
    parser: { syntax: 'typescript', decorators: true },
    transform: legacy ? { legacyDecorator: true } : { decoratorVersion: '2022-03' },
    target: 'es2022',
  },
});
const files = (folder, all) => {
  for (const [name, content] of Object.entries(all))
    writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));
};
const jest = (transform) => ({ extensionsToTreatAsEsm: ['.ts'], testEnvironment: 'node', transform: { '\\.ts$': transform } });
const jestRun = { run: [...bin('jest/bin/jest.js'), '--config', 'jest.json'], env: { NODE_OPTIONS: '--experimental-vm-modules' } };
const node = (file) => [process.execPath, file];

// What a tool needs beside the sources and a tsconfig.json, and what is run.
const TOOLS = {
  tsc: () => steps([...bin('typescript/bin/tsc'), '-p', '.'], node('out/main.js')),
  tsx: () => steps([...bin('tsx/dist/cli.mjs'), 'main.ts']),
  esbuild: () =>
    steps(
      [
        ...bin('esbuild/bin/esbuild'),
        'main.ts',
        '--bundle',
        '--platform=node',
        '--packages=external',
        '--format=esm',
        '--target=es2022',
        '--outfile=out.mjs',
      ].slice(1),
      node('out.mjs'),
    ),
  swc: (legacy, folder) => {
    files(folder, {
      'swc.mjs': `import { transformFileSync } from '@swc/core'; import { mkdirSync, writeFileSync } from 'node:fs'; mkdirSync('out');
for (const name of ['main', 'service']) writeFileSync('out/' + name + '.mjs', transformFileSync(name + '.ts', ${JSON.stringify(swc(legacy))}).code.replace('./service.ts', './service.mjs'));`,
    });
    return steps(node('swc.mjs'), node('out/main.mjs'));
  },
  Vite: () =>
    steps([...bin('vite/bin/vite.js'), 'build', '--ssr', 'main.ts', '--outDir', 'out', '--logLevel', 'error'], node('out/main.js')),
  Vitest: (_, folder) => {
    files(folder, { 'vitest.config.js': "export default { test: { globals: true, include: ['*.test.ts'] } };" });
    return steps([...bin('vitest/vitest.mjs'), 'run']);
  },
  'Jest, @swc/jest': (legacy, folder) => {
    files(folder, { 'jest.json': jest(['@swc/jest', { ...swc(legacy), module: { type: 'es6' } }]) });
    return steps(jestRun);
  },
  'Jest, ts-jest': (_, folder) => {
    files(folder, { 'jest.json': { ...jest(['ts-jest', { useESM: true }]), moduleNameMapper: { '^(\\./.*)\\.js$': '$1' } } });
    return steps(jestRun);
  },
  "Node's type stripping": () => steps([join(work, 'node_modules', NODE, 'bin/node'), 'main.ts']),
};

function install() {
  const tarball = pack(work);
  files(work, { 'package.json': { private: true, type: 'module' } });
  execFileSync('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error', tarball, ...PACKAGES], { cwd: work, stdio: 'inherit' });
}

/** The same sources, in a folder of their own. */
function folderOf(name, legacy) {
  const folder = join(work, name.replace(/\W+/g, '-') + (legacy ? '-legacy' : ''));
  mkdirSync(folder);
  cpSync(join(import.meta.dirname, 'decorators'), folder, { recursive: true });
  files(folder, {
    'package.json': { private: true, type: 'module' },
    'tsconfig.json': {
      compilerOptions: {
        target: 'es2022',
        lib: ['es2023', 'dom', 'esnext.disposable'],
        module: 'nodenext',
        strict: true,
        skipLibCheck: true,
        types: [],
        isolatedModules: true,
        rewriteRelativeImportExtensions: true,
        outDir: 'out',
        rootDir: '.',
        ...(legacy && { experimentalDecorators: true }),
      },
      include: ['main.ts', 'service.ts'],
    },
  });
  return folder;
}

function cell(name, legacy) {
  const folder = folderOf(name, legacy);
  const { status, stdout, stderr } = TOOLS[name](legacy, folder)(folder);
  const text = `${stdout}${stderr}`;
  const works = status === 0 && /served|1 passed/.test(text);
  if (!works && process.env.VERBOSE) console.log(text.split('\n').slice(-30).join('\n'));
  return works;
}

let failed = 0;
let passed = 0;
try {
  install();
  const wanted = process.argv.slice(2).map((name) => name.toLowerCase());
  const names = Object.keys(TOOLS).filter((name) => wanted.length === 0 || wanted.some((each) => name.toLowerCase().includes(each)));
  const page = existsSync('docs/services.md') ? readFileSync('docs/services.md', 'utf8') : '';
  for (const name of names) {
    const row = page.split('\n').find((line) => line.split('|')[1]?.trim() === name);
    const said = row
      ?.split('|')
      .slice(2, 4)
      .map((each) => each.trim().startsWith('yes'));
    const seen = [false, true].map((legacy) => cell(name, legacy));
    for (const [index, works] of seen.entries()) {
      const right = said?.[index] === works;
      if (right) passed++;
      else failed++;
      const what = index === 0 ? 'standard' : 'experimentalDecorators';
      console.log(`decorators: ${name}, ${what}: ${works ? 'yes' : 'no'}${right ? '' : ', and docs/services.md says otherwise'}`);
    }
  }
  const plain = run(folderOf('plain', false), [join(work, 'node_modules', NODE, 'bin/node'), 'plain.ts']);
  if (plain.stdout?.includes('served')) passed++;
  else failed++;
  console.log(`decorators: serve() under Node's type stripping: ${plain.stdout?.includes('served') ? 'yes' : `no\n${plain.stderr}`}`);
} finally {
  rmSync(work, { recursive: true, force: true });
}
console.log(`decorators: ${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
