/// <reference lib="esnext.disposable" preserve="true" />
'use client';
// The entry of `rxwamp/react`: a client by context, and streams as state.
export { useWamp, WampProvider } from './context.ts';
export type { WampProviderProps } from './context.ts';
export { useCall, useStatus, useTopic } from './operations.ts';
export { useStream } from './stream.ts';
export type { StreamState } from './stream.ts';
