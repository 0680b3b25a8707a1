/// <reference lib="esnext.disposable" preserve="true" />
// The entry of `rxwamp/vue`: a client by injection, and streams as refs.
export { provideWamp, useWamp } from './injection.ts';
export { useCall, useStatus, useTopic } from './operations.ts';
export { useStream } from './stream.ts';
export type { StreamRefs } from './stream.ts';
