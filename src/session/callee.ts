// Callee role: registrations, from REGISTER to UNREGISTERED or revocation.
// The table outlives a session: it is attached to one core at a time. Knows no socket, timer, promise or rxjs.
// Source: WAMP basic profile, "Remote Procedure Calls"; advanced profile, "Shared Registration", "Registration Revocation".
import type { WampError } from '../protocol/errors.ts';
import { ApplicationError } from '../protocol/errors.ts';
import type { Dict, Id, List, Uri } from '../protocol/messages.ts';
import { REGISTER, UNREGISTER } from '../protocol/messages.ts';
import type { Cancel, Sink } from '../protocol/sink.ts';
import { request } from './confirmation.ts';
import type { Handler } from './invocations.ts';
import { refusal } from './refusal.ts';
import type { SessionCore } from './session.ts';

/** The environment of a table of registrations. */
export interface CalleeHost {
  /** What an error of a handler becomes on the wire. */
  describe(error: unknown): readonly [uri: Uri, args: List, kwargs: Dict];
  /**
   * The old session still holds a procedure after a reconnect: arranges another try, or returns undefined to give up.
   * `attempt` counts from 1.
   */
  again?(attempt: number, retry: () => void): Cancel | undefined;
  /** Nothing is left in the table. */
  empty?(): void;
}

/** One registration; as a Cancel it leaves. */
export class Registration implements Cancel {
  readonly table: Registrations;
  readonly procedure: Uri;
  readonly options: Dict;
  readonly handler: Handler;
  /** Its session's end is its own: it does not wait for the next session. */
  readonly bound: boolean;
  sink: Sink<never, Id> | undefined;
  /** It is left once what runs has been answered. */
  draining = false;
  /** On the current session: not asked for, REGISTER under way, confirmed, or UNREGISTER under way. */
  state: 'idle' | 'asked' | 'live' | 'leaving' = 'idle';
  id: Id | undefined = undefined;
  /** An earlier session had it, or asked for it: that session may still hold the procedure. */
  returning = false;
  attempts = 0;
  waiting: Cancel | undefined = undefined;

  constructor(table: Registrations, procedure: Uri, options: Dict, handler: Handler, sink: Sink<never, Id>, bound: boolean) {
    this.table = table;
    this.procedure = procedure;
    this.options = options;
    this.handler = handler;
    this.sink = sink;
    this.bound = bound;
  }

  unsubscribe(): void {
    if (this.sink === undefined) return;
    this.sink = undefined;
    this.table.leave(this);
  }

  /** Leaves without cancelling: the sink completes behind UNREGISTERED, when what ran until then has been answered. */
  drain(): void {
    if (this.sink === undefined || this.draining) return;
    this.draining = true;
    this.table.drain(this);
  }

  /** Whether somebody wants it to be registered. */
  get isWanted(): boolean {
    return this.sink !== undefined && !this.draining;
  }
}

/** The role table of the callee. */
export class Registrations {
  readonly #all: Set<Registration> = new Set();
  /** Unregistered, with invocations that still run. */
  readonly #draining: Set<Registration> = new Set();
  readonly #host: CalleeHost;
  #core: SessionCore | undefined;

  constructor(host: CalleeHost) {
    this.#host = host;
  }

  get size(): number {
    return this.#all.size;
  }

  /** Registers a procedure; `sink.open` gets the registration's id at every REGISTERED. */
  register(procedure: Uri, options: Dict, handler: Handler, sink: Sink<never, Id>, bound: boolean): Registration {
    const registration = new Registration(this, procedure, options, handler, sink, bound);
    this.#all.add(registration);
    this.#register(registration);
    return registration;
  }

  describe(error: unknown): readonly [uri: Uri, args: List, kwargs: Dict] {
    return this.#host.describe(error);
  }

  leave(registration: Registration): void {
    registration.waiting?.unsubscribe();
    this.#core?.invocations.cancelAll(registration);
    if (!this.#draining.delete(registration)) this.#balance(registration);
  }

  drain(registration: Registration): void {
    registration.waiting?.unsubscribe();
    this.#balance(registration);
  }

  /** One of its invocations has been answered. */
  answered(registration: Registration): void {
    if (!this.#draining.has(registration) || (this.#core?.invocations.count(registration) ?? 0) > 0) return;
    this.#draining.delete(registration);
    const end = (): void => {
      this.#end(registration, (sink) => {
        sink.complete();
      });
    };
    if (this.#core === undefined) end();
    else this.#core.guard(end);
  }

  /** Registers everything on a new session. */
  attach(core: SessionCore): void {
    this.#core = core;
    for (const registration of [...this.#all]) this.#register(registration);
  }

  /** The session is lost: bound registrations get its error, the others wait for the next session. */
  detach(error: WampError): void {
    const core = this.#core;
    this.#core = undefined;
    const bound = [...this.#all].filter((registration) => registration.bound);
    for (const registration of this.#all) {
      registration.waiting?.unsubscribe();
      registration.waiting = undefined;
      registration.returning = registration.returning || registration.state !== 'idle';
      registration.state = 'idle';
      registration.id = undefined;
      if (!registration.isWanted) this.#forget(registration);
    }
    // Their invocations are gone with the session.
    for (const registration of [...this.#draining]) this.answered(registration);
    for (const registration of bound)
      core?.guard(() => {
        this.#end(registration, (sink) => {
          sink.error(error);
        });
      });
  }

  /** Every registration of this moment: each is ended by the task, with an error or by completion. */
  ends(error?: WampError): (() => void)[] {
    const all = [...this.#all, ...this.#draining];
    return all.map((registration) => () => {
      this.#end(registration, (sink) => {
        if (error === undefined) sink.complete();
        else sink.error(error);
      });
    });
  }

  /** The router took the registration away. */
  revoked(registration: Registration, reason: string | undefined): void {
    const error = new ApplicationError(
      reason ?? 'wamp.error.registration_revoked',
      [],
      {},
      {
        message: `the router revoked the registration of ${registration.procedure}${reason === undefined ? '' : `: ${reason}`}`,
      },
    );
    const core = this.#core;
    const id = registration.id as Id;
    const twins = core?.registrations.get(id) ?? [];
    core?.registrations.delete(id);
    for (const twin of twins) {
      core?.invocations.cancelAll(twin);
      this.#refuse(twin, error);
    }
  }

  /** For people: every registration with its running invocations. */
  list(): { readonly procedure: Uri; readonly running: number; readonly id: Id | undefined }[] {
    return [...this.#all].map((one) => ({ procedure: one.procedure, running: this.#core?.invocations.count(one) ?? 0, id: one.id }));
  }

  #register(registration: Registration): void {
    const core = this.#core;
    // One that is on its way out holds the procedure until it is gone: then this one is asked for.
    const holds = (other: Registration): boolean =>
      other.procedure === registration.procedure && (other.state === 'leaving' || (other.state === 'asked' && !other.isWanted));
    if (core === undefined || [...this.#all].some(holds)) return;
    registration.state = 'asked';
    const current = (): boolean => this.#core === core && registration.state === 'asked';
    request(core, {
      kind: REGISTER,
      message: (id) => {
        if (current() && registration.isWanted) return [REGISTER, id, registration.options, registration.procedure];
        if (current()) {
          this.#forget(registration);
          this.#balanceOthers(registration);
        }
        return undefined;
      },
      confirmed: (message) => {
        if (!current()) return;
        const id = message[2] as Id;
        registration.state = 'live';
        registration.id = id;
        registration.attempts = 0;
        core.registrations.set(id, [...(core.registrations.get(id) ?? []), registration]);
        if (!registration.isWanted) this.#balance(registration);
        else core.guard(() => registration.sink?.open?.(id));
        this.#balanceOthers(registration);
      },
      refused: (message) => {
        if (!current()) return;
        const again = registration.isWanted && registration.returning && message[4] === 'wamp.error.procedure_already_exists';
        registration.waiting = again
          ? this.#host.again?.(++registration.attempts, () => {
              registration.waiting = undefined;
              this.#register(registration);
            })
          : undefined;
        if (registration.waiting === undefined) this.#refuse(registration, refusal(message, `register of ${registration.procedure}`));
        this.#balanceOthers(registration);
      },
      failed: (error) => {
        // What ends with its session is detached from it, and told by its owner.
        if (!current() || !core.isOpen) return;
        this.#refuse(registration, error);
        this.#balanceOthers(registration);
      },
    });
  }

  /** Lets go of a registration that nobody wants any more. Routers may give one id twice: the last of it sends UNREGISTER. */
  #balance(registration: Registration): void {
    const core = this.#core;
    if (registration.isWanted || !this.#all.has(registration)) return;
    if (core === undefined || registration.state === 'idle' || registration.waiting !== undefined) {
      this.#forget(registration);
      return;
    }
    // Its confirmation, or that of one that may get the same id, comes first.
    const rival = (other: Registration): boolean =>
      other !== registration && other.state === 'asked' && other.waiting === undefined && other.procedure === registration.procedure;
    if (registration.state !== 'live' || [...this.#all].some(rival)) return;
    const id = registration.id as Id;
    const twins = (core.registrations.get(id) ?? []).filter((twin) => twin !== registration);
    if (twins.length > 0) {
      core.registrations.set(id, twins);
      this.#forget(registration);
      return;
    }
    registration.state = 'leaving';
    const answered = (): void => {
      if (this.#core !== core) return;
      core.registrations.delete(id);
      this.#forget(registration);
    };
    request(core, {
      kind: UNREGISTER,
      message: (number) => [UNREGISTER, number, id],
      confirmed: answered,
      refused: answered,
      failed: answered,
    });
  }

  #balanceOthers(settled: Registration): void {
    for (const other of [...this.#all])
      if (other !== settled && !other.isWanted && other.procedure === settled.procedure) this.#balance(other);
  }

  #refuse(registration: Registration, error: WampError): void {
    registration.state = 'idle';
    this.#core?.guard(() => {
      this.#end(registration, (sink) => {
        sink.error(error);
      });
    });
    this.#forget(registration);
  }

  #forget(registration: Registration): void {
    if (!this.#all.delete(registration)) return;
    if (registration.draining && registration.sink !== undefined) {
      this.#draining.add(registration);
      this.answered(registration);
    }
    for (const other of [...this.#all])
      if (other.state === 'idle' && other.isWanted && other.procedure === registration.procedure) this.#register(other);
    if (this.#all.size === 0) this.#host.empty?.();
  }

  #end(registration: Registration, how: (sink: Sink<never, Id>) => void): void {
    const sink = registration.sink;
    if (sink === undefined) return;
    registration.draining = false;
    registration.unsubscribe();
    how(sink);
  }
}
