// The state of a client as a signal.
import { inject, type Signal } from '@angular/core';
import { injectWamp } from './client.ts';
import { SHARED, type WampContext, type WampStatus, within } from './shared.ts';

/**
 * What the client is doing, with the last error of a `topicSignal` since it is in this state. Neither opens nor holds a connection.
 * @throws {TypeError} No client is provided.
 */
export function wampStatus({ token, injector }: WampContext = {}): Signal<WampStatus> {
  return within(injector, () => inject(SHARED).statusOf(injectWamp(token)).asReadonly());
}
