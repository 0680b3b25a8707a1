/// <reference lib="esnext.disposable" preserve="true" />
// The entry `rxwamp/angular`: a client from Angular's injector, topics and its state as signals, calls as resources.
export { callResource } from './call-resource.ts';
export type { CallResourceOptions } from './call-resource.ts';
export { injectWamp, provideWamp, WAMP } from './client.ts';
export type { WampContext, WampStatus } from './shared.ts';
export { topicSignal } from './topic-signal.ts';
export type { TopicSignalOptions } from './topic-signal.ts';
export { wampStatus } from './wamp-status.ts';
