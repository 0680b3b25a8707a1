// Which serializer is taken, over a real WebSocket: the first of the client's that the router speaks.
import { firstValueFrom, lastValueFrom } from 'rxjs';
import { type Client, json, type Serializer, type Transport, webSocket } from '../../src/index.ts';
import { msgpack } from '../../src/msgpack.ts';
import { routerUrl } from '../support/env.ts';
import { client } from './clients.ts';

/** A client, and the subprotocols of its links. */
function watched(serializers?: readonly Serializer[]): { wamp: Client; protocols: readonly string[] } {
  const protocols: string[] = [];
  const inner = webSocket({ url: routerUrl(), ...(serializers && { serializers }) });
  const transport: Transport = (sink) =>
    inner({
      open: (channel) => {
        protocols.push(channel.protocol);
        sink.open?.(channel);
      },
      next: (message) => sink.next(message),
      error: (error) => sink.error(error),
      complete: () => sink.complete(),
    });
  return { wamp: client({ transport }), protocols };
}

describe('Serializers over a real WebSocket', () => {
  const cases: readonly (readonly [what: string, serializers: readonly Serializer[] | undefined, protocol: string])[] = [
    ['JSON by default', undefined, 'wamp.2.json'],
    ['JSON where it stands first', [json(), msgpack()], 'wamp.2.json'],
    ['MessagePack where it stands first', [msgpack(), json()], 'wamp.2.msgpack'],
    ['the one that the router knows', [{ ...json(), protocol: 'wamp.2.unheard-of' }, msgpack()], 'wamp.2.msgpack'],
  ];
  for (const [what, serializers, protocol] of cases) {
    it(`takes ${what}`, async () => {
      const { wamp, protocols } = watched(serializers);
      const { id } = await firstValueFrom(wamp.sessions);
      const publication = await lastValueFrom(wamp.publish('com.example.news', [], undefined, { acknowledge: true }));
      expect(protocols).toEqual([protocol]);
      expect([id, publication].every((each) => Number.isSafeInteger(each) && each > 0)).toBeTrue();
    });
  }

  it('clients of different serializers understand each other', async () => {
    const [text, binary] = [client({ serializers: [json()] }), client({ serializers: [msgpack()] })];
    const events = [text, binary].map((one) => firstValueFrom(one.topic('com.example.mixed')));
    await Promise.all([text, binary].map((one) => firstValueFrom(one.subscribed('com.example.mixed'))));
    const bytes = new Uint8Array([0, 1, 254, 255]);
    text.publish('com.example.mixed', [bytes, 2 ** 40], { from: 'text' }).subscribe();
    binary.publish('com.example.mixed', [bytes, 2 ** 40], { from: 'binary' }).subscribe();
    const heard = await Promise.all(events);
    expect(heard.map(({ args, kwargs }) => [[...(args[0] as Uint8Array)], args[1], kwargs])).toEqual([
      [[0, 1, 254, 255], 2 ** 40, { from: 'binary' }],
      [[0, 1, 254, 255], 2 ** 40, { from: 'text' }],
    ]);
  });
});
