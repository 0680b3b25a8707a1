// What every spec of the session core stands on: a core whose channel, link and host record, sinks that record, and a count of what is left.
// No rxjs, no timer, no promise, no transport: everything happens inside the calls of the spec.
import type { WampError } from '../../src/protocol/errors.ts';
import { ConnectionError } from '../../src/protocol/errors.ts';
import { CALL, type Dict, type Id, type List, PUBLISH, WELCOME } from '../../src/protocol/messages.ts';
import type { Cancel, Channel, Sink, Transport } from '../../src/protocol/sink.ts';
import type { Handler } from '../../src/session/callee.ts';
import { type Outgoing, send } from '../../src/session/caller.ts';
import { Claims } from '../../src/session/claims.ts';
import { NO_OPTIONS } from '../../src/session/gating.ts';
import type { Invocation } from '../../src/session/result.ts';
import { type Host, join, type SessionCore } from '../../src/session/session.ts';
import { ALL_FEATURES } from '../../src/testing/scripted.ts';

export const URL = 'ws://router.example/ws';
export const LOST = new ConnectionError('the link broke', { code: 1006, sent: true, url: URL });

/** A sink that writes down what it hears: `['open', 77]`, `['next', args]`, `['error', uri]`, `['complete']`. */
export class Listening implements Sink<unknown, Id>, Cancel {
  readonly heard: unknown[] = [];
  readonly errors: WampError[] = [];
  readonly #also: Partial<Sink<unknown, Id>>;
  handle: Cancel | undefined;

  /** @param also Is called behind the writing: leaves, subscribes, throws. */
  constructor(also: Partial<Sink<unknown, Id>> = {}) {
    this.#also = also;
  }

  open(id: Id): void {
    this.heard.push(['open', id]);
    this.#also.open?.(id);
  }

  next(value: unknown): void {
    this.heard.push(['next', typeof value === 'object' && value !== null && 'args' in value ? value.args : value]);
    this.#also.next?.(value);
  }

  error(error: unknown): void {
    this.errors.push(error as WampError);
    this.heard.push(['error', (error as WampError).uri]);
    this.#also.error?.(error);
  }

  complete(): void {
    this.heard.push(['complete']);
    this.#also.complete?.();
  }

  unsubscribe(): void {
    this.handle?.unsubscribe();
  }
}

/** One run of a handler. */
export interface Run {
  readonly invocation: Invocation;
  readonly reply: Sink<unknown>;
  stopped: number;
}

export interface SetupOptions {
  /** WELCOME.Details.roles. Default: every feature. */
  readonly roles?: object;
  /** Lets go of topics at the end of the turn, as `Client` does. Default: at once. */
  readonly defers?: boolean;
  /** What is subscribed ends with the session, as on `Session`. Default: true. */
  readonly bound?: boolean;
  /** Tries a registration again. Default: never. */
  readonly again?: (attempt: number, retry: () => void) => Cancel | undefined;
  /** Tables of an earlier session, already detached. */
  readonly tables?: { readonly topics: Claims; readonly registrations: Claims };
}

export function setup(options: SetupOptions = {}) {
  const { bound = true } = options;
  const sent: List[] = [];
  const reported: unknown[] = [];
  /** How the session ended, and what the host was told, in order. */
  const log: unknown[] = [];
  const emptied: string[] = [];
  let tasks: (() => void)[] = [];
  const defer = (task: () => void): void => {
    tasks.push(task);
  };
  const channel: Channel & { refuses: ((message: List) => unknown) | undefined } = {
    bufferedAmount: 0,
    protocol: 'wamp.2.json',
    refuses: undefined,
    send(message) {
      const error = channel.refuses?.(message);
      if (error !== undefined) throw error as Error;
      sent.push(message);
    },
  };
  const host: Host = {
    defer,
    report: (error) => {
      reported.push(error);
    },
    pending: () => {
      log.push('pending');
    },
    idle: () => {
      log.push('idle');
    },
  };
  const link: Cancel = { unsubscribe: () => log.push('cut') };
  let joined: SessionCore | undefined;
  const ending: Sink<never, SessionCore> & { also: (() => void) | undefined } = {
    also: undefined,
    open: (core) => (joined = core),
    next: () => undefined,
    error: (error) => {
      log.push(['error', error]);
      topics.detach(error as WampError);
      registrations.detach(error as WampError);
      ending.also?.();
    },
    complete: () => {
      log.push('complete');
    },
  };
  const details = { roles: options.roles ?? ALL_FEATURES };
  let wire: Parameters<Transport>[0] | undefined;
  const transport: Transport = (sink) => {
    wire = sink;
    return link;
  };
  join(transport, { url: URL, realm: 'realm1', details: {} }, host, ending);
  wire!.open!(channel);
  wire!.next([WELCOME, 1001, details]);
  const core = joined!;
  sent.length = 0;
  const {
    topics = new Claims({ ...(options.defers === true ? { defer } : {}), empty: () => emptied.push('topics') }),
    registrations = new Claims({
      ...(options.again === undefined ? {} : { again: options.again }),
      empty: () => emptied.push('registrations'),
    }),
  } = options.tables ?? {};
  topics.attach(core);
  registrations.attach(core);

  return {
    core,
    channel,
    sent,
    reported,
    log,
    emptied,
    topics,
    registrations,
    ending,
    /** The router says this. */
    receive: (...messages: List[]): void => {
      for (const message of messages) core.receive(message);
    },
    /** What was sent since the last time. */
    news: (): List[] => sent.splice(0),
    /** The turn ends. */
    turn: (): void => {
      const due = tasks;
      tasks = [];
      for (const task of due) task();
    },
    seconds: (count: number): void => {
      for (let i = 0; i < count; i++) core.tick();
    },
    topic: (uri: string, wire: Dict = NO_OPTIONS, also: Partial<Sink<unknown, Id>> = {}): Listening => {
      const listening = new Listening(also);
      listening.handle = topics.claim(uri, wire, listening, bound);
      return listening;
    },
    call: (procedure: string, more: Partial<Outgoing> = {}, also: Partial<Sink<unknown, Id>> = {}): Listening => {
      const listening = new Listening(also);
      const request = { code: CALL, uri: procedure, args: undefined, kwargs: undefined, options: NO_OPTIONS };
      listening.handle = send(core, { ...request, ...more } as Outgoing, listening);
      return listening;
    },
    publish: (topic: string, wire: Dict = NO_OPTIONS, args?: List, kwargs?: Dict, also: Partial<Sink<unknown, Id>> = {}): Listening => {
      const listening = new Listening(also);
      listening.handle = send(core, { code: PUBLISH, uri: topic, args, kwargs, options: wire }, listening);
      return listening;
    },
    /** Registers a handler that answers nothing by itself; `runs` has what it was asked. */
    register: (procedure: string, wire: Dict = NO_OPTIONS, also: Partial<Sink<unknown, Id>> & { handler?: Handler } = {}) => {
      const runs: Run[] = [];
      const recording: Handler = (invocation, reply) => {
        const run: Run = { invocation, reply, stopped: 0 };
        runs.push(run);
        return { unsubscribe: () => run.stopped++ };
      };
      const listening = new Listening(also);
      listening.handle = registrations.claim(procedure, wire, listening, bound, also.handler ?? recording);
      return Object.assign(listening, { runs });
    },
  };
}

export type Setup = ReturnType<typeof setup>;

/** Nothing waits, nothing is known, and every slot of the window is free. */
export function expectNothingLeft({ core, topics, registrations }: Setup): void {
  let slots = 0;
  const probe = {
    sendNow: (): boolean => {
      slots++;
      return true;
    },
  };
  for (let i = 0; i < 40; i++) core.window.add(probe);
  expect({
    requests: core.requests.size,
    subscriptions: core.topics.size,
    registered: core.registrations.size,
    invocations: core.invocations.size,
    topics: topics.size,
    registrations: registrations.size,
    slots,
  }).toEqual({ requests: 0, subscriptions: 0, registered: 0, invocations: 0, topics: 0, registrations: 0, slots: 32 });
}
