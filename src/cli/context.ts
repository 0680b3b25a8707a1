// What a command gets beside its arguments, and how one with a connection runs from the first message to GOODBYE.
import type { Client } from 'rxwamp';
import { delay, lastValueFrom, type Observable, takeUntil } from 'rxjs';
import { clientOf, type ConnectionFlags, type Patience } from './connection.ts';
import { EXIT } from './failure.ts';
import type { Interruption } from './interruption.ts';
import type { Output } from './output.ts';

export interface Context {
  readonly output: Output;
  readonly interruption: Interruption;
}

/**
 * Runs a stream on a client until it ends or somebody presses Ctrl-C, then says GOODBYE.
 * @param drainMs How long a stream that ends by itself at Ctrl-C may take for it.
 * @returns The exit code: interrupted counts only for what would have ended by itself.
 */
export async function follow(
  { output, interruption }: Context,
  flags: ConnectionFlags,
  patience: Patience,
  stream: (client: Client) => Observable<unknown>,
  drainMs = 0,
): Promise<number> {
  const client = clientOf(flags, patience, output);
  try {
    await lastValueFrom(stream(client).pipe(takeUntil(interruption.leave.pipe(delay(drainMs)))), { defaultValue: undefined });
    // UNSUBSCRIBE leaves at the end of the turn; the session must still be there.
    await new Promise((resolve) => setImmediate(resolve));
  } finally {
    await client.close();
  }
  return interruption.happened && patience === 'brief' ? EXIT.interrupted : EXIT.ok;
}
