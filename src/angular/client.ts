// The client as something to inject: its token, its provider, its end.
// Knows no signal. Functions only: what tsc makes of a decorator is nothing that Angular's compiler could read.
import {
  DestroyRef,
  type EnvironmentProviders,
  inject,
  InjectionToken,
  makeEnvironmentProviders,
  NgZone,
  PLATFORM_ID,
} from '@angular/core';
import { NEVER } from 'rxjs';
import { Client } from '../client/client.ts';
import type { ClientOptions } from '../client/options.ts';

/** The client that `injectWamp()` gives. A second router has a token of its own: `new InjectionToken<Client>('…')`. */
export const WAMP: InjectionToken<Client> = new InjectionToken('rxwamp');

/**
 * Provides a client, made when it is first injected and closed with its injector; its sockets and timers run outside of Angular's zone.
 *
 * @param options Runs in the injection context, so `inject` may be used. Not asked while rendering on a server, where nothing is opened:
 *   topics stay silent and calls error at once.
 * @param token Default: `WAMP`. A second router needs one of its own.
 */
export function provideWamp(options: () => ClientOptions = () => ({}), token: InjectionToken<Client> = WAMP): EnvironmentProviders {
  const useFactory = (): Client => {
    const zone = inject(NgZone);
    const client = new Client(
      isServer()
        ? // Links that stay silent, and calls that do not wait for one.
          { transport: () => NEVER.subscribe(), joinTimeoutMs: Infinity, waitMs: 0 }
        : { runOutside: (start) => zone.runOutsideAngular(start), ...options() },
    );
    inject(DestroyRef).onDestroy(() => void client.close());
    return client;
  };
  return makeEnvironmentProviders([{ provide: token, useFactory }]);
}

/**
 * The client of a token; for an injection context.
 * @throws {TypeError} None is provided.
 */
export function injectWamp(token: InjectionToken<Client> = WAMP): Client {
  const client = inject(token, { optional: true });
  if (client) return client;
  throw new TypeError(`no client for ${String(token)}: add provideWamp()`);
}

/** What `isPlatformServer` of @angular/common says, without that package. */
export function isServer(): boolean {
  return inject<unknown>(PLATFORM_ID) === 'server';
}
