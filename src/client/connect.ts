// The primitive: one subscription is one connection, and no policy.
import { Observable } from 'rxjs';
import { ConnectionError, type WampError } from '../protocol/errors.ts';
import { Clock } from './clock.ts';
import { askAll } from './fresh.ts';
import { DEFAULT_URL, Link, transportOf } from './link.ts';
import { loggerOf } from './logger.ts';
import { CONNECT_OPTIONS, checkOptions, type ConnectOptions } from './options.ts';
import { Reporter } from './reporter.ts';
import { Session } from './session.ts';
import { Tables } from './tables.ts';

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
  const { url: fresh = DEFAULT_URL, transport, maskErrors, callTimeoutMs } = options;
  if (typeof fresh === 'string') transportOf(options, fresh);
  return new Observable((subscriber) => {
    const clock = new Clock(options.runOutside);
    const reporter = new Reporter(loggerOf(options.logger));
    const tables = new Tables(maskErrors, { bound: true });
    let reason: WampError | undefined;
    const lost = (error: unknown): void => {
      reason = error as WampError;
      subscriber.error(error);
    };
    let link: Link | undefined;
    const asking = askAll([transport === undefined ? fresh : ''], {
      next: ([url]) => {
        if (typeof url !== 'string') throw new TypeError('it gave no URL');
        link = new Link(
          options,
          transport === undefined ? url : undefined,
          {
            clock,
            report: (error, what) => {
              reporter.report(error, what);
            },
          },
          {
            open: (core) => {
              tables.attach(core);
              subscriber.next(
                new Session(core, {
                  ...{ topics: tables.topics, registrations: tables.registrations, clock, callTimeoutMs },
                  report: (error, what) => {
                    reporter.report(error, what);
                  },
                  foreign: () => {
                    reporter.foreign();
                  },
                }),
              );
            },
            next: () => undefined,
            error: lost,
            complete: () => undefined,
          },
        ).start();
      },
      error: (error) => {
        subscriber.error(
          new ConnectionError(`the option url failed: ${error instanceof Error ? error.message : String(error)}`, { cause: error }),
        );
      },
      complete: () => undefined,
    });
    return () => {
      asking.unsubscribe();
      link?.leave();
      // Also after a loss: the error of `subscriber` runs this teardown.
      tables.detach(reason ?? new ConnectionError('the session was left', { uri: 'wamp.close.close_realm', sent: true }));
    };
  });
}
