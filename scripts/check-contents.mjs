// What `npm pack` would send: only files of the kinds below, each entry and document among them, source maps that lead to sources which go
// along, and no more bytes than agreed. Needs a build.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { posix } from 'node:path';

const DOCUMENTS = ['README.md', 'LICENSE', 'CHANGELOG.md', 'SECURITY.md', 'package.json'];
/** What may be there, and the most bytes of it, unpacked. */
const KINDS = [
  { kind: 'documents', is: (path) => DOCUMENTS.includes(path), limit: 80_000 },
  { kind: 'the command line', is: (path) => /^dist\/cli\/([\w-]+\.js|LICENSES\.txt)$/.test(path), limit: 320_000 },
  { kind: 'modules', is: (path) => /^dist\/(?!cli\/)[\w/-]+\.js$/.test(path), limit: 550_000 },
  { kind: 'declarations', is: (path) => /^dist\/[\w/-]+\.d\.ts$/.test(path), limit: 250_000 },
  { kind: 'source maps', is: (path) => /^dist\/[\w/-]+\.(js|d\.ts)\.map$/.test(path), limit: 650_000 },
  { kind: 'sources for them', is: (path) => /^src\/(?!cli\/)[\w/-]+\.ts$/.test(path), limit: 680_000 },
];

const faults = [];
const [{ files, unpackedSize, entryCount }] = JSON.parse(
  execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { encoding: 'utf8' }),
);
const sizes = new Map(files.map(({ path, size }) => [path, size]));

for (const path of sizes.keys()) if (!KINDS.some(({ is }) => is(path))) faults.push(`${path} is of no kind that belongs into the package`);
for (const { kind, is, limit } of KINDS) {
  const paths = [...sizes.keys()].filter(is);
  const bytes = paths.reduce((sum, path) => sum + sizes.get(path), 0);
  console.log(`contents: ${kind}: ${paths.length} files, ${bytes.toLocaleString('en-US')} bytes, at most ${limit.toLocaleString('en-US')}`);
  if (bytes > limit) faults.push(`${kind} are ${(bytes - limit).toLocaleString('en-US')} bytes above their limit`);
}

const { exports, bin } = JSON.parse(readFileSync('package.json', 'utf8'));
const named = [
  ...Object.values(exports).flatMap((entry) => (typeof entry === 'string' ? [entry] : Object.values(entry))),
  ...Object.values(bin),
];
for (const path of [...named.map((each) => each.slice(2)), ...DOCUMENTS]) if (!sizes.has(path)) faults.push(`${path} is missing`);

const used = new Set();
for (const path of sizes.keys()) {
  const isModule = /^dist\/(?!cli\/).*\.(js|d\.ts)$/.test(path);
  if (isModule && !readFileSync(path, 'utf8').includes(`sourceMappingURL=${posix.basename(path)}.map`))
    faults.push(`${path} names no source map`);
  if (!path.endsWith('.map')) continue;
  const { sourceRoot = '', sources } = JSON.parse(readFileSync(path, 'utf8'));
  for (const source of sources) {
    const target = posix.join(posix.dirname(path), sourceRoot, source);
    used.add(target);
    if (!sizes.has(target)) faults.push(`${path} leads to ${target}, which does not go along`);
  }
}
for (const path of sizes.keys()) if (path.startsWith('src/') && !used.has(path)) faults.push(`no source map leads to ${path}`);

for (const fault of faults) console.error(`contents: ${fault}`);
console.log(`contents: ${entryCount} files, ${unpackedSize.toLocaleString('en-US')} bytes unpacked`);
console.log(`contents: ${KINDS.length} passed, ${faults.length} failed`);
process.exitCode = faults.length === 0 ? 0 : 1;
