// A router that says only what a test makes it say: every message is a plain call, and nothing is encoded.
// Works under TestScheduler too, since it has no time of its own.
// Source: WAMP basic profile, "Messages"; the features are those of the advanced profile.
import { ConnectionError } from '../protocol/errors.ts';
import {
  CALL,
  GOODBYE,
  HELLO,
  type Id,
  type List,
  PUBLISH,
  PUBLISHED,
  REGISTER,
  REGISTERED,
  RESULT,
  SUBSCRIBE,
  SUBSCRIBED,
  UNREGISTER,
  UNREGISTERED,
  UNSUBSCRIBE,
  UNSUBSCRIBED,
  WELCOME,
} from '../protocol/messages.ts';
import type { Cancel, Channel, Garbled, Sink, Transport } from '../protocol/sink.ts';

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
} as const;

export interface ScriptedOptions {
  /** Opens a link by itself; else the test does, by `link.open()`. Default: true. */
  readonly opens?: boolean;
  /** Answers HELLO with WELCOME and GOODBYE with GOODBYE, and nothing else. Default: true. */
  readonly polite?: boolean;
  /** The roles in WELCOME. Default: broker and dealer with all features that the client looks at. */
  readonly roles?: object;
  /** Whether links can ping; the pongs are `link.pongs`. Default: false. */
  readonly pings?: boolean;
  /** Runs what happens behind the client's back: opening and answers. Default: the end of this turn; TestScheduler needs frames. */
  readonly schedule?: (task: () => void) => void;
  /** Answers every message in the place of `polite`, HELLO too; `friendly` answers what it does not want to. */
  readonly reply?: (link: ScriptedLink, message: List) => void;
}

/** One link of a scripted router. */
export class ScriptedLink implements Channel, Cancel {
  /** What the client sent, whole messages, HELLO included. */
  readonly sent: List[] = [];
  readonly protocol = 'wamp.2.json';
  /** What the client takes for bytes that have not left yet. */
  bufferedAmount = 0;
  /** Whether one of the sides has left it. */
  closed = false;
  /** Pongs that are owed: each is called to answer. */
  readonly pongs: (() => void)[] = [];
  ping?: (pong: () => void) => void;
  /** Thrown once, at the next send. */
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

  /** The link stands: the client says HELLO. */
  open(): void {
    this.#sink.open?.(this);
  }

  /** What the client sends arrives here. */
  send(message: List): void {
    if (this.refuses !== undefined) {
      const error = this.refuses;
      this.refuses = undefined;
      throw error;
    }
    this.sent.push(message);
    this.#router.log.push(message);
    if (this.closed) this.#router.dead.push(message);
    const { reply, polite } = this.#router.options;
    const answers = reply ?? (polite === false ? undefined : courtesies);
    // Never inside send: the client would hear the answer before the request counts.
    if (answers && (reply || message[0] === HELLO || message[0] === GOODBYE))
      this.#router.later(() => {
        answers(this, message);
      });
  }

  /** The router says WELCOME: session 1001 the first time, then 1002 and so on. */
  welcome(details: object = {}): void {
    this.receive([WELCOME, this.#router.nextSession++, { roles: this.#router.options.roles ?? ALL_FEATURES, ...details }]);
  }

  /** The router says this; a `Garbled` is a frame that cannot be decoded. */
  receive(...messages: (List | Garbled)[]): void {
    for (const message of messages) if (!this.closed) this.#sink.next(message);
  }

  /** The link breaks. */
  fail(error: unknown = new ConnectionError('the link broke', { code: 1006 })): void {
    if (this.closed) return;
    this.closed = true;
    this.#sink.error(error);
  }

  /** The client leaves it. */
  unsubscribe(): void {
    this.closed = true;
  }

  /** What was sent behind HELLO. */
  get requests(): List[] {
    return this.sent.filter(([code]) => code !== HELLO);
  }
}

/**
 * A transport whose other end is the test. By default a link opens and a session is joined by themselves, and everything else is up to the test.
 *
 * @example
 * const router = new ScriptedRouter();
 * const client = new Client({ transport: router.transport });
 * const answer = firstValueFrom(client.call('com.example.add', [1, 2]));
 * router.run(); // the link opens, HELLO, WELCOME, CALL: nothing waits for a later turn
 * router.link.receive([RESULT, 1, {}, [3]]);
 */
export class ScriptedRouter {
  readonly options: ScriptedOptions;
  /** Every link that there was, oldest first. */
  readonly links: ScriptedLink[] = [];
  /** Everything that was sent on all links, in order. */
  readonly log: List[] = [];
  /** What was sent on links that were closed by then. */
  readonly dead: List[] = [];
  /** The most links that were open at the same time. */
  most = 0;
  /** The id in the next WELCOME. */
  nextSession: Id = 1001;
  #tasks: (() => void)[] = [];
  #busy = false;

  constructor(options: ScriptedOptions = {}) {
    this.options = options;
  }

  /** For `Client`, `connect` and whatever takes a transport. */
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
    if (link === undefined) throw new TypeError('nobody has connected yet: subscribe to something of the client first');
    return link;
  }

  /** The links that are not closed. */
  get open(): ScriptedLink[] {
    return this.links.filter(({ closed }) => !closed);
  }

  /** Does something behind the client's back: by `schedule`, else at the end of this turn or at `run`. */
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

  /** Does at once what would happen at the end of this turn: opening, WELCOME, answers. */
  run(): void {
    if (this.#busy) return;
    this.#busy = true;
    for (let task = this.#tasks.shift(); task !== undefined; task = this.#tasks.shift()) task();
    this.#busy = false;
  }
}

function courtesies(link: ScriptedLink, [code]: List): void {
  if (code === HELLO) link.welcome();
  if (code === GOODBYE) link.receive([GOODBYE, {}, 'wamp.close.goodbye_and_out']);
}

/**
 * What a friendly router says: it confirms everything, and answers a call with its arguments. A subscription's id is 100 and the request's,
 * a registration's 200, a publication's 300. A message with `silent` in a URI of it is never answered.
 *
 * @example
 * new ScriptedRouter({ reply: (link, message) => (message[0] === CALL ? link.fail() : friendly(link, message)) });
 */
export function friendly(link: ScriptedLink, message: List): void {
  if (message.some((item) => typeof item === 'string' && item.includes('silent'))) return;
  const [code, request, options] = message as readonly [number, Id, { readonly acknowledge?: boolean }];
  const answer = {
    [SUBSCRIBE]: [SUBSCRIBED, request, 100 + request],
    [REGISTER]: [REGISTERED, request, 200 + request],
    [UNSUBSCRIBE]: [UNSUBSCRIBED, request],
    [UNREGISTER]: [UNREGISTERED, request],
    [CALL]: [RESULT, request, {}, ...message.slice(4)],
    ...(code === PUBLISH && options.acknowledge === true && { [PUBLISH]: [PUBLISHED, request, 300 + request] }),
  }[code];
  if (answer === undefined) courtesies(link, message);
  else link.receive(answer);
}
