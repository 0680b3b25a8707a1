// `npm run test:interop`: one set of scenarios with the embedded router, Crossbar.io and nexus, each with JSON and MessagePack.
// Options: --router, --scenario, --serializer narrow it; --cuts and --seed are for chaos; --bail stops at the first failure.
import { parseArgs } from 'node:util';
import { checkReady } from './ready.ts';
import { crossbarCommand, Unavailable } from './routers.ts';
import { Context, Failure, type Scenario, type Settings, SERIALIZERS } from './scenario.ts';
import { SCENARIOS } from './scenarios/index.ts';
import { NAMES, start, type Name, type Target } from './target.ts';

const { values } = parseArgs({
  options: {
    router: { type: 'string', multiple: true },
    scenario: { type: 'string', multiple: true },
    serializer: { type: 'string', multiple: true },
    cuts: { type: 'string', default: '40' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 1_000_000)) },
    bail: { type: 'boolean', default: false },
  },
});

function chosen<T extends string>(what: string, all: readonly T[], wanted: readonly string[] | undefined): readonly T[] {
  const unknown = wanted?.find((name) => !all.includes(name as T));
  if (unknown === undefined) return all.filter((name) => wanted?.includes(name) ?? true);
  console.error(`no ${what} is called ${unknown}: there are ${all.join(', ')}`);
  process.exit(2);
}

const names = chosen('router', NAMES, values.router);
const serializers = chosen('serializer', Object.keys(SERIALIZERS), values.serializer);
const wanted = chosen(
  'scenario',
  SCENARIOS.map(({ name }) => name),
  values.scenario,
);
const scenarios = SCENARIOS.filter(({ name }) => wanted.includes(name));
const settings: Settings = { cuts: Number(values.cuts), seed: Number(values.seed) };
const counts = { passed: 0, failed: 0, skipped: 0 };
let spaces = 0;

function oneLine(error: unknown): string {
  const text = error instanceof Failure || error instanceof Unavailable ? error.message : String(error);
  return text.split('\n').join(' ');
}

/** Everything that is to be run with one router, with the words that stand before its outcome. */
function runs(name: Name): (readonly [label: string, serializer: string, scenario: Scenario])[] {
  return serializers.flatMap((serializer) =>
    scenarios
      .filter(({ mixed }) => mixed !== true || serializer === serializers.at(-1))
      .map((scenario) => {
        const spoken = scenario.mixed === true && serializers.length > 1 ? 'mixed' : serializer;
        return [`${name} ${spoken} ${scenario.name}`, serializer, scenario] as const;
      }),
  );
}

async function run(target: Target, label: string, serializer: string, scenario: Scenario): Promise<void> {
  const reason = scenario.skip?.(target);
  if (reason !== undefined) {
    counts.skipped++;
    console.log(`skipped ${label}: ${reason}`);
    return;
  }
  const context = new Context(target, settings, scenario.mixed === true ? serializers : [serializer], `n${++spaces}`);
  const limitMs = scenario.limitMs?.(target, settings) ?? 20_000;
  const since = performance.now();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      context.expire();
      reject(new Failure(`it took longer than ${limitMs} ms, waiting for ${context.waitsFor}`));
    }, limitMs);
  });
  try {
    const work = scenario.run(context).then(() => context.settle());
    await Promise.race([work, late]);
    counts.passed++;
    console.log(`ok ${label} ${Math.round(performance.now() - since)} ms${context.note === '' ? '' : `, ${context.note}`}`);
  } catch (error) {
    counts.failed++;
    console.log(`FAILED ${label}: ${oneLine(error)}`);
    const log = await target.log().catch(() => '');
    for (const line of [...context.trace, ...log.split('\n')]) console.log(`    ${line}`);
  } finally {
    clearTimeout(timer);
    await context.close();
    if (!(await target.isUp())) await target.restart();
  }
}

async function runAll(name: Name): Promise<void> {
  let target: Target;
  try {
    target = await start(name);
  } catch (error) {
    const missing = error instanceof Unavailable && process.env['CI'] === undefined;
    for (const [label] of runs(name)) {
      counts[missing ? 'skipped' : 'failed']++;
      console.log(`${missing ? 'skipped' : 'FAILED'} ${label}: ${oneLine(error)}`);
    }
    return;
  }
  try {
    for (const [label, serializer, scenario] of runs(name)) {
      await run(target, label, serializer, scenario);
      if (values.bail && counts.failed > 0) return;
    }
  } finally {
    await target.stop();
  }
  if (name !== 'crossbar' || values.scenario !== undefined) return;
  for (const [line, passed] of await checkReady(await crossbarCommand())) {
    counts[passed ? 'passed' : 'failed']++;
    console.log(line);
  }
}

process.on('unhandledRejection', (error) => {
  counts.failed++;
  console.log(`FAILED outside of a scenario: ${oneLine(error)}`);
});
process.on('uncaughtException', (error) => {
  counts.failed++;
  console.log(`FAILED outside of a scenario: ${error.stack ?? oneLine(error)}`);
});

console.log(`seed ${settings.seed}, ${settings.cuts} cuts`);
const since = performance.now();
for (const name of names) await runAll(name);
console.log(`\ntook ${Math.round((performance.now() - since) / 1000)} s`);
console.log(`interop: ${counts.passed} passed, ${counts.failed} failed${counts.skipped > 0 ? `, ${counts.skipped} skipped` : ''}`);
process.exitCode = counts.failed === 0 && counts.passed > 0 ? 0 : 1;
