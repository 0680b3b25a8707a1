// Calls and publications: checked when they are made, sent at every subscription.
// Knows no client: whoever has a session core sends them.
import { noop, Observable, type Observer, type Subscriber, Subscription } from 'rxjs';
import { CallTimeoutError, isWampError, textOf, WampError } from '../protocol/errors.ts';
import { CALL, type Dict, type List, PUBLISH, type Uri } from '../protocol/messages.ts';
import type { Cancel, Sink } from '../protocol/sink.ts';
import { type Outgoing, send, VERBS } from '../session/caller.ts';
import { sendableArgs, sendableKwargs } from '../session/payload.ts';
import type { SessionCore } from '../session/session.ts';
import { because, type Ground } from './ground.ts';
import { CALL_OPTIONS, type CallOptions, type Checks, PUBLISH_OPTIONS, type Waiting, wireOptions } from './options.ts';

/** What calls and publications differ in. */
interface Kind {
  readonly code: Outgoing['code'];
  readonly name: string;
  readonly checks: Checks;
}
export const CALLING: Kind = { code: CALL, name: 'call', checks: CALL_OPTIONS };
export const PUBLISHING: Kind = { code: PUBLISH, name: 'publish', checks: PUBLISH_OPTIONS };

const NOBODY: Sink<unknown> = { next: noop, error: noop, complete: noop };

/** One call or publication: an Observable that carries its own parameters, two objects less for each message. */
// eslint-disable-next-line rxjs-x/no-subclass -- operators are as they were, and `subscribe` does the same
export class Request<T> extends Observable<T> implements Outgoing {
  readonly #ground: Ground;
  readonly #kind: Kind;
  readonly uri: Uri;
  readonly #args: unknown;
  readonly #kwargs: unknown;
  readonly #given: (Waiting & Pick<CallOptions, 'mode'>) | undefined;
  readonly options: Dict;

  /** @throws {TypeError} An option is wrong; the URI was checked. */
  constructor(
    ground: Ground,
    kind: Kind,
    uri: Uri,
    args: unknown,
    kwargs: unknown,
    options: (Waiting & Pick<CallOptions, 'mode'>) | undefined,
  ) {
    super(begin as (this: Observable<T>, subscriber: Subscriber<T>) => Cancel | undefined);
    if (options === undefined) refuseOptions(kind.name, kwargs);
    this.#ground = ground;
    this.#kind = kind;
    this.uri = uri;
    this.#args = args;
    this.#kwargs = kwargs;
    this.#given = options;
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

  get mode(): Outgoing['mode'] {
    return this.#given?.mode;
  }

  get force(): boolean {
    return this.#given?.force === true;
  }

  get waitMs(): number | undefined {
    return this.#given?.waitMs;
  }

  /** As ever; but most publications are sent and forgotten, and what nobody hears needs no Subscriber. */
  override subscribe(...heard: readonly unknown[]): Subscription {
    if (heard.length === 0 && this.#kind === PUBLISHING && this.#given === undefined && this.#ground.isReady)
      try {
        this.#ground.start(this, NOBODY);
        return Subscription.EMPTY;
      } catch {
        // Nothing was sent: the usual way says what is wrong.
      }
    return super.subscribe(...(heard as [Observer<T>]));
  }

  /** Starts its time, and sends it now or when there is a session. */
  begin(subscriber: Subscriber<T>): Cancel | undefined {
    const ground = this.#ground;
    const limit = this.#given?.timeoutMs ?? (this.code === CALL ? ground.shared.callTimeoutMs : undefined);
    if (limit !== undefined) this.#limit(limit, subscriber);
    try {
      return ground.start(this, subscriber);
    } catch (error) {
      throw this.unsendable(error);
    }
  }

  // On its own: a closure in `begin` would cost memory for each message, also where there is no limit.
  #limit(milliseconds: number, subscriber: Subscriber<T>): void {
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

function begin<T>(this: Request<T>, subscriber: Subscriber<T>): Cancel | undefined {
  return this.begin(subscriber);
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
