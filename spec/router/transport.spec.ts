import { ABORT, CALL, HELLO, INVOCATION, REGISTER, RESULT, WELCOME, YIELD, type List } from '../../src/protocol/messages.ts';
import type { Cancel, Channel, Transport } from '../../src/protocol/sink.ts';
import { Garbled } from '../../src/protocol/sink.ts';
import { Router } from '../../src/router/index.ts';
import { msgpack } from '../../src/serializers/msgpack.ts';
import { ROLES } from './client.ts';

/** Opens a link, says HELLO and waits for the first answer. */
function hello(
  transport: Transport,
): Promise<{ readonly answer: List; readonly channel: Channel; readonly link: Cancel; messages(): Promise<List> }> {
  return new Promise((resolve, reject) => {
    const queue: List[] = [];
    const waiting: ((message: List) => void)[] = [];
    const messages = (): Promise<List> =>
      new Promise((next) => {
        const first = queue.shift();
        if (first) next(first);
        else waiting.push(next);
      });
    const link: Cancel = transport({
      open: (channel) => {
        channel.send([HELLO, 'realm1', { roles: ROLES }]);
        void messages().then((answer) => {
          resolve({ answer, channel, link, messages });
        });
      },
      next: (message) => {
        if (message instanceof Garbled) throw new TypeError('garbled');
        const next = waiting.shift();
        if (next) next(message);
        else queue.push(message);
      },
      error: reject,
      complete: () => {},
    });
  });
}

describe('Router in memory', () => {
  describe('transport', () => {
    it('joins in memory, anew at each use', async () => {
      const router = new Router({ realms: ['realm1'] });
      const transport = router.transport();
      const answers = [await hello(transport), await hello(transport)].map(({ answer }) => answer[0]);
      expect(answers).toEqual([WELCOME, WELCOME]);
      expect(router.counts().sessions).toBe(2);
    });

    it('carries a call between two clients with different serializers', async () => {
      const router = new Router({ realms: ['realm1'] });
      const callee = await hello(router.transport({ serializer: msgpack() }));
      const caller = await hello(router.transport());
      callee.channel.send([REGISTER, 1, {}, 'a.b']);
      const [, , registration] = await callee.messages();
      caller.channel.send([CALL, 1, {}, 'a.b', [new Uint8Array([1, 2])]]);
      expect(await callee.messages()).toEqual([INVOCATION, 1, registration, {}, [new Uint8Array([1, 2])]]);
      callee.channel.send([YIELD, 1, {}, ['ok']]);
      expect(await caller.messages()).toEqual([RESULT, 1, {}, ['ok']]);
    });

    it('answers with ABORT when it is used after the router has closed', async () => {
      const router = new Router({ realms: ['realm1'] });
      const transport = router.transport();
      await router.close();
      const heard: unknown[] = [];
      await new Promise((resolve) => {
        transport({
          open: (channel) => channel.send([HELLO, 'realm1', { roles: ROLES }]),
          next: (message) => heard.push(message),
          error: resolve,
          complete: () => {},
        });
      });
      expect(heard).toEqual([[ABORT, { message: 'the router is closed: make a new one' }, 'wamp.close.system_shutdown']]);
      expect(router.counts().sessions).toBe(0);
    });

    it('gives the session back when the client leaves without a word', async () => {
      const router = new Router({ realms: ['realm1'] });
      const client = await hello(router.transport());
      client.link.unsubscribe();
      await new Promise((resolve) => setTimeout(resolve));
      expect(router.counts().sessions).toBe(0);
    });
  });
});
