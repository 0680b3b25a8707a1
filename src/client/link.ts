// One attempt and what comes of it: asks what can go stale, opens the transport, joins, and keeps the time of a session: the join's limit,
// the sweep of unanswered requests, keep-alive and the wait for the router's GOODBYE.
// Knows nothing of what happens after its end.
import { ConnectionError, JoinError } from '../protocol/errors.ts';
import type { Login } from '../protocol/login.ts';
import type { Dict, Uri } from '../protocol/messages.ts';
import type { Cancel, Sink, Transport } from '../protocol/sink.ts';
import { isUri } from '../protocol/uris.ts';
import { ROLES } from '../session/features.ts';
import { join } from '../session/join.ts';
import { named, sendableKwargs } from '../session/payload.ts';
import type { Host, SessionCore } from '../session/session.ts';
import { isDict } from '../protocol/shapes.ts';
import { maskedUrl } from '../transports/socket.ts';
import { webSocket } from '../transports/websocket.ts';
import type { Clock } from './clock.ts';
import { askAll } from './fresh.ts';
import { keepAlive } from './keep-alive.ts';
import type { ConnectOptions } from './options.ts';

const AGENT = 'rxwamp/0.1.0';
const SWEEP_MS = 1000;

/** All options but the URL, which is asked before. */
export type LinkOptions = Omit<ConnectOptions, 'url'>;

/** What a link needs of whoever owns it. */
export interface LinkHost {
  readonly clock: Clock;
  report(error: unknown, what?: string): void;
  /** Nothing waits for an answer any more. */
  idle?(): void;
  /** The URL is known and the socket is about to open. */
  opening?(url: string): void;
}

/**
 * Makes one attempt: the sink's `open` gets the session core, `error` why there is none or how it ended; it completes after `leave`.
 * @param url Already asked, or undefined where the options name a transport.
 */
export class Link implements Cancel {
  readonly #options: LinkOptions;
  readonly #url: string | undefined;
  readonly #host: LinkHost;
  readonly #sink: Sink<never, SessionCore>;
  #stage: Cancel | undefined;
  #core: SessionCore | undefined;
  #limit: Cancel | undefined;
  #sweep: Cancel | undefined;
  #pulse: Cancel | undefined;
  #over = false;

  constructor(options: LinkOptions, url: string | undefined, host: LinkHost, sink: Sink<never, SessionCore>) {
    this.#options = options;
    this.#url = url;
    this.#host = host;
    this.#sink = sink;
  }

  start(): this {
    const { realm = 'realm1', details = {}, auth = [] } = this.#options;
    const hellos = auth.map((login) => () => login.hello?.() ?? {});
    const asking = askAll([realm, details, ...hellos], {
      next: ([asked, more, ...logins]) => {
        if (!isUri(asked)) throw new TypeError(`the option realm gave no URI but ${named(asked)}`);
        // Undefined would take away what a login says.
        const hello = logins.map((one, index) => sendableKwargs(one, `hello() of the login ${auth[index]?.authmethod ?? ''}`));
        this.#join(asked, Object.assign({}, ...hello.reverse(), sendableKwargs(more, 'details')) as Dict, auth, logins);
      },
      error: (error) => {
        this.#end(() => {
          this.#sink.error(failedAttempt(error, this.#url));
        });
      },
      complete: () => undefined,
    });
    // What was at hand is joining already.
    this.#stage ??= asking;
    return this;
  }

  /** Before WELCOME: closes without a message. After it: says GOODBYE, and the sink completes when the link is gone. */
  leave(why?: string): void {
    const core = this.#core;
    if (core === undefined) this.unsubscribe();
    else if (core.isOpen) {
      this.#pulse?.unsubscribe();
      core.leave(why);
      this.#limit = this.#host.clock.after(this.#options.goodbyeTimeoutMs ?? 1000, () => {
        this.cut('the router did not say GOODBYE');
      });
    }
  }

  /** Ends an open link without a word. */
  cut(why: string): void {
    this.#core?.lose(new ConnectionError(why, { url: this.#url, sent: true }));
  }

  /** Before WELCOME: ends the attempt, and the sink hears nothing. */
  unsubscribe(): void {
    if (this.#core === undefined) this.#end(() => undefined);
  }

  #join(realm: Uri, more: Dict, auth: readonly Login[], hellos: readonly Dict[]): void {
    const url = this.#url === undefined ? undefined : maskedUrl(this.#url);
    const details = {
      agent: AGENT,
      ...(auth.length === 0 ? {} : { authmethods: auth.map(({ authmethod }) => authmethod) }),
      ...more,
      roles: ROLES,
    };
    let transport: Transport;
    try {
      transport = transportOf(this.#options, this.#url);
    } catch (error) {
      this.#end(() => {
        this.#sink.error(failedAttempt(error, url));
      });
      return;
    }
    this.#host.opening?.(this.#url ?? '');
    this.#owe();
    const joining = join(transport, { url, realm, details, ...this.#logins(auth, hellos) }, this.#coreHost(), {
      open: (core) => {
        this.#core = core;
        this.#limit?.unsubscribe();
        this.#pulse = keepAlive(core, this.#options.keepAliveMs ?? 30_000, this.#host.clock);
        this.#sink.open?.(core);
      },
      next: () => undefined,
      error: (error) => {
        this.#end(() => {
          this.#sink.error(error);
        });
      },
      complete: () => {
        this.#end(() => {
          this.#sink.complete();
        });
      },
    });
    this.#stage = joining;
    if (this.#over) joining.unsubscribe();
  }

  #coreHost(): Host {
    const { clock } = this.#host;
    return {
      defer: clock.defer,
      report: (error, what) => {
        this.#host.report(error, what);
      },
      pending: () => {
        this.#sweep ??= clock.every(SWEEP_MS, () => {
          const core = this.#core;
          if (core !== undefined && core.requests.size > 0) core.tick();
          else this.#rest();
        });
      },
      idle: () => {
        this.#host.idle?.();
      },
    };
  }

  #rest(): void {
    this.#sweep?.unsubscribe();
    this.#sweep = undefined;
  }

  /** The router owes an answer from now on. */
  #owe(): void {
    this.#limit?.unsubscribe();
    const milliseconds = this.#options.joinTimeoutMs ?? 10_000;
    this.#limit = this.#host.clock.after(milliseconds, () => {
      const where = this.#url === undefined ? 'the router' : maskedUrl(this.#url);
      const error = new ConnectionError(
        `no session from ${where} within ${String(milliseconds)} ms: nothing answers there, or it is no WAMP router`,
        {
          url: this.#url,
        },
      );
      this.#end(() => {
        this.#sink.error(error);
      });
    });
  }

  #logins(auth: readonly Login[], hellos: readonly Dict[]): Partial<Pick<Parameters<typeof join>[1], 'answer' | 'verify'>> {
    if (auth.length === 0) return {};
    let chosen = -1;
    return {
      answer: (authmethod, extra, done) => {
        chosen = auth.findIndex((login) => login.authmethod === authmethod);
        this.#limit?.unsubscribe();
        askAll([() => auth[chosen]?.answer(extra, hellos[chosen] as Dict)], {
          next: ([answer]) => {
            const [signature, more]: unknown[] = typeof answer === 'string' ? [answer, {}] : [answer].flat();
            if (typeof signature !== 'string' || !isDict(more)) {
              const what = `the login by ${authmethod} must answer with a text or [text, object], not ${named(answer)}`;
              this.#end(() => {
                this.#sink.error(new JoinError('wamp.error.cannot_authenticate', what));
              });
              return;
            }
            this.#owe();
            done(undefined, signature, more);
          },
          error: (error) => {
            done(error, '', {});
          },
          complete: () => undefined,
        });
      },
      verify: (details, done) => {
        this.#limit?.unsubscribe();
        askAll([() => auth[chosen]?.verify?.(details, hellos[chosen] as Dict)], {
          next: () => {
            done(undefined);
          },
          error: (error) => {
            done(error ?? new TypeError('the login refused WELCOME'));
          },
          complete: () => undefined,
        });
      },
    };
  }

  /** Stops everything that runs for this link, then says how it ended; once. */
  #end(say: () => void): void {
    if (this.#over) return;
    this.#over = true;
    this.#limit?.unsubscribe();
    this.#pulse?.unsubscribe();
    this.#rest();
    this.#stage?.unsubscribe();
    say();
  }
}

/**
 * The transport that options ask for.
 * @throws {TypeError} The URL, or an option of the socket, is wrong.
 */
export function transportOf(options: LinkOptions, url: string | undefined): Transport {
  const { transport, serializers, socket, maxMessageBytes, runOutside } = options;
  if (transport !== undefined) return transport;
  return webSocket({
    ...socket,
    url: url ?? DEFAULT_URL,
    ...(serializers === undefined ? {} : { serializers }),
    ...(maxMessageBytes === undefined ? {} : { maxMessageBytes }),
    ...(runOutside === undefined ? {} : { runOutside }),
  });
}

export const DEFAULT_URL = 'ws://localhost:8080/ws';

function failedAttempt(error: unknown, url: string | undefined): ConnectionError {
  if (error instanceof ConnectionError) return error;
  return new ConnectionError(error instanceof Error ? error.message : `the attempt failed: ${String(error)}`, { url, cause: error });
}
