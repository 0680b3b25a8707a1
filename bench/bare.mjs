// The baseline: as little as a client can be. Maps from ids to functions, no checks, no errors, no reconnecting, one write for each message.
// What a measured client costs more than this is what its promises cost.
import { WebSocket } from 'ws';

const HELLO = 1;
const WELCOME = 2;
const SUBSCRIBE = 32;
const SUBSCRIBED = 33;
const EVENT = 36;
const CALL = 48;
const RESULT = 50;

const ROLES = { subscriber: {}, caller: {} };

class BareClient {
  #send;
  #request = 0;
  #pending = new Map();
  #topics = new Map();

  constructor(send) {
    this.#send = send;
  }

  call(procedure, args, done) {
    this.#pending.set(++this.#request, done);
    this.#send([CALL, this.#request, {}, procedure, args]);
  }

  subscribe(topic, next) {
    return new Promise((resolve) => {
      this.#pending.set(++this.#request, (message) => {
        this.#topics.set(message[2], next);
        resolve();
      });
      this.#send([SUBSCRIBE, this.#request, {}, topic]);
    });
  }

  receive(message) {
    if (message[0] === EVENT) this.#topics.get(message[1])(message);
    else if (message[0] === RESULT || message[0] === SUBSCRIBED) {
      const done = this.#pending.get(message[1]);
      this.#pending.delete(message[1]);
      done(message);
    }
  }
}

/** A session over any transport of rxwamp's; `open` gets it. */
export const bareLink = (transport, realm) =>
  new Promise((resolve) => {
    let send;
    const client = new BareClient((message) => send(message));
    let joined = false;
    const link = transport({
      open(channel) {
        send = (message) => channel.send(message);
        send([HELLO, realm, { roles: ROLES }]);
      },
      next(message) {
        if (joined) client.receive(message);
        else if (message[0] === WELCOME) {
          joined = true;
          resolve({ client, close: () => link.unsubscribe() });
        }
      },
      error: () => undefined,
    });
  });

/** A session over ws. JSON is JSON.stringify and JSON.parse; another serializer is rxwamp's own. */
export const bareSocket = (url, realm, serializer) =>
  new Promise((resolve, reject) => {
    const socket = new WebSocket(url, [serializer?.protocol ?? 'wamp.2.json'], { perMessageDeflate: false });
    const send =
      serializer === undefined ? (message) => socket.send(JSON.stringify(message)) : (message) => socket.send(serializer.encode(message));
    const client = new BareClient(send);
    let deliver = (message) => {
      if (message[0] !== WELCOME) return;
      deliver = (next) => client.receive(next);
      resolve({ client, close: () => socket.close() });
    };
    socket.on('open', () => send([HELLO, realm, { roles: ROLES }]));
    socket.on('error', reject);
    socket.on(
      'message',
      serializer === undefined
        ? (data) => deliver(JSON.parse(data.toString()))
        : (data) => serializer.decode(data, (message) => deliver(message)),
    );
  });
