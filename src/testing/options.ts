// The options of `testing`, checked by name and value before anything is started.
// Knows no router and no client, which check what is theirs.
import type { ClientOptions } from '../client/options.ts';
import type { Uri } from '../protocol/messages.ts';
import { isUri } from '../protocol/uris.ts';
import type { RouterOptions } from '../router/index.ts';

export interface TestingOptions<Count extends number = number> {
  /** The realm of the router and of the clients. Default: `realm1`. */
  readonly realm?: Uri;
  /** How many clients are made at once, as `kit.clients`. Default: 1. */
  readonly clients?: Count;
  /** `true` for a real WebSocket on loopback, at a free port; Node only. Default: false, links in this process through real encoding. */
  readonly websocket?: boolean;
  /** A router that runs already, like that of `crossbar()`; then none is embedded, and what waits asks its meta procedures. Default: none. */
  readonly url?: string;
  /** For every client of the kit. Default: those of `Client`, but 20 ms between attempts. */
  readonly client?: Omit<ClientOptions, 'url' | 'realm' | 'transport'>;
  /** For the embedded router: more realms, `intercept`, limits. Default: those of `Router`, with the realm alone. */
  readonly router?: Partial<RouterOptions>;
  /** How long each wait may take; in milliseconds. Default: 2,000. */
  readonly limitMs?: number;
  /** `false` keeps secrets in the recordings. Default: true. */
  readonly mask?: boolean;
}

const RULES: Readonly<Record<string, readonly [holds: (value: unknown) => boolean, what: string]>> = {
  realm: [isUri, 'a URI like realm1'],
  clients: [(value) => Number.isInteger(value) && (value as number) >= 0, 'a whole number, 0 or more'],
  websocket: [(value) => typeof value === 'boolean', 'true or false'],
  url: [(value) => typeof value === 'string' && /^wss?:\/\//.test(value), 'a URL like ws://localhost:8080/ws'],
  client: [isObject, 'an object of client options'],
  router: [isObject, 'an object of router options'],
  limitMs: [(value) => typeof value === 'number' && value >= 0, 'a number of milliseconds, 0 or more'],
  mask: [(value) => typeof value === 'boolean', 'true or false'],
};

/** @throws {TypeError} An unknown name, a wrong value, or two that exclude each other. */
export function checkTestingOptions(options: object): void {
  for (const [name, value] of Object.entries(options)) {
    const rule = RULES[name];
    if (rule === undefined) throw new TypeError(`unknown option ${name} of testing: it has ${Object.keys(RULES).join(', ')}`);
    if (value !== undefined && !rule[0](value)) throw new TypeError(`option ${name} of testing must be ${rule[1]}, not ${String(value)}`);
  }
  const { url, websocket, router } = options as Readonly<Record<string, unknown>>;
  if (url !== undefined && (websocket !== undefined || router !== undefined))
    throw new TypeError('url names a router that runs already: leave websocket and router out, which are for an embedded one');
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
