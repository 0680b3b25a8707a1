// A router that says only what a spec makes it say: every message is a plain synchronous call, and nothing is encoded.
// Works under TestScheduler too, since it has no time of its own.
import { ConnectionError } from '../../src/protocol/errors.ts';
import { type List, GOODBYE, HELLO, WELCOME } from '../../src/protocol/messages.ts';
import type { Cancel, Channel, Sink, Transport } from '../../src/protocol/sink.ts';
import { type Garbled } from '../../src/protocol/sink.ts';

/** All features that the client looks at. */
export const ALL_FEATURES = {
  broker: {
    features: {
      pattern_based_subscription: true,
      subscriber_blackwhite_listing: true,
      publisher_exclusion: true,
      event_retention: true,
      subscription_revocation: true,
    },
  },
  dealer: {
    features: {
      call_canceling: true,
      call_timeout: true,
      progressive_call_results: true,
      pattern_based_registration: true,
      shared_registration: true,
      registration_revocation: true,
    },
  },
};

export interface ScriptedOptions {
  /** Opens the channel as soon as the transport is subscribed. Default: true; it happens behind the transport's return when called by hand. */
  readonly opens?: boolean;
  /** Answers HELLO with WELCOME, and GOODBYE with GOODBYE, at once. Default: true. */
  readonly polite?: boolean;
  readonly roles?: object;
  /** Lets the channel ping. Default: false. */
  readonly pings?: boolean;
  /** Runs what happens behind the client's back: opening and answers. Default: the end of this turn; TestScheduler needs frames. */
  readonly schedule?: (task: () => void) => void;
  /** Answers every message in the place of `polite`, through `schedule`. */
  readonly reply?: (link: ScriptedLink, message: List) => void;
}

/** One link of the scripted router. */
export class ScriptedLink implements Channel, Cancel {
  /** What the client sent, whole messages, HELLO included. */
  readonly sent: List[] = [];
  readonly protocol = 'wamp.2.json';
  bufferedAmount = 0;
  closed = false;
  /** Pongs that are owed. */
  readonly pongs: (() => void)[] = [];
  ping?: (pong: () => void) => void;
  /** Throws this at the next send. */
  refuses: Error | undefined;
  readonly #sink: Sink<List | Garbled, Channel>;
  readonly #router: ScriptedRouter;

  constructor(router: ScriptedRouter, sink: Sink<List | Garbled, Channel>) {
    this.#router = router;
    this.#sink = sink;
    if (router.options.pings === true)
      this.ping = (pong) => {
        this.pongs.push(pong);
      };
  }

  open(): void {
    this.#sink.open?.(this);
  }

  send(message: List): void {
    if (this.refuses !== undefined) {
      const error = this.refuses;
      this.refuses = undefined;
      throw error;
    }
    this.sent.push(message);
    this.#router.log.push(message);
    if (this.closed) this.#router.dead.push(message);
    const { reply } = this.#router.options;
    if (reply !== undefined) {
      this.#router.later(() => {
        reply(this, message);
      });
      return;
    }
    if (this.#router.options.polite === false) return;
    // Never inside send: the client would hear the answer before the request counts.
    if (message[0] === HELLO)
      this.#router.later(() => {
        this.welcome();
      });
    if (message[0] === GOODBYE)
      this.#router.later(() => {
        this.receive([GOODBYE, {}, 'wamp.close.goodbye_and_out']);
      });
  }

  welcome(details: object = {}): void {
    this.receive([WELCOME, this.#router.nextSession++, { roles: this.#router.options.roles ?? ALL_FEATURES, ...details }]);
  }

  /** The router says this. */
  receive(...messages: (List | Garbled)[]): void {
    for (const message of messages) if (!this.closed) this.#sink.next(message);
  }

  /** The link breaks. */
  fail(error: unknown = new ConnectionError('the link broke', { code: 1006 })): void {
    if (this.closed) return;
    this.closed = true;
    this.#sink.error(error);
  }

  unsubscribe(): void {
    this.closed = true;
  }

  /** What was sent behind HELLO. */
  get requests(): List[] {
    return this.sent.filter(([code]) => code !== HELLO);
  }
}

/** A transport whose other end is the spec. */
export class ScriptedRouter {
  readonly options: ScriptedOptions;
  readonly links: ScriptedLink[] = [];
  /** Everything that was sent on all links, in order. */
  readonly log: List[] = [];
  /** What was sent on links that were closed by then. */
  readonly dead: List[] = [];
  /** The most links that were open at the same time. */
  most = 0;
  nextSession = 1001;
  #tasks: (() => void)[] = [];
  #busy = false;

  constructor(options: ScriptedOptions = {}) {
    this.options = options;
  }

  readonly transport: Transport = (sink) => {
    const link = new ScriptedLink(this, sink);
    this.links.push(link);
    this.most = Math.max(this.most, this.open.length);
    if (this.options.opens !== false)
      this.later(() => {
        if (!link.closed) link.open();
      });
    // Whoever subscribed has the Cancel in hand before anything happens.
    if (this.options.schedule === undefined)
      queueMicrotask(() => {
        this.run();
      });
    return link;
  };

  /** The latest link. */
  get link(): ScriptedLink {
    const link = this.links.at(-1);
    if (link === undefined) throw new TypeError('nobody has connected yet');
    return link;
  }

  /** The links that are not closed. */
  get open(): ScriptedLink[] {
    return this.links.filter(({ closed }) => !closed);
  }

  later(task: () => void): void {
    if (this.options.schedule !== undefined) {
      this.options.schedule(task);
      return;
    }
    this.#tasks.push(task);
    queueMicrotask(() => {
      this.run();
    });
  }

  /** Does at once what would happen in this turn: opening, WELCOME, GOODBYE. */
  run(): void {
    if (this.#busy) return;
    this.#busy = true;
    for (let task = this.#tasks.shift(); task !== undefined; task = this.#tasks.shift()) task();
    this.#busy = false;
  }
}
