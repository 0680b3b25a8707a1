// Callee role: the invocations that run. Each gets exactly one final YIELD or ERROR, and progress in between where the caller asked for it.
// Knows no socket, timer, promise or rxjs.
// Source: WAMP basic profile, "Remote Procedure Calls"; advanced profile, "Progressive Call Results" and "Call Canceling".
import { ApplicationError, WampError } from '../protocol/errors.ts';
import type { Dict, Id, List, Uri } from '../protocol/messages.ts';
import { ERROR, INVOCATION } from '../protocol/messages.ts';
import type { Cancel, Sink } from '../protocol/sink.ts';
import { isUri } from '../protocol/uris.ts';
import { Claim } from './claim.ts';
import { NO_ARGS, NO_KWARGS, sendableArgs, sendableKwargs } from './payload.ts';
import type { Invocation } from './result.ts';
import { Result } from './result.ts';
import type { SessionCore } from './session.ts';
import { tail, yieldOf } from './shape.ts';

/** Runs one invocation: what it hands to `reply` are the results. What it returns is unsubscribed when nobody wants them any more. */
export type Handler = (invocation: Invocation, reply: Sink<unknown>) => Cancel;

const NOTHING = Symbol('nothing');
const PROGRESS: Dict = Object.freeze({ progress: true });

/** Runs an INVOCATION. */
export function invoke(core: SessionCore, message: List): void {
  const request = message[1] as Id;
  const held = core.registrations.get(message[2] as Id);
  const claim = held instanceof Claim ? held : held?.find(({ sink }) => sink);
  if (!claim?.sink) {
    if (held) answer(core, request, 'wamp.error.unavailable', [['the procedure is being unregistered']]);
    else answer(core, request, 'wamp.error.no_such_registration', [['there is no such registration']]);
    return;
  }
  const details = message[3] as Dict;
  const args = (message[4] as List | undefined) ?? NO_ARGS;
  const concrete = details['procedure'];
  new Running(core, request, claim, details['receive_progress'] === true).run({
    value: args[0],
    args,
    kwargs: (message[5] as Dict | undefined) ?? NO_KWARGS,
    procedure: typeof concrete === 'string' ? concrete : claim.uri,
    details,
  });
}

/** Answers an invocation with an ERROR. */
export function answer(core: SessionCore, request: Id, uri: Uri, payload: List = []): void {
  core.send([ERROR, INVOCATION, request, {}, uri, ...payload]);
}

/** One invocation, as the sink of its results. */
export class Running implements Sink<unknown> {
  readonly request: Id;
  readonly claim: Claim;
  readonly #core: SessionCore;
  readonly #progressive: boolean;
  /** The latest result: the final one if nothing comes behind it. */
  #held: unknown = NOTHING;
  #flushing = false;
  #open = true;
  #pipeline: Cancel | undefined = undefined;

  constructor(core: SessionCore, request: Id, claim: Claim, progressive: boolean) {
    this.#core = core;
    this.request = request;
    this.claim = claim;
    this.#progressive = progressive;
  }

  run(invocation: Invocation): void {
    this.#core.invocations.add(this);
    try {
      const pipeline = this.claim.callee?.handler(invocation, this);
      if (this.#isOpen()) this.#pipeline = pipeline;
      else pipeline?.unsubscribe();
    } catch (error) {
      if (this.#isOpen()) this.error(error);
      else this.#report(error);
    }
  }

  next(value: unknown): void {
    this.#progress();
    if (!this.#isOpen()) return;
    this.#held = value;
    if (!this.#progressive || this.#flushing) return;
    this.#flushing = true;
    this.#core.host.defer(() => {
      this.#flushing = false;
      this.#progress();
    });
  }

  complete(): void {
    if (this.#isOpen()) this.#yield(NO_KWARGS, this.#held);
  }

  error(error: unknown): void {
    // What came before the error is progress, in this turn as in any other.
    this.#progress();
    if (this.#isOpen()) this.#fail(error, ...describeError(error, this.claim.table.host.maskErrors === true));
  }

  cancel(): void {
    // The teardown of another one may have ended it.
    if (!this.#isOpen()) return;
    this.#settle();
    answer(this.#core, this.request, 'wamp.error.canceled');
    this.#stop();
    this.claim.table.drained(this.claim);
  }

  /** The session is over: nothing can be answered. */
  abandon(): void {
    this.#open = false;
    this.#stop();
  }

  #stop(): void {
    const pipeline = this.#pipeline;
    this.#pipeline = undefined;
    try {
      pipeline?.unsubscribe();
    } catch (error) {
      this.#report(error, 'the teardown of ');
    }
  }

  #isOpen(): boolean {
    return this.#open;
  }

  #report(error: unknown, what = ''): void {
    this.#core.host.report(error, `${what}the handler of ${this.claim.uri}`);
  }

  /** Sends what is held, if the caller wants progress. */
  #progress(): void {
    const value = this.#held;
    if (!this.#progressive || value === NOTHING || !this.#isOpen()) return;
    this.#held = NOTHING;
    this.#yield(PROGRESS, value);
  }

  /** What cannot be sent ends the invocation with an ERROR: the caller must not wait for ever. */
  #yield(options: Dict, value: unknown): void {
    try {
      const whole = value instanceof Result ? value : undefined;
      const args = whole ? whole.args : value === NOTHING || value === undefined ? undefined : [value];
      this.#core.send(yieldOf(this.request, options, sendableArgs(args), sendableKwargs(whole?.kwargs)));
      if (options === PROGRESS) return;
      this.#settle();
      this.claim.table.drained(this.claim);
    } catch (error) {
      const uri = error instanceof WampError ? error.uri : 'wamp.error.invalid_payload';
      this.#fail(error, uri, [error instanceof Error ? error.message : 'the result cannot be encoded']);
      this.#stop();
    }
  }

  /** Answers with an error, and reports what led to it. */
  #fail(error: unknown, uri: Uri, args: List, kwargs?: Dict): void {
    this.#settle();
    this.#report(error);
    try {
      answer(this.#core, this.request, uri, tail(sendableArgs(args), sendableKwargs(kwargs)));
    } catch (unsendable) {
      this.#report(unsendable, 'the error of ');
      answer(this.#core, this.request, uri);
    }
    this.claim.table.drained(this.claim);
  }

  #settle(): void {
    this.#open = false;
    this.#core.settle(this, this.#core.invocations);
  }
}

/** What an error of a handler becomes on the wire; a URI that a router would not take is replaced. */
export function describeError(error: unknown, mask: boolean): readonly [uri: Uri, args: List, kwargs: Dict] {
  if (error instanceof ApplicationError && isUri(error.uri)) return [error.uri, error.args, error.kwargs];
  const text = error instanceof Error && !mask ? [error.message] : NO_ARGS;
  return ['wamp.error.runtime_error', text, NO_KWARGS];
}
