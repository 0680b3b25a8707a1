// Behaviour in time, drawn: clients and a scripted router under RxJS's TestScheduler, where 30 seconds take no time.
// Knows no assertion library: how frames are compared can be given.
import { type RunHelpers, TestScheduler } from 'rxjs/testing';
import { Client } from '../client/client.ts';
import type { ClientOptions } from '../client/options.ts';
import { ConnectionError } from '../protocol/errors.ts';
import { ABORT, HELLO, type List, type Uri } from '../protocol/messages.ts';
import type { Transport } from '../protocol/sink.ts';
import { isSame, NotSame, written } from './same.ts';
import { friendly, type ScriptedLink, type ScriptedOptions, ScriptedRouter } from './scripted.ts';

/** What a link does: joins, fails before it opens, never opens, opens without a WELCOME, or answers HELLO with ABORT of this URI. */
export type Fate = 'join' | 'refuse' | 'silent' | 'mute' | `abort ${Uri}`;

/** What a drawing works with: RxJS's own helpers (`expectObservable`, `cold`, `hot`, `time` …), and a router with clients. */
export interface Stage extends RunHelpers {
  readonly scheduler: TestScheduler;
  /** Whatever it does takes `latencyMs`. What it confirms and answers is that of `friendly`. */
  readonly router: ScriptedRouter;
  readonly transport: Transport;
  /** What the first, second, … link does; the last holds for all that follow. Default: `join`. */
  fates: readonly Fate[];
  /** The clients that `client` has made. */
  readonly clients: readonly Client[];
  /** Makes a client on this router: 100 ms between its attempts and no keep-alive, unless the options say otherwise. */
  client(options?: ClientOptions): Client;
  /** Does something at a frame, before anything else of that frame. */
  at(frame: number, task: () => void): void;
  /** Does something in so many milliseconds. */
  in(milliseconds: number, task: () => void): void;
}

export interface MarblesOptions extends ScriptedOptions {
  /** Compares the frames that came with those that were drawn, and throws if they differ, as `(a, e) => expect(a).toEqual(e)`. Default: an own comparison. */
  readonly assertDeepEqual?: (actual: unknown, expected: unknown) => void;
  /** How long the router takes for whatever it does; in milliseconds. Default: 5, so a session stands after 10. */
  readonly latencyMs?: number;
}

/**
 * Runs a drawing under virtual time: one frame is one millisecond, and all time of the client is virtual, back-off and limits too.
 *
 * @param draw Called once, synchronously; the drawing is played when it has returned.
 * @throws Whatever the drawing throws, and what `assertDeepEqual` throws when a marble is not where it was drawn.
 * @see https://rxjs.dev/guide/testing/marble-testing
 * @example
 * marbles(({ client, expectObservable }) => {
 *   const answer = client().call('com.example.echo', ['a']).pipe(map(({ value }) => value));
 *   expectObservable(answer).toBe('15ms (a|)'); // 5 ms to open, 5 for WELCOME, 5 for the RESULT
 * });
 */
export function marbles(draw: (stage: Stage) => void, options: MarblesOptions = {}): void {
  const { assertDeepEqual = assertSame, latencyMs = 5, ...scripted } = options;
  const scheduler = new TestScheduler(assertDeepEqual);
  const clients: Client[] = [];
  const wait = (milliseconds: number, task: () => void): void => {
    scheduler.schedule(task, milliseconds);
  };
  const fateOf = (link: ScriptedLink): Fate => stage.fates[Math.min(router.links.indexOf(link), stage.fates.length - 1)] ?? 'join';
  const router = new ScriptedRouter({
    opens: false,
    schedule: (task) => wait(latencyMs, task),
    reply: (link, message) => answer(link, message, fateOf(link)),
    ...scripted,
  });
  const transport: Transport = (sink) => {
    const cancel = router.transport(sink);
    const link = router.link;
    const fate = fateOf(link);
    wait(latencyMs, () => {
      if (link.closed || fate === 'silent') return;
      if (fate === 'refuse') link.fail(new ConnectionError('nobody listens'));
      else link.open();
    });
    return cancel;
  };
  let stage: Stage;
  scheduler.run((helpers) => {
    // A client that is never left would go on for ever with its signs of life.
    scheduler.maxFrames = 1_000_000;
    stage = {
      ...helpers,
      scheduler,
      router,
      transport,
      clients,
      fates: ['join'],
      client: (more = {}) => {
        const client = new Client({ transport, retryDelayMs: () => 100, keepAliveMs: 0, logger: false, ...more });
        clients.push(client);
        return client;
      },
      at: (frame, task) => wait(frame - scheduler.frame, task),
      in: wait,
    };
    draw(stage);
  });
}

function answer(link: ScriptedLink, message: List, fate: Fate): void {
  if (message[0] !== HELLO || fate === 'join') friendly(link, message);
  else if (fate.startsWith('abort ')) link.receive([ABORT, {}, fate.slice('abort '.length)]);
}

function assertSame(actual: unknown, expected: unknown): void {
  if (isSame(actual, expected)) return;
  throw new NotSame(`what came is not what was drawn\n  came:  ${written(actual)}\n  drawn: ${written(expected)}`);
}
