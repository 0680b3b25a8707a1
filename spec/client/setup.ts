// A stage for the client under virtual time: a scripted router whose answers take 5 ms, clients, and what must hold when everyone has left.
// A link opens 5 ms after it was asked for, WELCOME comes 5 ms later; all other answers take 5 ms too.
import { map, type Observable } from 'rxjs';
import { type RunHelpers, TestScheduler } from 'rxjs/testing';
import { Client } from '../../src/client/client.ts';
import type { Status } from '../../src/client/connection.ts';
import type { ClientOptions } from '../../src/client/options.ts';
import type { Transport } from '../../src/protocol/sink.ts';
import type { SocketOptions } from '../../src/transports/websocket.ts';
import { ConnectionError, WampError } from '../../src/protocol/errors.ts';
import {
  ABORT,
  CALL,
  GOODBYE,
  HELLO,
  type List,
  PUBLISH,
  PUBLISHED,
  REGISTER,
  REGISTERED,
  RESULT,
  SUBSCRIBE,
  SUBSCRIBED,
  UNREGISTER,
  UNREGISTERED,
  UNSUBSCRIBE,
  UNSUBSCRIBED,
  WELCOME,
} from '../../src/protocol/messages.ts';
import { ALL_FEATURES, type ScriptedLink, type ScriptedOptions, ScriptedRouter } from '../support/scripted.ts';

/** What a link does: joins, fails before it opens, never opens, opens without a WELCOME, or answers HELLO with ABORT of this URI. */
export type Fate = 'join' | 'refuse' | 'silent' | 'mute' | `abort ${string}`;

export interface Stage extends RunHelpers {
  readonly scheduler: TestScheduler;
  readonly router: ScriptedRouter;
  readonly transport: Transport;
  /** What the first, second, … link does; the last holds for all that follow. Default: `join`. */
  fates: readonly Fate[];
  /** Makes a client on this router, with 100 ms between rounds; it must hold nothing and have no link when the spec ends. */
  client(options?: ClientOptions): Client;
  /** Does something at a frame, before anything else of that frame. */
  at(frame: number, task: () => void): void;
  /** Does something in so many milliseconds. */
  in(milliseconds: number, task: () => void): void;
}

const LATENCY = 5;

/**
 * Runs a scenario under virtual time. Afterwards no timer may be pending, no link open, nothing may have been sent on a dead one, no
 * client may hold anything, and there never were two links of one client at once.
 */
export function marbles(test: (stage: Stage) => void, options: ScriptedOptions = {}): void {
  const scheduler = new TestScheduler((actual, expected) => {
    expect(actual).toEqual(expected);
  });
  const clients: Client[] = [];
  const wait = (milliseconds: number, task: () => void): void => {
    scheduler.schedule(task, milliseconds);
  };
  let stage: Stage | undefined;
  const router = new ScriptedRouter({
    opens: false,
    schedule: (task) => {
      wait(LATENCY, task);
    },
    reply: (link, message) => {
      answer(link, message, fateOf(router, link, stage!.fates));
    },
    ...options,
  });
  const transport: Transport = (sink) => {
    const cancel = router.transport(sink);
    const link = router.link;
    const fate = fateOf(router, link, stage!.fates);
    wait(LATENCY, () => {
      if (link.closed || fate === 'silent') return;
      if (fate === 'refuse') link.fail(new ConnectionError('nobody listens'));
      else link.open();
    });
    return cancel;
  };
  const report: string[] = [];
  scheduler.run((helpers) => {
    scheduler.maxFrames = 1_000_000;
    stage = {
      ...helpers,
      scheduler,
      router,
      transport,
      fates: ['join'],
      client: (more = {}) => {
        const logger = {
          warn: () => {},
          error: (message: string) => {
            report.push(message);
          },
        };
        const client = new Client({ transport, retryDelayMs: () => 100, keepAliveMs: 0, logger, ...more });
        clients.push(client);
        return client;
      },
      at: (frame, task) => {
        wait(frame - scheduler.frame, task);
      },
      in: wait,
    };
    test(stage);
  });
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

function fateOf(router: ScriptedRouter, link: ScriptedLink, fates: readonly Fate[]): Fate {
  return fates[Math.min(router.links.indexOf(link), fates.length - 1)] ?? 'join';
}

/** What a friendly router says; what has `silent` in its name is never answered. */
function answer(link: ScriptedLink, message: List, fate: Fate): void {
  const [code, request] = message as readonly [number, number];
  if (message.some((item) => typeof item === 'string' && item.includes('silent'))) return;
  switch (code) {
    case HELLO:
      if (fate.startsWith('abort ')) link.receive([ABORT, {}, fate.slice('abort '.length)]);
      else if (fate === 'join') link.welcome();
      return;
    case GOODBYE:
      link.receive([GOODBYE, {}, 'wamp.close.goodbye_and_out']);
      return;
    case SUBSCRIBE:
      link.receive([SUBSCRIBED, request, 100 + request]);
      return;
    case REGISTER:
      link.receive([REGISTERED, request, 200 + request]);
      return;
    case UNSUBSCRIBE:
      link.receive([UNSUBSCRIBED, request]);
      return;
    case UNREGISTER:
      link.receive([UNREGISTERED, request]);
      return;
    case CALL:
      link.receive([RESULT, request, {}, ...message.slice(4)]);
      return;
    case PUBLISH:
      if ((message[2] as { acknowledge?: boolean }).acknowledge === true) link.receive([PUBLISHED, request, 300 + request]);
  }
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
