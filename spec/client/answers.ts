// A stage for drawing operations: clients under virtual time, on a scripted router that takes 5 ms for whatever it does.
// The session stands 10 ms after the first subscription. What has `silent` in its name is never answered.
import { type RunHelpers, TestScheduler } from 'rxjs/testing';
import { Client } from '../../src/client/client.ts';
import type { ClientOptions } from '../../src/client/options.ts';
import {
  CALL,
  GOODBYE,
  HELLO,
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
} from '../../src/protocol/messages.ts';
import { type Transport } from '../../src/protocol/sink.ts';
import { type ScriptedLink, ScriptedRouter } from '../support/scripted.ts';

export interface Stage extends RunHelpers {
  readonly router: ScriptedRouter;
  /** A client with 100 ms between its attempts. */
  client(options?: ClientOptions): Client;
  /** Does something at a frame, before whatever else stands at it by then. */
  at(frame: number, task: () => void): void;
  /** What was sent on the current link, but HELLO. */
  requests(): List[];
}

const LATENCY = 5;

/** Runs a drawing. Afterwards no timer may be pending and no client may hold anything. */
export function drawn(test: (stage: Stage) => void): void {
  const scheduler = new TestScheduler((actual, expected) => {
    expect(actual).toEqual(expected);
  });
  const router = new ScriptedRouter({ opens: false, polite: false });
  const clients: Client[] = [];
  const later = (milliseconds: number, task: () => void): void => {
    scheduler.schedule(task, milliseconds);
  };
  const transport: Transport = (sink) => {
    const cancel = router.transport({
      ...sink,
      open: (channel) => {
        const link = router.link;
        sink.open?.({
          protocol: channel.protocol,
          bufferedAmount: 0,
          send: (message) => {
            channel.send(message);
            later(LATENCY, () => {
              answer(link, message);
            });
          },
        });
      },
      next: (message) => {
        sink.next(message);
      },
      error: (error) => {
        sink.error(error);
      },
    });
    const link = router.link;
    later(LATENCY, () => {
      if (!link.closed) link.open();
    });
    return cancel;
  };
  scheduler.run((helpers) => {
    scheduler.maxFrames = 1_000_000;
    test({
      ...helpers,
      router,
      client: (options = {}) => {
        const client = new Client({ transport, retryDelayMs: () => 100, keepAliveMs: 0, logger: false, ...options });
        clients.push(client);
        return client;
      },
      at: (frame, task) => {
        later(frame, task);
      },
      requests: () => router.link.requests.filter(([code]) => code !== GOODBYE),
    });
  });
  expect(scheduler.actions.length).withContext('pending timers').toBe(0);
  for (const client of clients) {
    const { topics, registrations, pending, waiting, session } = client.inspect();
    expect({ topics, registrations, pending, waiting, session })
      .withContext('what the client still holds')
      .toEqual({ topics: [], registrations: [], pending: [], waiting: 0, session: undefined });
  }
}

function answer(link: ScriptedLink, message: List): void {
  const [code, request, options] = message as readonly [number, number, { readonly acknowledge?: boolean }];
  if (message.some((item) => typeof item === 'string' && item.includes('silent'))) return;
  if (code === HELLO) link.welcome();
  else if (code === GOODBYE) link.receive([GOODBYE, {}, 'wamp.close.goodbye_and_out']);
  else if (code === SUBSCRIBE) link.receive([SUBSCRIBED, request, 100 + request]);
  else if (code === REGISTER) link.receive([REGISTERED, request, 200 + request]);
  else if (code === UNSUBSCRIBE) link.receive([UNSUBSCRIBED, request]);
  else if (code === UNREGISTER) link.receive([UNREGISTERED, request]);
  else if (code === CALL) link.receive([RESULT, request, {}, ...message.slice(4)]);
  else if (code === PUBLISH && options.acknowledge === true) link.receive([PUBLISHED, request, 300 + request]);
}
