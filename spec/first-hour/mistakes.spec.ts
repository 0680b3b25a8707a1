// The first hour of writing a program: each mistake is met by one sentence that names the thing and the remedy.
import { config, map, mergeMap, throwError } from 'rxjs';
import { Client } from '../../src/client/client.ts';
import { ABORT, CHALLENGE, ERROR, HELLO, type List, SUBSCRIBE } from '../../src/protocol/messages.ts';
import { Router } from '../../src/router/index.ts';
import { ScriptedRouter } from '../../src/testing/scripted.ts';
import { socketUrl } from '../../src/transports/socket.ts';
import { hear, kept, notebook, opened, turn } from '../client/opened.ts';
import { fatal, met } from './met.ts';

const ADD = 'com.example.add';
const echo = map(({ value }: { readonly value: unknown }) => value);

function setup(): { client: Client; other: Client; log: ReturnType<typeof notebook>; router: Router } {
  const router = new Router({ realms: ['realm1'] });
  const log = notebook();
  const client = (): Client => kept(new Client({ transport: router.transport({ maxMessageBytes: 1000 }), logger: log }));
  return { client: client(), other: client(), log, router };
}

async function failureOf(stream: Parameters<typeof hear>[0]): Promise<string> {
  const heard = hear(stream);
  while (heard.errors.length === 0) await turn();
  return String(heard.errors[0]);
}

describe('The first hour: mistakes', () => {
  it('a URL with the wrong scheme, or none', () => {
    const sentences: [string, string][] = [
      ['http://localhost:8080/ws', 'url must begin with ws:// or wss://: http://localhost:8080/ws; did you mean ws://localhost:8080/ws?'],
      ['localhost:8080/ws', 'url must begin with ws:// or wss://: localhost:8080/ws; did you mean ws://localhost:8080/ws?'],
    ];
    for (const [url, sentence] of sentences) expect(() => new Client({ url })).toThrowError(TypeError, sentence);
  });

  it('ws:// on a page that came by https', () => {
    const page = { href: 'https://example.com/app', protocol: 'https:' };
    expect(() => socketUrl('ws://example.com/ws', page)).toThrowError(
      TypeError,
      'url must begin with wss:// because the page came by https: ws://example.com/ws',
    );
  });

  it('a login that was not offered', async () => {
    const router = new ScriptedRouter({ polite: false });
    const seen = met({ transport: router.transport });
    await turn();
    expect(router.log.map(([code]) => code)).toEqual([HELLO]);
    router.link.receive([CHALLENGE, 'ticket', {}]);
    const sentence = 'the router asks for a login by ticket, which was not offered: give it in the option auth';
    expect(await seen).toEqual(fatal(sentence));
    expect(router.log.at(-1)).toEqual([ABORT, { message: sentence }, 'wamp.error.cannot_authenticate']);
  });

  it('a procedure that nobody has registered', async () => {
    const { client } = setup();
    expect(await failureOf(client.call(ADD))).toBe(
      'ApplicationError: call of com.example.add failed with wamp.error.no_such_procedure: no callee has registered com.example.add; check its name, and that its callee runs in this realm',
    );
  });

  it('the same procedure registered twice', async () => {
    const { client, other } = setup();
    const first = hear(other.register(ADD, echo));
    while (first.values.length === 0) await turn();
    expect(await failureOf(client.register(ADD, echo))).toBe(
      'ApplicationError: register of com.example.add failed with wamp.error.procedure_already_exists: com.example.add is registered already, and with invoke "single" a procedure has one callee only; another callee has it: end that one first, or give both the same option invoke, like roundrobin',
    );
  });

  it('a topic that this login may not have', () => {
    const { client, link } = opened();
    const secret = hear(client.topic('com.example.secret'));
    link.receive([ERROR, SUBSCRIBE, 1, {}, 'wamp.error.not_authorized', ['session is not authorized']]);
    expect(secret.errors.map(String)).toEqual([
      'ApplicationError: subscribe to com.example.secret failed with wamp.error.not_authorized: session is not authorized; check what the router permits to this login',
    ]);
  });

  it('nobody subscribes: nothing is sent, and nothing is opened', async () => {
    const router = new ScriptedRouter();
    const client = kept(new Client({ transport: router.transport }));
    void client.call(ADD, [1, 2]);
    void client.publish('com.example.news', ['hello']);
    void client.register(ADD, echo);
    await turn();
    expect(router.links).toEqual([]);
  });

  it('args that are no list', async () => {
    const { client } = setup();
    expect(await failureOf(client.call(ADD, 5 as never))).toBe(
      'TypeError: call of com.example.add: args must be a list, not the number 5: write [value], or [] for none',
    );
  });

  it('options in the place of kwargs', () => {
    const { client } = setup();
    expect(() => client.call(ADD, [1], { timeoutMs: 5 })).toThrowError(
      TypeError,
      'timeoutMs is an option of call but stands in the place of kwargs: options come last, and {} there says that kwargs are meant',
    );
  });

  it('a misspelt option', () => {
    const { client } = setup();
    expect(() => client.publish(ADD, [1], {}, { aknowledge: true } as never)).toThrowError(
      TypeError,
      'unknown option aknowledge of publish: it has acknowledge, exclude_me, exclude, exclude_authid, exclude_authrole, eligible, eligible_authid, eligible_authrole, retain, disclose_me, waitMs, timeoutMs, force',
    );
  });

  it('a URI that is none', () => {
    const { client } = setup();
    expect(() => client.call('com.example.my procedure')).toThrowError(
      TypeError,
      'call needs a URI like com.example.name, without spaces, # or empty parts, not the text "com.example.my procedure"',
    );
  });

  it('an empty list of receivers', () => {
    const { client } = setup();
    expect(() => client.publish(ADD, [1], {}, { eligible: [] })).toThrowError(
      TypeError,
      'option eligible of publish must not be empty: routers take that for everyone; leave it out, or publish nothing',
    );
  });

  it('a payload that cannot be sent: BigInt, function, cycle', async () => {
    const { client } = setup();
    const cycle: { self?: object } = {};
    cycle.self = cycle;
    const payloads: [unknown, string][] = [
      [5n, 'args[0] is a BigInt, which JSON does not have: send a number or a text, or use rxwamp/msgpack'],
      [() => 1, 'args[0] is a function and cannot be sent: send data'],
      [cycle, 'args[0].self is a cycle and cannot be sent: it leads back to args[0]'],
    ];
    for (const [value, sentence] of payloads) {
      expect(await failureOf(client.call(ADD, [value]))).toBe(`TypeError: call of com.example.add: ${sentence}`);
      expect(await failureOf(client.publish(ADD, [value]))).toBe(`TypeError: publish to com.example.add: ${sentence}`);
    }
  });

  it('a message above the limit', async () => {
    const { client } = setup();
    expect(await failureOf(client.publish(ADD, ['x'.repeat(1000)]))).toBe(
      'WampError: publish to com.example.add: the message has 1032 bytes, which is more than maxMessageBytes (1000): send less or raise the limit',
    );
  });

  it('a handler that throws', async () => {
    const { client, other, log } = setup();
    const add = hear(
      other.register(
        ADD,
        mergeMap(() => throwError(() => new TypeError('x is undefined'))),
      ),
    );
    while (add.values.length === 0) await turn();
    expect(await failureOf(client.call(ADD))).toBe(
      'ApplicationError: call of com.example.add failed with wamp.error.runtime_error: x is undefined',
    );
    expect(log.failed).toEqual(['the handler of com.example.add failed: x is undefined']);
    expect(add.errors).toEqual([]);
  });

  it('an error that nobody listens to (trap 14)', async () => {
    const { client } = setup();
    const unhandled: unknown[] = [];
    config.onUnhandledError = (error: unknown) => unhandled.push(error);
    try {
      client.call(ADD).subscribe();
      while (unhandled.length === 0) await turn();
    } finally {
      config.onUnhandledError = null;
    }
    expect(unhandled.map(String)).toEqual([
      'ApplicationError: call of com.example.add failed with wamp.error.no_such_procedure: no callee has registered com.example.add; check its name, and that its callee runs in this realm',
    ]);
  });

  it('a call after close()', async () => {
    const { client } = setup();
    await client.close();
    for (const stream of [client.call(ADD), client.publish(ADD), client.topic(ADD), client.register(ADD, echo), client.sessions]) {
      expect(await failureOf(stream)).toBe('ConnectionError: the client is closed: make a new one');
    }
  });

  it('two copies of rxjs are said once, with the remedy', async () => {
    const { client, other, log } = setup();
    // What an Observable of another copy looks like from here.
    const foreign = {
      lift: (): unknown => foreign,
      subscribe: (observer: { next(value: unknown): void; complete(): void }) => {
        observer.next('foreign');
        observer.complete();
        return { unsubscribe: () => {} };
      },
      '@@observable': (): unknown => foreign,
    };
    const add = hear(other.register(ADD, (() => foreign) as never));
    while (add.values.length === 0) await turn();
    const answers = [hear(client.call(ADD)), hear(client.call(ADD))];
    while (answers.some(({ completions }) => completions === 0)) await turn();
    expect(answers.map(({ values }) => values[0]?.value)).toEqual(['foreign', 'foreign']);
    expect(log.warned).toEqual([
      'two copies of rxjs are loaded: a pipeline comes from another one than the client; npm ls rxjs shows them, npm dedupe mends it',
    ]);
  });

  it('a realm of the router itself that needs no network', async () => {
    const router = new Router({ realms: ['realm1'] });
    const sentence =
      'the router refused realm realm2 with wamp.error.no_such_realm: this router has no realm "realm2"; check the option realm';
    expect(await met({ transport: router.transport(), realm: 'realm2' })).toEqual(fatal(sentence));
    const none: List = router.sessions('realm1');
    expect(none).toEqual([]);
  });
});
