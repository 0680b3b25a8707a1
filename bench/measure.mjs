// How things are measured: in rounds, in which everything that is compared takes turns, so that a busy machine is busy for all of it.
// Knows nothing of what it measures.
import { Bench } from 'tinybench';

/** A value at a share of the way through sorted ones. */
function quantile(values, share) {
  const sorted = [...values].sort((one, other) => one - other);
  const at = (sorted.length - 1) * share;
  const low = sorted[Math.floor(at)];
  return low + (sorted[Math.ceil(at)] - low) * (at - Math.floor(at));
}

export const median = (values) => quantile(values, 0.5);

/** Round by round, how a thing compares to its baseline. */
export const ratios = (values, baseline) => values.map((value, round) => value / baseline[round]);

const digits = (value) => (value >= 100 ? 0 : value >= 10 ? 1 : value >= 1 ? 2 : 3);
const text = (value, places = digits(value)) =>
  value.toLocaleString('en-US', { minimumFractionDigits: places, maximumFractionDigits: places });

/** The median, and in brackets what the middle half of the rounds lies between. */
export function spread(values, places = digits(median(values))) {
  return `${text(median(values), places)} (${text(quantile(values, 0.25), places)}–${text(quantile(values, 0.75), places)})`;
}

/** The same order for nobody: each round starts with the next one. */
const turned = (list, round) => [...list.slice(round % list.length), ...list.slice(0, round % list.length)];

/**
 * Runs cases that take their time, one after the other, round by round; a first round is not counted.
 *
 * @param cases By name, functions that resolve to a measurement: a dict of numbers.
 * @returns By name and by measure, one number for each round.
 */
export async function inRounds(cases, rounds) {
  const found = Object.fromEntries(Object.keys(cases).map((name) => [name, {}]));
  for (let round = -1; round < rounds; round++) {
    for (const name of turned(Object.keys(cases), round + 1)) {
      const measured = await cases[name]();
      if (round < 0) continue;
      for (const [what, value] of Object.entries(measured)) (found[name][what] ??= []).push(value);
    }
  }
  return found;
}

/**
 * Runs synchronous tasks in rounds.
 *
 * @param tasks By name, functions that do the same thing `batch` times, so that the clock costs nothing.
 * @returns By name, nanoseconds for one, one number (the median of its batches) for each round.
 */
export function inBatches(tasks, { rounds, milliseconds, batch }) {
  const found = Object.fromEntries(Object.keys(tasks).map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    const bench = new Bench({ time: milliseconds, warmup: round === 0, warmupTime: 2 * milliseconds, retainSamples: true });
    for (const name of turned(Object.keys(tasks), round)) bench.add(name, tasks[name]);
    for (const { name, result } of bench.runSync()) {
      if (result.state !== 'completed') throw new TypeError(`the benchmark ${name} ended as ${result.state}`, { cause: result.error });
      found[name].push((result.latency.p50 * 1e6) / batch);
    }
  }
  return found;
}

/** What a number of things took: wall-clock, and CPU of this process with all its threads. */
export async function timed(count, work) {
  const cpu = process.cpuUsage();
  const start = performance.now();
  await work();
  const milliseconds = performance.now() - start;
  const { user, system } = process.cpuUsage(cpu);
  return { perSecond: (count * 1000) / milliseconds, cpu: (user + system) / count };
}

/** Pseudo-random numbers from 0 to 1, the same at every run. */
export function random(seed) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
