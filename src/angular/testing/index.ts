/// <reference lib="esnext.disposable" preserve="true" />
// The entry `rxwamp/angular/testing`: the same token, on a router inside the process. An entry of its own, so that no page carries a router.
import { DestroyRef, type EnvironmentProviders, inject, InjectionToken, makeEnvironmentProviders, NgZone } from '@angular/core';
import type { Client } from '../../client/client.ts';
import { Kit } from '../../testing/kit.ts';
import { checkTestingOptions, type TestingOptions } from '../../testing/options.ts';
import { WAMP } from '../client.ts';

/** The router of `provideWampTesting`, with clients for the other side: `TestBed.inject(WAMP_KIT).clients[0]`. */
export const WAMP_KIT: InjectionToken<Kit> = new InjectionToken('rxwamp.kit');

/**
 * Provides a client of a router inside the process, in place of `provideWamp`. Router and clients are closed with the injector.
 *
 * @param options Those of `testing` of rxwamp/testing: realm, more clients, options of the client and of the router.
 * @param token Whose client. Default: `WAMP`.
 * @param kit Under which token the router stands. Default: `WAMP_KIT`; a second router needs one of its own.
 */
export function provideWampTesting(
  options: TestingOptions = {},
  token: InjectionToken<Client> = WAMP,
  kit: InjectionToken<Kit> = WAMP_KIT,
): EnvironmentProviders {
  const router = (): Kit => {
    checkTestingOptions(options);
    const made = new Kit(options);
    if (options.url === undefined) void made.restart();
    inject(DestroyRef).onDestroy(() => void made.close());
    return made;
  };
  const client = (): Client => {
    const zone = inject(NgZone);
    return inject(kit).client({ runOutside: (start) => zone.runOutsideAngular(start) });
  };
  return makeEnvironmentProviders([
    { provide: kit, useFactory: router },
    { provide: token, useFactory: client },
  ]);
}
