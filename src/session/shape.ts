// The shape of the messages that come most, checked inline; whatever fails here is explained by the validator.
// Knows no session.
import type { Dict, List } from '../protocol/messages.ts';

/** Whether details, args and kwargs have the types that every message with a payload has. */
export function isPayload(details: unknown, args: unknown, kwargs: unknown): boolean {
  return isDict(details) && (args === undefined || Array.isArray(args)) && (kwargs === undefined || isDict(kwargs));
}

/** Whether a value is a dictionary on the wire. */
export function isDict(value: unknown): value is Dict {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value);
}

/** Appends a payload to a message: empty lists and dictionaries are left out, keyword arguments stand behind a list. */
export function withPayload(message: unknown[], args: List | undefined, kwargs: Dict | undefined): List {
  if (kwargs !== undefined) message.push(args ?? [], kwargs);
  else if (args !== undefined) message.push(args);
  return message;
}
