// Sockets in Node, by ws: one write for the sends of a turn, pings, and sentences for what Node and OpenSSL report.
// Knows no message. Text is looked through once: what is ASCII needs no decoding and no check.
// Source: RFC 6455.
import { isAscii, isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import type { Socket as NetSocket } from 'node:net';
import { WebSocket } from 'ws';
import type { ConnectionError } from '../protocol/errors.ts';
import type { Frame } from '../serializers/serializer.ts';
import { closed, failure, noSerializer, refused, tooLargeArrival } from './failures.ts';
import type { OpenSocket, Socket, SocketEvents, SocketOptions, SocketTarget } from './socket.ts';

/** How long a peer may take to answer a close, in milliseconds; ws itself would wait for 30 s. */
const CLOSE_TIMEOUT_MS = 1000;

/** ws reads its limit as a signed 32-bit integer; 0 is none. */
const LARGEST_LIMIT = 2 ** 31 - 1;

/** Opens sockets of ws. */
export function socketOpener(options: SocketOptions): OpenSocket {
  const { compression = false, ...given } = options;
  return (target, events) => new NodeSocket({ ...given, perMessageDeflate: compression } as WebSocket.ClientOptions, target, events);
}

class NodeSocket implements Socket {
  readonly #ws: WebSocket;
  readonly #pongs: (() => void)[] = [];
  /** Set by the upgrade; null in Bun, whose ws shows no socket. */
  #net: NetSocket | null | undefined;
  #corked = false;
  /** Nobody waits for the end: its error is not made. */
  #left = false;
  #pings = 0;
  #answered = 0;

  constructor(options: WebSocket.ClientOptions, target: SocketTarget, events: SocketEvents) {
    const { url, protocols, maxMessageBytes } = target;
    const maxPayload = maxMessageBytes > LARGEST_LIMIT ? 0 : Math.floor(maxMessageBytes);
    const ws = new WebSocket(url, [...protocols], { ...options, maxPayload, skipUTF8Validation: true });
    this.#ws = ws;
    ws.on('message', (data: Buffer, isBinary) => {
      if (isBinary) events.frame(data);
      else if (isAscii(data)) events.frame(data.toString('latin1'));
      else if (isUtf8(data)) events.frame(data.toString('utf8'));
      else {
        ws.close(1007);
        events.fail(failure(target, 'ended the link: it sent text that is not UTF-8', { code: 1007 }));
      }
    });
    ws.once('upgrade', (response) => {
      this.#net = response.socket;
      const chosen = response.headers['sec-websocket-protocol'];
      if (chosen === undefined || !protocols.includes(chosen)) events.fail(noSerializer(target, chosen, { status: 101 }));
    });
    ws.once('unexpected-response', (_request, response: IncomingMessage) => {
      events.fail(refused(target, response.statusCode ?? 0, response.headers.location));
    });
    ws.once('open', () => {
      events.opened(ws.protocol);
    });
    ws.on('pong', (payload) => {
      // A pong may answer several pings at once; one that was never asked for has no number of ours.
      const number = Number(payload.toString('latin1'));
      while (this.#answered < number && this.#answered < this.#pings) {
        const listener = this.#pongs.shift();
        this.#answered++;
        listener?.();
      }
    });
    // Stays for good: ws also emits an error for an attempt that is given up.
    ws.on('error', (error: NodeJS.ErrnoException) => {
      events.fail(this.#net === undefined ? unreached(target, error) : broken(target, error));
    });
    ws.once('close', (code, reason) => {
      if (!this.#left) events.fail(closed(target, code, reason.toString('utf8')));
    });
  }

  get bufferedAmount(): number {
    return this.#ws.bufferedAmount;
  }

  send(frame: Frame): void {
    const net = this.#net;
    if (!this.#corked && net) {
      this.#corked = true;
      net.cork();
      process.nextTick(this.#uncork);
    }
    this.#ws.send(frame);
  }

  ping(pong: () => void): void {
    this.#pongs.push(pong);
    this.#ws.ping(String(++this.#pings));
  }

  close(): void {
    const ws = this.#ws;
    this.#left = true;
    if (ws.readyState === WebSocket.CLOSED) return;
    if (ws.readyState === WebSocket.CONNECTING) {
      ws.terminate();
      return;
    }
    ws.close(1000);
    const timer = setTimeout(() => {
      ws.terminate();
    }, CLOSE_TIMEOUT_MS).unref();
    ws.once('close', () => {
      clearTimeout(timer);
    });
  }

  readonly #uncork = (): void => {
    this.#corked = false;
    this.#net?.uncork();
  };
}

/** Sorts what Node reports of an attempt. */
function unreached(target: SocketTarget, error: NodeJS.ErrnoException): ConnectionError {
  const { code = '', message } = error;
  const { protocol, hostname } = new URL(target.url);
  const fail = (what: string): ConnectionError => failure(target, what, { cause: error });
  if (code === 'ECONNREFUSED') return fail('cannot be reached: nothing listens there; is the router running?');
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return fail(`cannot be reached: the host ${hostname} is unknown; check its name`);
  if (code === 'ETIMEDOUT' || code === 'EHOSTUNREACH' || code === 'ENETUNREACH')
    return fail(`cannot be reached (${code}): check the address and the network`);
  if (protocol === 'wss:') {
    if (/wrong version number|packet length too long|unknown protocol|record layer failure/i.test(message)) {
      return fail('does not speak TLS on this port: use ws:// there, or the port of wss');
    }
    if (/SELF_SIGNED|UNABLE_TO_(?:VERIFY|GET_ISSUER)/.test(code)) {
      return fail(`has a certificate that no known authority signed (${code}): give its authority in the option ca`);
    }
    if (/alert (?:certificate required|handshake failure)/.test(message))
      return fail('asks for a certificate of the client: give it in the options cert and key');
    const distrust = /alert (unknown ca|(?:bad|unsupported|revoked) certificate|certificate (?:revoked|expired|unknown))/.exec(
      message,
    )?.[1];
    if (distrust !== undefined)
      return fail(`does not trust the certificate of the client (${distrust}): give one in cert and key that its authority signed`);
    if (/^CERT_|^ERR_TLS_CERT/.test(code)) return fail(`has a certificate that is not valid here: ${message}`);
    if (code === 'ECONNRESET') return fail('hung up in the TLS handshake: does its port speak TLS? If not, use ws://');
  } else if (code === 'ECONNRESET' || code.startsWith('HPE_')) {
    return fail('gave no HTTP answer: if its port speaks TLS, use wss://; else it is no WebSocket server');
  }
  return fail(`could not be opened: ${message === '' ? code : message}`);
}

/** Sorts what ws reports of an open link. */
function broken(target: SocketTarget, error: NodeJS.ErrnoException): ConnectionError {
  if (error.code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH') return tooLargeArrival(target, { cause: error });
  return failure(target, `ended the link: ${error.message}`, { cause: error });
}
