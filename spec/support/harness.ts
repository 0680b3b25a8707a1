// The far side of every spec that needs a network: the project's own router, started once per run, in the process of the runner.
// It takes request ids in their order only, so that every spec over a socket also proves that ours are.
import { Router } from '../../src/router/index.ts';

export interface Harness {
  /** What specs connect to: `ws://127.0.0.1:<port>/ws`. */
  readonly url: string;
  close(): Promise<void>;
}

export async function startHarness(): Promise<Harness> {
  const router = new Router({ realms: ['realm1'], sequentialIds: true });
  const { url } = await router.listen({ port: 0, path: '/ws' });
  return { url, close: () => router.close() };
}
