/// <reference lib="esnext.disposable" preserve="true" />
// The entry of `rxwamp`: the client, the primitive under it, errors, and the seams for transports, serializers and logins.
export { Client } from './client/client.ts';
export { connect } from './client/connect.ts';
export type { Status } from './client/connection.ts';
export type { Counters, Snapshot } from './client/inspect.ts';
export type { Logger } from './client/logger.ts';
export type { Operations, Registered, Subscribed } from './client/operations.ts';
export type {
  CallOptions,
  ClientOptions,
  ConnectOptions,
  Custom,
  Forced,
  PublishOptions,
  ReconnectOptions,
  RegisterOptions,
  SubjectOptions,
  SubscribeOptions,
  Waiting,
} from './client/options.ts';
export type { Session } from './client/session.ts';
export type { TopicSubject } from './client/subject.ts';
export { whenLost } from './client/when-lost.ts';
export type { Answer } from './contract/answer.ts';
export type { ApplicationErrorOptions, ConnectionErrorOptions } from './protocol/errors.ts';
export {
  ApplicationError,
  CallTimeoutError,
  ConnectionError,
  isWampError,
  JoinError,
  ProtocolError,
  WampError,
} from './protocol/errors.ts';
export type { Fresh } from './protocol/fresh.ts';
export type { ChallengeAnswer, Login } from './protocol/login.ts';
export type { Dict, Id, List, Uri } from './protocol/messages.ts';
export type { Cancel, Channel, Sink, Transport } from './protocol/sink.ts';
export { Garbled } from './protocol/sink.ts';
export type { Match } from './protocol/uris.ts';
export { json } from './serializers/json.ts';
export type { Frame, Serializer } from './serializers/serializer.ts';
export type { CancelMode } from './session/caller.ts';
export type { Event, Invocation, Result } from './session/result.ts';
export { result } from './session/result.ts';
export type { Direction, Intercept, InterceptByName, Interceptor } from './transports/intercept.ts';
export { intercept } from './transports/intercept.ts';
export type { TraceOptions } from './transports/trace.ts';
export { trace } from './transports/trace.ts';
export type { SocketOptions, WebSocketClass, WebSocketLike, WebSocketOptions } from './transports/websocket.ts';
export { webSocket } from './transports/websocket.ts';
