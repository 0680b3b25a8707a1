// What every transport must do, whatever it runs on and whatever the serializer. A spec file calls it once for each.
import { ConnectionError, WampError } from '../../src/protocol/errors.ts';
import type { List } from '../../src/protocol/messages.ts';
import { Garbled, type Channel, type Sink, type Transport } from '../../src/protocol/sink.ts';

/** The other end of the link, in the hands of the spec. */
export interface Far {
  readonly received: readonly unknown[];
  send(message: List): void;
  /** Sends a frame that cannot be decoded. */
  garble(): void;
  close(): void;
  /** How often the end of the link was heard of. */
  readonly ends: number;
}

export interface Setting {
  readonly transport: Transport;
  /** Resolves once the other end has the link. */
  readonly far: Promise<Far>;
}

export type Setup = (options?: { readonly maxMessageBytes?: number }) => Setting;

/** A sink that keeps what it hears. */
export class Recorder implements Sink<List | Garbled, Channel> {
  readonly channels: Channel[] = [];
  readonly messages: (List | Garbled)[] = [];
  readonly errors: unknown[] = [];
  completed = 0;
  open(channel: Channel): void {
    this.channels.push(channel);
  }
  next(message: List | Garbled): void {
    this.messages.push(message);
  }
  error(error: unknown): void {
    this.errors.push(error);
  }
  complete(): void {
    this.completed++;
  }
  get channel(): Channel {
    return this.channels[0]!;
  }
  /** Everything heard so far, as numbers of calls. */
  get heard(): List {
    return [this.channels.length, this.messages.length, this.errors.length, this.completed];
  }
}

export function pause(milliseconds = 0): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** Waits until something is so, or for two seconds; the expectation that follows tells what was missing. */
export async function until(so: () => boolean): Promise<void> {
  for (let i = 0; i < 1000 && !so(); i++) await pause(2);
}

/** Subscribes and waits until both ends stand. */
export async function linked({ transport, far }: Setting): Promise<{ near: Recorder; far: Far; leave: () => void }> {
  const near = new Recorder();
  const cancel = transport(near);
  const other = await far;
  await until(() => near.heard.some((calls) => calls !== 0));
  return { near, far: other, leave: () => cancel.unsubscribe() };
}

export function contract(name: string, protocol: string, setup: Setup): void {
  describe(name, () => {
    describe('opening', () => {
      it('hands over its channel exactly once, after the function has returned', async () => {
        const { transport, far } = setup();
        const near = new Recorder();
        const cancel = transport(near);
        const atOnce = near.heard;
        await far;
        await until(() => near.channels.length > 0);
        await pause(5);
        expect(atOnce).toEqual([0, 0, 0, 0]);
        expect(near.heard).toEqual([1, 0, 0, 0]);
        expect(near.channel.protocol).toBe(protocol);
        cancel.unsubscribe();
      });

      it('hears nothing and is not heard after leaving at once', async () => {
        const { transport } = setup();
        const near = new Recorder();
        transport(near).unsubscribe();
        await pause(30);
        expect(near.heard).toEqual([0, 0, 0, 0]);
      });
    });

    describe('sending', () => {
      it('keeps the order in both directions', async () => {
        const { near, far, leave } = await linked(setup());
        const messages = Array.from({ length: 500 }, (_, i) => [36, i + 1, { topic: 'com.example.topic' }, ['é'.repeat(i % 7)]]);
        for (const message of messages) {
          near.channel.send(message);
          far.send(message);
        }
        await until(() => far.received.length === 500 && near.messages.length === 500);
        expect(far.received).toEqual(messages);
        expect(near.messages).toEqual(messages);
        leave();
      });

      it('calls no sink before it returns', async () => {
        const { near, far, leave } = await linked(setup());
        near.channel.send([50, 1, {}]);
        expect([far.received.length, near.messages.length]).toEqual([0, 0]);
        await until(() => far.received.length > 0);
        expect(far.received).toEqual([[50, 1, {}]]);
        leave();
      });

      it('throws a TypeError for what cannot be encoded, sends nothing of it, and then the next message', async () => {
        const { near, far, leave } = await linked(setup());
        expect(() => near.channel.send([48, 1, {}, 'com.example.add', [2n ** 70n]])).toThrowError(TypeError);
        near.channel.send([48, 1, {}, 'com.example.add', [2]]);
        await until(() => far.received.length > 0);
        await pause(5);
        expect(far.received).toEqual([[48, 1, {}, 'com.example.add', [2]]]);
        leave();
      });

      it('throws payload_size_exceeded for a message above maxMessageBytes, measured in bytes, and sends nothing of it', async () => {
        const { near, far, leave } = await linked(setup({ maxMessageBytes: 1000 }));
        // 600 characters, 1,200 bytes.
        let thrown: unknown;
        try {
          near.channel.send([16, 1, {}, 'com.example.topic', ['é'.repeat(600)]]);
        } catch (error) {
          thrown = error;
        }
        near.channel.send([16, 1, {}, 'com.example.topic', ['x'.repeat(900)]]);
        await until(() => far.received.length > 0);
        expect(thrown).toBeInstanceOf(WampError);
        expect((thrown as WampError).uri).toBe('wamp.error.payload_size_exceeded');
        expect((thrown as WampError).message).toMatch(/^the message has 12\d\d bytes, which is more than maxMessageBytes \(1000\): /);
        expect(far.received).toEqual([[16, 1, {}, 'com.example.topic', ['x'.repeat(900)]]]);
        leave();
      });

      it('tells in bufferedAmount what has not left yet', async () => {
        const { near, far, leave } = await linked(setup());
        expect(near.channel.bufferedAmount).toBe(0);
        // More than the buffers of an operating system take.
        for (let i = 1; i <= 20; i++) near.channel.send([16, i, {}, 'com.example.topic', ['x'.repeat(1_000_000)]]);
        expect(near.channel.bufferedAmount).toBeGreaterThan(1_000_000);
        await until(() => far.received.length === 20 && near.channel.bufferedAmount === 0);
        expect(near.channel.bufferedAmount).toBe(0);
        leave();
      });
    });

    describe('receiving', () => {
      it('brings values as they were: binary, ids of 2^53, what is falsy, keys named __proto__', async () => {
        const { near, far, leave } = await linked(setup());
        const kwargs: unknown = JSON.parse('{"__proto__": 1, "constructor": {"a": null}}');
        const message = [
          48,
          2 ** 53,
          {},
          'com.example.put',
          [new Uint8Array([0, 255, 10]), 2 ** 32, 0, false, '', null, -1.5, '€😀'],
          kwargs,
        ];
        near.channel.send(message);
        far.send(message);
        await until(() => far.received.length > 0 && near.messages.length > 0);
        expect(far.received).toEqual([message]);
        expect(near.messages).toEqual([message]);
        leave();
      });

      it('brings a Garbled for a frame that cannot be decoded, and the link lives', async () => {
        const { near, far, leave } = await linked(setup());
        far.garble();
        far.send([50, 1, {}]);
        await until(() => near.messages.length > 1);
        expect(near.messages.length).toBe(2);
        expect(near.messages[0]).toBeInstanceOf(Garbled);
        expect((near.messages[0] as Garbled).cause).toBeInstanceOf(Error);
        expect(near.messages[1]).toEqual([50, 1, {}]);
        expect(near.errors).toEqual([]);
        leave();
      });

      it('trap 13 a sink that throws gets the next message all the same, and the throw is reported', async () => {
        await jasmine.spyOnGlobalErrorsAsync(async (reported) => {
          const near = new Recorder();
          const { transport, far } = setup();
          const cancel = transport({
            open: (channel) => near.open(channel),
            next: (message) => {
              near.next(message);
              if (near.messages.length === 1) throw new RangeError('thrown by a sink');
            },
            error: (error) => near.error(error),
            complete: () => near.complete(),
          });
          const other = await far;
          await until(() => near.channels.length > 0);
          other.send([50, 1, {}]);
          other.send([50, 2, {}]);
          await until(() => near.messages.length === 2 && reported.calls.any());
          expect(near.messages).toEqual([
            [50, 1, {}],
            [50, 2, {}],
          ]);
          expect(reported).toHaveBeenCalledOnceWith(jasmine.any(RangeError));
          near.channel.send([48, 3, {}, 'com.example.add']);
          await until(() => other.received.length > 0);
          expect(other.received.length).toBe(1);
          cancel.unsubscribe();
        });
      });
    });

    describe('ending', () => {
      it('is heard of at the other side behind what was sent, and brings nothing more here', async () => {
        const { near, far, leave } = await linked(setup());
        near.channel.send([6, {}, 'wamp.close.normal']);
        leave();
        leave();
        far.send([50, 1, {}]);
        near.channel.send([50, 2, {}]);
        await until(() => far.ends > 0);
        await pause(20);
        expect(far.received).toEqual([[6, {}, 'wamp.close.normal']]);
        expect(far.ends).toBe(1);
        expect(near.heard).toEqual([1, 0, 0, 0]);
      });

      it('by the other side is one ConnectionError, behind what it sent; sending is then without effect', async () => {
        const { near, far, leave } = await linked(setup());
        far.send([6, {}, 'wamp.close.normal']);
        far.close();
        await until(() => near.errors.length > 0);
        near.channel.send([50, 1, {}]);
        leave();
        await pause(20);
        expect(near.heard).toEqual([1, 1, 1, 0]);
        expect(near.errors[0]).toBeInstanceOf(ConnectionError);
        expect((near.errors[0] as ConnectionError).uri).toBe('wamp.error.network_failure');
      });

      it('leaves the way free for another link', async () => {
        for (let i = 0; i < 3; i++) {
          const { near, far, leave } = await linked(setup());
          near.channel.send([50, i + 1, {}]);
          await until(() => far.received.length > 0);
          expect(far.received).toEqual([[50, i + 1, {}]]);
          leave();
        }
      });
    });
  });
}
