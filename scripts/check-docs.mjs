// What the documents show is true: examples/*/main.ts run, every ```ts block of README.md and docs/*.md is type-checked and run, links lead somewhere.
// A block is a program of its own; ```ts no-run is only type-checked. `npm run check:docs -- docs/recipes.md` narrows it to some documents. The default URL (port 8080) is answered by the embedded router.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { basename } from 'node:path';
import { unknownCommands } from './commands.mjs';
import { brokenLinks } from './links.mjs';

const LIMIT_MS = 20_000;
// Inside the project and outside of node_modules, where `import 'rxwamp'` finds the project itself.
const folder = 'reports/docs';

/** @returns The blocks of one document; `line` is the first line of the code. */
function blocksOf(path) {
  const text = readFileSync(path, 'utf8');
  return [...text.matchAll(/^```ts(?<info>[^\n]*)\n(?<code>.*?)^```\s*$/gms)].map((match) => ({
    line: text.slice(0, match.index).split('\n').length + 1,
    run: !match.groups.info.split(/\s+/).includes('no-run'),
    shows: match.groups.info.split(/\s+/).find((word) => word.endsWith('.ts')),
    code: match.groups.code,
    path,
  }));
}

/** A block that names a file has all of its code, but for imports and exports: what is read here is what the specs run. */
function unshown(blocks) {
  const plain = (code) =>
    code
      .replace(/^import .*?;$/gms, '')
      .replace(/^export /gm, '')
      .replace(/\s+/g, '');
  const shown = blocks.filter(({ shows }) => shows !== undefined);
  const differ = shown.filter(({ shows, code }) => !plain(code).includes(plain(readFileSync(shows, 'utf8'))));
  const missing = readdirSync('examples/recipes').filter((name) => !shown.some(({ shows }) => shows === `examples/recipes/${name}`));
  return [
    ...differ.map(({ path, line, shows }) => `${path}:${line} is not what stands in ${shows}`),
    ...missing.map((name) => `examples/recipes/${name} is shown in no document`),
  ];
}

/** What a table of two libraries says of ours, its last cell, must stand in the blocks of its section that run; sections without any are left out. */
function unproven(path) {
  const squeezed = (text) => text.replace(/\s+/g, '');
  const sections = readFileSync(path, 'utf8').split(/^## /m);
  return sections.flatMap((section) => {
    const code = squeezed([...section.matchAll(/^```ts\n(.*?)^```\s*$/gms)].map((match) => match[1]).join(''));
    const cells = [...section.matchAll(/^\| \d+ +\|.*\|(.*)\|$/gm)].map((match) => match[1]);
    const said = cells.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map((match) => match[1]));
    // An ellipsis stands for anything.
    const missing = said.filter((each) => !each.split('…').every((part) => code.includes(squeezed(part))));
    return code === '' ? [] : missing.map((each) => `${path}: \`${each}\` stands in a table and in no block of its section`);
  });
}

/** Blank lines in front, so that an error names the line of the document. */
function write(block) {
  const file = `${folder}/${basename(block.path, '.md')}.${block.line}.ts`;
  writeFileSync(file, '\n'.repeat(block.line - 1) + block.code);
  return { ...block, file };
}

function typesHold() {
  const config = {
    extends: '../../tsconfig.json',
    compilerOptions: { noUnusedLocals: false, noUnusedParameters: false },
    include: ['*.ts'],
  };
  writeFileSync(`${folder}/tsconfig.json`, JSON.stringify(config));
  return spawnSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', folder], { stdio: 'inherit' }).status === 0;
}

/** Runs one program. It is right if it ends by itself, in time, with exit code 0. */
function run(file) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ['--conditions=rxwamp-source', '--import', 'tsx', file], { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    let late = false;
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text));
    const timer = setTimeout(() => {
      late = true;
      child.kill('SIGKILL');
    }, LIMIT_MS);
    child.on('close', (code) => {
      clearTimeout(timer);
      const fault = late ? `did not end within ${LIMIT_MS / 1000} s` : code === 0 ? undefined : `ended with exit code ${code}`;
      resolve({ fault, output });
    });
  });
}

function portIsFree(port) {
  return new Promise((resolve) => {
    const probe = createServer()
      .once('error', () => resolve(false))
      .once('listening', () => probe.close(() => resolve(true)))
      .listen(port, '127.0.0.1');
  });
}

let passed = 0;
let failed = 0;
async function check(label, file) {
  const { fault, output } = await run(file);
  if (fault === undefined) passed++;
  else failed++;
  console.log(`docs: ${label} ${fault ?? 'ok'}`);
  if (fault !== undefined) console.log(output.trimEnd().replace(/^/gm, '    '));
}

if (!(await portIsFree(8080))) {
  console.error('docs: the examples use ws://localhost:8080/ws, and something else listens on port 8080; stop it first');
  process.exit(1);
}

// Examples bring their own router, so they run before ours is there.
const only = process.argv.slice(2);
const examples = existsSync('examples') && only.length === 0 ? readdirSync('examples').map((name) => `examples/${name}/main.ts`) : [];
for (const file of examples.filter(existsSync)) await check(file, file);

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
const pages = existsSync('docs') ? readdirSync('docs', { recursive: true }).map((name) => `docs/${name}`) : [];
const documents = ['README.md', ...pages.filter((path) => path.endsWith('.md')).sort()].filter(existsSync);
const blocks = documents
  .filter((path) => only.length === 0 || only.includes(path))
  .flatMap(blocksOf)
  .map(write);
const others = ['CHANGELOG.md', 'CONTRIBUTING.md', 'DECISIONS.md', 'SECURITY.md'].filter(existsSync);

const tables = documents.filter((path) => /\/from-\w+\.md$/.test(path));
const sentences = [
  ...tables.flatMap(unproven),
  ...brokenLinks([...documents, ...others]),
  ...unknownCommands([...documents, ...others]),
  ...unshown(documents.flatMap(blocksOf)),
];
for (const sentence of sentences) {
  failed++;
  console.log(`docs: ${sentence}`);
}

if (blocks.length > 0) {
  if (!typesHold()) failed++;
  const { Router } = await import('../src/router/index.ts');
  const server = await new Router({ realms: ['realm1'] }).listen({ port: 8080 });
  for (const block of blocks.filter((each) => each.run)) await check(`${block.path}:${block.line}`, block.file);
  await server[Symbol.asyncDispose]();
}
console.log(`docs: ${passed} passed, ${failed} failed`);
process.exit(failed === 0 && passed > 0 ? 0 : 1);
