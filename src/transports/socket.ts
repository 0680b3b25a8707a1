// What stands between the WebSocket transport and a platform's sockets: the options, the two halves of a socket, its URL.
// Knows neither ws nor the DOM: this file is in the public types.
import type { ConnectionError } from '../protocol/errors.ts';
import type { Frame } from '../serializers/serializer.ts';

/** The part of a WebSocket that is used, as browsers, `ws`, undici and React Native have it. */
export interface WebSocketLike {
  readonly readyState: number;
  readonly bufferedAmount: number;
  readonly protocol: string;
  binaryType: string;
  onopen: unknown;
  onmessage: unknown;
  onerror: unknown;
  onclose: unknown;
  /** Takes text and bytes, whatever its class calls their types. */
  send(data: never): void;
  close(code?: number, reason?: string): void;
}

/** A WebSocket class of the user's own; `options` comes third if any of `SocketOptions` was given. */
export type WebSocketClass = new (url: string, protocols: string[], options?: object) => WebSocketLike;

/** How the socket is opened. Browsers decide all of this by themselves: there each of these but `WebSocket` is a `TypeError`. */
export interface SocketOptions {
  /** Sent with the upgrade request, like `{ Authorization: 'Bearer …' }`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The `Origin` header. Default: none. */
  readonly origin?: string;
  /** Certificates of the authorities to trust instead of the well-known ones, in PEM. */
  readonly ca?: string | Uint8Array | readonly (string | Uint8Array)[];
  /** The own certificate, in PEM. */
  readonly cert?: string | Uint8Array;
  /** The private key to `cert`, in PEM. */
  readonly key?: string | Uint8Array;
  /** What `key` is encrypted with. */
  readonly passphrase?: string;
  /** Whether a certificate that cannot be verified ends the attempt. Default: true. */
  readonly rejectUnauthorized?: boolean;
  /** The host name that the certificate must carry. Default: that of the URL. */
  readonly servername?: string;
  /** An `http.Agent` or `https.Agent`, such as a proxy's. */
  readonly agent?: unknown;
  /** 4 or 6: the only version of IP to use. Default: both. */
  readonly family?: 4 | 6;
  /** Whether to offer permessage-deflate: costs memory and time at every message. Default: false. */
  readonly compression?: boolean;
  /** The class to open the socket with. Default: `ws` in Node, elsewhere the platform's own. */
  readonly WebSocket?: WebSocketClass;
}

/** A platform's socket, as the link uses it. */
export interface Socket {
  /** Sends one frame; drops it when the socket is no longer open. Never calls back before it returns. */
  send(frame: Frame): void;
  /** Gives an attempt up, or closes with 1000. Whatever is heard afterwards is the caller's to ignore. */
  close(): void;
  readonly bufferedAmount: number;
  ping?(pong: () => void): void;
}

/** What a socket calls: never before it has been returned; `fail` ends it, whatever the cause. */
export interface SocketEvents {
  opened(protocol: string): void;
  frame(frame: Frame): void;
  fail(error: ConnectionError): void;
}

/** Where to, in which subprotocols, and the largest frame to take, in bytes. */
export interface SocketTarget {
  readonly url: string;
  readonly protocols: readonly string[];
  readonly maxMessageBytes: number;
}

/** Opens a socket. What the platform throws at once is thrown. */
export type OpenSocket = (target: SocketTarget, events: SocketEvents) => Socket;

interface Page {
  readonly href: string;
  readonly protocol: string;
}

/**
 * Completes and checks a URL.
 * @param page Where the code runs, `null` if that is no page; a path is taken from its host. Default: `location`.
 * @throws {TypeError} No URL to open a WebSocket at.
 */
export function socketUrl(url: string, page: Page | null = ownPage()): string {
  const hosted = page !== null && /^https?:$/.test(page.protocol);
  const absolute = hosted && url.startsWith('/') ? new URL(url, page.href.replace(/^http/i, 'ws')).href : url;
  const refuse = (why: string): never => {
    throw new TypeError(`url ${why}: ${maskedUrl(url)}`);
  };
  if (page === null && /^ws\+unix:\//i.test(absolute)) return absolute;
  if (!/^wss?:\/\//i.test(absolute)) throw new TypeError(`url must begin with ws:// or wss://: ${maskedUrl(url)}${advice(url)}`);
  if (absolute.includes('#')) refuse('must have no fragment (#)');
  if (!URL.canParse(absolute)) refuse('is not a URL');
  const { protocol, hostname } = new URL(absolute);
  const loopback = hostname === 'localhost' || hostname.endsWith('.localhost') || hostname === '[::1]' || hostname.startsWith('127.');
  if (page?.protocol === 'https:' && protocol === 'ws:' && !loopback) {
    refuse('must begin with wss:// because the page came by https');
  }
  return absolute;
}

function ownPage(): Page | null {
  return (globalThis as { readonly location?: Page }).location ?? null;
}

function advice(url: string): string {
  if (url === '') return 'it is empty';
  if (url.startsWith('/')) return '; a path alone is enough only on a page';
  const rest = url.replace(/^https?(?=:\/\/)/i, (scheme) => scheme.toLowerCase().replace('http', 'ws'));
  if (rest !== url) return `; did you mean ${maskedUrl(rest)}?`;
  return url.includes('://') ? '' : `; did you mean ws://${maskedUrl(url)}?`;
}

/** A URL for messages and logs: without its credentials and its query, which may carry a token. */
export function maskedUrl(url: string): string {
  return url.replace(/\?.*$/s, '?***').replace(/^([a-z]+:\/\/)?[^/?#]*@/i, '$1***@');
}
