// A call and a publication as they were asked for: checked when they are made, sent at every subscription.
// Knows no client: whoever has a session core sends them.
import { isWampError, WampError } from '../protocol/errors.ts';
import type { Dict, Id, List, Uri } from '../protocol/messages.ts';
import type { Cancel, Sink } from '../protocol/sink.ts';
import { call, type CallRequest } from '../session/caller.ts';
import { sendableArgs, sendableKwargs } from '../session/payload.ts';
import { publish } from '../session/publisher.ts';
import type { Result } from '../session/result.ts';
import type { SessionCore } from '../session/session.ts';
import { CALL_OPTIONS, type CallOptions, PUBLISH_OPTIONS, type PublishOptions, wireOptions } from './options.ts';

/** Something that is sent once a session is there. */
export interface Request<T> {
  /** What it is, for a sentence. */
  readonly what: string;
  readonly waitMs: number | undefined;
  readonly timeoutMs: number | undefined;
  /**
   * Looks at the payload of one that has to wait.
   * @throws {TypeError} It cannot be sent.
   */
  check(): void;
  /**
   * Sends it.
   * @throws {TypeError} The payload cannot be sent.
   */
  send(core: SessionCore, sink: Sink<T>): Cancel | undefined;
}

/** A call of a URI that was checked; its payload is read when it is sent. */
export class CallOnce implements Request<Result>, CallRequest {
  readonly procedure: Uri;
  readonly #args: unknown;
  readonly #kwargs: unknown;
  readonly #given: CallOptions | undefined;
  readonly options: Dict;

  constructor(procedure: Uri, args: unknown, kwargs: unknown, options: CallOptions | undefined) {
    if (options === undefined) refuseOptions('call', kwargs);
    this.procedure = procedure;
    this.#args = args;
    this.#kwargs = kwargs;
    this.#given = options;
    this.options = wireOptions('call', options, CALL_OPTIONS);
  }

  get what(): string {
    return `call of ${this.procedure}`;
  }

  get args(): List | undefined {
    return sendableArgs(this.#args);
  }

  get kwargs(): Dict | undefined {
    return sendableKwargs(this.#kwargs);
  }

  get mode(): CallRequest['mode'] {
    return this.#given?.mode;
  }

  get force(): boolean {
    return this.#given?.force === true;
  }

  get waitMs(): number | undefined {
    return this.#given?.waitMs;
  }

  get timeoutMs(): number | undefined {
    return this.#given?.timeoutMs;
  }

  check(): void {
    checkPayload(this.what, this.#args, this.#kwargs);
  }

  send(core: SessionCore, sink: Sink<Result>): Cancel {
    try {
      return call(core, this, sink);
    } catch (error) {
      throw unsendable(this.what, error);
    }
  }
}

/** A publication to a URI that was checked; its payload is read when it is sent. */
export class PublishOnce implements Request<Id | undefined> {
  readonly topic: Uri;
  readonly #args: unknown;
  readonly #kwargs: unknown;
  readonly #given: PublishOptions | undefined;
  readonly options: Dict;

  constructor(topic: Uri, args: unknown, kwargs: unknown, options: PublishOptions | undefined) {
    if (options === undefined) refuseOptions('publish', kwargs);
    this.topic = topic;
    this.#args = args;
    this.#kwargs = kwargs;
    this.#given = options;
    this.options = wireOptions('publish', options, PUBLISH_OPTIONS);
  }

  get what(): string {
    return `publish to ${this.topic}`;
  }

  get args(): List | undefined {
    return sendableArgs(this.#args);
  }

  get kwargs(): Dict | undefined {
    return sendableKwargs(this.#kwargs);
  }

  get waitMs(): number | undefined {
    return this.#given?.waitMs;
  }

  get timeoutMs(): number | undefined {
    return this.#given?.timeoutMs;
  }

  check(): void {
    checkPayload(this.what, this.#args, this.#kwargs);
  }

  send(core: SessionCore, sink: Sink<Id | undefined>): Cancel | undefined {
    try {
      return publish(core, this, sink);
    } catch (error) {
      throw unsendable(this.what, error);
    }
  }
}

function checkPayload(what: string, args: unknown, kwargs: unknown): void {
  try {
    sendableArgs(args);
    sendableKwargs(kwargs);
  } catch (error) {
    throw unsendable(what, error);
  }
}

/** What is wrong with a payload, said of the request that has it. */
function unsendable(what: string, error: unknown): unknown {
  if (error instanceof TypeError) return new TypeError(`${what}: ${error.message}`, { cause: error });
  if (isWampError(error, 'wamp.error.payload_size_exceeded'))
    return new WampError(error.uri, `${what}: ${error.message}`, { cause: error });
  return error;
}

/** Names that are options and hardly ever keyword arguments. */
const UNMISTAKABLE: ReadonlySet<string> = new Set([
  'receive_progress',
  'disclose_me',
  'acknowledge',
  'exclude_me',
  'eligible',
  'waitMs',
  'timeoutMs',
]);

function refuseOptions(of: string, kwargs: unknown): void {
  if (typeof kwargs !== 'object') return;
  for (const name in kwargs) {
    if (!UNMISTAKABLE.has(name)) continue;
    throw new TypeError(
      `${name} is an option of ${of} but stands in the place of kwargs: options come last, and {} there says that kwargs are meant`,
    );
  }
}
