// One start of a peer: everything it offers, until all is confirmed, and until all has run down.
// Knows no class and no decorator.
import { type Observable, Subject, Subscription, throwError, timeout } from 'rxjs';
import type { Client } from '../client/client.ts';
import { WampError } from '../protocol/errors.ts';
import { type ErrorMap, sentencesOf, StartError, uriOf } from './errors.ts';
import { type Offer, offered, type Outcome, statusOf } from './serve.ts';

export interface RunOptions<O extends Offer> {
  /** Whose it is, for sentences. */
  readonly name: string;
  readonly errors: ErrorMap;
  readonly timeoutMs: number;
  /** What stands behind the sentence of a refusal. */
  readonly advice: (error: unknown) => string;
  /** How everything stands now. */
  changed(outcomes: readonly Outcome<O>[]): void;
  /** It is over, without having been asked. */
  failed(): void;
}

const LONGEST_MS = 2 ** 31 - 1;

export class Run<O extends Offer> {
  /** Resolves when everything is confirmed; rejects with a StartError. */
  readonly started: Promise<void>;
  readonly #client: Client;
  readonly #options: RunOptions<O>;
  readonly #until: Subject<void> = new Subject();
  readonly #drained: Promise<void>;
  #drain: () => void = () => undefined;
  #settled: { resolve(): void; reject(error: StartError): void } | undefined;
  readonly #standing: Observable<readonly Outcome<O>[]>;
  readonly #subscription: Subscription = new Subscription();
  /** Refusals that were told already. */
  readonly #told: WeakSet<Error> = new WeakSet();

  constructor(client: Client, offers: readonly O[], options: RunOptions<O>) {
    this.#client = client;
    this.#options = options;
    this.#standing = offered(client, offers, { errors: options.errors, until: this.#until });
    this.#drained = new Promise((resolve) => {
      this.#drain = resolve;
    });
    this.started = new Promise((resolve, reject) => {
      this.#settled = { resolve, reject };
    });
    // Whoever stops it may not have waited for it.
    this.started.catch(() => undefined);
  }

  /** Begins, once. */
  begin(): void {
    const { timeoutMs, name } = this.#options;
    const late = throwError(() => this.#late());
    const inTime = timeoutMs > LONGEST_MS ? this.#standing : this.#standing.pipe(timeout({ first: timeoutMs, with: () => late }));
    this.#subscription.add(
      inTime.subscribe({
        next: (outcomes) => {
          this.#changed(outcomes);
        },
        error: (error: unknown) => {
          this.#fail(error instanceof StartError ? error : this.#refused([error as Error]));
        },
        complete: () => {
          this.#settled?.reject(new StartError(`${name} was stopped before it had started`, [], { uri: 'wamp.error.canceled' }));
          this.#drain();
        },
      }),
    );
  }

  /** Lets everything run down, for so many milliseconds; what runs then is cancelled. Asked again, the shorter time counts. */
  async end(drainMs: number): Promise<void> {
    this.#until.next();
    let clock: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<void>((resolve) => {
      if (drainMs <= LONGEST_MS) clock = setTimeout(resolve, drainMs);
    });
    await Promise.race([this.#drained, late]);
    clearTimeout(clock);
    this.#subscription.unsubscribe();
    // Whoever gave it longer waits no more.
    this.#drain();
  }

  #changed(outcomes: readonly Outcome<O>[]): void {
    const refused = outcomes.flatMap(({ error }) => error ?? []);
    const settled = this.#settled;
    if (settled !== undefined && refused.length > 0) {
      this.#fail(this.#refused(refused));
      return;
    }
    this.#options.changed(outcomes);
    this.#settled = undefined;
    settled?.resolve();
    for (const { error, offer } of outcomes) {
      if (error === undefined || this.#told.has(error)) continue;
      this.#told.add(error);
      const sentence = `${offer.what} is not served until the next session: ${error.message}`;
      this.#client.workings.report(new WampError(uriOf(error), sentence, { cause: error }));
    }
  }

  #fail(error: StartError): void {
    this.#settled?.reject(error);
    this.#settled = undefined;
    this.#drain();
    this.#subscription.unsubscribe();
    this.#options.failed();
  }

  #refused(errors: readonly Error[]): StartError {
    const { name, advice } = this.#options;
    return new StartError(`${name} could not start: ${sentencesOf(errors)}${advice(errors[0])}`, errors);
  }

  #late(): StartError {
    const { name, timeoutMs } = this.#options;
    const { topics, registrations } = this.#client.inspect();
    const status = statusOf(this.#client);
    const missing = [...registrations.map(({ id, procedure }) => [id, procedure]), ...topics.map(({ id, topic }) => [id, topic])]
      .filter(([id]) => id === undefined)
      .map(([, uri]) => uri);
    const reason = status.state === 'waiting' ? status.reason : undefined;
    const why =
      reason?.message ??
      (status.state === 'open' ? `the router did not answer for ${missing.join(', ')}` : 'the router has not let it in yet');
    return new StartError(`${name} could not start within ${timeoutMs} ms: ${why}`, [], { uri: 'wamp.error.timeout', cause: reason });
  }
}
