// What is wrong below the first level of options, in custom options and in HELLO's details; what goes stale and gives nonsense.
import { EMPTY, map } from 'rxjs';
import { Client } from '../../src/client/client.ts';
import { connect } from '../../src/client/connect.ts';
import type { ClientOptions } from '../../src/client/options.ts';
import { ApplicationError, ConnectionError, JoinError } from '../../src/protocol/errors.ts';
import type { Login } from '../../src/protocol/login.ts';
import { ABORT, CALL, CHALLENGE, ERROR, HELLO, INVOCATION, REGISTERED } from '../../src/protocol/messages.ts';
import { json } from '../../src/serializers/json.ts';
import { ScriptedRouter } from '../../src/testing/scripted.ts';
import { webSocket } from '../../src/transports/websocket.ts';
import { hear, opened, turn } from './opened.ts';

const URI = 'com.example.name';
const login: Login = { authmethod: 'ticket', answer: () => 'secret' };

describe('Options below the first level', () => {
  const wrong: readonly [name: string, options: unknown, sentence: string][] = [
    ['an unknown name in socket', { socket: { header: {} } }, 'unknown option header of socket: it has headers, origin, ca, cert, key, '],
    ['headers', { socket: { headers: 'x' } }, 'option headers of socket must be an object, not the text "x"'],
    ['a family', { socket: { family: 5 } }, 'option family of socket must be 4 or 6, not the number 5'],
    ['a socket', { socket: 5 }, 'options of socket must be an object, not the number 5'],
    [
      'a serializer not called',
      { serializers: [json] },
      'option serializers[0] of Client must be a serializer, not the function json: write json()',
    ],
    [
      'a serializer by name',
      { serializers: [json(), 'json'] },
      'option serializers[1] of Client must be a serializer, not the text "json": write json()',
    ],
    ['no serializer', { serializers: [{}] }, 'option serializers[0].protocol of Client must be a text, not undefined'],
    ['no list', { serializers: json() }, 'option serializers of Client must be a list, not an Object'],
    ['a number as a login', { auth: [5] }, 'option auth[0] of Client must be a login, not the number 5'],
    ['a hole as a login', { auth: new Array(1) }, 'option auth[0] of Client must be a login, not undefined'],
    [
      'hello as an object',
      { auth: [{ authmethod: 'x', answer: () => '', hello: {} }] },
      'option auth[0].hello of Client must be a function, not an Object',
    ],
    ['a logger that says nothing', { logger: {} }, 'option logger.warn of Client must be a function, not undefined'],
    [
      'details with a function',
      { details: { authextra: { f: () => 1 } } },
      'details.authextra.f is a function and cannot be sent: send data',
    ],
  ];
  for (const [name, options, sentence] of wrong) {
    it(`I1 throw at once for ${name}`, () => {
      const refused = (error: Error): boolean => error instanceof TypeError && error.message.startsWith(sentence);
      expect(() => new Client(options as ClientOptions)).toThrowMatching(refused);
    });
  }

  it('I1 are checked by connect too, and what is right is taken', () => {
    expect(() => connect({ auth: [{}] } as never)).toThrowError(TypeError, /^option auth\[0\]\.authmethod of connect must be a text/);
    const socket = { headers: { a: 'b' }, family: 4 as const, rejectUnauthorized: false };
    expect(() => new Client({ socket, serializers: [json()], auth: [login], logger: console, url: () => '' })).not.toThrow();
  });

  it('I1 webSocket says that it needs an object with a url', () => {
    for (const options of ['ws://localhost/ws', { ulr: 'ws://localhost/ws' }, undefined]) {
      expect(() => webSocket(options as never)).toThrowError(TypeError, /^webSocket needs an object with a url: webSocket\(\{ url: /);
    }
  });
});

describe('Custom options', () => {
  it('I2 lose what is undefined at every depth', () => {
    const { client, sent } = opened();
    hear(client.call(URI, [], {}, { _x1: { a: undefined, b: [undefined], c: { d: undefined } }, x_y: undefined }));
    const [message] = sent();
    expect(message).toEqual([CALL, 1, { _x1: { b: [null], c: {} } }, URI]);
    expect(Object.keys((message as [0, 0, { _x1: object }])[2]._x1)).toEqual(['b', 'c']);
  });

  it('I2 refuse what cannot be sent by its place', () => {
    const { client } = opened();
    const cycle: Record<string, unknown> = {};
    cycle['self'] = cycle;
    for (const [value, sentence] of [
      [() => 1, 'options._x1 is a function and cannot be sent: send data'],
      [[Symbol('s')], 'options._x1[0] is a symbol and cannot be sent: send data'],
      [cycle, 'options._x1.self is a cycle and cannot be sent: it leads back to options._x1'],
    ] as const) {
      expect(() => client.publish(URI, [], {}, { _x1: value })).toThrowError(TypeError, sentence);
    }
  });
});

describe('An attempt', () => {
  const attempt = async (options: ClientOptions): Promise<{ errors: unknown[]; sent: unknown[]; router: ScriptedRouter }> => {
    const router = new ScriptedRouter({ polite: false });
    const { errors } = hear(connect({ transport: router.transport, logger: false, ...(options as object) }));
    await turn();
    return { errors, router, sent: router.links.flatMap((link) => link.sent) };
  };
  const thenable = <T>(value: T): Promise<T> =>
    ({
      then: (done: (value: T) => void) => {
        done(value);
      },
    }) as never;

  it('waits for what is no Promise but has then', async () => {
    const { sent } = await attempt({ realm: () => thenable('realm2') });
    expect((sent as unknown[][]).map(([code, realm]) => [code, realm])).toEqual([[HELLO, 'realm2']]);
  });

  it('I2 sends no undefined of details, which takes nothing from a login either', async () => {
    const { sent } = await attempt({
      details: { authid: undefined, x: { y: undefined, z: 1 } },
      auth: [{ ...login, hello: () => ({ authid: 'joe' }) }],
    });
    const [[, , details]] = sent as [[0, 0, Record<string, unknown>]];
    expect([details['authid'], details['x'], Object.keys(details['x'] as object)]).toEqual(['joe', { z: 1 }, ['z']]);
  });

  for (const [name, options, sentence] of [
    ['a realm that is no URI', { realm: () => 'a b' }, 'the option realm gave no URI but the text "a b"'],
    ['a realm that is nothing', { realm: () => Promise.resolve(undefined as never) }, 'the option realm gave no URI but undefined'],
    ['details that are a list', { details: () => [] as never }, 'details must be an object, not a list'],
    ['details with a function', { details: () => ({ authid: () => 1 }) }, 'details.authid is a function and cannot be sent: send data'],
    [
      'a hello that is text',
      { auth: [{ ...login, hello: () => 'joe' as never }] },
      'hello() of the login ticket must be an object, not the text "joe"',
    ],
  ] as const) {
    it(`fails for ${name}, and nothing is sent`, async () => {
      const { errors, sent } = await attempt(options);
      expect(errors.map((error) => [error instanceof ConnectionError, (error as Error).message])).toEqual([[true, sentence]]);
      expect(sent).toEqual([]);
    });
  }

  for (const [answer, kind] of [
    [undefined, 'undefined'],
    [5, 'a number'],
    [['text'], 'a list'],
    [[1, {}], 'a list'],
    [['text', null], 'a list'],
    [{}, 'a dict'],
  ] as const) {
    it(`answers with ABORT where a login answers ${JSON.stringify(answer)}, and does not show it`, async () => {
      const { errors, router } = await attempt({ auth: [{ ...login, answer: () => answer as never }] });
      router.link.receive([CHALLENGE, 'ticket', {}]);
      await turn();
      expect(errors.map((error) => [error instanceof JoinError, (error as Error).message])).toEqual([
        [
          true,
          `the login by ticket could not answer the challenge to realm realm1: it must answer with a text or [text, object], not ${kind}`,
        ],
      ]);
      expect(router.link.sent.slice(1).map(([code]) => code)).toEqual([ABORT]);
      expect(router.link.closed).toBeTrue();
    });
  }

  it('answers with ABORT where a login rejects without a reason', async () => {
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- what users' code may do
    const { errors, router } = await attempt({ auth: [{ ...login, answer: () => Promise.reject() }] });
    router.link.receive([CHALLENGE, 'ticket', {}]);
    await turn();
    expect((errors[0] as Error).message).toMatch(/: it failed without a reason$/);
    expect(router.link.sent.slice(1).map(([code]) => code)).toEqual([ABORT]);
  });
});

describe('register with what is no operator', () => {
  const answered = (pipeline: unknown): { sent: unknown[]; failed: readonly string[] } => {
    const { client, link, sent, log } = opened();
    hear(client.register(URI, pipeline as never));
    link.receive([REGISTERED, 1, 71]);
    sent();
    link.receive([INVOCATION, 1, 71, {}, [1]]);
    return { sent: sent(), failed: log.failed };
  };

  it('tells the caller and the log what register takes when the pipeline throws', () => {
    const { sent, failed } = answered(() => {
      throw new Error('args is undefined');
    });
    const sentence = 'args is undefined; register takes RxJS operators, like map(({ args }) => …)';
    expect(sent).toEqual([[ERROR, INVOCATION, 1, {}, 'wamp.error.runtime_error', [sentence]]]);
    expect(failed).toEqual([`the handler of ${URI} failed: ${sentence}`]);
  });

  it('keeps an ApplicationError that the pipeline throws', () => {
    const { sent } = answered(() => {
      throw new ApplicationError('com.example.no');
    });
    expect(sent).toEqual([[ERROR, INVOCATION, 1, {}, 'com.example.no']]);
  });

  it('lets the rejection of an async function end nothing', async () => {
    const { failed } = answered(() => Promise.reject(new Error('late')));
    await turn();
    expect(failed.length).toBe(1);
  });

  it('throws at once for several operators, and prints no source', () => {
    const { client } = opened();
    const operator = map(() => 1);
    expect(() => client.register(URI, operator, operator as never)).toThrowError(
      TypeError,
      /^options of register must be an object, not (a function|the function \w+): several operators are one with pipe\(…\)$/,
    );
    for (const none of [undefined, 5, EMPTY, [operator, operator]]) {
      expect(() => client.register(URI, none as never)).toThrowError(TypeError, /^register of com\.example\.name needs an operator/);
    }
  });
});
