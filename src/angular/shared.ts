// What all signals of one application share: the frame, in which what comes fast is shown together, and the status of each client.
// Knows no topic and no call.
import { computed, inject, InjectionToken, Injector, runInInjectionContext, type Signal, signal, untracked } from '@angular/core';
import { audit, type Observable, share, timer } from 'rxjs';
import type { Client } from '../client/client.ts';
import type { Status } from '../client/connection.ts';
import { injectWamp } from './client.ts';

/**
 * What the client is doing. `error` is the latest that a `topicSignal` told: whatever the state is, until its topic is asked for again with the
 * next session, is another, or is left with its injection context or a closed client.
 */
export type WampStatus = Status & { readonly error?: Error };

export interface WampContext {
  /** Which client. Default: `WAMP`. */
  readonly token?: InjectionToken<Client>;
  /** Whose end is the end of this. Default: the injection context. */
  readonly injector?: Injector;
}

/**
 * What all who use one client share: the client; what of the values within a frame of 16 ms hands on the last one at its end, in one task with
 * all others, those of other clients too; what the client is doing; and a way to tell an error from now on, in place of the one before, or
 * that it stands no more.
 */
export type Shared = readonly [
  client: Client,
  framed: <T>(source: Observable<T>) => Observable<T>,
  status: Signal<WampStatus>,
  tell: (whose: object, error?: Error) => void,
];

const SHARED: InjectionToken<(client: Client) => Shared> = new InjectionToken('rxwamp', {
  providedIn: 'root',
  factory: () => {
    // Angular may check for changes after every task, and each message of a socket is one: so all signals are written in one task a frame.
    const frame = timer(16).pipe(share());
    const framed = audit(() => frame) as Shared[1];
    const known = new WeakMap<Client, Shared>();
    return (client) => {
      let shared = known.get(client);
      if (!shared) {
        const state = signal<Status>({ state: 'idle' });
        // eslint-disable-next-line rxjs-x/no-ignored-error -- a status never errors, and it ends with the client
        client.status.subscribe((now) => {
          state.set(now);
        });
        let teller: object | undefined;
        const latest = signal<{ readonly error: Error } | undefined>(undefined);
        const status = computed(() => ({ ...state(), ...latest() }));
        const tell = (whose: object, error?: Error): void => {
          if (!(error ?? whose === teller)) return;
          teller = whose;
          latest.set(error && { error });
        };
        shared = [client, framed, status, tell];
        known.set(client, shared);
      }
      return shared;
    };
  },
});

/** Runs with the client of a context, in its injector; nothing in it belongs to the `computed` or the template that asked for it. */
export function within<T>(token: InjectionToken<Client> | undefined, injector: Injector | undefined, run: (shared: Shared) => T): T {
  return untracked(() => runInInjectionContext(injector ?? inject(Injector), () => run(inject(SHARED)(injectWamp(token)))));
}
