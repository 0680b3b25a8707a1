// One attempt and what comes of it: asks what can go stale, opens the transport, joins, and keeps the time of a session: the join's limit,
// the sweep of unanswered requests, keep-alive, the page's end and the wait for the router's GOODBYE.
// Knows nothing of what happens after its end.
import { Subscription } from 'rxjs';
import { ConnectionError, JoinError, textOf } from '../protocol/errors.ts';
import { type Dict, GOODBYE } from '../protocol/messages.ts';
import { isDict, kindOf } from '../protocol/shapes.ts';
import type { Cancel, Sink, Transport } from '../protocol/sink.ts';
import { isUri } from '../protocol/uris.ts';
import { ROLES } from '../session/features.ts';
import { named, sendableKwargs } from '../session/payload.ts';
import { join, type SessionCore } from '../session/session.ts';
import { maskedUrl } from '../transports/socket.ts';
import { webSocket, type WebSocketOptions } from '../transports/websocket.ts';
import type { Clock } from './clock.ts';
import { askAll } from './fresh.ts';
import { keepAlive } from './keep-alive.ts';
import type { ClientOptions, ConnectOptions } from './options.ts';
import { whenLeft } from './wake.ts';

const AGENT = 'rxwamp/0.1.0';
const SWEEP_MS = 1000;
const DEFAULT_URL = 'ws://localhost:8080/ws';

/** All options but the URL, which is asked before. */
export type LinkOptions = Omit<ConnectOptions, 'url'>;

/** What a link needs of whoever owns it. */
export interface LinkHost {
  readonly clock: Clock;
  readonly report: (error: unknown, what?: string) => void;
  /** Nothing waits for an answer any more. */
  readonly idle: () => void;
}

export interface Link {
  start(): void;
  /** Before WELCOME: ends the attempt without a message, and the sink hears nothing. After it: says GOODBYE, and the sink completes. */
  leave(why?: string): void;
  /** Ends an open link without a word. */
  cut(why: string): void;
}

/**
 * Makes one attempt: the sink's `open` gets the session core, `error` why there is none or how it ended; it completes after `leave`.
 * @param url Already asked, or undefined where the options name a transport.
 */
export function linkTo(url: string | undefined, options: LinkOptions, host: LinkHost, sink: Sink<never, SessionCore>): Link {
  const { realm = 'realm1', details = {}, auth = [], joinTimeoutMs = 10_000, goodbyeTimeoutMs = 1000, keepAliveMs = 30_000 } = options;
  const { clock } = host;
  const where = url === undefined ? undefined : maskedUrl(url);
  /** Everything that runs for this link. */
  const running = new Subscription();
  let core: SessionCore | undefined;
  let limit: Cancel | undefined;
  let sweep: Cancel | undefined;
  let pulse: Cancel | undefined;

  /** Stops everything, then says how it ended; once. */
  const end = (say?: () => void): void => {
    if (running.closed) return;
    running.unsubscribe();
    say?.();
  };
  const fail = (error: unknown): void => {
    end(() => {
      sink.error(error);
    });
  };
  const cut = (why: string): void => core?.lose(new ConnectionError(why, { url: where, sent: true }));
  const limited = (milliseconds: number, task: () => void): void => {
    limit?.unsubscribe();
    const timer = clock.after(milliseconds, task);
    limit = timer;
    running.add(timer);
  };
  /** The router owes an answer from now on. */
  const owe = (): void => {
    limited(joinTimeoutMs, () => {
      const sentence = `no session from ${where ?? 'the router'} within ${joinTimeoutMs} ms: nothing answers there, or it is no WAMP router`;
      fail(new ConnectionError(sentence, { url: where }));
    });
  };

  const coreHost = {
    defer: clock.defer,
    report: host.report,
    idle: host.idle,
    pending: () => {
      if (sweep !== undefined) return;
      const sweeping = clock.every(SWEEP_MS, () => {
        if (core !== undefined && core.requests.size > 0) core.tick();
        else {
          sweeping.unsubscribe();
          sweep = undefined;
        }
      });
      sweep = sweeping;
      running.add(sweeping);
    },
  };

  let hellos: readonly Dict[] = [];
  let chosen = -1;
  const logins = {
    answer: (authmethod: string, extra: Dict, done: (error: unknown, signature: string, more: Dict) => void) => {
      chosen = auth.findIndex((login) => login.authmethod === authmethod);
      // A person may be typing: that is not the router's time.
      limit?.unsubscribe();
      askAll(
        [() => auth[chosen]?.answer(extra, hellos[chosen] as Dict)],
        ([answer]) => {
          const [signature, more]: unknown[] = typeof answer === 'string' ? [answer, {}] : [answer].flat();
          // Not shown: it may be a secret of a wrong type.
          if (typeof signature !== 'string' || !isDict(more))
            throw new TypeError(`it must answer with a text or [text, object], not ${kindOf(answer)}`);
          owe();
          done(undefined, signature, more);
        },
        (error) => {
          done(error ?? new TypeError('it failed without a reason'), '', {});
        },
      );
    },
    verify: (welcome: Dict, done: (error: unknown) => void) => {
      limit?.unsubscribe();
      askAll(
        [() => auth[chosen]?.verify?.(welcome, hellos[chosen] as Dict)],
        () => {
          done(undefined);
        },
        (error) => {
          done(error ?? new TypeError('the login refused WELCOME'));
        },
      );
    },
  };

  return {
    start: () => {
      const asking = askAll(
        [realm, details, ...auth.map((one) => () => one.hello?.() ?? {})],
        ([asked, more, ...answers]) => {
          if (!isUri(asked)) throw new TypeError(`the option realm gave no URI but ${named(asked)}`);
          // Without what is undefined, which would take away what a login says; the first login goes before the others.
          hellos = answers;
          const said = hellos.map((hello, index) => sendableKwargs(hello, `hello() of the login ${auth[index]?.authmethod ?? ''}`));
          const users = new Set(said.flatMap((one) => (one?.['authid'] ?? []) as string));
          if (users.size > 1) {
            // HELLO names one user, so the login of another could only fail.
            const sentence = `the option auth has logins of ${[...users].join(' and ')}: give those of one user`;
            fail(new JoinError('wamp.error.cannot_authenticate', sentence));
            return;
          }
          const authmethods = auth.length === 0 ? undefined : { authmethods: auth.map(({ authmethod }) => authmethod) };
          const given = Object.assign({ agent: AGENT }, authmethods, ...said.reverse(), sendableKwargs(more, 'details')) as Dict;
          const transport = transportOf(options, url);
          owe();
          const joining = join(
            transport,
            { url: where, realm: asked, details: { ...given, roles: ROLES }, ...(auth.length === 0 ? {} : logins) },
            coreHost,
            {
              open: (joined) => {
                core = joined;
                limit?.unsubscribe();
                running.add((pulse = keepAlive(joined, keepAliveMs, clock)));
                running.add(
                  whenLeft(() => {
                    if (joined.isOpen) joined.send([GOODBYE, {}, 'wamp.close.close_realm']);
                    cut('the page was left');
                  }),
                );
                sink.open?.(joined);
              },
              next: () => undefined,
              error: fail,
              complete: () => {
                end(() => {
                  sink.complete();
                });
              },
            },
          );
          running.add(joining);
        },
        (error) => {
          fail(error instanceof ConnectionError ? error : new ConnectionError(textOf(error), { url: where, cause: error }));
        },
      );
      running.add(asking);
    },
    leave: (why) => {
      if (core === undefined) end();
      else if (core.isOpen) {
        pulse?.unsubscribe();
        core.leave(why);
        limited(goodbyeTimeoutMs, () => {
          cut('the router did not say GOODBYE');
        });
      }
    },
    cut,
  };
}

/**
 * The transport that options ask for.
 * @throws {TypeError} The URL, or an option of the socket, is wrong.
 */
export function transportOf(options: LinkOptions, url: string = DEFAULT_URL): Transport {
  const { transport, interceptors = [], serializers, socket, maxMessageBytes, runOutside } = options;
  const plain = transport ?? webSocket({ ...socket, url, serializers, maxMessageBytes, runOutside } as WebSocketOptions);
  return interceptors.reduceRight((inner, one) => {
    const made: unknown = one(inner);
    if (typeof made !== 'function') throw new TypeError('an interceptor must make a transport: write intercept(…) around your function');
    return made as Transport;
  }, plain);
}

/** The URLs of this round, or undefined as the only one where the options name a transport. */
export function askUrls(
  { transport, url = DEFAULT_URL }: ClientOptions,
  done: (urls: readonly (string | undefined)[]) => void,
  failed: (error: ConnectionError) => void,
): Cancel {
  return askAll(
    [transport === undefined ? url : [undefined]],
    ([asked]) => {
      const urls: readonly unknown[] = Array.isArray(asked) ? asked : [asked];
      if (urls.length === 0 || (transport === undefined && !urls.every((one) => typeof one === 'string')))
        throw new TypeError('it gave no URL');
      done(urls as readonly (string | undefined)[]);
    },
    (error) => {
      failed(new ConnectionError(`the option url failed: ${textOf(error)}`, { cause: error }));
    },
  );
}
