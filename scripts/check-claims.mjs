// Every promise of docs/semantics.md (L1, T3, ...) and every trap is claimed by the name of a spec that passed.
// Reads what the last full run left in reports/, so run `npm test` first.
import { readFileSync } from 'node:fs';

const PROMISE = /(?<![A-Za-z0-9])[LRTCGPI][1-9]\d?(?![A-Za-z0-9])/g;
const TRAPS = Array.from({ length: 15 }, (_, index) => `trap ${index + 1}`);

function read(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

function stop(sentence) {
  console.error(`claims: ${sentence}`);
  process.exit(1);
}

const semantics = read('docs/semantics.md') ?? stop('docs/semantics.md is missing');
const promises = [...new Set(semantics.match(PROMISE) ?? [])].sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
if (promises.length === 0) stop('docs/semantics.md names no promise such as L1');

const reports = ['node', 'browser'].flatMap((name) => {
  const text = read(`reports/${name}.json`);
  return text === undefined ? [] : [JSON.parse(text)];
});
if (reports.length === 0 || reports.some((report) => report.partial)) stop('no report of a full run of the specs; run `npm test` first');
const names = reports.flatMap((report) => report.names);

const claimed = new Set(names.flatMap((name) => [...(name.match(PROMISE) ?? []), ...(name.toLowerCase().match(/\btrap \d+\b/g) ?? [])]));
const unclaimed = [...promises, ...TRAPS].filter((id) => !claimed.has(id));
const unknown = [...claimed].filter((id) => !promises.includes(id) && !TRAPS.includes(id));

for (const id of unclaimed) console.error(`claims: no passed spec names ${id}`);
for (const id of unknown) console.error(`claims: a spec names ${id}, which docs/semantics.md does not have`);
console.log(`claims: ${promises.length + TRAPS.length - unclaimed.length} of ${promises.length + TRAPS.length} are claimed by a spec`);
process.exitCode = unclaimed.length + unknown.length === 0 ? 0 : 1;
