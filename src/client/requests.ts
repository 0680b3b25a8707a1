// Calls and publications: checked when they are made, sent at every subscription.
// Knows no client: whoever has a session core sends them.
import { noop } from 'rxjs';
import { CallTimeoutError, isWampError, textOf, WampError } from '../protocol/errors.ts';
import { CALL, type Dict, type List, PUBLISH, type Uri } from '../protocol/messages.ts';
import type { Cancel, Sink } from '../protocol/sink.ts';
import { type Outgoing, send, VERBS } from '../session/caller.ts';
import { sendableArgs, sendableKwargs } from '../session/payload.ts';
import type { SessionCore } from '../session/session.ts';
import { because, type Ground } from './ground.ts';
import { CALL_OPTIONS, type CallOptions, type Checks, PUBLISH_OPTIONS, type Waiting, wireOptions } from './options.ts';
import { type Listening, Source } from './source.ts';

/** What calls and publications differ in. */
interface Kind {
  readonly code: Outgoing['code'];
  readonly name: string;
  readonly checks: Checks;
}
export const CALLING: Kind = { code: CALL, name: 'call', checks: CALL_OPTIONS };
export const PUBLISHING: Kind = { code: PUBLISH, name: 'publish', checks: PUBLISH_OPTIONS };

/** What of the options stays here. */
type Given = Waiting & Pick<CallOptions, 'mode'>;

const NOBODY: Sink<unknown> = { next: noop, error: noop, complete: noop };

/** One call or publication: an Observable that carries its own parameters, two objects less for each message. */
export class Request<T> extends Source<T> implements Outgoing {
  readonly #ground: Ground;
  readonly #kind: Kind;
  readonly uri: Uri;
  readonly #args: unknown;
  readonly #kwargs: unknown;
  readonly given: Given | undefined;
  readonly options: Dict;

  /** @throws {TypeError} An option is wrong; the URI was checked. */
  constructor(ground: Ground, kind: Kind, uri: Uri, args: unknown, kwargs: unknown, options: Given | undefined) {
    super();
    if (options === undefined) refuseOptions(kind.name, kwargs);
    this.#ground = ground;
    this.#kind = kind;
    this.uri = uri;
    this.#args = args;
    this.#kwargs = kwargs;
    this.given = options;
    this.options = wireOptions(kind.name, options, kind.checks);
  }

  /** What it is, for a sentence. */
  get what(): string {
    return `${VERBS[this.code] as string} ${this.uri}`;
  }

  get code(): Outgoing['code'] {
    return this.#kind.code;
  }

  get args(): List | undefined {
    return sendableArgs(this.#args);
  }

  get kwargs(): Dict | undefined {
    return sendableKwargs(this.#kwargs);
  }

  /** Most publications are sent and forgotten. */
  override unheard(): boolean {
    if (this.#kind !== PUBLISHING || this.given !== undefined || !this.#ground.isReady) return false;
    try {
      this.#ground.start(this, NOBODY);
      return true;
    } catch {
      // Nothing was sent: the usual way says what is wrong.
      return false;
    }
  }

  /** Starts its time, and sends it now or when there is a session. */
  begin(subscriber: Listening<T>): Cancel | undefined {
    const ground = this.#ground;
    const limit = this.given?.timeoutMs ?? (this.code === CALL ? ground.shared.callTimeoutMs : undefined);
    if (limit !== undefined) this.#limit(limit, subscriber);
    try {
      return ground.start(this, subscriber);
    } catch (error) {
      throw this.unsendable(error);
    }
  }

  // On its own: a closure in `begin` would cost memory for each message, also where there is no limit.
  #limit(milliseconds: number, subscriber: Listening<T>): void {
    const timer = this.#ground.shared.clock.after(milliseconds, () => {
      const { isReady: sent, reason: cause } = this.#ground;
      const sentence = `${this.what} ${sent ? 'took longer than' : 'was not sent within'} ${milliseconds} ms`;
      subscriber.error(new CallTimeoutError(because(sentence, cause), { sent, cause }));
    });
    subscriber.add(timer);
  }

  /**
   * Looks at the payload of one that has to wait.
   * @throws {TypeError} It cannot be sent.
   */
  check(): void {
    sendableArgs(this.#args);
    sendableKwargs(this.#kwargs);
  }

  /** @throws {TypeError} The payload cannot be sent. */
  send(core: SessionCore, sink: Sink<T>): Cancel | undefined {
    return send(core, this, sink as Sink<unknown>);
  }

  /** What is wrong with a payload, said of the request that has it. */
  unsendable(error: unknown): unknown {
    const message = `${this.what}: ${textOf(error)}`;
    if (error instanceof TypeError) return new TypeError(message, { cause: error });
    return isWampError(error, 'wamp.error.payload_size_exceeded') ? new WampError(error.uri, message, { cause: error }) : error;
  }
}

/** Names that are options and hardly ever keyword arguments. */
const UNMISTAKABLE = ['receive_progress', 'disclose_me', 'acknowledge', 'exclude_me', 'eligible', 'waitMs', 'timeoutMs'];

function refuseOptions(of: string, kwargs: unknown): void {
  if (typeof kwargs !== 'object') return;
  for (const name in kwargs) {
    if (!UNMISTAKABLE.includes(name)) continue;
    throw new TypeError(
      `${name} is an option of ${of} but stands in the place of kwargs: options come last, and {} there says that kwargs are meant`,
    );
  }
}
