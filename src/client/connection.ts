// The state of a client: attempts in rounds through the URLs, back-off, what is fatal, and never two links at once.
// Knows no topic, call or registration: `ConnectionHost` says what becomes of them.
import { ConnectionError, JoinError, type WampError } from '../protocol/errors.ts';
import type { Cancel } from '../protocol/sink.ts';
import type { SessionCore } from '../session/session.ts';
import { maskedUrl } from '../transports/socket.ts';
import { retryDelay } from './backoff.ts';
import type { Clock } from './clock.ts';
import { askAll } from './fresh.ts';
import { DEFAULT_URL, Link, type LinkOptions } from './link.ts';
import { Multicast } from './multicast.ts';
import type { ClientOptions } from './options.ts';
import type { Reporter } from './reporter.ts';
import type { Session } from './session.ts';
import { wakeUps } from './wake.ts';

/** What a client is doing about its connection. */
export type Status =
  | { readonly state: 'idle' }
  /** `attempt` counts from 1, in a row; it begins again once a session has lived for 5 s. */
  | { readonly state: 'connecting'; readonly attempt: number; readonly url: string }
  | { readonly state: 'open'; readonly session: Session }
  /** `attempt` is the next one; `retryAt` is in milliseconds since 1970. */
  | { readonly state: 'waiting'; readonly attempt: number; readonly retryAt: number; readonly reason: WampError }
  /** With a reason it was given up, and the next subscription starts afresh; without one it was closed for good. */
  | { readonly state: 'closed'; readonly reason?: WampError };

/** What a connection needs of its client. */
export interface ConnectionHost {
  readonly clock: Clock;
  readonly reporter: Reporter;
  /** A session is there: what stands in the tables is sent. */
  opened(core: SessionCore): Session;
  /** The status has said so: what waits for it may follow. */
  announced(core: SessionCore): void;
  /** It is gone: nothing may be sent to it any more. */
  lost(error: WampError, core: SessionCore): void;
  /** Waiting cannot mend this: everyone who waits at this moment, as tasks that end each with the reason. */
  gaveUp(reason: WampError): readonly (() => void)[];
  /** Nothing waits for an answer any more. */
  idle(): void;
  report(error: unknown, what?: string): void;
}

/** A session that lived this long has shown that the router is well. */
const WELL_MS = 5000;
/** Refusals in a row that are borne after a first session. */
const REFUSALS = 5;

export class Connection {
  readonly #options: ClientOptions;
  readonly #linkOptions: LinkOptions;
  readonly #host: ConnectionHost;
  #status: Status = { state: 'idle' };
  readonly #statuses: Multicast<Status> = new Multicast(() => this.#status);
  #link: Link | undefined;
  #asking: Cancel | undefined;
  #waiting: Cancel[] = [];
  /** Leaving: the link is still there, and nobody wants it. */
  #leaving = false;
  /** Somebody wants a session again while the old link is being left. */
  #again = false;
  #final = false;
  #joined = false;
  #openedAt = 0;
  #attempts = 0;
  #waits = 0;
  #rounds = 0;
  #refusals = 0;
  /** Which URL of the list is next. */
  #turn = 0;
  #hurry = false;
  #warned = false;
  #closed: (() => void)[] = [];
  core: SessionCore | undefined;
  /** The last reason why there is no session. */
  reason: WampError | undefined;
  reconnects = 0;

  constructor(options: ClientOptions, host: ConnectionHost) {
    const { url, ...linkOptions } = options;
    this.#options = options;
    this.#linkOptions = linkOptions;
    this.#host = host;
  }

  get status(): Multicast<Status>['stream'] {
    return this.#statuses.stream;
  }

  get isFinal(): boolean {
    return this.#final;
  }

  /** Somebody wants a session: starts if nothing is under way. */
  open(): void {
    if (this.#final) return;
    if (this.#leaving) this.#again = true;
    else if (this.#status.state === 'idle' || this.#status.state === 'closed') {
      if (this.#link !== undefined || this.#asking !== undefined) return;
      this.#attempts = this.#waits = this.#rounds = this.#refusals = this.#turn = 0;
      this.#warned = false;
      this.reason = undefined;
      this.#attempt();
    }
  }

  /** Nobody wants a session any more. */
  release(): void {
    this.#again = false;
    if (this.#leaving || this.#final) return;
    this.#stop();
    // What was given up stays closed until the next subscription.
    if (this.#status.state === 'closed') return;
    if (this.core === undefined) this.#say({ state: 'idle' });
    else this.#leave('the client left the session, as nobody used it');
  }

  reconnect(): void {
    if (this.#status.state === 'waiting') {
      this.#stop();
      this.#turn = 0;
      this.#attempt();
    } else if (this.core !== undefined && !this.#leaving) {
      this.#hurry = true;
      this.#link?.cut('reconnect() replaced the link');
    }
  }

  /** Ends for good; resolves when the link is gone. */
  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#closed.push(resolve);
      if (this.#status.state === 'closed' && this.#final && this.#link === undefined) this.#gone();
      if (this.#final) return;
      this.#final = true;
      this.#stop();
      if (this.#leaving) return;
      if (this.core === undefined) this.#gone();
      else this.#leave('the client was closed');
    });
  }

  /** Ends whatever is under way without a session: asking, an attempt, a wait. */
  #stop(): void {
    for (const wait of this.#waiting.splice(0)) wait.unsubscribe();
    this.#asking?.unsubscribe();
    this.#asking = undefined;
    if (this.core !== undefined || this.#leaving) return;
    this.#link?.unsubscribe();
    this.#link = undefined;
  }

  #leave(why: string): void {
    this.#leaving = true;
    this.core = undefined;
    this.#link?.leave(why);
  }

  /** The link that was left, or that close found, is gone. */
  #gone(): void {
    this.#leaving = false;
    this.#link = undefined;
    if (this.#final) {
      this.#say({ state: 'closed' });
      this.#statuses.complete();
      for (const resolve of this.#closed.splice(0)) resolve();
      return;
    }
    this.#say({ state: 'idle' });
    const again = this.#again;
    this.#again = false;
    if (again) this.open();
  }

  #attempt(): void {
    this.#attempts++;
    if (this.#options.transport !== undefined) {
      this.#connect([undefined]);
      return;
    }
    const asked: Cancel = { unsubscribe: () => undefined };
    this.#asking = asked;
    const asking = askAll([this.#options.url ?? DEFAULT_URL], {
      next: ([url]) => {
        this.#asking = undefined;
        const urls: readonly unknown[] = Array.isArray(url) ? url : [url];
        if (urls.length === 0 || !urls.every((one) => typeof one === 'string')) throw new TypeError('it gave no URL');
        this.#connect(urls);
      },
      error: (error) => {
        this.#asking = undefined;
        this.#failed(
          new ConnectionError(`the option url failed: ${error instanceof Error ? error.message : String(error)}`, { cause: error }),
          1,
        );
      },
      complete: () => undefined,
    });
    // What is at hand was answered in this turn.
    if (this.#asking === asked) this.#asking = asking;
  }

  #connect(urls: readonly (string | undefined)[]): void {
    const { clock } = this.#host;
    const url = urls[this.#turn % urls.length];
    this.#say({ state: 'connecting', attempt: this.#attempts, url: url === undefined ? '' : maskedUrl(url) });
    // Whoever heard of it may have closed or left.
    if (this.#status.state !== 'connecting' || this.#link !== undefined) return;
    const link = new Link(
      this.#linkOptions,
      url,
      {
        clock,
        report: (error, what) => {
          this.#host.report(error, what);
        },
        idle: () => {
          this.#host.idle();
        },
      },
      {
        open: (core) => {
          this.#opened(core);
        },
        next: () => undefined,
        error: (error) => {
          this.#link = undefined;
          // The end of the link may have made someone close: then nothing was left to be said to the router.
          if (this.#leaving) this.#gone();
          else if (this.core === undefined) this.#failed(error as WampError, urls.length);
          else this.#lost(error as WampError, this.core);
        },
        complete: () => {
          this.#gone();
        },
      },
    );
    this.#link = link;
    link.start();
  }

  #opened(core: SessionCore): void {
    if (this.#joined) this.reconnects++;
    this.core = core;
    this.#joined = true;
    this.#openedAt = this.#host.clock.now();
    this.#turn = this.#refusals = 0;
    this.#warned = false;
    this.reason = undefined;
    this.#say({ state: 'open', session: this.#host.opened(core) });
    if (this.core === core) this.#host.announced(core);
  }

  #lost(error: WampError, core: SessionCore): void {
    this.core = undefined;
    const { maxAttempts = Infinity } = this.#options;
    const lost = (): void => {
      this.#host.lost(error, core);
    };
    if (this.#host.clock.now() - this.#openedAt >= WELL_MS) this.#attempts = this.#waits = this.#rounds = this.#refusals = 0;
    // One that died young is a round that failed: else a request that ends every session would be sent for ever.
    else this.#rounds++;
    const hurry = this.#hurry;
    this.#hurry = false;
    if (hurry) this.#replace(error, lost);
    else if (this.#rounds >= maxAttempts) this.#giveUp(error, lost);
    else this.#wait(error, lost);
  }

  /** Tries at once; a URL that has to be asked for takes its time, and then the status says that there is no session. */
  #replace(reason: WampError, lost: () => void): void {
    const status: Status = { state: 'waiting', attempt: this.#attempts + 1, retryAt: this.#host.clock.now(), reason };
    this.#status = status;
    lost();
    // Whoever lost something may have closed by now.
    if (this.#status !== status) return;
    this.#attempt();
    if (this.#status === status) this.#statuses.next(status);
  }

  #failed(error: WampError, urls: number): void {
    if (error instanceof JoinError && error.uri !== 'wamp.close.system_shutdown') this.#refusals++;
    else this.#refusals = 0;
    this.reason = error;
    const { maxAttempts = Infinity } = this.#options;
    if (this.#asked('isFatal', error, (reason) => this.#isFatal(reason))) {
      this.#giveUp(error);
      return;
    }
    this.#turn++;
    if (this.#turn < urls) {
      this.#attempt();
      return;
    }
    this.#turn = 0;
    this.#rounds++;
    if (this.#rounds >= maxAttempts) this.#giveUp(error);
    else this.#wait(error);
  }

  /** A policy of the user's; where there is none, or it throws, our own: a client must not stand still for it. */
  #asked<Q, A>(option: 'isFatal' | 'retryDelayMs', question: Q, own: (question: Q) => A): A {
    const policy = this.#options[option] as ((question: Q) => A) | undefined;
    try {
      return (policy ?? own)(question);
    } catch (error) {
      this.#host.report(error, `the option ${option}`);
      return own(question);
    }
  }

  #isFatal(error: WampError): boolean {
    if (this.#joined) return this.#refusals >= REFUSALS;
    if (error instanceof JoinError) return error.uri !== 'wamp.close.system_shutdown';
    return error.uri === 'wamp.error.no_serializer' || (error instanceof ConnectionError && [401, 403, 404].includes(error.status ?? 0));
  }

  /** Waits for the next round; `then` runs once the state is set. */
  #wait(reason: WampError, then?: () => void): void {
    const { clock, reporter } = this.#host;
    const asked = this.#asked('retryDelayMs', ++this.#waits, retryDelay);
    const delay = asked >= 0 ? asked : retryDelay(this.#waits);
    const next = (): void => {
      for (const wait of this.#waiting.splice(0)) wait.unsubscribe();
      this.#attempt();
    };
    this.#waiting = [clock.after(delay, next), wakeUps().subscribe({ next, error: next })];
    if (!this.#warned) reporter.logger.warn(`${reason.message} (trying again)`, reason);
    this.#warned = true;
    const status: Status = { state: 'waiting', attempt: this.#attempts + 1, retryAt: clock.now() + delay, reason };
    this.#status = status;
    this.reason = reason;
    then?.();
    // Whoever lost something may have closed, or tried again, by now.
    if (this.#status === status) this.#statuses.next(status);
  }

  #giveUp(reason: WampError, lost?: () => void): void {
    this.#status = { state: 'closed', reason };
    // Whoever subscribes because of the status starts afresh, and is not among them.
    const ends = this.#host.gaveUp(reason);
    lost?.();
    this.#host.reporter.logger.error(reason.message, reason);
    this.#statuses.next(this.#status);
    for (const end of ends) end();
  }

  #say(status: Status): void {
    if (this.#status.state === 'idle' && status.state === 'idle') return;
    this.#status = status;
    this.#statuses.next(status);
  }
}
