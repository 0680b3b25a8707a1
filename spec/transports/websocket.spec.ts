import type { ConnectionError } from '../../src/protocol/errors.ts';
import { json } from '../../src/serializers/json.ts';
import { msgpack } from '../../src/serializers/msgpack.ts';
import type { WebSocketLike } from '../../src/transports/socket.ts';
import { webSocket, type WebSocketOptions } from '../../src/transports/websocket.ts';
import { Recorder } from './contract.ts';

/** A WebSocket class in the hands of the spec. */
class Scripted implements WebSocketLike {
  static made: Scripted[] = [];
  readyState = 0;
  bufferedAmount = 0;
  protocol = '';
  binaryType = 'blob';
  onopen: unknown = null;
  onmessage: unknown = null;
  onerror: unknown = null;
  onclose: unknown = null;
  readonly calls: unknown[] = [];
  constructor() {
    Scripted.made.push(this);
  }
  send(data: unknown): void {
    this.calls.push(data);
  }
  close(code?: number): void {
    this.readyState = 2;
    this.calls.push(code);
  }
  opens(protocol: string): void {
    this.readyState = 1;
    this.protocol = protocol;
    (this.onopen as (event: object) => void)({});
  }
  hears(data: unknown): void {
    (this.onmessage as (event: object) => void)({ data });
  }
  closes(code: number, reason = ''): void {
    this.readyState = 3;
    (this.onclose as (event: object) => void)({ code, reason });
  }
}

function setup(options: Partial<WebSocketOptions> = {}): { near: Recorder; socket: Scripted; leave: () => void } {
  const near = new Recorder();
  const cancel = webSocket({ url: 'ws://localhost/ws', WebSocket: Scripted, ...options })(near);
  return { near, socket: Scripted.made.pop()!, leave: () => cancel.unsubscribe() };
}

describe('webSocket', () => {
  const url = 'ws://localhost:8080/ws';

  it('throws for a wrong option when it is made', () => {
    expect(() => webSocket({ url: 'localhost:8080/ws' })).toThrowError(TypeError, /did you mean ws:\/\/localhost:8080\/ws\?$/);
    expect(() => webSocket({ url, maxMessageBytes: -1 })).toThrowError(TypeError, 'maxMessageBytes must be above 0: -1');
    expect(() => webSocket({ url, serializers: [] })).toThrowError(TypeError, 'serializers must hold at least one');
    expect(() => webSocket({ url, serializers: [json(), json()] })).toThrowError(
      TypeError,
      'serializers must hold each subprotocol once: wamp.2.json, wamp.2.json',
    );
  });

  it('asks for array buffers and reads views too', () => {
    const { near, socket } = setup({ serializers: [msgpack()] });
    socket.opens('wamp.2.msgpack');
    const bytes = msgpack().encode([50, 1, {}]) as Uint8Array;
    socket.hears(new Uint8Array(bytes).buffer);
    socket.hears(bytes);
    expect(socket.binaryType).toBe('arraybuffer');
    expect(near.messages).toEqual([
      [50, 1, {}],
      [50, 1, {}],
    ]);
  });

  it('takes the serializer that the router chose of those offered', () => {
    const { near, socket } = setup({ serializers: [msgpack(), json()] });
    socket.opens('wamp.2.json');
    near.channel.send([50, 1, {}]);
    expect(near.channel.protocol).toBe('wamp.2.json');
    expect(socket.calls).toEqual(['[50,1,{}]']);
  });

  it('ends when the router chose no subprotocol, and closes the socket', () => {
    const { near, socket } = setup();
    socket.opens('');
    expect(near.heard).toEqual([0, 0, 1, 0]);
    expect((near.errors[0] as ConnectionError).uri).toBe('wamp.error.no_serializer');
    expect(socket.calls).toEqual([1000]);
  });

  it('ends at an arrival above maxMessageBytes, and closes the socket', () => {
    const { near, socket } = setup({ maxMessageBytes: 20 });
    socket.opens('wamp.2.json');
    socket.hears('[50,1,{},["123456"]]');
    socket.hears('[50,1,{},["12345é"]]');
    socket.hears('[50,2,{}]');
    expect(near.heard).toEqual([1, 1, 1, 0]);
    expect((near.errors[0] as ConnectionError).uri).toBe('wamp.error.payload_size_exceeded');
    expect(socket.calls).toEqual([1000]);
  });

  it('drops what is sent on a socket that is closing, and keeps no handler once it is closed', () => {
    const { near, socket } = setup();
    socket.opens('wamp.2.json');
    socket.readyState = 2;
    near.channel.send([50, 1, {}]);
    const { length } = socket.calls;
    socket.closes(1001, 'bye');
    expect(length).toBe(0);
    expect(near.heard).toEqual([1, 0, 1, 0]);
    expect([socket.onopen, socket.onmessage, socket.onerror, socket.onclose]).toEqual([null, null, null, null]);
  });

  it('hears nothing of a socket that opens, brings and closes after it was left', () => {
    const { near, socket, leave } = setup();
    leave();
    socket.opens('wamp.2.json');
    socket.hears('[50,1,{}]');
    socket.closes(1006);
    expect(near.heard).toEqual([0, 0, 0, 0]);
    expect(socket.calls).toEqual([1000]);
  });
});
