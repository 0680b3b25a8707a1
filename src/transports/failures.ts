// The sentences of a failed link: each names the URL, what happened, and the remedy where there is one.
// Knows no socket; what a platform reports is sorted where it is reported.
import { ConnectionError, type ConnectionErrorOptions } from '../protocol/errors.ts';
import { PAYLOAD_SIZE_EXCEEDED } from './frames.ts';
import { maskedUrl, type SocketTarget } from './socket.ts';

/** `uri` of the `ConnectionError` for a server with which no subprotocol could be agreed. */
export const NO_SERIALIZER = 'wamp.error.no_serializer';

/** A failure: `<url> <what>`. */
export function failure({ url }: SocketTarget, what: string, options: ConnectionErrorOptions = {}): ConnectionError {
  const masked = maskedUrl(url);
  return new ConnectionError(`${masked} ${what}`, { ...options, url: masked });
}

/** The server chose no subprotocol, or one that was not offered. */
export function noSerializer(target: SocketTarget, chosen: string | undefined, options?: ConnectionErrorOptions): ConnectionError {
  const choice =
    chosen === undefined || chosen === '' ? 'chose no WAMP subprotocol' : `chose the subprotocol ${chosen}, which was not offered`;
  return failure(target, `${choice}: it is no WAMP router, or speaks none of ${target.protocols.join(', ')}`, {
    ...options,
    uri: NO_SERIALIZER,
  });
}

/** The upgrade was answered with this HTTP status. */
export function refused(target: SocketTarget, status: number, location?: string): ConnectionError {
  const said = `answered ${status}`;
  switch (status) {
    case 200:
      return failure(target, `${said}, a web page: no WAMP router is at this path`, { status });
    case 400:
    case 426:
      return failure(target, `${said}: it may speak none of ${target.protocols.join(', ')}, or be no WAMP router`, {
        status,
        uri: NO_SERIALIZER,
      });
    case 401:
      return failure(target, `${said}: it asks for credentials, such as an Authorization header (option headers)`, { status });
    case 403:
      return failure(target, `${said}: check the origin (option origin, or the router's list of origins) and the credentials`, { status });
    case 404:
      return failure(target, `${said}: check the path`, { status });
  }
  if (status >= 300 && status < 400 && location !== undefined) {
    return failure(target, `${said}: it has moved to ${maskedUrl(location)}`, { status });
  }
  if (status >= 500) return failure(target, `${said}: the router, or a proxy before it, is not ready`, { status });
  return failure(target, `${said} instead of opening a WebSocket`, { status });
}

/** The far end closed an open link, or it was cut. */
export function closed(target: SocketTarget, code: number, reason: string): ConnectionError {
  const because = reason === '' ? '' : ` (${reason})`;
  const hint = code === 1009 ? ': a message was larger than the router takes' : '';
  const what =
    code === 1006 || code === 1005 ? 'is gone: the link ended without a word' : `closed the link with code ${code}${because}${hint}`;
  return failure(target, what, { code, reason });
}

/** A message came that is larger than the limit. */
export function tooLargeArrival(target: SocketTarget, options?: ConnectionErrorOptions): ConnectionError {
  return failure(target, `sent a message above maxMessageBytes (${target.maxMessageBytes}): raise the limit or have less sent`, {
    ...options,
    uri: PAYLOAD_SIZE_EXCEEDED,
    code: 1009,
  });
}
