import { ConnectionError } from '../../src/protocol/errors.ts';
import type { List } from '../../src/protocol/messages.ts';
import { json } from '../../src/serializers/json.ts';
import { msgpack } from '../../src/serializers/msgpack.ts';
import type { Frame, Serializer } from '../../src/serializers/serializer.ts';
import { memoryPair } from '../../src/transports/memory.ts';
import { contract, pause, Recorder, until, type Far, type Setup } from './contract.ts';

const GARBAGE: List = [];

/** A serializer that writes a broken frame for one certain message. */
function breakable(serializer: Serializer, broken: Frame): Serializer {
  return { ...serializer, encode: (message) => (message === GARBAGE ? broken : serializer.encode(message)) };
}

function setupWith(serializer: Serializer): Setup {
  return (options = {}) => {
    const [transport, opposite] = memoryPair({ ...options, serializer });
    const recorder = new Recorder();
    const cancel = opposite(recorder);
    const far: Far = {
      received: recorder.messages,
      send: (message) => recorder.channel.send(message),
      garble: () => recorder.channel.send(GARBAGE),
      close: () => cancel.unsubscribe(),
      get ends() {
        return recorder.errors.length;
      },
    };
    return { transport, far: until(() => recorder.channels.length > 0).then(() => far) };
  };
}

contract('memoryPair with json', 'wamp.2.json', setupWith(breakable(json(), '[50,1,')));
contract('memoryPair with msgpack', 'wamp.2.msgpack', setupWith(breakable(msgpack(), new Uint8Array([0x93, 50]))));

describe('memoryPair', () => {
  it('opens neither end before both have been subscribed', async () => {
    const [near, far] = memoryPair();
    const [a, b] = [new Recorder(), new Recorder()];
    near(a);
    await pause();
    const early = a.heard;
    far(b);
    const atOnce = [...a.heard, ...b.heard];
    await pause();
    expect(early).toEqual([0, 0, 0, 0]);
    expect(atOnce).toEqual([0, 0, 0, 0, 0, 0, 0, 0]);
    expect([a.channels.length, b.channels.length]).toEqual([1, 1]);
  });

  it('lets the links of the two sides meet in the order of their use', async () => {
    const [near, far] = memoryPair();
    const [left, a, b, c, d] = Array.from({ length: 5 }, () => new Recorder());
    near(left!).unsubscribe();
    near(a!);
    near(b!);
    far(c!);
    far(d!);
    await pause();
    a!.channel.send([50, 1, {}]);
    b!.channel.send([50, 2, {}]);
    await pause();
    expect([c!.messages, d!.messages]).toEqual([[[50, 1, {}]], [[50, 2, {}]]]);
    expect(left!.heard).toEqual([0, 0, 0, 0]);
  });

  it('delivers what one turn sent in one microtask', async () => {
    const [near, far] = memoryPair();
    const [a, b] = [new Recorder(), new Recorder()];
    near(a);
    far(b);
    await pause();
    for (let i = 1; i <= 100; i++) a.channel.send([50, i, {}]);
    await Promise.resolve();
    expect(b.messages.length).toBe(100);
  });

  it('copies: what is changed after send, or by the receiver, is not seen on the other side', async () => {
    const [near, far] = memoryPair();
    const [a, b] = [new Recorder(), new Recorder()];
    near(a);
    far(b);
    await pause();
    const args = [1];
    a.channel.send([50, 1, {}, args]);
    args.push(2);
    await pause();
    expect(b.messages).toEqual([[50, 1, {}, [1]]]);
  });

  it('ends the other side with a ConnectionError also when that one has left it no time to open', async () => {
    const [near, far] = memoryPair();
    const [a, b] = [new Recorder(), new Recorder()];
    const cancel = near(a);
    far(b);
    cancel.unsubscribe();
    await pause();
    expect(a.heard).toEqual([0, 0, 0, 0]);
    expect(b.heard).toEqual([1, 0, 1, 0]);
    expect(b.errors[0]).toBeInstanceOf(ConnectionError);
  });

  it('refuses a limit that is none', () => {
    expect(() => memoryPair({ maxMessageBytes: 0 })).toThrowError(TypeError, 'maxMessageBytes must be above 0: 0');
  });
});
