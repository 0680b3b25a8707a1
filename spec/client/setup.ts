// The stage of the testing kit for the client's own specs: what must hold besides when everyone has left.
// A link opens 5 ms after it was asked for, WELCOME comes 5 ms later; all other answers take 5 ms too.
import { map, type Observable } from 'rxjs';
import type { Client } from '../../src/client/client.ts';
import type { Status } from '../../src/client/connection.ts';
import { ConnectionError, WampError } from '../../src/protocol/errors.ts';
import { GOODBYE, HELLO, type List, WELCOME } from '../../src/protocol/messages.ts';
import { marbles as play, type Stage } from '../../src/testing/marbles.ts';
import { ALL_FEATURES, type ScriptedLink, type ScriptedOptions } from '../../src/testing/scripted.ts';
import type { SocketOptions } from '../../src/transports/websocket.ts';

export type { Fate, Stage } from '../../src/testing/marbles.ts';

const LATENCY = 5;

/**
 * Runs a scenario under virtual time. Afterwards no timer may be pending, no link open, nothing may have been sent on a dead one, no
 * client may hold anything, and there never were two links of one client at once.
 */
export function marbles(test: (stage: Stage) => void, options: ScriptedOptions = {}): void {
  let played: Stage | undefined;
  const draw = (stage: Stage): void => {
    played = stage;
    test(stage);
  };
  play(draw, { ...options, latencyMs: LATENCY, assertDeepEqual: (actual, expected) => expect(actual).toEqual(expected) });
  const { scheduler, router, clients } = played!;
  const pending = (scheduler.actions as readonly { readonly delay: number }[]).map(({ delay }) => delay);
  expect(pending).withContext('frames of pending timers').toEqual([]);
  expect(router.open.length).withContext('links that are still open').toBe(0);
  expect(router.dead).withContext('sent on a dead link').toEqual([]);
  if (clients.length === 1) expect(router.most).withContext('links at once').toBeLessThanOrEqual(1);
  for (const client of clients) expect(leftOf(client)).withContext('what the client still holds').toEqual(NOTHING);
}

export const NOTHING = { session: undefined, url: undefined, topics: [], registrations: [], pending: [], waiting: 0 };

/** What a client holds, without its counters. */
export function leftOf(client: Client): object {
  const { session, url, topics, registrations, pending, waiting } = client.inspect();
  return { session, url, topics, registrations, pending, waiting };
}

/** A status as one word, or two. */
export function word(status: Status): string {
  switch (status.state) {
    case 'connecting':
      return `connecting ${status.attempt}${status.url === '' ? '' : ` ${status.url}`}`;
    case 'waiting':
      return `waiting ${status.attempt} until ${status.retryAt}`;
    case 'closed':
      return status.reason === undefined ? 'closed' : `closed ${status.reason.uri}`;
    case 'open':
      return `open ${status.session.id}`;
    case 'idle':
      return 'idle';
  }
}

/** The status of a client in words. */
export function words(client: Client): Observable<string> {
  return client.status.pipe(map(word));
}

/** Matches a `ConnectionError` with these properties, whatever its sentence is. */
export function lost(properties: object = {}): unknown {
  return {
    asymmetricMatch: (other: unknown) =>
      other instanceof ConnectionError && Object.entries(properties).every(([key, value]) => other[key as keyof ConnectionError] === value),
    jasmineToString: () => `a ConnectionError with ${JSON.stringify(properties)}`,
  };
}

/** Matches an error of the library with this URI. */
export function wampError(uri: string): unknown {
  return {
    asymmetricMatch: (other: unknown) => other instanceof WampError && other.uri === uri,
    jasmineToString: () => `a WampError with ${uri}`,
  };
}

/** The codes of what was sent on a link. */
export function codes(link: ScriptedLink | undefined): unknown[] {
  return link?.sent.map(([code]) => code) ?? [];
}

/** A WebSocket class under virtual time: opens in 5 ms, joins in 5 more; a URL with `dead` in it is refused. Notes when which URL was tried. */
export function sockets(stage: Stage): {
  readonly tried: [frame: number, url: string][];
  readonly WebSocket: NonNullable<SocketOptions['WebSocket']>;
} {
  const tried: [number, string][] = [];
  type Handler = ((event: object) => void) | null;
  class VirtualSocket {
    readyState = 0;
    bufferedAmount = 0;
    protocol = '';
    binaryType = '';
    onopen: Handler = null;
    onmessage: Handler = null;
    onerror: Handler = null;
    onclose: Handler = null;
    constructor(url: string, protocols: string[]) {
      tried.push([stage.scheduler.frame, url]);
      stage.in(LATENCY, () => {
        if (this.readyState !== 0) return;
        if (url.includes('dead')) {
          this.readyState = 3;
          this.onclose?.({ code: 1006, reason: '' });
          return;
        }
        this.readyState = 1;
        this.protocol = url.includes('foreign') ? '' : (protocols[0] ?? '');
        this.onopen?.({});
      });
    }
    send(data: string | Uint8Array): void {
      const [code] = JSON.parse(data as string) as List;
      const reply =
        code === HELLO
          ? [WELCOME, 1000 + tried.length, { roles: ALL_FEATURES }]
          : code === GOODBYE
            ? [GOODBYE, {}, 'wamp.close.goodbye_and_out']
            : undefined;
      if (reply !== undefined) stage.in(LATENCY, () => this.onmessage?.({ data: JSON.stringify(reply) }));
    }
    /** The router closes. */
    close(): void {
      this.readyState = 3;
    }
  }
  return { tried, WebSocket: VirtualSocket };
}
