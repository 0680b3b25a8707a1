// What a scenario is, and what it works with: clients of its own, URIs of its own, and waiting for facts instead of for time.
// Knows no router by name; only the public API of the library.
import { isDeepStrictEqual, inspect } from 'node:util';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, json, webSocket, type ClientOptions, type Serializer } from 'rxwamp';
import { msgpack } from 'rxwamp/msgpack';
import { firstValueFrom, Subscription, type Observable } from 'rxjs';
import { startProxy, type Proxy } from './proxy.ts';
import type { Target } from './target.ts';
import { Wire } from './wire.ts';

export const SERIALIZERS: Readonly<Record<string, () => Serializer>> = { json, msgpack };

export interface Scenario {
  readonly name: string;
  /** Runs once for a router, with clients of both serializers. Default: once for each serializer. */
  readonly mixed?: boolean;
  /** After which it has failed; in milliseconds. Default: 20,000. */
  readonly limitMs?: (target: Target, settings: Settings) => number;
  /** Why it cannot be run with this router. Default: it can. */
  readonly skip?: (target: Target) => string | undefined;
  readonly run: (context: Context) => Promise<void>;
}

/** What the command line says. */
export interface Settings {
  readonly cuts: number;
  readonly seed: number;
}

/** A fact that does not hold; the message is one sentence. */
export class Failure extends Error {
  override readonly name = 'Failure';
}

export function equal(actual: unknown, expected: unknown, what: string): void {
  const shown = (value: unknown): string => inspect(value, { breakLength: Infinity, depth: 6, maxStringLength: 200 });
  if (!isDeepStrictEqual(actual, expected)) throw new Failure(`${what} must be ${shown(expected)}, not ${shown(actual)}`);
}

export function holds(condition: boolean, what: string): asserts condition {
  if (!condition) throw new Failure(what);
}

/** A message for people: one line, one sentence, and it names the thing. */
export function sentence(error: unknown, ...names: string[]): void {
  holds(error instanceof Error, `an Error must come, not ${inspect(error)}`);
  const { message } = error;
  const complete = message.length > 10 && !message.includes('\n') && !/undefined|\[object/.test(message);
  holds(
    complete && names.every((name) => message.includes(name)),
    `the error must name ${names.join(' and ')} in one sentence: ${message}`,
  );
}

/** What a stream emitted, and how it ended. */
export interface Seen<T> {
  readonly values: readonly T[];
  readonly ended: 'error' | 'complete' | undefined;
  readonly error: Error | undefined;
  readonly subscription: Subscription;
}

/** What one run of a scenario works with; `close` checks that it leaves nothing behind. */
export class Context {
  readonly target: Target;
  readonly settings: Settings;
  /** The serializer of this run, and all that it may use where it is mixed. */
  readonly serializer: string;
  readonly serializers: readonly string[];
  readonly #space: string;
  readonly #clients: { readonly client: Client; readonly wire: Wire }[] = [];
  readonly #proxies: Proxy[] = [];
  readonly #watched = new Subscription();
  #waitsFor = '';
  #over = false;
  /** Said beside the name once it has passed. */
  note = '';

  constructor(target: Target, settings: Settings, serializers: readonly string[], space: string) {
    this.target = target;
    this.settings = settings;
    this.serializer = serializers.at(-1)!;
    this.serializers = serializers;
    this.#space = space;
  }

  /** Whether its time is up. */
  get isOver(): boolean {
    return this.#over;
  }

  /** What it waits for at this moment, for a run that took too long. */
  get waitsFor(): string {
    return this.#waitsFor;
  }

  /** The ends of the traces of all clients. */
  get trace(): readonly string[] {
    return this.#clients.flatMap(({ wire }, index) => wire.lines.map((line) => `client ${index + 1} ${line}`));
  }

  /** A URI that no other run has. */
  uri(name: string): string {
    return `com.interop.${this.#space}.${name}`;
  }

  /** Options for a client at a URL, by default the router's, with the serializer of this run. */
  options(url: string = this.target.url, serializer: string = this.serializer): ClientOptions {
    return { url, serializers: [SERIALIZERS[serializer]!()], logger: false, retryDelayMs: () => 50 };
  }

  /** A client whose messages are recorded. */
  recorded(options: ClientOptions = {}, serializer?: string): { readonly client: Client; readonly wire: Wire } {
    const { url, serializers, ...rest } = { ...this.options(undefined, serializer), ...options };
    const wire = new Wire();
    const { maxMessageBytes } = rest;
    const limit = maxMessageBytes === undefined ? {} : { maxMessageBytes };
    const transport = wire.decorate(webSocket({ url: url as string, ...(serializers && { serializers }), ...limit }));
    const made = { client: new Client({ ...rest, transport }), wire };
    this.#clients.push(made);
    return made;
  }

  client(options: ClientOptions = {}, serializer?: string): Client {
    return this.recorded(options, serializer).client;
  }

  /** A client as users make it, with a URL. */
  plain(options: ClientOptions = {}): Client {
    const client = new Client({ ...this.options(), ...options });
    this.#clients.push({ client, wire: new Wire() });
    return client;
  }

  async proxy(url: string = this.target.url): Promise<Proxy> {
    const proxy = await startProxy(url);
    this.#proxies.push(proxy);
    return proxy;
  }

  /** Subscribes until the end of the run; `also` hears every value too. */
  watch<T>(stream: Observable<T>, also?: (value: T) => void): Seen<T> {
    const values: T[] = [];
    const seen = { values, ended: undefined as Seen<T>['ended'], error: undefined as Error | undefined, subscription: new Subscription() };
    seen.subscription.add(
      stream.subscribe({
        next: (value) => {
          values.push(value);
          also?.(value);
        },
        error: (error: unknown) => Object.assign(seen, { ended: 'error', error }),
        complete: () => Object.assign(seen, { ended: 'complete' }),
      }),
    );
    this.#watched.add(seen.subscription);
    return seen;
  }

  /** Watches a topic, and resolves once it is subscribed. */
  async listen<T>(stream: Observable<T>, subscribed: Observable<unknown>): Promise<Seen<T>> {
    const seen = this.watch(stream);
    const confirmed = this.watch(subscribed);
    await this.until('SUBSCRIBED', () => confirmed.values.length > 0 || confirmed.ended !== undefined);
    confirmed.subscription.unsubscribe();
    if (confirmed.error !== undefined) throw confirmed.error;
    return seen;
  }

  /** Watches a registration, and resolves once it stands. */
  async serve<T>(registration: Observable<T>): Promise<Seen<T>> {
    const seen = this.watch(registration);
    await this.until('REGISTERED', () => seen.values.length > 0 || seen.ended !== undefined);
    if (seen.error !== undefined) throw seen.error;
    return seen;
  }

  /** The first value. */
  async first<T>(what: string, stream: Observable<T>): Promise<T> {
    this.#waitsFor = what;
    return firstValueFrom(stream);
  }

  /** The error with which a stream ends; a value instead is a failure. */
  async failure(what: string, stream: Observable<unknown>): Promise<unknown> {
    const seen = this.watch(stream);
    await this.until(`an error of ${what}`, () => seen.ended !== undefined || seen.values.length > 0);
    seen.subscription.unsubscribe();
    holds(seen.ended === 'error', `${what} must end with an error, not with ${inspect(seen.values[0])}`);
    return seen.error;
  }

  /** Resolves as soon as something is true. */
  async until(what: string, isTrue: () => boolean): Promise<void> {
    this.#waitsFor = what;
    while (!isTrue()) {
      if (this.#over) throw new Failure(`waited in vain for ${what}`);
      await sleep(3);
    }
  }

  /** Ends all that waits: the time is up. */
  expire(): void {
    this.#over = true;
  }

  /** Leaves everything, and checks that the clients are empty and that their request ids were 1, 2, 3 and so on. */
  async settle(): Promise<void> {
    this.#watched.unsubscribe();
    const left = (client: Client): string => {
      const { topics, registrations, pending, waiting } = client.inspect();
      const held = { topics, registrations, pending, waiting };
      return topics.length + registrations.length + pending.length + waiting === 0
        ? ''
        : inspect(held, { breakLength: Infinity, depth: 3 });
    };
    for (const { client, wire } of this.#clients) {
      await this.until('an empty client', () => left(client) === '').catch(() => {
        throw new Failure(`a client must be empty at the end, but holds ${left(client)}`);
      });
      const wrong = wire.wrongIds();
      holds(wrong === undefined, wrong ?? '');
      await client.close();
      holds(left(client) === '', `a closed client holds ${left(client)}`);
    }
  }

  /** Ends what is left, also after a failure. */
  async close(): Promise<void> {
    this.#over = true;
    this.#watched.unsubscribe();
    await Promise.all(this.#clients.map(({ client }) => client.close()));
    await Promise.all(this.#proxies.map((proxy) => proxy.close()));
  }
}
