// Calls and publications as they were asked for: checked when they are made, sent at every subscription.
// Knows no client: whoever has a session core sends them.
import { isWampError, WampError } from '../protocol/errors.ts';
import type { Dict, Id, List, Uri } from '../protocol/messages.ts';
import type { Cancel, Sink } from '../protocol/sink.ts';
import { call, type CallRequest } from '../session/caller.ts';
import { sendableArgs, sendableKwargs } from '../session/payload.ts';
import { publish, type PublishRequest } from '../session/publisher.ts';
import type { Result } from '../session/result.ts';
import type { SessionCore } from '../session/session.ts';
import { CALL_OPTIONS, type CallOptions, type Checks, PUBLISH_OPTIONS, type PublishOptions, type Waiting, wireOptions } from './options.ts';

/** What calls and publications differ in. */
interface Kind<T> {
  readonly name: string;
  /** What stands before the URI, in a sentence. */
  readonly verb: string;
  readonly checks: Checks;
  readonly send: (core: SessionCore, request: CallRequest & PublishRequest, sink: Sink<T>) => Cancel | undefined;
}
const CALLING: Kind<Result> = { name: 'call', verb: 'call of', checks: CALL_OPTIONS, send: call };
const PUBLISHING: Kind<Id | undefined> = { name: 'publish', verb: 'publish to', checks: PUBLISH_OPTIONS, send: publish };

/** A call of a URI that was checked. */
export function callOnce(procedure: Uri, args: unknown, kwargs: unknown, options: CallOptions | undefined): Request<Result> {
  return new Request(CALLING, procedure, args, kwargs, options);
}

/** A publication to a URI that was checked. */
export function publishOnce(topic: Uri, args: unknown, kwargs: unknown, options: PublishOptions | undefined): Request<Id | undefined> {
  return new Request(PUBLISHING, topic, args, kwargs, options);
}

/** Something that is sent once a session is there; its payload is read when it is sent. */
export class Request<T> implements CallRequest, PublishRequest {
  readonly #kind: Kind<T>;
  readonly #uri: Uri;
  readonly #args: unknown;
  readonly #kwargs: unknown;
  readonly #given: (Waiting & Pick<CallOptions, 'mode'>) | undefined;
  readonly options: Dict;

  constructor(kind: Kind<T>, uri: Uri, args: unknown, kwargs: unknown, options: (Waiting & Pick<CallOptions, 'mode'>) | undefined) {
    if (options === undefined) refuseOptions(kind.name, kwargs);
    this.#kind = kind;
    this.#uri = uri;
    this.#args = args;
    this.#kwargs = kwargs;
    this.#given = options;
    this.options = wireOptions(kind.name, options, kind.checks);
  }

  /** What it is, for a sentence. */
  get what(): string {
    return `${this.#kind.verb} ${this.#uri}`;
  }

  get procedure(): Uri {
    return this.#uri;
  }

  get topic(): Uri {
    return this.#uri;
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

  /**
   * Looks at the payload of one that has to wait.
   * @throws {TypeError} It cannot be sent.
   */
  check(): void {
    try {
      sendableArgs(this.#args);
      sendableKwargs(this.#kwargs);
    } catch (error) {
      throw unsendable(this.what, error);
    }
  }

  /**
   * Sends it.
   * @throws {TypeError} The payload cannot be sent.
   */
  send(core: SessionCore, sink: Sink<T>): Cancel | undefined {
    try {
      return this.#kind.send(core, this, sink);
    } catch (error) {
      throw unsendable(this.what, error);
    }
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
