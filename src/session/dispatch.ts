// What arrives: each message is checked against its shape and goes to whoever it is for.
// Knows no state of its own.
// Source: WAMP basic profile, "Protocol Violations" and "Session Close".
import { ProtocolError, WampError } from '../protocol/errors.ts';
import type { Dict, Id, List, Uri } from '../protocol/messages.ts';
import {
  ABORT,
  CALL,
  ERROR,
  EVENT,
  GOODBYE,
  INTERRUPT,
  INVOCATION,
  PUBLISHED,
  REGISTER,
  REGISTERED,
  RESULT,
  SUBSCRIBE,
  SUBSCRIBED,
  UNREGISTERED,
  UNSUBSCRIBED,
} from '../protocol/messages.ts';
import { explainShape } from '../protocol/shapes.ts';
import { Garbled } from '../protocol/sink.ts';
import { answer, invoke } from './callee.ts';
import { claimsIn } from './claim.ts';
import { giveBack } from './confirmation.ts';
import { handshake } from './join.ts';
import { because, refusal } from './refusal.ts';
import type { Entry, SessionCore } from './session.ts';
import { deliver } from './subscriber.ts';

/** Everything that arrives on a link that is not being left. */
export function dispatch(core: SessionCore, message: List | Garbled): void {
  if (message instanceof Garbled) {
    if (core.isOpen) garbled(core, message);
    else core.violated('a frame before WELCOME cannot be decoded', message.cause);
    return;
  }
  const wrong = explainShape(message);
  if (wrong !== undefined) {
    // Binary in the place of a list is an older payload form, which cannot be decoded.
    if (message.some((item) => ArrayBuffer.isView(item)))
      garbled(core, new Garbled(new ProtocolError('binary stands in the place of the arguments'), message));
    else core.violated(wrong);
  } else if (core.isOpen) open(core, message);
  else handshake(core, message);
}

function open(core: SessionCore, message: List): void {
  const code = message[0] as number;
  switch (code) {
    case EVENT:
      deliver(core, message);
      return;
    case RESULT:
      answered(core, message, CALL);
      return;
    case INVOCATION:
      invoke(core, message);
      return;
    case PUBLISHED:
    case SUBSCRIBED:
    case REGISTERED:
    case UNSUBSCRIBED:
    case UNREGISTERED:
      if (message[1] === 0) revoked(core, message);
      else answered(core, message, code - 1);
      return;
    case ERROR: {
      const entry = entryOf(core, message[2] as Id);
      // Some routers put other types than the request's own into an ERROR; nobody waits for those.
      if (entry && entry.kind !== message[1]) core.drop();
      else if (entry && core.settle(entry)) entry.fail(refusal(message, entry.what));
      return;
    }
    case INTERRUPT: {
      const running = core.invocations.get(message[1] as Id);
      if (running) running.cancel();
      else core.drop();
      return;
    }
    case GOODBYE:
    case ABORT: {
      if (code === GOODBYE) core.send([GOODBYE, {}, 'wamp.close.goodbye_and_out']);
      const uri = message[2] as Uri;
      core.end(core.ending(`${code === GOODBYE ? 'closed' : 'aborted'} the session with ${because(uri, message[1] as Dict)}`, uri));
      return;
    }
    default:
      core.violated(`message type ${String(code)} must not come in an open session`);
  }
}

function answered(core: SessionCore, message: List, kind: number): void {
  const entry = entryOf(core, message[1] as Id);
  if (entry && entry.kind !== kind)
    core.violated(`message type ${String(message[0])} answers request ${String(message[1])}, which is of type ${String(entry.kind)}`);
  else if (entry) entry.answer(message);
  else if (core.isOpen && (kind === SUBSCRIBE || kind === REGISTER)) {
    core.late.push([kind, message[2] as Id]);
    giveBack(core);
  }
}

/** The entry that a request id names: late answers are dropped, answers to what was never asked are a violation. */
function entryOf(core: SessionCore, id: Id): Entry | undefined {
  const entry = core.requests.get(id);
  if (entry) return entry;
  if (id <= core.lastRequest) core.drop();
  else core.violated(`request ${String(id)} was answered before it was sent`);
  return undefined;
}

function revoked(core: SessionCore, message: List): void {
  const { subscription, registration, reason } = (message[2] ?? {}) as Dict;
  const held = message[0] === UNSUBSCRIBED ? core.topics.get(subscription as Id) : core.registrations.get(registration as Id);
  const [claim] = claimsIn(held);
  if (claim) claim.table.revoked(claimsIn(held), reason);
  else core.drop();
}

function garbled(core: SessionCore, { head, cause, what }: Garbled): void {
  core.drop();
  const [code, second, third] = head as [unknown, Id?, Id?];
  if (code === INVOCATION && second !== undefined) {
    answer(core, second, 'wamp.error.invalid_payload', [[`the arguments ${what}`]]);
  }
  const [id, kind] = code === ERROR ? [third, second] : [second, code === RESULT ? CALL : (code as number) - 1];
  const entry = id === undefined ? undefined : core.requests.get(id);
  if (entry && entry.kind === kind && core.settle(entry))
    entry.fail(new WampError('wamp.error.invalid_payload', `${entry.what}: the answer ${what}`, { cause }));
}
