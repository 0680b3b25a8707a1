// The error classes. Each has a `uri`, a message of one sentence that names the thing, and the cause where there is one.
// Secrets and payloads stay out of messages.
// Source: WAMP basic profile, "URI Reference"; advanced profile, "URIs".
import type { Dict, List, Uri } from './messages.ts';

/** The base of every error of this library. `uri` is the WAMP error or reason URI. */
export class WampError extends Error {
  override readonly name: string = 'WampError';
  readonly uri: Uri;
  constructor(uri: Uri, message: string, options?: ErrorOptions) {
    super(message, options);
    this.uri = uri;
  }
}

const NO_ARGS: List = Object.freeze([]);
const NO_KWARGS: Dict = Object.freeze({});

/** What an ERROR carries beside its URI, and what only this side knows. */
export interface ApplicationErrorOptions extends ErrorOptions {
  readonly details?: Dict;
  /** The sentence; by default made from the URI and a first argument that is text. */
  readonly message?: string;
}

/** An ERROR of the other side: a callee's or the router's. Thrown in a registration's pipeline it is sent verbatim. */
export class ApplicationError extends WampError {
  override readonly name = 'ApplicationError';
  readonly args: List;
  readonly kwargs: Dict;
  readonly details: Dict;
  /**
   * @param uri The error URI, like `com.example.error.not_found`.
   * @param args Positional arguments. Default: none.
   * @param kwargs Keyword arguments. Default: none.
   */
  constructor(uri: Uri, args: List = NO_ARGS, kwargs: object = NO_KWARGS, options: ApplicationErrorOptions = {}) {
    super(uri, options.message ?? (typeof args[0] === 'string' ? `${uri}: ${args[0]}` : uri), options);
    this.args = args;
    this.kwargs = kwargs as Dict;
    this.details = options.details ?? NO_KWARGS;
  }
}

/** The router refused the session with ABORT; `uri` is its reason. */
export class JoinError extends WampError {
  override readonly name = 'JoinError';
  readonly details: Dict;
  constructor(uri: Uri, message: string, options: ErrorOptions & { readonly details?: Dict } = {}) {
    super(uri, message, options);
    this.details = options.details ?? NO_KWARGS;
  }
}

/** The `uri` of what is subscribed on a client after `close()`. */
export const CLIENT_CLOSED: Uri = 'wamp.error.client_closed';

/** What a `ConnectionError` knows of the link. */
export interface ConnectionErrorOptions extends ErrorOptions {
  readonly uri?: Uri;
  readonly sent?: boolean;
  readonly code?: number | undefined;
  readonly reason?: string | undefined;
  readonly url?: string | undefined;
  readonly status?: number | undefined;
}

/** The link or the session ended, or was never reached. Worth a retry; nothing is known of work that was in flight. */
export class ConnectionError extends WampError {
  override readonly name = 'ConnectionError';
  /** Whether the request left this machine: `false` means it certainly did not run. */
  readonly sent: boolean;
  /** The WebSocket close code, where there was one. */
  readonly code: number | undefined;
  /** The WebSocket close reason, where there was one. */
  readonly reason: string | undefined;
  readonly url: string | undefined;
  /** The HTTP status that answered the upgrade instead of 101; unknown in browsers. */
  readonly status: number | undefined;
  constructor(message: string, options: ConnectionErrorOptions = {}) {
    super(options.uri ?? 'wamp.error.network_failure', message, options);
    this.sent = options.sent ?? false;
    this.code = options.code;
    this.reason = options.reason;
    this.url = options.url;
    this.status = options.status;
  }
}

/** A call took longer than its limit: `timeoutMs` here, or the router's own. */
export class CallTimeoutError extends WampError {
  override readonly name = 'CallTimeoutError';
  /** Whether the request left this machine: `false` means it certainly did not run. */
  readonly sent: boolean;
  constructor(message: string, options: ErrorOptions & { readonly sent?: boolean } = {}) {
    super('wamp.error.timeout', message, options);
    this.sent = options.sent ?? true;
  }
}

/** The other side broke the protocol; the message says where and how. */
export class ProtocolError extends WampError {
  override readonly name = 'ProtocolError';
  constructor(message: string, options?: ErrorOptions) {
    super('wamp.error.protocol_violation', message, options);
  }
}

/**
 * Whether a value is an error of this library, with this URI if one is given.
 * `wamp.error.canceled` and `wamp.error.cancelled` count as one: the specification spells it both ways.
 */
export function isWampError(error: unknown, uri?: Uri): error is WampError {
  return (
    error instanceof WampError && (uri === undefined || error.uri.replace('cancelled', 'canceled') === uri.replace('cancelled', 'canceled'))
  );
}

/** What a thrown value says, for a sentence. */
export function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
