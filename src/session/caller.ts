// Caller role: CALL and CANCEL go out, RESULT and ERROR come in.
// Knows no socket, timer, promise or rxjs; a reply is found by its request id in one look-up.
// Source: WAMP basic profile "Remote Procedure Calls"; advanced profile "Progressive Call Results" and "Call Canceling".
import type { WampError } from '../protocol/errors.ts';
import type { Dict, Id, List, Uri } from '../protocol/messages.ts';
import { CALL, CANCEL } from '../protocol/messages.ts';
import type { Cancel, Sink } from '../protocol/sink.ts';
import { NO_ARGS, NO_KWARGS } from './payload.ts';
import { callRefusal } from './refusal.ts';
import { Result } from './result.ts';
import type { Entry, SessionCore } from './session.ts';
import { withPayload } from './shape.ts';

export type CancelMode = 'skip' | 'kill' | 'killnowait';

/** One call as it goes out; args and kwargs are sendable already. */
export interface CallRequest {
  readonly procedure: Uri;
  readonly args: List | undefined;
  readonly kwargs: Dict | undefined;
  /** What goes on the wire. */
  readonly options: Dict;
  /** How `unsubscribe` cancels. Default: `killnowait`. */
  readonly mode: CancelMode | undefined;
  /** Sends CANCEL even where the dealer did not announce it. */
  readonly force: boolean;
}

/**
 * Calls a procedure: the sink gets progressive results, the final one, and completes; or it gets the error.
 * @throws What cannot be encoded; nothing was sent.
 */
export function call(core: SessionCore, request: CallRequest, sink: Sink<Result>): Cancel {
  // Read before the id: a toJSON of the payload may send something itself.
  const { args, kwargs } = request;
  const id = core.nextRequest;
  core.issue(withPayload(CALL, id, request.options, request.procedure, args, kwargs));
  const entry = new CallEntry(core, id, request, sink);
  core.wait(entry);
  return entry;
}

class CallEntry implements Entry, Cancel {
  readonly request: Id;
  readonly since: number;
  readonly #core: SessionCore;
  readonly #procedure: Uri;
  readonly #sink: Sink<Result>;
  /** How to cancel; undefined where the dealer cannot. */
  readonly #mode: CancelMode | undefined;
  #progressed = false;

  constructor(core: SessionCore, id: Id, request: CallRequest, sink: Sink<Result>) {
    this.request = id;
    this.since = core.ticks;
    this.#core = core;
    this.#procedure = request.procedure;
    this.#sink = sink;
    this.#mode = request.force || core.cancels ? (request.mode ?? 'killnowait') : undefined;
  }

  get kind(): typeof CALL {
    return CALL;
  }

  answer(message: List): void {
    const details = message[2] as Dict;
    const args = message[3] as List | undefined;
    const kwargs = message[4] as Dict | undefined;
    if (details['progress'] === true) {
      this.#progressed = true;
      this.#sink.next(new Result(args ?? NO_ARGS, kwargs ?? NO_KWARGS, details));
      return;
    }
    this.#core.settle(this);
    // An empty final RESULT behind progress only says that there is no more.
    if (!this.#progressed || !isEmpty(args, kwargs)) this.#sink.next(new Result(args ?? NO_ARGS, kwargs ?? NO_KWARGS, details));
    this.#sink.complete();
  }

  refuse(message: List): void {
    this.#sink.error(callRefusal(message, this.#procedure));
  }

  fail(error: WampError): void {
    this.#sink.error(error);
  }

  // The entry goes at once: some routers never answer a CANCEL, and a late RESULT is dropped by its id.
  unsubscribe(): void {
    if (this.#core.settle(this) && this.#mode !== undefined) this.#core.send([CANCEL, this.request, { mode: this.#mode }]);
  }
}

function isEmpty(args: List | undefined, kwargs: Dict | undefined): boolean {
  if (args !== undefined && args.length > 0) return false;
  for (const _ in kwargs) return false;
  return true;
}
