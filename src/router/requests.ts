// One joined session's requests: its role messages become operations of the realm, and what the realm says becomes messages.
// Owns every request id of the session, in both directions; knows no link and no other session.
// Source: WAMP basic profile, "Publish and Subscribe" and "Remote Procedure Calls"; advanced profile, the revocations.
import { ApplicationError, WampError } from '../protocol/errors.ts';
import { nextId } from '../protocol/ids.ts';
import {
  CALL,
  CANCEL,
  ERROR,
  EVENT,
  INTERRUPT,
  INVOCATION,
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
  YIELD,
} from '../protocol/messages.ts';
import type { Call, ErrorMessage, Id, List, Publish, Register, RequestType, Subscribe, Uri, Yield } from '../protocol/messages.ts';
import type { Cancel, Sink } from '../protocol/sink.ts';
import { isUri } from '../protocol/uris.ts';
import type { Match } from '../protocol/uris.ts';
import type { Incoming } from './check.ts';
import { nothing, payload } from './operations.ts';
import type { Answer, CancelMode, Invocation, Member, Operations, RunningCall, RunningInvocation } from './operations.ts';

/** Sends one message. An expendable one is dropped when the client is too slow. Throws what cannot be encoded. */
export type Send = (message: List, expendable?: boolean) => void;

interface OpenInvocation {
  readonly reply: Sink<Answer>;
  readonly progress: boolean;
}

export class Requests {
  readonly #realm: Operations;
  readonly #member: Member;
  readonly #send: Send;
  readonly #subscriptions = new Map<Id, Cancel>();
  readonly #registrations = new Map<Id, Cancel>();
  /** By the caller's request id. */
  readonly #calls = new Map<Id, RunningCall | undefined>();
  /** By the id of our INVOCATION. */
  readonly #invocations = new Map<Id, OpenInvocation>();
  #lastInvocation: Id = 0;

  constructor(realm: Operations, member: Member, send: Send) {
    this.#realm = realm;
    this.#member = member;
    this.#send = send;
  }

  /** Takes one checked message. Returns what is wrong with it at this moment, in one sentence. */
  receive(message: Incoming): string | undefined {
    switch (message[0]) {
      case PUBLISH:
        this.#publish(message);
        return undefined;
      case SUBSCRIBE:
        this.#subscribe(message);
        return undefined;
      case UNSUBSCRIBE:
        this.#leave(UNSUBSCRIBE, message[1], message[2]);
        return undefined;
      case REGISTER:
        this.#register(message);
        return undefined;
      case UNREGISTER:
        this.#leave(UNREGISTER, message[1], message[2]);
        return undefined;
      case CALL:
        return this.#call(message);
      case CANCEL:
        // For a call that is over it is normal: its RESULT was under way.
        this.#calls.get(message[1])?.cancel((message[2]['mode'] ?? 'killnowait') as CancelMode);
        return undefined;
      case YIELD:
        return this.#yield(message);
      case ERROR:
        return this.#error(message);
      default:
        return 'that message has no place in an open session';
    }
  }

  /** The session is over: its calls are interrupted, its callers get an error, its subscriptions and registrations go. */
  end(): void {
    const calls = [...this.#calls.values()];
    const standing = [...this.#registrations.values(), ...this.#subscriptions.values()];
    const invocations = [...this.#invocations.values()];
    for (const table of [this.#calls, this.#registrations, this.#subscriptions, this.#invocations]) table.clear();
    for (const call of calls) call?.unsubscribe();
    for (const entry of standing) entry.unsubscribe();
    for (const { reply } of invocations) reply.error(new ApplicationError('wamp.error.canceled', ['the callee left']));
  }

  #publish([, request, options, topic, args, kwargs]: Publish): void {
    const acknowledge = options['acknowledge'] === true;
    const refuse = (error: unknown): void => {
      if (acknowledge) this.#refuse(PUBLISH, request, error);
    };
    if (!isUri(topic)) {
      refuse(invalidUri(topic));
      return;
    }
    this.#realm.publish(topic, args, kwargs, options, {
      next: (publication) => {
        if (acknowledge) this.#send([PUBLISHED, request, publication]);
      },
      error: refuse,
      complete: nothing,
    });
  }

  #subscribe([, request, options, topic]: Subscribe): void {
    if (!isUri(topic, options['match'] as Match | undefined)) {
      this.#refuse(SUBSCRIBE, request, invalidUri(topic));
      return;
    }
    let subscription = 0;
    const entry = this.#realm.subscribe(topic, options, {
      open: (id) => {
        subscription = id;
        this.#send([SUBSCRIBED, request, id]);
      },
      next: (publication) => {
        this.#try([EVENT, subscription, ...publication], undefined, true);
      },
      error: (error) => {
        if (subscription === 0) this.#refuse(SUBSCRIBE, request, error);
        else this.#revoked(this.#subscriptions, subscription, error);
      },
      complete: nothing,
    });
    if (subscription !== 0) this.#subscriptions.set(subscription, entry);
  }

  #register([, request, options, procedure]: Register): void {
    if (!isUri(procedure, options['match'] as Match | undefined)) {
      this.#refuse(REGISTER, request, invalidUri(procedure));
      return;
    }
    let registration = 0;
    const entry = this.#realm.register(procedure, options, (invocation, reply) => this.#invoke(invocation, reply), {
      open: (id) => {
        registration = id;
        this.#send([REGISTERED, request, id]);
      },
      next: nothing,
      error: (error) => {
        if (registration === 0) this.#refuse(REGISTER, request, error);
        else this.#revoked(this.#registrations, registration, error);
      },
      complete: nothing,
    });
    if (registration !== 0) this.#registrations.set(registration, entry);
  }

  #leave(type: typeof UNSUBSCRIBE | typeof UNREGISTER, request: Id, id: Id): void {
    const [table, done, uri] =
      type === UNSUBSCRIBE
        ? [this.#subscriptions, UNSUBSCRIBED, 'wamp.error.no_such_subscription']
        : [this.#registrations, UNREGISTERED, 'wamp.error.no_such_registration'];
    const entry = table.get(id);
    if (entry === undefined) {
      this.#refuse(type, request, new ApplicationError(uri, [`this session has no ${String(id)}`]));
      return;
    }
    table.delete(id);
    entry.unsubscribe();
    this.#send([done, request]);
  }

  #revoked(table: Map<Id, Cancel>, id: Id, error: unknown): void {
    table.delete(id);
    const reason = uriOf(error);
    if (table === this.#subscriptions) {
      if (this.#member.has('subscriber', 'subscription_revocation')) {
        this.#send([UNSUBSCRIBED, 0, { subscription: id, reason }]);
      }
    } else if (this.#member.has('callee', 'registration_revocation')) {
      this.#send([UNREGISTERED, 0, { registration: id, reason }]);
    }
  }

  #call([, request, options, procedure, args, kwargs]: Call): string | undefined {
    if (this.#calls.has(request)) return `CALL.Request ${String(request)} is the id of a call that still runs`;
    if (!isUri(procedure)) {
      this.#refuse(CALL, request, invalidUri(procedure));
      return undefined;
    }
    this.#calls.set(request, undefined);
    const call = this.#realm.call(procedure, args, kwargs, options, {
      next: (answer) => {
        this.#try([RESULT, request, ...answer], request, answer[0]['progress'] === true);
      },
      error: (error) => {
        if (this.#calls.delete(request)) this.#refuse(CALL, request, error);
      },
      complete: () => {
        this.#calls.delete(request);
      },
    });
    if (this.#calls.has(request)) this.#calls.set(request, call);
    return undefined;
  }

  #invoke(invocation: Invocation, reply: Sink<Answer>): RunningInvocation {
    const id = nextId(this.#lastInvocation);
    this.#send([INVOCATION, id, ...invocation]);
    // Only now: what could not be sent has used no id.
    this.#lastInvocation = id;
    this.#invocations.set(id, { reply, progress: invocation[1]['receive_progress'] === true });
    return {
      interrupt: (mode) => {
        if (this.#invocations.has(id)) this.#send([INTERRUPT, id, { mode }]);
      },
      unsubscribe: () => {
        this.#invocations.delete(id);
      },
    };
  }

  #yield([, request, options, args, kwargs]: Yield): string | undefined {
    if (request > this.#lastInvocation) return `YIELD.INVOCATION.Request ${String(request)} was never sent`;
    const invocation = this.#invocations.get(request);
    // Its caller is gone, or did not want to wait: normal.
    if (invocation === undefined) return undefined;
    const { reply, progress } = invocation;
    if (options['progress'] === true) {
      if (!progress) return `YIELD.Options.progress for invocation ${String(request)}, which asked for no progress`;
      reply.next([{ progress: true }, ...payload(args, kwargs)]);
      return undefined;
    }
    this.#invocations.delete(request);
    reply.next([{}, ...payload(args, kwargs)]);
    reply.complete();
    return undefined;
  }

  #error([, , request, details, uri, args, kwargs]: ErrorMessage): string | undefined {
    if (request > this.#lastInvocation) return `ERROR.REQUEST.Request ${String(request)} was never sent`;
    const invocation = this.#invocations.get(request);
    this.#invocations.delete(request);
    invocation?.reply.error(new ApplicationError(uri, args, kwargs, { details }));
    return undefined;
  }

  /** Sends what another client wrote. If it cannot be encoded here, an EVENT is lost and a call ends with an error. */
  #try(message: List, call: Id | undefined, expendable: boolean): void {
    try {
      this.#send(message, expendable);
    } catch (error) {
      if (call === undefined) return;
      const running = this.#calls.get(call);
      this.#calls.delete(call);
      running?.unsubscribe();
      this.#refuse(CALL, call, new ApplicationError(uriOf(error), [`the result cannot be sent: ${(error as Error).message}`]));
    }
  }

  #refuse(type: RequestType, request: Id, error: unknown): void {
    const { args, kwargs, details } = error as ApplicationError;
    try {
      this.#send([ERROR, type, request, details, uriOf(error), ...payload(args, kwargs)]);
    } catch (failure) {
      // A callee's arguments that this link cannot carry; the URI it can.
      this.#send([ERROR, type, request, {}, uriOf(error), [`its arguments cannot be sent: ${(failure as Error).message}`]]);
    }
  }
}

function uriOf(error: unknown): Uri {
  return error instanceof WampError ? error.uri : 'wamp.error.invalid_payload';
}

function invalidUri(uri: string): ApplicationError {
  return new ApplicationError('wamp.error.invalid_uri', [`${JSON.stringify(uri)} is not a URI that may stand here`]);
}
