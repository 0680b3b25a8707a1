// Configurations of Crossbar.io that are ready to start, and what there is to know of any other: where it listens.
// Knows no process. Source: Crossbar.io, "Node Configuration", version 2 of the format.
import type { Address } from './process.ts';

/** Those that are ready: realm `realm1`, everything allowed to everybody who comes in, path `/ws`, JSON and MessagePack. */
export type ReadyConfig = 'default' | 'static-auth' | 'tls' | 'ipv6' | 'timeout';

/** Who comes in with the configuration `static-auth`; nobody else does. */
export const LOGINS = {
  ticket: { authid: 'tina', ticket: 'tina-ticket' },
  wampcra: { authid: 'cora', secret: 'cora-secret' },
  wampcraSalted: { authid: 'sally', secret: 'sally-secret' },
} as const;

export interface CrossbarTransport {
  readonly type: string;
  readonly endpoint?: {
    readonly type?: string;
    readonly interface?: string;
    readonly port?: number;
    readonly version?: number;
    readonly tls?: object;
  };
  readonly url?: string;
  readonly paths?: Readonly<Record<string, { readonly type: string }>>;
}

export interface CrossbarConfig {
  readonly workers?: readonly { readonly transports?: readonly CrossbarTransport[] }[];
}

const ALLOW = { call: true, register: true, publish: true, subscribe: true };
const DISCLOSE = { caller: true, publisher: true };
const permissions = [{ uri: '', match: 'prefix', allow: ALLOW, disclose: DISCLOSE, cache: true }];
const serializers = ['json', 'msgpack'];

const AUTH = {
  ticket: { type: 'static', principals: { [LOGINS.ticket.authid]: { ticket: LOGINS.ticket.ticket, role: 'user' } } },
  wampcra: {
    type: 'static',
    users: {
      [LOGINS.wampcra.authid]: { secret: LOGINS.wampcra.secret, role: 'user' },
      [LOGINS.wampcraSalted.authid]: { secret: LOGINS.wampcraSalted.secret, role: 'user', salt: 'salt123', iterations: 1000, keylen: 32 },
    },
  },
};
/** A link that is silent for longer than these two together is dropped. */
const PINGS = { auto_ping_interval: 1_000, auto_ping_timeout: 1_000 };

/** One of the ready configurations, at a port. Files are named relative to the folder that Crossbar.io works in. */
export function readyConfig(name: ReadyConfig, port: number): CrossbarConfig {
  const own = name === 'static-auth' ? { auth: AUTH } : name === 'timeout' ? { options: PINGS } : {};
  const endpoint = {
    type: 'tcp',
    port,
    ...(name === 'ipv6' ? { version: 6, interface: '::1' } : { interface: '127.0.0.1' }),
    ...(name === 'tls' && { tls: { key: 'server.key', certificate: 'server.crt' } }),
  };
  const config = {
    version: 2,
    controller: {},
    workers: [
      {
        type: 'router',
        realms: [{ name: 'realm1', roles: ['anonymous', 'user'].map((role) => ({ name: role, permissions })) }],
        transports: [
          {
            type: 'web',
            endpoint,
            paths: { '/': { type: 'static', directory: 'web' }, ws: { type: 'websocket', serializers, ...own } },
          },
        ],
      },
    ],
  };
  return config;
}

/** Where a configuration listens by TCP, and the URLs of its WebSockets, in its order. */
export function placesOf(config: CrossbarConfig): { readonly addresses: readonly Address[]; readonly urls: readonly string[] } {
  const transports = (config.workers ?? []).flatMap((worker) => worker.transports ?? []);
  const tcp = transports.flatMap(({ type, endpoint = {}, paths = {}, url }) => {
    const { port } = endpoint;
    if (port === undefined) return [];
    const isSix = endpoint.version === 6;
    // What listens everywhere is reached by loopback.
    const given = endpoint.interface ?? '';
    const host = ['', '0.0.0.0', '::'].includes(given) ? (isSix ? '::1' : '127.0.0.1') : given;
    const base = `${endpoint.tls ? 'wss' : 'ws'}://${host.includes(':') ? `[${host}]` : host}:${String(port)}`;
    const sockets = Object.entries(paths).filter(([, path]) => path.type === 'websocket');
    const own = type === 'websocket' ? [`${base}${url === undefined ? '/' : new URL(url).pathname}`] : [];
    return [{ address: { host, port }, urls: [...own, ...sockets.map(([path]) => `${base}/${path === '/' ? '' : path}`)] }];
  });
  return { addresses: tcp.map(({ address }) => address), urls: tcp.flatMap(({ urls }) => urls) };
}
