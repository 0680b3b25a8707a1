// Peers at the test router, in Node and in a browser; each is stopped after its spec. And a router of a spec's own.
import { Router } from '../../src/router/index.ts';
import type { Peer, PeerOptions } from '../../src/peer/index.ts';
import type { Logger } from '../../src/index.ts';
import { routerUrl } from '../support/env.ts';

const left: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const end of left.splice(0).reverse()) await end();
});

/** Options for the test router, with a logger that keeps what it is told. */
export function noted(options: PeerOptions = {}): PeerOptions & { readonly logger: Notes } {
  return { url: routerUrl(), retryDelayMs: () => 10, ...options, logger: notes() };
}

export interface Notes extends Logger {
  readonly errors: { readonly message: string; readonly error: unknown }[];
}
export function notes(): Notes {
  const errors: { message: string; error: unknown }[] = [];
  return { errors, warn: () => undefined, error: (message, error) => errors.push({ message, error }) };
}

/** Is stopped after the spec. */
export function kept<P extends Peer>(peer: P): P {
  left.push(() => peer.stop({ drainMs: 0 }));
  return peer;
}

/** A router inside this process, closed after the spec. */
export function ownRouter(): Router {
  const router = new Router({ realms: ['realm1'] });
  left.push(() => router.close());
  return router;
}

/** Resolves at the first true answer; asks after every turn. */
export async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve));
}
