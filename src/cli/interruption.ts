// Ctrl-C: the first one leaves as it should be done, the second one ends at once.
import { Observable } from 'rxjs';
import { EXIT } from './failure.ts';

/** When a command must end before it is done. */
export interface Interruption {
  /** Emits once, now or later: leave, say GOODBYE, and end. */
  readonly leave: Observable<void>;
  readonly happened: boolean;
}

/**
 * Listens for SIGINT, SIGTERM, SIGHUP, for a reader of stdout that went away, and for the end of the process that watches this one.
 * @param leaving Told at the first signal.
 */
export function interruption(leaving: () => void): Interruption {
  const abort = new AbortController();
  const { signal } = abort;
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(name, () => {
      if (signal.aborted) process.exit(EXIT.interrupted);
      leaving();
      abort.abort();
    });
  for (const stream of [process.stdout, process.stderr])
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
      abort.abort();
    });
  if (process.channel !== undefined) {
    process.once('disconnect', () => {
      abort.abort();
    });
    // Listening alone would keep the process.
    process.channel.unref();
  }
  return {
    leave: new Observable((subscriber) => {
      const left = (): void => {
        subscriber.next();
        subscriber.complete();
      };
      if (signal.aborted) left();
      else signal.addEventListener('abort', left, { once: true });
      return () => {
        signal.removeEventListener('abort', left);
      };
    }),
    get happened() {
      return signal.aborted;
    },
  };
}
