// The state of a client as a signal.
import type { Signal } from '@angular/core';
import { type WampContext, type WampStatus, within } from './shared.ts';

/**
 * What the client is doing, with the latest error of a `topicSignal`. Neither opens nor holds a connection.
 * @throws {TypeError} No client is provided.
 */
export function wampStatus({ token, injector }: WampContext = {}): Signal<WampStatus> {
  return within(token, injector, ([, , status]) => status);
}
