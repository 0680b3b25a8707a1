// What a user sees of a client that gets no session, in the default configuration.
import { filter, firstValueFrom, map } from 'rxjs';
import { Client } from '../../src/client/client.ts';
import type { ClientOptions } from '../../src/client/options.ts';
import { hear, kept, notebook, turn } from '../client/opened.ts';

export interface Met {
  /** `waiting` where the client goes on trying, `closed` where waiting cannot mend it. */
  readonly state: string;
  readonly status: string;
  readonly warned: readonly string[];
  readonly failed: readonly string[];
  /** The error of a call: behind 1 ms of waiting where the client goes on trying, at once where it has given up. */
  readonly call: string;
}

/** Makes a client, calls something, and waits for the first failure. */
export async function met(options: ClientOptions): Promise<Met> {
  const log = notebook();
  const client = kept(new Client({ logger: log, ...options }));
  const first = hear(client.call('com.example.add', [1, 2]));
  const failures = client.status.pipe(
    map((status) => ({ state: status.state, reason: 'reason' in status ? status.reason : undefined })),
    filter(({ reason }) => reason !== undefined),
  );
  const { state, reason } = await firstValueFrom(failures);
  await turn();
  const call = state === 'waiting' ? hear(client.call('com.example.add', [1, 2], undefined, { waitMs: 1 })) : first;
  while (call.errors.length === 0) await turn();
  await client.close();
  const [error] = call.errors as Error[];
  return { state, status: reason!.message, warned: log.warned, failed: log.failed, call: error!.message };
}

/** What it looks like when the client goes on trying. */
export function retried(sentence: string): Met {
  return {
    state: 'waiting',
    status: sentence,
    warned: [`${sentence} (trying again)`],
    failed: [],
    call: `call of com.example.add found no session within 1 ms: ${sentence}`,
  };
}

/** What it looks like when waiting cannot mend it. */
export function fatal(sentence: string): Met {
  return { state: 'closed', status: sentence, warned: [], failed: [sentence], call: sentence };
}
