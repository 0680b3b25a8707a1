// The far side of the dispatch benchmarks: it welcomes, confirms subscriptions, and sends EVENTs when it is told to.
// No router, so that nothing but the client is measured; the ids are as long as those of routers, up to 2^53.
// Source: WAMP basic profile, "Message Definitions" and "IDs".
import { random } from './measure.mjs';

const HELLO = 1;
const WELCOME = 2;
const GOODBYE = 6;
const SUBSCRIBE = 32;
const SUBSCRIBED = 33;
export const EVENT = 36;

const FIRST_ID = 4_503_599_627_370_497;
const ROLES = { broker: { features: {} }, dealer: { features: {} } };

/** One link's answers; `ids` are those of its subscriptions, in order. */
export class Script {
  ids = [];
  #spread = random(1);

  answer(message) {
    switch (message[0]) {
      case HELLO:
        return [WELCOME, FIRST_ID, { realm: message[1], roles: ROLES }];
      case GOODBYE:
        return [GOODBYE, {}, 'wamp.close.goodbye_and_out'];
      case SUBSCRIBE: {
        // Apart from each other like those of a router that draws them.
        const id = FIRST_ID + this.ids.length * 400_000_000_000 + Math.floor(this.#spread() * 100_000_000_000);
        this.ids.push(id);
        return [SUBSCRIBED, message[1], id];
      }
      default:
        return undefined;
    }
  }

  /** As many ids as asked for: of one topic in the middle, or of all, all about as often, in no order that a processor could foresee. */
  shuffled(count, which) {
    if (which === 'one') return Array.from({ length: count }, () => this.ids[this.ids.length >> 1]);
    const next = random(2);
    const list = Array.from({ length: count }, (_, at) => this.ids[at % this.ids.length]);
    for (let at = count - 1; at > 0; at--) {
      const other = Math.floor(next() * (at + 1));
      [list[at], list[other]] = [list[other], list[at]];
    }
    return list;
  }
}

/** A link in this process to a Script: `sink` is what the client reads with. */
export class ScriptedLink {
  script = new Script();
  sink;

  transport = (sink) => {
    this.sink = sink;
    const send = (message) => {
      const answer = this.script.answer(message);
      if (answer !== undefined) Promise.resolve().then(() => sink.next(answer));
    };
    Promise.resolve().then(() => sink.open({ send, bufferedAmount: 0, protocol: 'wamp.2.json' }));
    return { unsubscribe: () => undefined };
  };
}
