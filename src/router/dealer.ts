// The dealer of one realm: registrations, the choice of a callee, calls that run, their limits and their ends.
// Knows no message code, no request id and no link; a callee is a handler, a caller a sink.
// Source: WAMP basic profile, "Remote Procedure Calls"; advanced profile, "Progressive Call Results", "Call Canceling",
// "Call Timeouts", "Caller Identification", "Pattern-based Registrations", "Shared Registration".
import { ApplicationError, WampError } from '../protocol/errors.ts';
import { randomId } from '../protocol/ids.ts';
import type { Dict, Id, List, Uri } from '../protocol/messages.ts';
import type { Cancel, Sink } from '../protocol/sink.ts';
import type { Match } from '../protocol/uris.ts';
import { after } from './clock.ts';
import { PatternTable } from './match.ts';
import { isReserved, nothing, payload } from './operations.ts';
import type {
  Answer,
  CancelMode,
  Changed,
  Entry,
  Handler,
  Holding,
  Invocation,
  InvocationPolicy,
  Member,
  RunningCall,
  RunningInvocation,
} from './operations.ts';

interface Registration {
  readonly id: Id;
  readonly procedure: Uri;
  readonly match: Match;
  readonly invoke: InvocationPolicy;
  readonly created: string;
  /** In the order in which they registered. */
  readonly callees: Callee[];
  /** How many calls came, for `roundrobin`. */
  turn: number;
}

interface Callee extends Cancel {
  readonly member: Member;
  readonly options: Dict;
  readonly handler: Handler;
  readonly sink: Sink<never, Id>;
}

export const DEALER_FEATURES: Readonly<Record<string, true>> = {
  call_canceling: true,
  call_timeout: true,
  caller_identification: true,
  pattern_based_registration: true,
  progressive_call_results: true,
  registration_revocation: true,
  shared_registration: true,
};

export class Dealer {
  readonly #registrations = new PatternTable<Registration>();
  readonly #calls = new Set<Call>();
  readonly #changed: Changed;

  constructor(changed: Changed = nothing) {
    this.#changed = changed;
  }

  /** How many (procedure, match) have callees. */
  get registrations(): number {
    return this.#registrations.size;
  }

  /** How many calls wait for their callee. */
  get pending(): number {
    return this.#calls.size;
  }

  list(): readonly Holding[] {
    return this.#registrations
      .values()
      .map(({ id, procedure, match, callees }) => ({ id, uri: procedure, match, sessions: callees.map(({ member }) => member.id) }));
  }

  entry(id: Id): Entry | undefined {
    const found = this.#registrations.values().find((registration) => registration.id === id);
    return found && entryOf(found);
  }

  /** The registration that a call of a procedure goes to. */
  matching(procedure: Uri): readonly Id[] {
    const registration = isReserved(procedure) ? undefined : this.#registrations.best(procedure);
    return registration === undefined ? [] : [registration.id];
  }

  register(member: Member, procedure: Uri, options: Dict, handler: Handler, sink: Sink<never, Id>): Cancel {
    const match = (options['match'] ?? 'exact') as Match;
    const invoke = (options['invoke'] ?? 'single') as InvocationPolicy;
    let registration = this.#registrations.get(match, procedure);
    const refusal = isReserved(procedure)
      ? new ApplicationError('wamp.error.invalid_uri', [`${procedure} is reserved: the router alone registers there`])
      : registration && (invoke === 'single' || invoke !== registration.invoke)
        ? new ApplicationError('wamp.error.procedure_already_exists', [
            `${procedure} is registered already${
              invoke === registration.invoke
                ? ', and with invoke "single" a procedure has one callee only'
                : ` with invoke "${registration.invoke}", and this registration asks for "${invoke}"`
            }`,
          ])
        : undefined;
    if (refusal) {
      sink.error(refusal);
      return NOTHING;
    }
    if (registration === undefined) {
      registration = { id: randomId(), procedure, match, invoke, created: new Date().toISOString(), callees: [], turn: 0 };
      this.#registrations.set(match, procedure, registration);
    }
    const isNew = registration.callees.length === 0;
    const known = registration.callees.find((callee) => callee.member.id === member.id);
    const callee = known ?? this.#add(registration, member, options, handler, sink);
    sink.open?.(registration.id);
    if (isNew) this.#changed('created', member.id, entryOf(registration));
    if (!known) this.#changed('entered', member.id, entryOf(registration));
    return callee;
  }

  call(caller: Member, procedure: Uri, args: List | undefined, kwargs: Dict | undefined, options: Dict, sink: Sink<Answer>): RunningCall {
    // What is reserved is the router's own: a pattern of a client's never catches it.
    const registration = isReserved(procedure) ? undefined : this.#registrations.best(procedure);
    const callee = registration && choose(registration);
    if (!registration || !callee) {
      sink.error(new ApplicationError('wamp.error.no_such_procedure', [`no callee has registered ${procedure}`]));
      return NOTHING;
    }
    const { member } = callee;
    const details: Record<string, unknown> = {};
    if (registration.match !== 'exact') details['procedure'] = procedure;
    if (
      options['receive_progress'] === true &&
      member.has('callee', 'progressive_call_results') &&
      member.has('callee', 'call_canceling')
    ) {
      details['receive_progress'] = true;
    }
    if (callee.options['disclose_caller'] === true || (options['disclose_me'] === true && member.has('callee', 'caller_identification'))) {
      details['caller'] = caller.id;
      details['caller_authid'] = caller.authid;
      details['caller_authrole'] = caller.authrole;
    }
    let timeoutMs = (options['timeout'] ?? 0) as number;
    if (timeoutMs > 0 && callee.options['forward_timeout'] === true && member.has('callee', 'call_timeout')) {
      details['timeout'] = timeoutMs;
      timeoutMs = 0;
    }
    const call = new Call(sink, member.has('callee', 'call_canceling'), timeoutMs, this.#calls);
    call.start(callee.handler, [registration.id, details, ...payload(args, kwargs)]);
    return call;
  }

  /** Ends one callee's registration from this side; what runs goes on. Returns whether there was one. */
  revoke(session: Id, procedure: Uri, match: Match, reason: Uri): boolean {
    const callee = this.#registrations.get(match, procedure)?.callees.find(({ member }) => member.id === session);
    if (callee === undefined) return false;
    callee.unsubscribe();
    callee.sink.error(new ApplicationError(reason));
    return true;
  }

  #add(registration: Registration, member: Member, options: Dict, handler: Handler, sink: Sink<never, Id>): Callee {
    const { callees, match, procedure } = registration;
    const callee: Callee = {
      member,
      options,
      handler,
      sink,
      unsubscribe: () => {
        const index = callees.indexOf(callee);
        if (index < 0) return;
        callees.splice(index, 1);
        if (callees.length === 0) this.#registrations.delete(match, procedure);
        this.#changed('left', member.id, entryOf(registration));
        if (callees.length === 0) this.#changed('deleted', member.id, entryOf(registration));
      },
    };
    callees.push(callee);
    return callee;
  }
}

function entryOf({ id, procedure, match, created, invoke }: Registration): Entry {
  return { id, created, uri: procedure, match, invoke };
}

export const NOTHING: RunningCall = Object.freeze({ cancel: nothing, unsubscribe: nothing });

function choose(registration: Registration): Callee | undefined {
  const { callees, invoke } = registration;
  switch (invoke) {
    case 'single':
    case 'first':
      return callees[0];
    case 'last':
      return callees.at(-1);
    case 'random':
      return callees[Math.floor(Math.random() * callees.length)];
    case 'roundrobin':
      return callees[registration.turn++ % callees.length];
  }
}

/** One call from its INVOCATION to its end; the callee's reply goes through it. */
class Call implements RunningCall, Sink<Answer> {
  readonly #sink: Sink<Answer>;
  readonly #canInterrupt: boolean;
  readonly #timeoutMs: number;
  readonly #calls: Set<Call>;
  #invocation: RunningInvocation | undefined;
  #interrupted = false;
  #stopTimer: (() => void) | undefined;

  constructor(sink: Sink<Answer>, canInterrupt: boolean, timeoutMs: number, calls: Set<Call>) {
    this.#sink = sink;
    this.#canInterrupt = canInterrupt;
    this.#timeoutMs = timeoutMs;
    this.#calls = calls;
  }

  start(handler: Handler, invocation: Invocation): void {
    this.#calls.add(this);
    try {
      const running = handler(invocation, this);
      if (!this.#calls.has(this)) return;
      this.#invocation = running;
      this.#armTimer();
    } catch (error) {
      const uri = error instanceof WampError ? error.uri : 'wamp.error.invalid_payload';
      this.error(new ApplicationError(uri, [`the callee cannot be sent this call: ${(error as Error).message}`]));
    }
  }

  next(answer: Answer): void {
    if (!this.#calls.has(this)) return;
    // The limit of a call with progress is the time between two of its results.
    this.#armTimer();
    this.#sink.next(answer);
  }

  error(error: unknown): void {
    if (this.#settle()) this.#sink.error(error);
  }

  complete(): void {
    if (this.#settle()) this.#sink.complete();
  }

  cancel(mode: CancelMode): void {
    if (!this.#calls.has(this)) return;
    if (mode !== 'skip') this.#interrupt(mode);
    // A callee that cannot be interrupted is skipped.
    if (mode === 'kill' && this.#canInterrupt) return;
    this.error(new ApplicationError('wamp.error.canceled', ['the caller cancelled the call']));
  }

  unsubscribe(): void {
    if (!this.#calls.has(this)) return;
    this.#interrupt('killnowait');
    this.#settle();
  }

  #interrupt(mode: 'kill' | 'killnowait'): void {
    if (!this.#canInterrupt || this.#interrupted) return;
    this.#interrupted = true;
    this.#invocation?.interrupt(mode);
  }

  #armTimer(): void {
    if (this.#timeoutMs === 0) return;
    this.#stopTimer?.();
    this.#stopTimer = after(this.#timeoutMs, () => {
      this.#interrupt('killnowait');
      this.error(new ApplicationError('wamp.error.timeout', [`no answer within ${String(this.#timeoutMs)} ms`]));
    });
  }

  /** Ends it once; the callee's late answer then finds nobody. */
  #settle(): boolean {
    if (!this.#calls.delete(this)) return false;
    this.#stopTimer?.();
    this.#invocation?.unsubscribe();
    return true;
  }
}
