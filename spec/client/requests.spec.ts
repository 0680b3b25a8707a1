import { map } from 'rxjs';
import { Client } from '../../src/client/client.ts';
import { ConnectionError, ProtocolError, WampError } from '../../src/protocol/errors.ts';
import { ABORT, CALL, ERROR, EVENT, GOODBYE, PUBLISH, PUBLISHED, RESULT, SUBSCRIBE, SUBSCRIBED } from '../../src/protocol/messages.ts';
import { Garbled } from '../../src/protocol/sink.ts';
import { Router } from '../../src/router/index.ts';
import { hear, kept, opened, turn } from './opened.ts';

const ADD = 'com.example.add';

describe('Client requests', () => {
  it('I2 leave keys that are undefined out, send null for undefined in lists, and no trailing empty payload', () => {
    const { client, sent } = opened();
    hear(
      client.call(ADD, [undefined, { a: undefined, b: [undefined] }], { c: undefined, d: 1 }, {
        timeout: undefined,
        disclose_me: true,
      } as never),
    );
    hear(client.call(ADD, [], {}));
    hear(client.call(ADD, undefined, { k: undefined }));
    hear(client.call(ADD, [], { k: 0 }));
    expect(sent()).toEqual([
      [CALL, 1, { disclose_me: true }, ADD, [null, { b: [null] }], { d: 1 }],
      [CALL, 2, {}, ADD],
      [CALL, 3, {}, ADD],
      [CALL, 4, {}, ADD, [], { k: 0 }],
    ]);
  });

  it('I2 keep __proto__ as data, on the way out and on the way in', () => {
    const { client, link, sent } = opened();
    const kwargs = JSON.parse('{"__proto__": {"polluted": true}}') as object;
    const echo = hear(client.call(ADD, [undefined], kwargs));
    expect(JSON.stringify(sent())).toBe('[[48,1,{},"com.example.add",[null],{"__proto__":{"polluted":true}}]]');
    link.receive([RESULT, 1, {}, [], kwargs]);
    expect(Object.keys(echo.values[0]!.kwargs)).toEqual(['__proto__']);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  it('I1 are refused in the stream for what cannot be sent: nothing is sent, and no id is used', () => {
    const { client, sent } = opened();
    const cycle: unknown[] = [];
    cycle.push({ cycle });
    const refused: [unknown, unknown, string][] = [
      [5, undefined, 'args must be a list, not the number 5: write [value], or [] for none'],
      [new Map(), undefined, 'args must be a list, not a Map: write [value], or [] for none'],
      [[() => 1], undefined, 'args[0] is a function and cannot be sent: send data'],
      [[{ a: [Symbol('s')] }], undefined, 'args[0].a[0] is a symbol and cannot be sent: send data'],
      [cycle, undefined, 'args[0].cycle is a cycle and cannot be sent: it leads back to args'],
      [[], [1], 'kwargs must be an object, not a list'],
      [[], 'text', 'kwargs must be an object, not the text "text"'],
      [[], { f: () => 1 }, 'kwargs.f is a function and cannot be sent: send data'],
    ];
    for (const [args, kwargs, sentence] of refused) {
      const call = hear(client.call(ADD, args as [], kwargs as object));
      expect(call.errors.map(String)).toEqual([`TypeError: call of com.example.add: ${sentence}`]);
      const publication = hear(client.publish(ADD, args as [], kwargs as object));
      expect(publication.errors.map(String)).toEqual([`TypeError: publish to com.example.add: ${sentence}`]);
    }
    expect(sent()).toEqual([]);
    hear(client.call(ADD));
    expect(sent()).toEqual([[CALL, 1, {}, ADD]]);
  });

  it('I1 read their payload when they are subscribed', () => {
    const { client, sent } = opened();
    const args = [1];
    const call = client.call(ADD, args);
    args.push(2);
    hear(call);
    expect(sent()).toEqual([[CALL, 1, {}, ADD, [1, 2]]]);
  });

  it('I4 are refused above maxMessageBytes before they are sent, and the link lives on', async () => {
    const router = new Router({ realms: ['realm1'] });
    const client = kept(new Client({ transport: router.transport({ maxMessageBytes: 2000 }), keepAliveMs: 0, logger: false }));
    const news = hear(client.publish('com.example.news', ['x'.repeat(2000)], {}, { acknowledge: true }));
    const small = hear(client.publish('com.example.news', ['x'], {}, { acknowledge: true }));
    while (small.completions === 0) await turn();
    const [error] = news.errors as [WampError];
    expect(error).toBeInstanceOf(WampError);
    expect([error.uri, error.message]).toEqual([
      'wamp.error.payload_size_exceeded',
      'publish to com.example.news: the message has 2051 bytes, which is more than maxMessageBytes (2000): send less or raise the limit',
    ]);
  });

  it('I5 err when their answer cannot be decoded, and the session lives on', () => {
    const { client, link } = opened();
    const cause = new ProtocolError('a frame is not WAMP in JSON');
    const [result, error, other] = [hear(client.call(ADD)), hear(client.call(ADD)), hear(client.call(ADD))];
    link.receive(new Garbled(cause, [RESULT, 1]), new Garbled(cause, [ERROR, CALL, 2]), new Garbled(cause), [RESULT, 3, {}, ['fine']]);
    for (const { errors } of [result, error]) {
      expect(errors.map((one) => [String(one), (one as WampError).uri, (one as WampError).cause])).toEqual([
        ['WampError: call of com.example.add: the answer could not be decoded', 'wamp.error.invalid_payload', cause],
      ]);
    }
    expect(other.values.map(({ value }) => value)).toEqual(['fine']);
    expect(client.inspect().counters.dropped).toBe(3);
  });

  it('I5 end with the session when a message breaks the protocol, which is answered with ABORT', () => {
    const { client, link, router } = opened();
    const call = hear(client.call(ADD));
    link.receive([RESULT, 1, 'details']);
    const [error] = call.errors as [ConnectionError];
    expect(error).toBeInstanceOf(ConnectionError);
    expect([error.uri, error.sent]).toEqual(['wamp.error.protocol_violation', true]);
    expect((error.cause as ConnectionError).cause ?? error.cause).toBeInstanceOf(ProtocolError);
    expect(router.log.at(-1)?.[0]).toBe(ABORT);
  });

  it('R2 are answered by the session that they were sent on, and by no other (trap 12)', async () => {
    const { client, link, router, rejoin } = opened();
    hear(client.topic('com.example.tick'));
    link.receive([SUBSCRIBED, 1, 77]);
    await rejoin();
    router.link.receive([SUBSCRIBED, 1, 88], [EVENT, 88, 5, {}, []]);
    hear(client.call(ADD)).leave();
    expect(router.link.requests.map(([code, request]) => [code, request])).toEqual([
      [SUBSCRIBE, 1],
      [CALL, 2],
      [49, 2],
    ]);
    expect(link.requests).toEqual([[SUBSCRIBE, 1, {}, 'com.example.tick']]);
    expect(router.links.flatMap(({ requests }) => requests).some(([code]) => code === GOODBYE)).toBeFalse();
  });

  it('take 2^53 for an id (trap 6)', () => {
    const { client, link } = opened();
    const news = hear(client.publish('com.example.news', [], {}, { acknowledge: true }));
    const ticks = hear(client.topic('com.example.tick').pipe(map(({ publication }) => publication)));
    link.receive([PUBLISHED, 1, 2 ** 53], [SUBSCRIBED, 2, 2 ** 53], [EVENT, 2 ** 53, 2 ** 53, {}]);
    expect([news.values, ticks.values]).toEqual([[2 ** 53], [2 ** 53]]);
  });

  it('stand in inspect() until they are answered', () => {
    const { client, link } = opened();
    hear(client.call(ADD));
    hear(client.publish('com.example.news', [], {}, { acknowledge: true }));
    expect(client.inspect().pending).toEqual([
      { request: 1, kind: 'CALL', ageMs: 0 },
      { request: 2, kind: 'PUBLISH', ageMs: 0 },
    ]);
    link.receive([RESULT, 1, {}], [PUBLISHED, 2, 5]);
    expect(client.inspect().pending).toEqual([]);
    expect(PUBLISH).toBe(16);
  });
});
