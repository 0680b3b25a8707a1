// What a client is made of: a connection, the role tables that outlive sessions, and those who wait for one.
// Knows no socket and no message.
import type { Observable } from 'rxjs';
import { CLIENT_CLOSED, ConnectionError, type WampError } from '../protocol/errors.ts';
import type { Cancel } from '../protocol/sink.ts';
import { Claims } from '../session/claims.ts';
import type { SessionCore } from '../session/session.ts';
import { zombieDelay } from './backoff.ts';
import { Clock } from './clock.ts';
import { connectionOf, type Status } from './connection.ts';
import type { Ground } from './ground.ts';
import { added, type Counters, pendingOf, type Snapshot } from './inspect.ts';
import { transportOf } from './link.ts';
import { Multicast } from './multicast.ts';
import { Standing } from './operations.ts';
import { checkOptions, CLIENT_OPTIONS, type ClientOptions } from './options.ts';
import { reporterOf } from './reporter.ts';
import { Session } from './session.ts';
import { waitingRoom } from './waiting.ts';

const NOTHING: Counters = { sent: 0, received: 0, dropped: 0 };

/** The ground across sessions, and what only a client has. */
export interface Across {
  readonly ground: Ground;
  readonly status: Observable<Status>;
  readonly errors: Observable<WampError>;
  readonly reconnect: () => void;
  inspect(): Snapshot;
  close(): Promise<void>;
}

/** @throws {TypeError} An option is misspelt or wrong. */
export function acrossSessions(options: ClientOptions): Across {
  checkOptions('Client', options, CLIENT_OPTIONS);
  const { url, lingerMs = 1000, waitMs = 30_000, callTimeoutMs, maskErrors } = options;
  if (typeof url !== 'function') for (const one of [url].flat()) transportOf(options, one);

  let session: Session | undefined;
  /** The session, once everything that stands in the tables was sent. */
  let ready: SessionCore | undefined;
  let linger: Cancel | undefined;
  let idleSince = 0;
  /** Of sessions that are over. */
  let past = NOTHING;

  const isWanted = (): boolean => claims.size + waiting.size + sessions.size > 0 || connection.core?.isIdle === false;
  /** Somebody came or went. Nobody is left: the session goes too, unless somebody comes back in time. */
  const touch = (): void => {
    if (isWanted() || connection.isFinal) return;
    idleSince = clock.now();
    linger ??= clock.after(lingerMs, leaveIfIdle);
  };
  // One timer for any number of comings and goings: it looks again when it fires.
  const leaveIfIdle = (): void => {
    linger = undefined;
    if (isWanted()) return;
    const left = idleSince + lingerMs - clock.now();
    if (left > 0) linger = clock.after(left, leaveIfIdle);
    else {
      const { core } = connection;
      connection.release();
      over(core);
    }
  };

  const clock = new Clock(options.runOutside);
  const errors = new Multicast<WampError>();
  const reporter = reporterOf(options.logger, (error) => {
    errors.next(error);
  });
  const sessions = new Multicast<Session>(() => session, touch);
  const waiting = waitingRoom(clock, () => connection, touch);
  const claims = new Claims({
    defer: clock.defer,
    maskErrors,
    again: (attempt, retry) => {
      const delay = zombieDelay(attempt);
      return delay === undefined ? undefined : clock.after(delay, retry);
    },
    empty: touch,
  });
  const shared = { claims, clock, callTimeoutMs, ...reporter };
  const over = (core: SessionCore | undefined): void => {
    ready = session = undefined;
    if (core?.failure === undefined) return;
    past = added(past, core.counters);
    claims.detach(core.failure);
  };

  const connection = connectionOf(options, {
    clock,
    ...reporter,
    idle: touch,
    opened: (core) => {
      session = new Session(core, shared);
      claims.attach(core);
      return session;
    },
    announced: (core) => {
      // Told before anything that waits is sent: whoever comes because of an answer finds the session by himself.
      if (session !== undefined) sessions.next(session);
      core.window.whenSent(() => {
        if (!core.isOpen) return;
        ready = core;
        waiting.flush(core);
      });
      touch();
    },
    lost: over,
    ends: (reason) => [...claims.ends(reason), ...waiting.ends(reason), ...sessions.ends(reason)],
  });
  const refusal = (): ConnectionError | undefined =>
    connection.isFinal ? new ConnectionError('the client is closed: make a new one', { uri: CLIENT_CLOSED }) : undefined;

  const { open } = connection;

  const ground: Ground = {
    shared,
    bound: false,
    get session() {
      return session;
    },
    get isReady() {
      // What runs at a loss may ask before the loss is known here.
      return ready?.isOpen === true;
    },
    get reason() {
      return connection.reason;
    },
    refusal,
    open,
    start: (request, sink) => {
      if (ready?.isOpen === true) {
        const sent = request.send(ready, sink);
        if (sent === undefined) touch();
        return sent;
      }
      const refused = refusal();
      if (refused !== undefined) {
        sink.error(refused);
        return undefined;
      }
      request.check();
      const limit = request.given?.waitMs ?? waitMs;
      // There is a session, which only sends what stands in the tables first.
      const waits = waiting.add(request, sink, session === undefined ? limit : Math.max(limit, 30_000));
      connection.open();
      // One that fails at once leaves nobody who wants the connection.
      touch();
      return waits;
    },
    sessions: new Standing<Session>({ refusal, open }, (subscriber) => sessions.stream.subscribe(subscriber)),
  };

  return {
    ground,
    status: connection.status,
    errors: errors.stream,
    reconnect: connection.reconnect,
    inspect: () => {
      const { core, reconnects } = connection;
      return {
        session: core?.welcomed.id,
        url: core?.welcomed.url,
        ...claims.list(),
        pending: core === undefined ? [] : pendingOf(core),
        waiting: waiting.size,
        counters: { ...added(past, core?.counters ?? NOTHING), reconnects },
      };
    },
    close: () => {
      if (connection.isFinal) return connection.close();
      const { core } = connection;
      // First of all: a retry in an error handler must find no session.
      ready = session = undefined;
      const closed = connection.close();
      linger?.unsubscribe();
      over(core);
      for (const end of [...claims.ends(), ...waiting.ends(': the client was closed')]) end();
      sessions.complete();
      errors.complete();
      return closed;
    },
  };
}
