// The entry `rxwamp/msgpack`: the only one that needs msgpack-lite.
export { msgpack } from './serializers/msgpack.ts';
