import type { List } from '../../src/protocol/messages.ts';
import { Garbled, type Channel, type Sink, type Transport } from '../../src/protocol/sink.ts';
import { ConnectionError } from '../../src/protocol/errors.ts';
import { trace } from '../../src/transports/trace.ts';
import { Recorder } from './contract.ts';

function setup(more: Partial<Channel> = {}): {
  lines: string[];
  near: Recorder;
  inner: Sink<List | Garbled, Channel>;
  sent: List[];
  leave: () => void;
} {
  const lines: string[] = [];
  const sent: List[] = [];
  const near = new Recorder();
  let inner: Sink<List | Garbled, Channel> | undefined;
  const transport: Transport = (sink) => {
    inner = sink;
    return { unsubscribe: () => lines.push('(inner left)') };
  };
  const cancel = trace(transport, { log: (line) => lines.push(line) })(near);
  inner!.open!({ send: (message) => sent.push(message), bufferedAmount: 7, protocol: 'wamp.2.json', ...more });
  lines.length = 0;
  return { lines, near, inner: inner!, sent, leave: () => cancel.unsubscribe() };
}

function lineOf(message: List): string {
  const { lines, near, sent } = setup();
  near.channel.send(message);
  expect(sent).toEqual([message]);
  expect(lines.length).toBe(1);
  return lines[0]!;
}

describe('trace', () => {
  it('prints a line for each message, both ways, and hands everything on', () => {
    const { lines, near, inner, sent } = setup();
    near.channel.send([48, 7, {}, 'com.example.add', [1, 2]]);
    inner.next([50, 7, {}, [3]]);
    inner.next([8, 48, 7, {}, 'com.example.error', ['no'], { why: null }]);
    expect(lines).toEqual(['→ CALL 7 com.example.add [1, 2]', '← RESULT 7 [3]', '← ERROR CALL 7 com.example.error ["no"] {why: null}']);
    expect([sent.length, near.messages.length]).toEqual([1, 2]);
  });

  it('prints opening, loss and leaving, each end once', () => {
    const lost = setup();
    lost.inner.error(new ConnectionError('ws://localhost/ is gone'));
    lost.leave();
    const left = setup();
    left.leave();
    left.leave();
    expect(lost.lines).toEqual(['· lost: ws://localhost/ is gone', '(inner left)']);
    expect(left.lines).toEqual(['· left', '(inner left)', '(inner left)']);
    expect(lost.near.heard).toEqual([1, 0, 1, 0]);
    const lines: string[] = [];
    trace(
      (sink) => {
        sink.open?.({ send: () => {}, bufferedAmount: 0, protocol: 'wamp.2.msgpack' });
        return { unsubscribe: () => {} };
      },
      { log: (line) => lines.push(line) },
    )(new Recorder());
    expect(lines).toEqual(['· open, wamp.2.msgpack']);
  });

  it('prints what could not be decoded, with its head', () => {
    const { lines, inner } = setup();
    inner.next(new Garbled(new SyntaxError('a frame is not WAMP in JSON'), [50, 7]));
    inner.next(new Garbled('odd'));
    expect(lines).toEqual(['← cannot be decoded: a frame is not WAMP in JSON (RESULT 7)', '← cannot be decoded: odd']);
  });

  it('masks signatures, challenges and what is named like a secret', () => {
    expect(lineOf([5, 'c2lnbmF0dXJl', { nonce: 'n' }])).toBe('→ AUTHENTICATE *** ***');
    expect(lineOf([5, 'c2lnbmF0dXJl', {}])).toBe('→ AUTHENTICATE *** ***');
    expect(lineOf([4, 'wampcra', { challenge: 'c' }])).toBe('→ CHALLENGE wampcra ***');
    expect(lineOf([1, 'realm1', { authid: 'joe', authextra: { pubkey: 'k' } }])).toBe('→ HELLO realm1 {authid: "joe", authextra: ***}');
    expect(lineOf([48, 1, {}, 'com.example.login', [], { deep: [{ password: 'p', Ticket: 't', access_token: 'a' }] }])).toBe(
      '→ CALL 1 com.example.login [] {deep: [{password: ***, Ticket: ***, access_token: ***}]}',
    );
  });

  it('cuts what is long or deep and shows binary by its length', () => {
    const long = lineOf([50, 1, {}, ['x'.repeat(1_000_000), new Uint8Array(5)]]);
    expect(long).toMatch(/^→ RESULT 1 \["x{190,199}…$/);
    expect(lineOf([50, 1, {}, Array.from({ length: 1_000_000 }, (_, i) => i)])).toMatch(/^→ RESULT 1 \[0, 1, 2, .*…$/);
    expect(lineOf([50, 1, {}, [new Uint8Array(5), undefined, 2n]])).toBe('→ RESULT 1 [<5 bytes>, undefined, 2]');
    const cycle: unknown[] = [];
    cycle.push(cycle);
    expect(lineOf([50, 1, {}, cycle])).toBe('→ RESULT 1 [[[[[[[[…]]]]]]]]');
    expect(lineOf([99, 'x'])).toBe('→ 99 x');
  });

  it('prints nothing for a message that could not be sent', () => {
    const { lines, near } = setup({
      send: () => {
        throw new TypeError('args[0] cannot be encoded');
      },
    });
    expect(() => near.channel.send([50, 1, {}, [1n]])).toThrowError(TypeError);
    expect(lines).toEqual([]);
  });

  it('passes on the rest of the channel, and pings only where there are pings', () => {
    const pong = jasmine.createSpy();
    const binding = new Uint8Array([1]);
    const full = setup({ ping: (listener) => listener(), binding }).near.channel;
    const plain = setup().near.channel;
    full.ping!(pong);
    expect(pong).toHaveBeenCalledTimes(1);
    expect([full.bufferedAmount, full.protocol, full.binding]).toEqual([7, 'wamp.2.json', binding]);
    expect(['ping' in plain, 'binding' in plain]).toEqual([false, false]);
  });

  it('prints to the console unless told otherwise', () => {
    const log = spyOn(console, 'log');
    let inner: Sink<List | Garbled, Channel> | undefined;
    trace((sink) => {
      inner = sink;
      return { unsubscribe: () => {} };
    })(new Recorder());
    inner!.next([50, 7, {}]);
    expect(log).toHaveBeenCalledOnceWith('← RESULT 7');
  });
});
