// The invocations that run: each gets exactly one final YIELD or ERROR, and progress in between where the caller asked for it.
// Knows no registration table beyond whom an id belongs to; knows no socket, timer, promise or rxjs.
// Source: WAMP basic profile, "Remote Procedure Calls"; advanced profile, "Progressive Call Results" and "Call Canceling".
import { ApplicationError, WampError } from '../protocol/errors.ts';
import type { Dict, Id, List, Uri } from '../protocol/messages.ts';
import { ERROR, INVOCATION } from '../protocol/messages.ts';
import type { Cancel, Sink } from '../protocol/sink.ts';
import { isUri } from '../protocol/uris.ts';
import { NO_ARGS, NO_KWARGS, sendableArgs, sendableKwargs } from './payload.ts';
import type { Registration } from './callee.ts';
import { Requests } from './requests.ts';
import type { Invocation } from './result.ts';
import { Result } from './result.ts';
import type { SessionCore } from './session.ts';
import { isPayload, tail, yieldOf } from './shape.ts';

/** Runs one invocation: what it hands to `reply` are the results. What it returns is unsubscribed when nobody wants them any more. */
export type Handler = (invocation: Invocation, reply: Sink<unknown>) => Cancel;

const NOTHING = Symbol('nothing');
const PROGRESS: Dict = Object.freeze({ progress: true });

/** The running invocations of one session, by their request id. */
export class Invocations {
  readonly #core: SessionCore;
  readonly #running: Requests<Running> = new Requests();

  constructor(core: SessionCore) {
    this.#core = core;
  }

  get size(): number {
    return this.#running.size;
  }

  invoke(message: List): void {
    const request = message[1] as Id;
    const details = message[3] as Dict;
    const args = message[4] as List | undefined;
    const kwargs = message[5] as Dict | undefined;
    if (typeof request !== 'number' || !isPayload(details, args, kwargs)) {
      this.#core.malformed(message);
      return;
    }
    const registrations = this.#core.registrations.get(message[2] as Id);
    const registration = registrations?.find((one) => one.sink !== undefined);
    if (registration === undefined) {
      if (registrations === undefined) this.refuse(request, 'wamp.error.no_such_registration', 'there is no such registration');
      else this.refuse(request, 'wamp.error.unavailable', 'the procedure is being unregistered');
      return;
    }
    const list = args ?? NO_ARGS;
    const concrete = details['procedure'];
    new Running(this.#core, this.#running, request, registration, details['receive_progress'] === true).run({
      value: list[0],
      args: list,
      kwargs: kwargs ?? NO_KWARGS,
      procedure: typeof concrete === 'string' ? concrete : registration.procedure,
      details,
    });
  }

  /** The caller wants no answer any more, or the router does. */
  interrupt(request: Id): void {
    const running = this.#running.get(request);
    if (running === undefined) this.#core.drop();
    else running.cancel();
  }

  /** Answers an invocation that does not run. */
  refuse(request: Id, uri: Uri, text: string): void {
    this.#core.send([ERROR, INVOCATION, request, {}, uri, [text]]);
  }

  /** Cancels what runs for a registration that is being left, or everything. */
  cancelAll(registration?: Registration): void {
    for (const running of this.#running.list()) if (registration === undefined || running.registration === registration) running.cancel();
  }

  count(registration: Registration): number {
    return this.#running.list().filter((running) => running.registration === registration).length;
  }

  /** The session ends: pipelines are unsubscribed and nothing is sent. */
  detach(): void {
    for (const running of this.#running.detach()) running.abandon();
  }
}

/** One invocation, as the sink of its results. */
class Running implements Sink<unknown> {
  readonly request: Id;
  readonly registration: Registration;
  readonly #core: SessionCore;
  readonly #running: Requests<Running>;
  readonly #progressive: boolean;
  /** The latest result: the final one if nothing comes behind it. */
  #held: unknown = NOTHING;
  #flushing = false;
  #open = true;
  #pipeline: Cancel | undefined = undefined;

  constructor(core: SessionCore, running: Requests<Running>, request: Id, registration: Registration, progressive: boolean) {
    this.#core = core;
    this.#running = running;
    this.request = request;
    this.registration = registration;
    this.#progressive = progressive;
  }

  run(invocation: Invocation): void {
    this.#running.add(this);
    try {
      const pipeline = this.registration.handler(invocation, this);
      if (this.#open) this.#pipeline = pipeline;
      else pipeline.unsubscribe();
    } catch (error) {
      if (this.#isOpen()) this.error(error);
      else this.#core.host.report(error, `the handler of ${this.registration.procedure}`);
    }
  }

  next(value: unknown): void {
    if (!this.#open) return;
    if (this.#progressive && this.#held !== NOTHING) this.#progress();
    if (!this.#isOpen()) return;
    this.#held = value;
    if (!this.#progressive || this.#flushing) return;
    this.#flushing = true;
    this.#core.host.defer(() => {
      this.#flushing = false;
      if (this.#open && this.#held !== NOTHING) this.#progress();
    });
  }

  complete(): void {
    if (this.#open) this.#yield({}, this.#held);
  }

  error(error: unknown): void {
    // What came before the error is progress, in this turn as in any other.
    if (this.#open && this.#progressive && this.#held !== NOTHING) this.#progress();
    if (this.#isOpen()) this.#fail(error, error);
  }

  /** Answers with an error, and reports what led to it. */
  #fail(error: unknown, cause: unknown): void {
    this.#settle();
    this.#core.host.report(cause, `the handler of ${this.registration.procedure}`);
    const [uri, args, kwargs] = this.registration.table.describe(error);
    try {
      this.#core.send([ERROR, INVOCATION, this.request, {}, uri, ...tail(sendableArgs(args), sendableKwargs(kwargs))]);
    } catch (unsendable) {
      this.#core.host.report(unsendable, `the error of the handler of ${this.registration.procedure}`);
      this.#core.send([ERROR, INVOCATION, this.request, {}, uri]);
    }
    this.registration.table.answered(this.registration);
  }

  cancel(): void {
    // The teardown of another one may have ended it.
    if (!this.#open) return;
    this.#settle();
    this.#core.send([ERROR, INVOCATION, this.request, {}, 'wamp.error.canceled']);
    this.#stop();
    this.registration.table.answered(this.registration);
  }

  abandon(): void {
    this.#open = false;
    this.#stop();
  }

  #progress(): void {
    const value = this.#held;
    this.#held = NOTHING;
    this.#yield(PROGRESS, value);
  }

  // A method, because the compiler takes the state for settled between two looks at the field.
  #isOpen(): boolean {
    return this.#open;
  }

  /** What cannot be sent ends the invocation with an ERROR: the caller must not wait for ever. */
  #yield(options: Dict, value: unknown): void {
    try {
      const whole = value instanceof Result;
      const args = whole ? sendableArgs(value.args) : value === NOTHING || value === undefined ? undefined : sendableArgs([value]);
      const message = yieldOf(this.request, options, args, whole ? sendableKwargs(value.kwargs) : undefined);
      this.#core.send(message);
      if (options === PROGRESS) return;
      this.#settle();
      this.registration.table.answered(this.registration);
    } catch (error) {
      this.#fail(unsendable(error), error);
      this.#stop();
    }
  }

  #settle(): void {
    this.#open = false;
    this.#held = NOTHING;
    if (this.#running.remove(this) && this.#core.isIdle) this.#core.host.idle?.();
  }

  #stop(): void {
    const pipeline = this.#pipeline;
    this.#pipeline = undefined;
    try {
      pipeline?.unsubscribe();
    } catch (error) {
      this.#core.host.report(error, `the teardown of the handler of ${this.registration.procedure}`);
    }
  }
}

/** Why a result did not go out, as the error that its caller gets. */
function unsendable(cause: unknown): ApplicationError {
  const uri = cause instanceof WampError ? cause.uri : 'wamp.error.invalid_payload';
  const text = cause instanceof Error ? cause.message : 'the result cannot be encoded';
  return new ApplicationError(uri, [text], {}, { cause });
}

/** What an error of a handler becomes on the wire; a URI that a router would not take is replaced. */
export function describeError(error: unknown, mask: boolean): readonly [uri: Uri, args: List, kwargs: Dict] {
  if (error instanceof ApplicationError && isUri(error.uri)) return [error.uri, error.args, error.kwargs];
  const text = error instanceof Error && !mask ? [error.message] : NO_ARGS;
  return ['wamp.error.runtime_error', text, NO_KWARGS];
}
