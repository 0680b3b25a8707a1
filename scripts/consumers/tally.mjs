// What the consumers count: each check has a name, and is green unless it throws.
export const tally = { passed: 0, failed: 0 };

/** Runs one check and says how it went. A failed one does not stop the others. */
export async function check(name, body) {
  const started = performance.now();
  try {
    await body();
    tally.passed++;
    console.log(`consumers: ${name} ok (${((performance.now() - started) / 1000).toFixed(1)} s)`);
  } catch (error) {
    tally.failed++;
    console.log(`consumers: ${name} FAILED\n${error.message.replace(/^/gm, '    ')}`);
  }
}

/** Runs jobs, so many at a time. */
export async function inTurn(jobs, atOnce) {
  const waiting = [...jobs];
  const worker = async () => {
    for (let job = waiting.shift(); job !== undefined; job = waiting.shift()) await job();
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}
