// What the specs of all adapters need: a router in memory, a procedure that answers when it is told to, and what is seen of both.
// Knows no framework.
import { firstValueFrom, type Observable, Subject, switchMap, tap } from 'rxjs';
import type { Client } from '../../src/index.ts';
import { eventually, type Kit, testing } from '../../src/testing/index.ts';

export const NEWS = 'com.example.news';
export const SLOW = 'com.example.slow';

const ends: (() => unknown)[] = [];

/** Runs behind the spec, the last one first. */
export function behind(end: () => unknown): void {
  ends.push(end);
}

afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

export type Stage = Kit<readonly [page: Client, other: Client]>;

/** A router in memory with a client for the page and one for everybody else. */
export async function staged(): Promise<Stage> {
  const kit = await testing({ clients: 2, client: { logger: false, lingerMs: 0 } });
  behind(() => kit.close());
  return kit;
}

export async function published(kit: Stage, topic: string, value: string): Promise<void> {
  await firstValueFrom(kit.clients[1].publish(topic, [value], {}, { acknowledge: true }));
}

export interface Slow {
  /** The arguments of each invocation. */
  readonly calls: unknown[];
  /** Of those that were cancelled. */
  readonly cancelled: unknown[];
  /** What all invocations that run answer with. */
  readonly answers: Subject<string>;
}

/** The other client's procedure, which answers with what the spec emits. */
export async function slow(kit: Stage): Promise<Slow> {
  const calls: unknown[] = [];
  const cancelled: unknown[] = [];
  const answers = new Subject<string>();
  const answer = ({ args }: { readonly args: readonly unknown[] }): Observable<string> => {
    calls.push(args);
    return answers.pipe(tap({ unsubscribe: () => cancelled.push(args) }));
  };
  kit.clients[1].register(SLOW, switchMap(answer)).subscribe({ error: fail });
  await kit.registered(SLOW);
  return { calls, cancelled, answers };
}

/** Waits until what is read is this. */
export function until(read: () => unknown, wanted: unknown): Promise<void> {
  return eventually(() => {
    const [found, sought] = [JSON.stringify(read()), JSON.stringify(wanted)];
    if (found !== sought) throw new TypeError(`it is ${found} and not ${sought}`);
    expect(found).toBe(sought);
  });
}

/** What a client holds: topics, unanswered and waiting requests. */
export function held(client: Client): readonly number[] {
  const { topics, pending, waiting } = client.inspect();
  return [topics.length, pending.length, waiting];
}
