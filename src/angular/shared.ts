// What all signals of one application share: the frame, in which what comes fast is shown together, and the status of each client.
// Knows no topic and no call.
import { InjectionToken, type Injector, runInInjectionContext, signal, untracked, type WritableSignal } from '@angular/core';
import { audit, type MonoTypeOperatorFunction, share, timer } from 'rxjs';
import type { Client } from '../client/client.ts';
import type { Status } from '../client/connection.ts';

/** What the client is doing; `error` is the last one of a topic in this state. */
export type WampStatus = Status & { readonly error?: Error };

export interface WampContext {
  /** Which client. Default: `WAMP`. */
  readonly token?: InjectionToken<Client>;
  /** Whose end is the end of this. Default: the injection context. */
  readonly injector?: Injector;
}

export interface Shared {
  /** Of what comes within a frame of 16 ms hands on the last value at its end, in one task with all others. */
  readonly framed: <T>() => MonoTypeOperatorFunction<T>;
  readonly statusOf: (client: Client) => WritableSignal<WampStatus>;
}

export const SHARED: InjectionToken<Shared> = new InjectionToken('rxwamp.shared', {
  providedIn: 'root',
  factory: () => {
    // Angular may check for changes after every task, and each message of a socket is one: so all signals are written in one task a frame.
    const frame = timer(16).pipe(share());
    const known = new WeakMap<Client, WritableSignal<WampStatus>>();
    return {
      framed: () => audit(() => frame),
      statusOf: (client) => {
        const status = known.get(client) ?? signal<WampStatus>({ state: 'idle' });
        if (!known.has(client)) {
          known.set(client, status);
          // It never errors, and it ends with the client.
          const set = (now: Status): void => status.set(now);
          client.status.subscribe({ next: set, error: set });
        }
        return status;
      },
    };
  },
});

/** Runs in the context of an injector, or in that of the caller; nothing in it belongs to the `computed` or the template that asked for it. */
export function within<T>(injector: Injector | undefined, run: () => T): T {
  return untracked(() => (injector ? runInInjectionContext(injector, run) : run()));
}
