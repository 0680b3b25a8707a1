// What all signals of one application share: frames, in which what comes fast is shown together, and the status of each client.
// Knows no topic and no call.
import { inject, InjectionToken, type Injector, NgZone, runInInjectionContext, signal, type WritableSignal } from '@angular/core';
import { asyncScheduler, Observable, type Subscriber } from 'rxjs';
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

const FRAME_MS = 16;

export interface Shared {
  /** Hands the first value on at once, and of what follows within a frame the last one, at its end together with all others. */
  readonly framed: <T>(source: Observable<T>) => Observable<T>;
  readonly statusOf: (client: Client) => WritableSignal<WampStatus>;
}

export const SHARED: InjectionToken<Shared> = new InjectionToken('rxwamp.shared', {
  providedIn: 'root',
  factory: () => ({ framed: frames(inject(NgZone)), statusOf: statuses() }),
});

/** Runs in the context of an injector, or in that of the caller. */
export function within<T>(injector: Injector | undefined, run: () => T): T {
  return injector === undefined ? run() : runInInjectionContext(injector, run);
}

// Angular may check for changes after every task, and each message of a socket is one: so all signals are written in one task a frame.
function frames(zone: NgZone): Shared['framed'] {
  const waiting = new Map<Subscriber<never>, () => void>();
  let isOpen = false;
  const open = (): void => {
    isOpen = true;
    zone.runOutsideAngular(() => asyncScheduler.schedule(show, FRAME_MS));
  };
  const show = (): void => {
    isOpen = false;
    if (waiting.size > 0) open();
    for (const [key, task] of waiting) {
      waiting.delete(key);
      task();
    }
  };
  return <T>(source: Observable<T>) =>
    new Observable<T>((subscriber) => {
      const inner = source.subscribe({
        next: (value) => {
          const task = (): void => subscriber.next(value);
          if (isOpen) waiting.set(subscriber, task);
          else {
            open();
            task();
          }
        },
        error: (error: unknown) => subscriber.error(error),
        complete: () => {
          waiting.get(subscriber)?.();
          subscriber.complete();
        },
      });
      return () => {
        waiting.delete(subscriber);
        inner.unsubscribe();
      };
    });
}

function statuses(): Shared['statusOf'] {
  const known = new WeakMap<Client, WritableSignal<WampStatus>>();
  return (client) => {
    const old = known.get(client);
    if (old !== undefined) return old;
    const made = signal<WampStatus>({ state: 'idle' });
    known.set(client, made);
    // It never errors, and it ends with the client.
    client.status.subscribe({ next: (status) => made.set(status), error: () => undefined });
    return made;
  };
}
