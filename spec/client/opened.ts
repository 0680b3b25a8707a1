// Sessions and clients that are open at once, on a scripted router: every message is a plain synchronous call.
// Whatever a spec leaves behind is closed after it.
import type { Observable, Subscription } from 'rxjs';
import { Client } from '../../src/client/client.ts';
import { connect } from '../../src/client/connect.ts';
import type { Logger } from '../../src/client/logger.ts';
import type { ClientOptions, ConnectOptions } from '../../src/client/options.ts';
import type { Session } from '../../src/client/session.ts';
import type { WampError } from '../../src/protocol/errors.ts';
import { GOODBYE, HELLO, type List } from '../../src/protocol/messages.ts';
import { type ScriptedLink, type ScriptedOptions, ScriptedRouter } from '../../src/testing/scripted.ts';

const clients: Client[] = [];
const subscriptions: Subscription[] = [];

afterEach(async () => {
  for (const subscription of subscriptions.splice(0)) subscription.unsubscribe();
  await Promise.all(clients.splice(0).map((client) => client.close()));
});

/** What a stream has said so far. */
export interface Heard<T> {
  readonly values: T[];
  readonly errors: unknown[];
  completions: number;
  readonly subscription: Subscription;
  leave(): void;
}

export function hear<T>(stream: Observable<T>): Heard<T> {
  const values: T[] = [];
  const errors: unknown[] = [];
  const heard = { values, errors, completions: 0 };
  const subscription = stream.subscribe({
    next: (value) => {
      values.push(value);
    },
    error: (error: unknown) => {
      errors.push(error);
    },
    complete: () => {
      heard.completions++;
    },
  });
  subscriptions.push(subscription);
  return Object.assign(heard, {
    subscription,
    leave: () => {
      subscription.unsubscribe();
    },
  });
}

/** A logger that keeps its sentences. */
export function notebook(): Logger & { readonly warned: string[]; readonly failed: string[]; readonly debugged: string[] } {
  const [warned, failed, debugged]: string[][] = [[], [], []];
  return {
    warned: warned!,
    failed: failed!,
    debugged: debugged!,
    warn: (message) => warned!.push(message),
    error: (message) => failed!.push(message),
    debug: (message) => debugged!.push(message),
  };
}

export interface Joined {
  readonly session: Session;
  readonly router: ScriptedRouter;
  readonly link: ScriptedLink;
  /** What was sent on the current link since the last time, but HELLO and GOODBYE. */
  sent(): List[];
  readonly log: ReturnType<typeof notebook>;
}

export interface Opened extends Joined {
  readonly client: Client;
  readonly errors: WampError[];
  /** Breaks the link and lets the client join again. */
  rejoin(): Promise<void>;
}

/** A session of `connect`, open. */
export function joined(options: Omit<ConnectOptions, 'transport' | 'logger'> = {}, scripted: ScriptedOptions = {}): Joined {
  const router = new ScriptedRouter(scripted);
  const log = notebook();
  const sessions = hear(connect({ transport: router.transport, keepAliveMs: 0, logger: log, ...options }));
  router.run();
  return { session: sessions.values[0]!, router, log, sent: sender(router), link: router.link };
}

/** A client that is open, held by a subscriber of its sessions. */
export function opened(options: Omit<ClientOptions, 'transport' | 'logger'> = {}, scripted: ScriptedOptions = {}): Opened {
  const router = new ScriptedRouter(scripted);
  const log = notebook();
  const client = new Client({ transport: router.transport, keepAliveMs: 0, retryDelayMs: () => 0, logger: log, ...options });
  clients.push(client);
  const errors = hear(client.errors).values;
  const sessions = hear(client.sessions);
  router.run();
  return {
    client,
    session: sessions.values[0]!,
    router,
    log,
    errors,
    sent: sender(router),
    get link() {
      return router.link;
    },
    rejoin: () =>
      new Promise((resolve) => {
        const before = router.links.length;
        const watching = client.sessions.subscribe(({ id }) => {
          if (id > 1000 + before) resolve();
        });
        subscriptions.push(watching);
        router.link.fail();
        const look = (): void => {
          if (router.links.length > before) router.run();
          else setTimeout(look);
        };
        look();
      }),
  };
}

/** A client of a spec's own, closed after it. */
export function kept(client: Client): Client {
  clients.push(client);
  return client;
}

/** The end of this turn, where what was put off has happened. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}

function sender(router: ScriptedRouter): () => List[] {
  let seen = 0;
  return () => {
    const fresh = router.log.slice(seen).filter(([code]) => code !== HELLO && code !== GOODBYE);
    seen = router.log.length;
    return fresh.map((message) => message.map(visible));
  };
}

/** Without keys that are symbols, which no serializer sees. */
function visible(item: unknown): unknown {
  return typeof item === 'object' && item !== null && Object.getOwnPropertySymbols(item).length > 0
    ? Object.fromEntries(Object.entries(item))
    : item;
}
