// The configuration of a Crossbar.io node (`.crossbar/config.json`), read for its first realm and the first place that speaks WebSocket.
import { UsageError } from './failure.ts';

interface Endpoint {
  readonly type?: string;
  readonly port?: number | string;
  readonly interface?: string;
  readonly tls?: unknown;
}
interface Transport {
  readonly type?: string;
  readonly url?: string;
  readonly endpoint?: Endpoint;
  readonly path?: string;
  /** Of type `web`: what is at which path. */
  readonly paths?: { readonly [path: string]: { readonly type?: string } };
  /** Of type `universal`: the same for WebSocket only. */
  readonly websocket?: { readonly [path: string]: { readonly type?: string } };
}
interface Worker {
  readonly type?: string;
  readonly realms?: readonly { readonly name?: string }[];
  readonly transports?: readonly Transport[];
}

export function isCrossbarConfig(config: object): boolean {
  return Array.isArray((config as { readonly workers?: unknown }).workers);
}

/** @throws {UsageError} No router worker in it, or none that is reached by WebSocket. */
export function crossbarSettings(path: string, config: object): { readonly url: string; readonly realm?: string } {
  const workers = (config as { readonly workers: readonly Worker[] }).workers;
  const router = workers.find(({ type, transports }) => type === 'router' || transports !== undefined);
  if (router === undefined) throw new UsageError(`${path} has no worker of type router`);
  const url = router.transports?.map(urlOf).find((each) => each !== undefined);
  if (url === undefined) throw new UsageError(`${path} has no transport that speaks WebSocket at a TCP port`, 'name the router with --url');
  const realm = router.realms?.[0]?.name;
  return { url, ...(realm !== undefined && { realm }) };
}

function urlOf({ type, url, endpoint = {}, path = '', paths = {}, websocket = {} }: Transport): string | undefined {
  if (type !== 'websocket' && type !== 'web' && type !== 'universal') return undefined;
  if (url !== undefined) return url;
  if (endpoint.type !== 'tcp') return undefined;
  const below =
    type === 'websocket' ? path : Object.entries(type === 'web' ? paths : websocket).find(([, at]) => at.type === 'websocket')?.[0];
  if (below === undefined) return undefined;
  const secure = endpoint.tls !== undefined;
  const { interface: host = 'localhost', port = secure ? 443 : 80 } = endpoint;
  // What a server listens at everywhere is no address to connect to.
  const reached = host === '0.0.0.0' || host === '::' ? 'localhost' : host.includes(':') ? `[${host}]` : host;
  return `${secure ? 'wss' : 'ws'}://${reached}:${port}/${below.replace(/^\//, '')}`;
}
