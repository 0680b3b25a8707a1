// The names of the messages, by their codes.
// Source: WAMP basic profile, "Message Codes and Direction".
import * as codes from '../protocol/messages.ts';
import type { MessageName } from './recording.ts';

const NAMES: ReadonlyMap<unknown, MessageName> = new Map(Object.entries(codes).map(([name, code]) => [code, name as MessageName]));

/** The name of a message by its code; undefined if there is none. */
export function nameOf(code: unknown): MessageName | undefined {
  return NAMES.get(code);
}
