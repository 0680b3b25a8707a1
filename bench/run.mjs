// `npm run bench`: measures the built package as users get it, says what it finds and writes it to bench/results.md.
// `-- --only dispatch` measures one part, `-- --quick` is a short look; neither writes.
import { cpus, loadavg, platform, release } from 'node:os';
import { join } from 'node:path';
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { format, resolveConfig } from 'prettier';
import { codec } from './codec.mjs';
import { dispatch } from './dispatch.mjs';
import { memory } from './memory.mjs';
import { traffic } from './traffic.mjs';
import { weight } from './weight.mjs';

const PARTS = { dispatch, traffic, codec, memory, weight };
const RESULTS = join(import.meta.dirname, 'results.md');

const { values } = parseArgs({ options: { only: { type: 'string', multiple: true }, quick: { type: 'boolean', default: false } } });
const { only = Object.keys(PARTS), quick } = values;
const unknown = only.filter((name) => !Object.hasOwn(PARTS, name));
if (unknown.length > 0) {
  console.error(`bench: no part ${unknown.join(', ')}: there are ${Object.keys(PARTS).join(', ')}`);
  process.exit(1);
}

const load = () => loadavg()[0].toFixed(1);
const processors = cpus();
const began = load();

function table({ head, rows }) {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map((_, at) => (at === 0 ? '---' : '---:'))), ...rows.map(line)].join('\n');
}

const markdown = async (text) => format(text, { ...(await resolveConfig(RESULTS)), parser: 'markdown' });

const sections = [];
for (const name of only) {
  const started = performance.now();
  for (const part of await PARTS[name]({ quick })) {
    const section = await markdown(`## ${part.title}\n\n${part.about}\n\n${table(part)}\n`);
    console.log(section);
    sections.push(section);
  }
  console.log(`bench: ${name} took ${((performance.now() - started) / 1000).toFixed(0)} s\n`);
}

const about = `# Measured

Written by \`npm run bench\`, which measures the built package; nothing here is asserted by a spec. Each figure is the median of its rounds,
in brackets what the middle half of them lies between. What is compared takes turns within a round, so ratios bear a busy machine better than
times do.

- date: ${new Date().toISOString().slice(0, 10)}
- machine: ${processors[0]?.model ?? 'unknown'}, ${processors.length} cores, ${platform()} ${release()}
- Node ${process.versions.node}, load average ${began} at the start and ${load()} at the end
- command: \`${['npm run bench', ...(process.argv.length > 2 ? ['--', ...process.argv.slice(2)] : [])].join(' ')}\`
`;
console.log(await markdown(about));
if (quick || values.only !== undefined) console.log('bench: bench/results.md was left as it is, since this was not a full run');
else {
  writeFileSync(RESULTS, await markdown([about, ...sections].join('\n')));
  console.log('bench: written to bench/results.md');
}
