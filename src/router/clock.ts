// The only clock of the router: the limits of calls, the waits for a GOODBYE and for a socket's end.
// Knows nothing of what it waits for.

const LONGEST_MS = 2 ** 31 - 1;

/**
 * Runs something once, later.
 *
 * @param ms The wait in milliseconds; the platform's longest, 24.8 days, stands for more.
 * @returns What stops it; harmless when it has run.
 */
export function after(ms: number, run: () => void): () => void {
  const timer = setTimeout(run, Math.min(ms, LONGEST_MS));
  return () => {
    clearTimeout(timer);
  };
}
