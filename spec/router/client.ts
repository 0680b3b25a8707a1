// A client that is nothing but a link: what the router says is recorded, and everything happens inside the call.
// Knows no client code of ours, so that the router is proven by itself.
import { HELLO, WELCOME, type Dict, type Id, type List, type Welcome } from '../../src/protocol/messages.ts';
import type { Garbled, Sink, Transport } from '../../src/protocol/sink.ts';
import type { Channel } from '../../src/protocol/sink.ts';
import type { Router, RouterLink } from '../../src/router/index.ts';

/** Every feature that a client can announce and the router heeds. */
export const ROLES: Dict = {
  publisher: { features: { publisher_identification: true } },
  subscriber: { features: { publisher_identification: true, subscription_revocation: true } },
  caller: { features: { call_canceling: true, progressive_call_results: true } },
  callee: {
    features: {
      call_canceling: true,
      call_timeout: true,
      caller_identification: true,
      progressive_call_results: true,
      registration_revocation: true,
    },
  },
};

export class Client {
  /** What the router said, since the last `take`. */
  received: List[] = [];
  ended = false;
  bufferedAmount = 0;
  readonly link: RouterLink;
  #sink: Sink<List | Garbled, Channel> | undefined;

  constructor(router: Router) {
    const transport: Transport = (sink) => {
      this.#sink = sink;
      const waiting = (): number => this.bufferedAmount;
      sink.open?.({
        protocol: 'wamp.2.json',
        get bufferedAmount() {
          return waiting();
        },
        send: (message) => this.received.push(JSON.parse(JSON.stringify(message)) as List),
      });
      return {
        unsubscribe: () => {
          this.ended = true;
        },
      };
    };
    this.link = router.accept(transport);
  }

  send(...message: List): void {
    this.#sink?.next(message);
  }

  garble(frame: Garbled): void {
    this.#sink?.next(frame);
  }

  lose(): void {
    this.#sink?.error(new TypeError('lost'));
  }

  /** What came since the last time. */
  take(): List[] {
    const taken = this.received;
    this.received = [];
    return taken;
  }

  /** Sends one message and returns the last element of its only answer: an id, mostly. */
  ask(...message: List): Id {
    this.send(...message);
    return this.take().at(-1)?.[2] as Id;
  }
}

/** A client that has joined; `id`, `authid` as its WELCOME tells. */
export function join(router: Router, roles: Dict = ROLES, realm = 'realm1'): Client & { readonly id: Id; readonly authid: string } {
  const client = new Client(router);
  client.send(HELLO, realm, { roles });
  const [welcome] = client.take();
  if (welcome?.[0] !== WELCOME) throw new TypeError(`no WELCOME but ${JSON.stringify(welcome)}`);
  const [, id, details] = welcome as unknown as Welcome;
  return Object.assign(client, { id, authid: details['authid'] as string });
}
