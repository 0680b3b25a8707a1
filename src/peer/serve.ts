// Procedures and topics together: registered and subscribed as one, again at every session, with word of what stands and what was refused.
// Knows no class and no decorator.
import {
  catchError,
  combineLatest,
  concatMap,
  defer,
  EMPTY,
  filter,
  identity,
  ignoreElements,
  map,
  merge,
  mergeMap,
  NEVER,
  type Observable,
  of,
  take,
  takeUntil,
  throwError,
} from 'rxjs';
import type { Client } from '../client/client.ts';
import type { Status } from '../client/connection.ts';
import {
  type Checks,
  checkOptions,
  REGISTER_OPTIONS,
  type RegisterOptions,
  SUBSCRIBE_OPTIONS,
  type SubscribeOptions,
} from '../client/options.ts';
import type { Registered } from '../client/operations.ts';
import type { Session } from '../client/session.ts';
import type { Id, Uri } from '../protocol/messages.ts';
import type { Event, Invocation } from '../session/result.ts';
import { type ErrorMap, meant, sentencesOf, StartError, unexpected, wrongErrors } from './errors.ts';
import { atMost, resultsOf } from './results.ts';

/** One procedure or topic with what handles it. */
export type Offer = { readonly uri: Uri; readonly what: string } & (
  | { readonly kind: 'procedure'; readonly options: Omit<RegisterOptions, 'until'>; readonly handle: (invocation: Invocation) => unknown }
  | { readonly kind: 'topic'; readonly options: SubscribeOptions; readonly handle: (event: Event) => unknown }
);

/** How an offer stands at a session: with the router's id, or refused. */
export interface Outcome<O extends Offer = Offer> {
  readonly offer: O;
  readonly session: Session;
  readonly id?: Id;
  readonly error?: Error;
}

export interface OfferOptions {
  readonly errors?: ErrorMap | undefined;
  /** Lets everything run down. */
  readonly until?: Observable<unknown> | undefined;
}

/**
 * Offers all of them for as long as it is subscribed.
 * @returns Emits when all stand or were refused, at every session and whenever that changes; a refused one is tried again at the next
 *   session. Completes after `until` when everything is answered; errors when the client gives up.
 * @throws {TypeError} At once: a URI or an option is wrong.
 */
export function offered<O extends Offer>(client: Client, offers: readonly O[], options: OfferOptions): Observable<readonly Outcome<O>[]> {
  const until = options.until ?? NEVER;
  const standing = offers.map((offer): Observable<Outcome<O>> => {
    const confirmed = offer.kind === 'procedure' ? registered(client, offer, options) : subscribed(client, offer, until);
    return confirmed.pipe(
      map(({ id, session }): Outcome<O> => ({ offer, session, id })),
      catchError((error: unknown, again) => {
        // Once the client has given up, whoever subscribes starts afresh.
        if (statusOf(client).state === 'closed') return failing(error as Error);
        const sessions = client.sessions.pipe(take(2), takeUntil(until));
        return sessions.pipe(concatMap((session, turn) => (turn === 0 ? of({ offer, session, error: error as Error }) : again)));
      }),
    );
  });
  return combineLatest([client.sessions.pipe(takeUntil(until)), ...standing]).pipe(
    // After a reconnect some are still those of the session before.
    filter(([session, ...outcomes]) => outcomes.every((outcome) => outcome.session === session)),
    map(([, ...outcomes]) => outcomes),
  );
}

/* eslint-disable @typescript-eslint/no-explicit-any -- the arguments are whatever a handler says that they are */
/** A procedure for `serve`: its handler, or its handler with options. */
export type Procedure = Handles<Invocation<any, any>> | ServedProcedure;
export interface ServedProcedure extends Omit<RegisterOptions, 'until'> {
  readonly handler: Handles<Invocation<any, any>>;
}
/** A topic for `serve`: its handler, or its handler with options. */
export type Topic = Handles<Event<any, any>> | ServedTopic;
export interface ServedTopic extends SubscribeOptions {
  readonly handler: Handles<Event<any, any>>;
}
/* eslint-enable @typescript-eslint/no-explicit-any */
export type Handles<T> = (arrived: T) => unknown;

/** What `serve` serves. */
export interface Service {
  readonly procedures?: { readonly [uri: Uri]: Procedure };
  readonly topics?: { readonly [uri: Uri]: Topic };
  /** Error URIs with the class that each stands for. Default: none, and what a handler throws is `wamp.error.runtime_error`. */
  readonly errors?: ErrorMap;
  /** When it emits, everything is unregistered; the stream completes once all has been answered. Default: never. */
  readonly until?: Observable<unknown>;
}

/** What stands at the router. */
export interface Served {
  readonly kind: 'procedure' | 'topic';
  readonly id: Id;
  readonly uri: Uri;
}

const { until: _, ...PROCEDURE_OPTIONS } = REGISTER_OPTIONS;
const FN = (value: unknown): string | undefined => (typeof value === 'function' ? undefined : 'must be a function');
const OBJECT = (value: unknown): string | undefined => (typeof value === 'object' && value !== null ? undefined : 'must be an object');

/**
 * A service without a class: procedures and topics as functions, for as long as it is subscribed.
 *
 * @param service A handler gets the `Invocation` or the `Event`; what it returns is a value, a promise, an Observable or an async iterable.
 * @returns Emits when everything is confirmed, after a reconnect too.
 * @throws {TypeError} At once: a URI or an option is wrong.
 * @throws {StartError} In the stream: something was refused or revoked; the others go with it.
 */
export function serve(client: Client, service: Service): Observable<readonly Served[]> {
  if (typeof (client as unknown) !== 'object' || !(client as object | null) || !('workings' in client))
    throw new TypeError('serve needs a Client, and behind it what it serves: serve(client, { procedures, topics })');
  checkOptions('serve', service, { procedures: OBJECT, topics: OBJECT, errors: wrongErrors, until: OBJECT });
  const offers = [
    ...Object.entries(service.procedures ?? {}).map(([uri, given]): Offer => ({
      kind: 'procedure',
      ...unfolded(uri, given, 'procedure', PROCEDURE_OPTIONS),
    })),
    ...Object.entries(service.topics ?? {}).map(([uri, given]): Offer => ({
      kind: 'topic',
      ...unfolded(uri, given, 'topic', SUBSCRIBE_OPTIONS),
    })),
  ];
  return offered(client, offers, service).pipe(
    map((outcomes) => {
      const refused = outcomes.flatMap(({ error }) => error ?? []);
      if (refused.length > 0) throw new StartError(`serve: ${sentencesOf(refused)}`, refused);
      return outcomes.map(({ offer: { kind, uri }, id }) => ({ kind, id: id as Id, uri }));
    }),
  );
}

function unfolded<T, Options extends object>(
  uri: Uri,
  given: Handles<T> | (Options & { readonly handler: Handles<T> }),
  kind: string,
  checks: Checks,
) {
  const { handler: handle, ...options } = typeof given === 'function' ? { handler: given } : given;
  const wrong = FN(handle);
  if (wrong !== undefined) throw new TypeError(`the handler of ${uri} of serve ${wrong}`);
  checkOptions(`${kind} ${uri} of serve`, options, checks);
  return { uri, options, handle, what: `${kind} ${uri}` };
}

type Standing = Pick<Registered, 'id' | 'session'>;

function registered(
  client: Client,
  offer: Offer & { readonly kind: 'procedure' },
  { errors = {}, until }: OfferOptions,
): Observable<Standing> {
  const { uri, what, handle, options } = offer;
  const limited = options.concurrency === undefined ? identity : atMost(options.concurrency);
  const run = (invocation: Invocation): Observable<unknown> =>
    limited(defer(() => resultsOf(handle(invocation)))).pipe(
      catchError((error: unknown) => {
        const said = meant(error, errors);
        if (said !== undefined) return failing(said);
        client.workings.report(error, what);
        return failing(unexpected(error, client.workings.maskErrors));
      }),
    );
  return client.register(uri, mergeMap(run), until === undefined ? options : { ...options, until });
}

function subscribed(client: Client, offer: Offer & { readonly kind: 'topic' }, until: Observable<unknown>): Observable<Standing> {
  const { uri, what, handle, options } = offer;
  const run = (event: Event): Observable<never> =>
    defer(() => resultsOf(handle(event))).pipe(
      ignoreElements(),
      catchError((error: unknown) => {
        client.workings.report(error, what);
        return EMPTY;
      }),
    );
  const events = client.topic(uri, options).pipe(takeUntil(until));
  // Those that run when it ends may come to their end.
  return merge(events.pipe(mergeMap(run)), client.subscribed(uri, options).pipe(takeUntil(until)));
}

function failing(error: Error): Observable<never> {
  return throwError(() => error);
}

/** What the client is doing at this moment. */
export function statusOf(client: Client): Status {
  let status: Status = { state: 'idle' };
  client.status.pipe(take(1)).subscribe({
    next: (latest) => {
      status = latest;
    },
    error: () => undefined,
  });
  return status;
}
