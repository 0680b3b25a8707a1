// The option `interceptors`, with real ends: what becomes of operations whose messages are changed, dropped and refused.
import { firstValueFrom, map, Subscription, type Observable } from 'rxjs';
import {
  ApplicationError,
  Client,
  ConnectionError,
  intercept,
  trace,
  type ClientOptions,
  type Interceptor,
  type WampError,
} from '../../src/index.ts';
import { CALL, type List } from '../../src/protocol/messages.ts';
import { Router } from '../../src/router/index.ts';

const NO = new ApplicationError('com.example.error.no', ['not here']);
const veto = (): never => {
  throw NO;
};

let router: Router;
let clients: Client[];
let kept: Subscription;
beforeEach(() => {
  // Strict: an id that is taken and not used would be a violation.
  router = new Router({ realms: ['realm1'], sequentialIds: true });
  clients = [];
  kept = new Subscription();
});
afterEach(async () => {
  kept.unsubscribe();
  await Promise.all(clients.map((client) => client.close()));
  await router.close();
});

function client(interceptors: readonly Interceptor[] = [], options: ClientOptions = {}): Client {
  const made = new Client({ transport: router.transport(), interceptors, logger: false, ...options });
  clients.push(made);
  return made;
}

/** Keeps it, and resolves when it stands. */
function stands(stream: Observable<unknown>): Promise<unknown> {
  return new Promise((resolve, reject) => kept.add(stream.subscribe({ next: resolve, error: reject })));
}

async function failure(stream: Observable<unknown>): Promise<unknown> {
  return firstValueFrom(stream).then(
    (value) => value,
    (error: unknown) => error,
  );
}

const echo = map(({ args }: { args: List }) => args[0]);

describe('Interceptors of a client', () => {
  it('stand in their order: the first is nearest to the client', async () => {
    const order: string[] = [];
    const noting = (name: string): Interceptor =>
      intercept((direction, message) => {
        if (message[0] === CALL || message[0] === 50) order.push(`${name} ${direction}`);
        return message;
      });
    const wamp = client([noting('a'), noting('b')]);
    await stands(wamp.register('com.example.echo', echo));
    await firstValueFrom(wamp.call('com.example.echo', [1]));
    expect(order).toEqual(['a out', 'b out', 'b in', 'a in']);
  });

  it('change what is sent and what arrives, as for an end-to-end cipher', async () => {
    const turned = (text: unknown): string => String(text).split('').reverse().join('');
    const cipher = intercept({
      PUBLISH: ([code, request, options, topic, args]) => [code, request, options, topic, (args as List).map(turned)],
      EVENT: ([code, id, publication, details, args]) => [code, id, publication, details, (args as List).map(turned)],
    });
    const [writer, reader, plain] = [client([cipher]), client([cipher]), client()];
    const seen: unknown[] = [];
    for (const one of [reader, plain]) {
      kept.add(one.topic('com.example.news').subscribe(({ value }) => seen.push(value)));
      await stands(one.subscribed('com.example.news'));
    }
    await firstValueFrom(writer.publish('com.example.news', ['hello'], undefined, { acknowledge: true }));
    await firstValueFrom(plain.call('com.example.nothing')).catch(() => undefined);
    expect(seen).toEqual(['hello', 'olleh']);
  });

  it('refuse a call, which errors with that, and the link goes on', async () => {
    const guard = intercept({ CALL: (message) => (message[3] === 'com.example.secret' ? veto() : message) });
    const wamp = client([guard]);
    await stands(wamp.register('com.example.echo', echo));
    expect(await failure(wamp.call('com.example.secret'))).toBe(NO);
    expect((await firstValueFrom(wamp.call('com.example.echo', [1]))).value).toBe(1);
    expect(wamp.inspect().counters.reconnects).toBe(0);
  });

  for (const [name, start, how = ''] of [
    ['PUBLISH', (wamp: Client) => wamp.publish('com.example.topic')],
    ['PUBLISH', (wamp: Client) => wamp.publish('com.example.topic', [], {}, { acknowledge: true }), ', acknowledged'],
    ['SUBSCRIBE', (wamp: Client) => wamp.topic('com.example.topic')],
    ['REGISTER', (wamp: Client) => wamp.register('com.example.echo', echo)],
  ] as const) {
    it(`refuse ${name}${how}, which errors its stream`, async () => {
      const wamp = client([intercept({ [name]: veto })]);
      const error = await failure(start(wamp));
      expect(error === NO || (error as Error).cause === NO)
        .withContext(String(error))
        .toBeTrue();
      expect(wamp.inspect().pending).toEqual([]);
    });
  }

  it('refuse a result, and the call errors with the reason as its cause', async () => {
    const wamp = client([intercept({ RESULT: veto })]);
    await stands(wamp.register('com.example.echo', echo));
    const error = (await failure(wamp.call('com.example.echo', [1]))) as WampError;
    expect([error.uri, error.cause, error.message]).toEqual([
      'wamp.error.invalid_payload',
      NO,
      'call of com.example.echo: the answer did not pass an interceptor',
    ]);
  });

  for (const name of ['INVOCATION', 'YIELD', 'ERROR'] as const) {
    it(`refuse ${name} of a callee, and its caller does not wait for ever`, async () => {
      const callee = client([intercept({ [name]: veto })]);
      const handler = map((): number => {
        if (name === 'ERROR') throw NO;
        return 1;
      });
      await stands(callee.register('com.example.refused', handler));
      const error = await failure(client().call('com.example.refused', [], undefined, { timeoutMs: 1000 }));
      expect(error).toBeInstanceOf(ApplicationError);
      if (name === 'INVOCATION') expect((error as ApplicationError).args).toEqual(['the arguments did not pass an interceptor']);
    });
  }

  it('drop events, and nobody notices', async () => {
    const wamp = client([intercept({ EVENT: ([, , , , args], _direction) => ((args as List)[0] === 1 ? undefined : [36, 1, 1, {}]) })]);
    await stands(wamp.subscribed('com.example.news'));
    await firstValueFrom(client().publish('com.example.news', [1], {}, { acknowledge: true }));
    expect(wamp.inspect().counters.dropped).toBe(0);
  });

  it('refuse a login: the attempt fails and says so', async () => {
    for (const name of ['HELLO', 'WELCOME'] as const) {
      const error = (await failure(client([intercept({ [name]: veto })], { maxAttempts: 1 }).sessions)) as Error;
      expect([error instanceof ConnectionError, error.message.includes('not here')]).toEqual([true, true]);
    }
    const silent = client([intercept(() => undefined)], { maxAttempts: 1 });
    expect(((await failure(silent.sessions)) as Error).message).toBe(
      'an interceptor returned nothing for HELLO: return the message to let it pass',
    );
  });

  it('refuse GOODBYE, and the client is closed nevertheless', async () => {
    const wamp = client([intercept({ GOODBYE: veto })]);
    await firstValueFrom(wamp.sessions);
    await wamp.close();
    expect(router.sessions('realm1')).toEqual([]);
  });

  it('may be trace, and whatever makes a transport of a transport', async () => {
    const lines: string[] = [];
    const wamp = client([(transport) => trace(transport, { log: (line) => lines.push(line) })]);
    await firstValueFrom(wamp.sessions);
    expect(lines.map((line) => line.split(' ').slice(0, 2).join(' '))).toEqual(['· open,', '→ HELLO', '← WELCOME']);
    expect(() => new Client({ interceptors: [trace] })).not.toThrow();
  });

  it('are refused when they are none', () => {
    expect(() => client([((_direction: string, message: List) => message) as never])).toThrowError(
      TypeError,
      'an interceptor must make a transport: write intercept(…) around your function',
    );
    expect(() => client([{} as never])).toThrowError(TypeError, 'option interceptors[0] of Client must be a function, not an Object');
  });
});
