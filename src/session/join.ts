// The join: from an open channel over HELLO, CHALLENGE and WELCOME to a session core, or to ABORT.
// Knows no timer and no promise: who answers a CHALLENGE or checks a WELCOME calls back.
// Source: WAMP basic profile, "Session Establishment"; advanced profile, "Authentication Methods".
import { ConnectionError, JoinError, ProtocolError } from '../protocol/errors.ts';
import type { Dict, Id, List, Uri } from '../protocol/messages.ts';
import { ABORT, AUTHENTICATE, CHALLENGE, HELLO, WELCOME } from '../protocol/messages.ts';
import type { Cancel, Channel, Sink, Transport } from '../protocol/sink.ts';
import { Garbled } from '../protocol/sink.ts';
import { explainShape } from '../protocol/shapes.ts';
import type { Host } from './session.ts';
import { SessionCore } from './session.ts';

/** What a join says and whom it asks. */
export interface JoinOptions {
  readonly url: string | undefined;
  readonly realm: Uri;
  /** HELLO.Details, roles included. */
  readonly details: Dict;
  /** Answers a CHALLENGE; undefined where no login was offered. */
  readonly answer?: (authmethod: string, extra: Dict, done: (error: unknown, signature: string, extra: Dict) => void) => void;
  /** Checks WELCOME before the session counts. */
  readonly verify?: (details: Dict, done: (error: unknown) => void) => void;
}

/**
 * Opens a transport and joins a realm: `open` gets the core, `error` a `JoinError` or a `ConnectionError`.
 * Unsubscribing before WELCOME closes the link without a message; after it the core is the one to be left.
 */
export function join(transport: Transport, options: JoinOptions, host: Host, sink: Sink<never, SessionCore>): Cancel {
  const joining = new Joining(options, host, sink);
  joining.start(transport);
  return joining;
}

class Joining implements Sink<List | Garbled, Channel>, Cancel {
  readonly #options: JoinOptions;
  readonly #host: Host;
  readonly #sink: Sink<never, SessionCore>;
  #link: Cancel | undefined;
  #channel: Channel | undefined;
  #core: SessionCore | undefined;
  #authmethod = '';
  #over = false;

  constructor(options: JoinOptions, host: Host, sink: Sink<never, SessionCore>) {
    this.#options = options;
    this.#host = host;
    this.#sink = sink;
  }

  start(transport: Transport): void {
    this.#link = transport(this);
    if (this.#over) this.#link.unsubscribe();
  }

  open(channel: Channel): void {
    if (this.#over) return;
    this.#channel = channel;
    try {
      channel.send([HELLO, this.#options.realm, this.#options.details]);
    } catch (error) {
      this.#fail(error);
    }
  }

  next(message: List | Garbled): void {
    if (this.#core !== undefined) this.#core.receive(message);
    else if (!this.#over) this.#handshake(message);
  }

  error(error: unknown): void {
    if (this.#core !== undefined) this.#core.lose(asConnectionError(error, this.#options.url));
    else this.#fail(error);
  }

  complete(): void {
    this.error(new ConnectionError('the link ended', { url: this.#options.url }));
  }

  unsubscribe(): void {
    this.#over = true;
    this.#link?.unsubscribe();
  }

  #handshake(message: List | Garbled): void {
    const wrong = message instanceof Garbled ? 'a frame before WELCOME cannot be decoded' : explainShape(message, 'router');
    if (wrong !== undefined) this.#violated(wrong, message instanceof Garbled ? message.cause : undefined);
    else {
      const [code, second, third] = message as List;
      if (code === WELCOME) this.#welcome(second as Id, third as Dict);
      else if (code === CHALLENGE) this.#challenge(second as string, third as Dict);
      else if (code === ABORT) this.#fail(this.#refusal(second as Dict, third as Uri));
      else this.#violated(`message type ${String(code)} must not come before WELCOME`);
    }
  }

  #welcome(id: Id, details: Dict): void {
    const { realm, url, verify } = this.#options;
    const joined = (): void => {
      if (this.#over || this.#core !== undefined) return;
      this.#core = new SessionCore({ id, realm, details, url }, this.#channel as Channel, this, this.#host, this.#sink);
      this.#sink.open?.(this.#core);
    };
    if (verify === undefined || this.#authmethod === '') joined();
    else {
      verify(details, (error) => {
        if (error === undefined) joined();
        else this.#abort(`the router did not prove itself for ${this.#authmethod}`, error);
      });
    }
  }

  #challenge(authmethod: string, extra: Dict): void {
    const { answer, details } = this.#options;
    const offered = details['authmethods'];
    if (answer === undefined || !Array.isArray(offered) || !offered.includes(authmethod)) {
      this.#abort(`the router asks for a login by ${authmethod}, which was not offered: give it in the option auth`, undefined);
      return;
    }
    this.#authmethod = authmethod;
    answer(authmethod, extra, (error, signature, more) => {
      if (this.#over) return;
      let cause = error;
      try {
        if (cause === undefined) this.#channel?.send([AUTHENTICATE, signature, more]);
      } catch (unsendable) {
        cause = unsendable;
      }
      if (cause !== undefined)
        this.#abort(`the login by ${authmethod} could not answer the challenge to ${this.#user}realm ${this.#options.realm}`, cause);
    });
  }

  #abort(message: string, cause: unknown): void {
    if (this.#over) return;
    this.#channel?.send([ABORT, { message }, 'wamp.error.cannot_authenticate']);
    // The router is not told what the login's own code says: a secret may stand there.
    const why = cause instanceof Error ? `: ${cause.message}` : '';
    this.#fail(new JoinError('wamp.error.cannot_authenticate', message + why, { cause }));
  }

  /** The user, if HELLO names one. */
  get #user(): string {
    const { authid } = this.#options.details;
    return typeof authid === 'string' ? `${authid} in ` : '';
  }

  #violated(wrong: string, cause?: unknown): void {
    this.#channel?.send([ABORT, { message: wrong }, 'wamp.error.protocol_violation']);
    const where = this.#options.url ?? 'the other end';
    this.#fail(
      new ConnectionError(`the router at ${where} broke the protocol: ${wrong}`, {
        uri: 'wamp.error.protocol_violation',
        url: this.#options.url,
        cause: new ProtocolError(wrong, { cause }),
      }),
    );
  }

  #refusal(details: Dict, uri: Uri): JoinError {
    const text = typeof details['message'] === 'string' ? `: ${details['message']}` : '';
    const remedy = REMEDIES.find(([pattern]) => pattern.test(uri))?.[1] ?? '';
    const where = this.#options.url ?? 'the router';
    const { realm } = this.#options;
    return new JoinError(uri, `${where} refused ${this.#user}realm ${realm} with ${uri}${text}${remedy}`, { details });
  }

  #fail(error: unknown): void {
    if (this.#over) return;
    this.#over = true;
    this.#link?.unsubscribe();
    this.#sink.error(error instanceof JoinError ? error : asConnectionError(error, this.#options.url));
  }
}

const REMEDIES: readonly (readonly [RegExp, string])[] = [
  [/no_such_realm/, '; check the option realm'],
  [/no_(matching_)?auth_method|authentication_required/, '; the router asks for a login: give one that it takes in the option auth'],
  [/not_authorized|authentication|authorization|no_such_(role|principal)/, '; check the user and the secret in the option auth'],
];

function asConnectionError(error: unknown, url: string | undefined): ConnectionError {
  if (error instanceof ConnectionError) return error;
  return new ConnectionError(error instanceof Error ? error.message : 'the link failed', { url, cause: error });
}
