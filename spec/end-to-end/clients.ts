// Clients over a real WebSocket to the test router, in Node and in a browser; each is closed after its spec.
import { Client, type ClientOptions, type Serializer, json } from '../../src/index.ts';
import { msgpack } from '../../src/msgpack.ts';
import { kept } from '../client/opened.ts';
import { routerUrl } from '../support/env.ts';

/** What each spec of the wire runs with. */
export const SERIALIZERS: readonly (readonly [name: string, serializers: readonly Serializer[]])[] = [
  ['JSON', [json()]],
  ['MessagePack', [msgpack()]],
];

export function client(options: ClientOptions = {}): Client {
  return kept(new Client({ url: routerUrl(), logger: false, ...options }));
}
