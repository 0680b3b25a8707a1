// Caller and publisher roles: CALL, CANCEL and PUBLISH go out, RESULT, PUBLISHED and ERROR come in.
// Knows no socket, timer, promise or rxjs; an answer is found by its request id in one look-up.
// Source: WAMP basic profile, "Remote Procedure Calls", "Publish and Subscribe"; advanced profile, "Progressive Call Results", "Call Canceling".
import type { WampError } from '../protocol/errors.ts';
import type { Dict, Id, List, Uri } from '../protocol/messages.ts';
import { CALL, CANCEL, PUBLISH } from '../protocol/messages.ts';
import type { Cancel, Sink } from '../protocol/sink.ts';
import { NO_ARGS, NO_KWARGS } from './payload.ts';
import { Result } from './result.ts';
import type { Entry, SessionCore } from './session.ts';
import { withPayload } from './shape.ts';

export type CancelMode = 'skip' | 'kill' | 'killnowait';

/** One call or publication as it goes out; args and kwargs are sendable. */
export interface Outgoing {
  readonly code: typeof CALL | typeof PUBLISH;
  readonly uri: Uri;
  readonly args: List | undefined;
  readonly kwargs: Dict | undefined;
  /** What goes on the wire. */
  readonly options: Dict;
  /** How `unsubscribe` cancels a call (default: `killnowait`), and whether it does so even where the dealer did not announce CANCEL. */
  readonly given?: { readonly mode?: CancelMode; readonly force?: boolean } | undefined;
}

/**
 * Sends a call or a publication. The sink of a call gets progressive results, the final one, and completes; that of a publication gets its id if it
 * is acknowledged, else undefined at once, and completes; or either gets the error.
 * @throws What cannot be encoded; nothing was sent.
 */
export function send(core: SessionCore, outgoing: Outgoing, sink: Sink<Result | Id | undefined>): Cancel | undefined {
  const { code, uri, options } = outgoing;
  // Read before the id: a toJSON of the payload may send something itself.
  const { args, kwargs } = outgoing;
  const message = withPayload(code, core.nextRequest, options, uri, args, kwargs);
  if (code === CALL || options['acknowledge'] === true) {
    const entry = new Pending(core, outgoing, sink);
    core.issue(message, entry);
    return entry;
  }
  core.issue(message);
  sink.next(undefined);
  sink.complete();
  return undefined;
}

/** What stands before the URI in a sentence, by code. */
export const VERBS: Readonly<Record<number, string>> = { [CALL]: 'call of', [PUBLISH]: 'publish to' };

class Pending implements Entry, Cancel {
  request: Id = 0;
  since = 0;
  readonly kind: number;
  readonly #core: SessionCore;
  readonly #uri: Uri;
  readonly #sink: Sink<Result | Id | undefined>;
  /** How to cancel; undefined where that cannot be asked for. */
  readonly #mode: CancelMode | undefined;
  #progressed = false;

  // Copied, not kept: what was asked for would be held in memory, its payload too, for as long as the answer is awaited.
  constructor(core: SessionCore, { code, uri, given }: Outgoing, sink: Sink<Result | Id | undefined>) {
    this.kind = code;
    this.#core = core;
    this.#uri = uri;
    this.#sink = sink;
    this.#mode = code === CALL && (core.cancels || given?.force === true) ? (given?.mode ?? 'killnowait') : undefined;
  }

  get what(): string {
    return `${VERBS[this.kind] as string} ${this.#uri}`;
  }

  answer(message: List): void {
    const details = message[2] as Dict;
    const args = (message[3] as List | undefined) ?? NO_ARGS;
    const kwargs = (message[4] as Dict | undefined) ?? NO_KWARGS;
    const value = this.kind === CALL ? new Result(args, kwargs, details) : (message[2] as Id);
    // Of PUBLISHED it is an id, which has no properties.
    if (details['progress'] === true) {
      this.#progressed = true;
      this.#sink.next(value);
      return;
    }
    this.#core.settle(this);
    // An empty final RESULT behind progress only says that there is no more.
    if (!this.#progressed || args.length > 0 || !isEmpty(kwargs)) this.#sink.next(value);
    this.#sink.complete();
  }

  fail(error: WampError): void {
    this.#sink.error(error);
  }

  // The entry goes at once: some routers never answer a CANCEL, and a late RESULT is dropped by its id.
  unsubscribe(): void {
    const mode = this.#mode;
    if (this.#core.settle(this) && mode !== undefined) this.#core.send([CANCEL, this.request, { mode }]);
  }
}

function isEmpty(dict: Dict): boolean {
  for (const _ in dict) return false;
  return true;
}
