// How values look in the console: short, and Observables as what they emit.
import { inspect } from 'node:util';
import { isObservable, type Observable, type Subscription } from 'rxjs';
import { stackOf } from '../connection.ts';
import { hasColours } from '../output.ts';
import type { Screen } from './screen.ts';

/** A value as the console shows it. */
export function shown(value: unknown): string {
  const colors = hasColours(process.stdout);
  if (value instanceof Error) return ('uri' in value ? '' : stackOf(value)) || `${value.name}: ${value.message}`;
  if (isSubscription(value)) return `Subscription { closed: ${inspect(value.closed, { colors })} }`;
  return inspect(value, { colors, depth: 4 });
}

/** What an Observable emitted: of a message its payload, which is what people look for. */
function emitted(value: unknown): string {
  const { args, kwargs, topic } = (value ?? {}) as { readonly args?: unknown; readonly kwargs?: object; readonly topic?: unknown };
  if (!Array.isArray(args) || typeof kwargs !== 'object') return shown(value);
  const parts = [...(args as readonly unknown[]), ...(Object.keys(kwargs).length > 0 ? [kwargs] : [])].map((each) => shown(each));
  return [...(typeof topic === 'string' ? [topic] : []), ...(parts.length > 0 ? parts : [shown(undefined)])].join(' ');
}

/** The Observables that print at this moment. */
export class Streams {
  readonly #screen: Screen;
  readonly #live: Set<Subscription> = new Set();

  constructor(screen: Screen) {
    this.#screen = screen;
  }

  /** Subscribes to what was typed, if it can be. */
  follow(value: unknown): boolean {
    // The rpc proxy is a function that has every name, `subscribe` too.
    if (typeof value !== 'object' || !isObservable(value)) return false;
    // The prompt comes first: what is emitted at once stands above it like all that follows.
    setImmediate(() => {
      this.#subscribe(value);
    });
    return true;
  }

  /** Leaves them all; returns how many there were. */
  leave(): number {
    const { size } = this.#live;
    for (const subscription of this.#live) subscription.unsubscribe();
    return size;
  }

  #subscribe(value: Observable<unknown>): void {
    const subscription = value.subscribe({
      next: (each) => {
        // As of an input, which shows nothing then.
        if (each !== undefined) this.#screen.print(emitted(each));
      },
      error: (error: unknown) => {
        this.#screen.print(`Uncaught ${shown(error)}`);
      },
    });
    if (subscription.closed) return;
    this.#live.add(subscription);
    subscription.add(() => this.#live.delete(subscription));
  }
}

function isSubscription(value: unknown): value is Subscription {
  return typeof value === 'object' && value !== null && 'unsubscribe' in value && 'closed' in value && !isObservable(value);
}
