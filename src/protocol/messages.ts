// The 24 message types as the wire's own lists, typed as labelled tuples; `switch (message[0])` narrows them.
// Knows nothing else: no ids are made here, nothing is checked, nothing is converted.
// Source: WAMP basic profile, "Messages"; advanced profile for CHALLENGE, AUTHENTICATE, CANCEL and INTERRUPT.

/** An integer from 1 to 2^53. */
export type Id = number;
/** Components separated by dots. */
export type Uri = string;
export type List = readonly unknown[];
export interface Dict {
  readonly [key: string]: unknown;
}

export const HELLO = 1;
export const WELCOME = 2;
export const ABORT = 3;
export const CHALLENGE = 4;
export const AUTHENTICATE = 5;
export const GOODBYE = 6;
export const ERROR = 8;
export const PUBLISH = 16;
export const PUBLISHED = 17;
export const SUBSCRIBE = 32;
export const SUBSCRIBED = 33;
export const UNSUBSCRIBE = 34;
export const UNSUBSCRIBED = 35;
export const EVENT = 36;
export const CALL = 48;
export const CANCEL = 49;
export const RESULT = 50;
export const REGISTER = 64;
export const REGISTERED = 65;
export const UNREGISTER = 66;
export const UNREGISTERED = 67;
export const INVOCATION = 68;
export const INTERRUPT = 69;
export const YIELD = 70;

export type Hello = readonly [code: typeof HELLO, realm: Uri, details: Dict];
export type Welcome = readonly [code: typeof WELCOME, session: Id, details: Dict];
export type Abort = readonly [code: typeof ABORT, details: Dict, reason: Uri, args?: List, kwargs?: Dict];
export type Challenge = readonly [code: typeof CHALLENGE, authmethod: string, extra: Dict];
export type Authenticate = readonly [code: typeof AUTHENTICATE, signature: string, extra: Dict];
export type Goodbye = readonly [code: typeof GOODBYE, details: Dict, reason: Uri];
/** The code of the request that failed; in an ERROR it stands beside the request's id. */
export type RequestType =
  typeof PUBLISH | typeof SUBSCRIBE | typeof UNSUBSCRIBE | typeof CALL | typeof REGISTER | typeof UNREGISTER | typeof INVOCATION;
export type ErrorMessage = readonly [
  code: typeof ERROR,
  type: RequestType,
  request: Id,
  details: Dict,
  error: Uri,
  args?: List,
  kwargs?: Dict,
];

export type Publish = readonly [code: typeof PUBLISH, request: Id, options: Dict, topic: Uri, args?: List, kwargs?: Dict];
export type Published = readonly [code: typeof PUBLISHED, request: Id, publication: Id];
export type Subscribe = readonly [code: typeof SUBSCRIBE, request: Id, options: Dict, topic: Uri];
export type Subscribed = readonly [code: typeof SUBSCRIBED, request: Id, subscription: Id];
export type Unsubscribe = readonly [code: typeof UNSUBSCRIBE, request: Id, subscription: Id];
/** With request 0 it is a revocation, and `details` names the subscription. */
export type Unsubscribed = readonly [code: typeof UNSUBSCRIBED, request: Id, details?: Dict];
export type EventMessage = readonly [code: typeof EVENT, subscription: Id, publication: Id, details: Dict, args?: List, kwargs?: Dict];

export type Call = readonly [code: typeof CALL, request: Id, options: Dict, procedure: Uri, args?: List, kwargs?: Dict];
export type CancelMessage = readonly [code: typeof CANCEL, request: Id, options: Dict];
export type ResultMessage = readonly [code: typeof RESULT, request: Id, details: Dict, args?: List, kwargs?: Dict];
export type Register = readonly [code: typeof REGISTER, request: Id, options: Dict, procedure: Uri];
export type RegisteredMessage = readonly [code: typeof REGISTERED, request: Id, registration: Id];
export type Unregister = readonly [code: typeof UNREGISTER, request: Id, registration: Id];
/** With request 0 it is a revocation, and `details` names the registration. */
export type Unregistered = readonly [code: typeof UNREGISTERED, request: Id, details?: Dict];
export type InvocationMessage = readonly [
  code: typeof INVOCATION,
  request: Id,
  registration: Id,
  details: Dict,
  args?: List,
  kwargs?: Dict,
];
export type Interrupt = readonly [code: typeof INTERRUPT, request: Id, options: Dict];
export type Yield = readonly [code: typeof YIELD, request: Id, options: Dict, args?: List, kwargs?: Dict];

export type Message =
  | Hello
  | Welcome
  | Abort
  | Challenge
  | Authenticate
  | Goodbye
  | ErrorMessage
  | Publish
  | Published
  | Subscribe
  | Subscribed
  | Unsubscribe
  | Unsubscribed
  | EventMessage
  | Call
  | CancelMessage
  | ResultMessage
  | Register
  | RegisteredMessage
  | Unregister
  | Unregistered
  | InvocationMessage
  | Interrupt
  | Yield;
