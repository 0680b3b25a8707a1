// The state of a client: attempts in rounds through the URLs, back-off, what is fatal, and never two links at once.
// Knows no topic, call or registration: `ConnectionHost` says what becomes of them.
import { type Observable, Subscription } from 'rxjs';
import { ConnectionError, JoinError, type WampError } from '../protocol/errors.ts';
import type { SessionCore } from '../session/session.ts';
import { NO_SERIALIZER } from '../transports/failures.ts';
import { maskedUrl } from '../transports/socket.ts';
import { retryDelay } from './backoff.ts';
import { askUrls, type Link, type LinkHost, linkTo } from './link.ts';
import type { Logger } from './logger.ts';
import { Multicast } from './multicast.ts';
import type { ClientOptions } from './options.ts';
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
export interface ConnectionHost extends LinkHost {
  readonly logger: Logger;
  /** A session is there: what stands in the tables is sent. */
  opened(core: SessionCore): Session;
  /** The status has said so: what waits for it may follow. */
  announced(core: SessionCore): void;
  /** It is gone: nothing may be sent to it any more. */
  readonly lost: (core: SessionCore) => void;
  /** Waiting cannot mend this: everyone who waits at this moment, as tasks that end each with the reason. */
  ends(reason: WampError): readonly (() => void)[];
}

export interface Connection {
  readonly status: Observable<Status>;
  readonly core: SessionCore | undefined;
  /** The last reason why there is no session. */
  readonly reason: WampError | undefined;
  /** Where that is not known yet: who has not answered so far, as the end of a sentence. */
  readonly silence: string;
  readonly reconnects: number;
  readonly isFinal: boolean;
  /** Somebody wants a session: starts if nothing is under way. */
  readonly open: () => void;
  /** Nobody wants a session any more. */
  release(): void;
  readonly reconnect: () => void;
  /** Ends for good; resolves when the link is gone. */
  close(): Promise<void>;
}

/** A session that lived this long has shown that the router is well. */
const WELL_MS = 5000;
/** Refusals in a row that are borne after a first session. */
const REFUSALS = 5;

export function connectionOf(options: ClientOptions, host: ConnectionHost): Connection {
  const { maxAttempts = Infinity } = options;
  const { clock } = host;
  let status: Status = { state: 'idle' };
  const statuses = new Multicast<Status>(() => status);
  let core: SessionCore | undefined;
  let reason: WampError | undefined;
  let link: Link | undefined;
  /** Asking for the URL, or waiting for the next round; closed if neither. */
  let pause = Subscription.EMPTY;
  /** The link is still there, and nobody wants it; or somebody wants a session again by now. */
  let leaving: 'no' | 'yes' | 'again' = 'no';
  let isFinal = false;
  let isHurried = false;
  let isWarned = false;
  let sessions = 0;
  let openedAt = 0;
  let attempts = 0;
  let waits = 0;
  let rounds = 0;
  let refusals = 0;
  /** Which URL of the list is next. */
  let turn = 0;
  let resolveClosed: () => void;
  const closed = new Promise<void>((resolve) => {
    resolveClosed = resolve;
  });

  /** Sets the state, does what follows from it, then tells; whoever lost something may have closed, or tried again, by then. */
  const tell = (next: Status, first?: () => void): void => {
    status = next;
    first?.();
    if (status === next) statuses.next(next);
  };

  const open = (): void => {
    if (isFinal) return;
    if (leaving !== 'no') leaving = 'again';
    else if (/idle|closed/.test(status.state) && link === undefined && pause.closed) {
      attempts = waits = rounds = refusals = turn = 0;
      isWarned = false;
      reason = undefined;
      attempt();
    }
  };

  /** Ends whatever is under way without a session: asking, an attempt, a wait. */
  const stop = (): void => {
    pause.unsubscribe();
    if (core !== undefined || leaving !== 'no') return;
    link?.leave();
    link = undefined;
  };

  const leave = (why: string): void => {
    leaving = 'yes';
    core = undefined;
    link?.leave(why);
  };

  /** The link that was left, or that `close` found, is gone. */
  const gone = (): void => {
    const isWanted = leaving === 'again';
    leaving = 'no';
    link = undefined;
    tell({ state: isFinal ? 'closed' : 'idle' });
    if (isFinal) {
      statuses.complete();
      resolveClosed();
    } else if (isWanted) open();
  };

  const attempt = (): void => {
    attempts++;
    const asking = (pause = new Subscription());
    const answer = askUrls(
      options,
      (urls) => {
        asking.unsubscribe();
        connect(urls);
      },
      (error) => {
        asking.unsubscribe();
        failed(error, 1);
      },
    );
    asking.add(answer);
  };

  const connect = (urls: readonly (string | undefined)[]): void => {
    const url = urls[turn % urls.length];
    tell({ state: 'connecting', attempt: attempts, url: maskedUrl(url ?? '') });
    // Whoever heard of it may have closed or left.
    if (status.state !== 'connecting' || link !== undefined) return;
    link = linkTo(url, options, host, {
      open: opened,
      next: () => undefined,
      error: (error) => {
        link = undefined;
        // The end of the link may have made someone close: then nothing was left to be said to the router.
        if (leaving !== 'no') gone();
        else if (core === undefined) failed(error as WampError, urls.length);
        else lost(error as WampError, core);
      },
      complete: gone,
    });
    link.start();
  };

  const opened = (joined: SessionCore): void => {
    sessions++;
    core = joined;
    openedAt = clock.now();
    turn = refusals = 0;
    isWarned = false;
    reason = undefined;
    tell({ state: 'open', session: host.opened(joined) });
    if (core === joined) host.announced(joined);
  };

  const lost = (error: WampError, over: SessionCore): void => {
    core = undefined;
    if (clock.now() - openedAt >= WELL_MS) attempts = waits = rounds = refusals = 0;
    // One that died young is a round that failed: else a request that ends every session would be sent for ever.
    else rounds++;
    const first = (): void => {
      host.lost(over);
    };
    if (isHurried) {
      isHurried = false;
      // At once; a URL that has to be asked for takes its time, and then the status says that there is no session.
      const waiting: Status = { state: 'waiting', attempt: attempts + 1, retryAt: clock.now(), reason: error };
      tell(waiting, () => {
        first();
        if (status === waiting) attempt();
      });
    } else again(error, first);
  };

  const failed = (error: WampError, urls: number): void => {
    refusals = error instanceof JoinError && error.uri !== 'wamp.close.system_shutdown' ? refusals + 1 : 0;
    reason = error;
    if (asked('isFatal', error, isFatal)) giveUp(error);
    else if (++turn < urls) attempt();
    else {
      turn = 0;
      rounds++;
      again(error);
    }
  };

  /** A policy of the user's; where there is none, or it throws, our own: a client must not stand still for it. */
  const asked = <Q, A>(option: 'isFatal' | 'retryDelayMs', question: Q, own: (question: Q) => A): A => {
    const policy = (options[option] ?? own) as (question: Q) => A;
    try {
      return policy(question);
    } catch (error) {
      host.report(error, `the option ${option}`);
      return own(question);
    }
  };

  const isFatal = (error: WampError): boolean => {
    if (sessions > 0) return refusals >= REFUSALS;
    return refusals > 0 || error.uri === NO_SERIALIZER || (error instanceof ConnectionError && [401, 403, 404].includes(error.status ?? 0));
  };

  /** Waits for the next round, if there is one; `first` runs once the state is set. */
  const again = (error: WampError, first?: () => void): void => {
    if (rounds >= maxAttempts) {
      giveUp(error, first);
      return;
    }
    const wished = asked('retryDelayMs', ++waits, retryDelay);
    const delay = wished >= 0 ? wished : retryDelay(waits);
    const next = (): void => {
      pause.unsubscribe();
      attempt();
    };
    pause = clock.after(delay, next);
    pause.add(wakeUps().subscribe({ next, error: next }));
    if (!isWarned) host.logger.warn(`${error.message} (trying again)`, error);
    isWarned = true;
    reason = error;
    tell({ state: 'waiting', attempt: attempts + 1, retryAt: clock.now() + delay, reason }, first);
  };

  const giveUp = (error: WampError, first?: () => void): void => {
    let ends: readonly (() => void)[] = [];
    tell({ state: 'closed', reason: error }, () => {
      // Whoever subscribes because of the status starts afresh, and is not among them.
      ends = host.ends(error);
      first?.();
      host.logger.error(error.message, error);
    });
    for (const end of ends) end();
  };

  return {
    status: statuses.stream,
    get core() {
      return core;
    },
    get reason() {
      return reason;
    },
    get silence() {
      return reason === undefined && status.state === 'connecting' ? `: ${status.url || 'the router'} has not answered yet` : '';
    },
    get reconnects() {
      return Math.max(sessions - 1, 0);
    },
    get isFinal() {
      return isFinal;
    },
    open,
    release: () => {
      if (leaving !== 'no') leaving = 'yes';
      else if (!isFinal) {
        stop();
        if (core !== undefined) leave('the client left the session, as nobody used it');
        // What was given up stays closed until the next subscription.
        else if (!/idle|closed/.test(status.state)) tell({ state: 'idle' });
      }
    },
    reconnect: () => {
      if (status.state === 'waiting') {
        stop();
        turn = 0;
        attempt();
      } else if (core !== undefined) {
        isHurried = true;
        link?.cut('reconnect() replaced the link');
      }
    },
    close: () => {
      if (!isFinal) {
        isFinal = true;
        stop();
        if (core !== undefined) leave('the client was closed');
        else if (leaving === 'no') gone();
      }
      return closed;
    },
  };
}
