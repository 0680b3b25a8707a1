/// <reference lib="esnext.disposable" preserve="true" />
// The entry `rxwamp/testing`: a router and clients for one test, recordings, a scripted far side, virtual time.
export {
  ABORT,
  AUTHENTICATE,
  CALL,
  CANCEL,
  CHALLENGE,
  ERROR,
  EVENT,
  GOODBYE,
  HELLO,
  INTERRUPT,
  INVOCATION,
  PUBLISH,
  PUBLISHED,
  REGISTER,
  REGISTERED,
  RESULT,
  SUBSCRIBE,
  SUBSCRIBED,
  UNREGISTER,
  UNREGISTERED,
  UNSUBSCRIBE,
  UNSUBSCRIBED,
  WELCOME,
  YIELD,
} from '../protocol/messages.ts';
export type { Message } from '../protocol/messages.ts';
export type { HoldingOptions } from './arrivals.ts';
export { testing } from './kit.ts';
export type { Clients, Kit, Startable } from './kit.ts';
export { marbles } from './marbles.ts';
export type { Fate, MarblesOptions, Stage } from './marbles.ts';
export type { TestingOptions } from './options.ts';
export { Recording } from './recording.ts';
export type { MessageName, MessageNamed, Recorded, RecordingOptions, UntilOptions } from './recording.ts';
export { friendly, ScriptedRouter } from './scripted.ts';
export type { ScriptedLink, ScriptedOptions } from './scripted.ts';
export { eventually } from './waiters.ts';
export type { EventuallyOptions, LimitOptions } from './waiters.ts';
