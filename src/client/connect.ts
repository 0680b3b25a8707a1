// The primitive: one subscription is one connection, and no policy.
import { Observable } from 'rxjs';
import { Claims } from '../session/claims.ts';
import type { SessionCore } from '../session/session.ts';
import { Clock } from './clock.ts';
import { askUrls, type Link, linkTo, transportOf } from './link.ts';
import { CONNECT_OPTIONS, checkOptions, type ConnectOptions } from './options.ts';
import { reporterOf } from './reporter.ts';
import { Session } from './session.ts';

/**
 * Connects to a router and joins a realm. Cold: every subscription is one connection, and leaving says GOODBYE.
 *
 * @param options Checked at once; what can go stale may be functions, asked at every subscription, before the socket opens.
 * @returns One session when it is joined, then silence, then always an error; it never completes. `retry({ delay: whenLost() })` below a
 *   `switchMap` makes it reconnect.
 * @throws {JoinError} The router refused the session.
 * @throws {ConnectionError} The router was not reached, or the session ended; `uri` is the reason.
 * @see WAMP basic profile, "Sessions"
 */
export function connect(options: ConnectOptions = {}): Observable<Session> {
  checkOptions('connect', options, CONNECT_OPTIONS);
  const { url, maskErrors, callTimeoutMs } = options;
  if (typeof url !== 'function') transportOf(options, url);
  return new Observable((subscriber) => {
    const clock = new Clock(options.runOutside);
    const reporter = reporterOf(options.logger);
    const claims = new Claims({ bound: true, maskErrors });
    const failed = (error: unknown): void => {
      subscriber.error(error);
    };
    let link: Link | undefined;
    let joined: SessionCore | undefined;
    const asking = askUrls(
      options,
      ([asked]) => {
        const host = { clock, report: reporter.report, idle: () => undefined };
        link = linkTo(asked, options, host, {
          open: (core) => {
            joined = core;
            claims.attach(core);
            subscriber.next(new Session(core, { claims, clock, callTimeoutMs, ...reporter }));
          },
          next: () => undefined,
          error: failed,
          complete: () => undefined,
        });
        link.start();
      },
      failed,
    );
    return () => {
      asking.unsubscribe();
      link?.leave();
      // Also after a loss: the error of `subscriber` runs this teardown.
      if (joined?.failure === undefined) return;
      claims.detach(joined.failure);
    };
  });
}
