// A service without a class, over a link in memory.
import { firstValueFrom, Subject } from 'rxjs';
import { type ApplicationError, Client, result } from '../../src/index.ts';
import { serve, type Served, type Service, StartError } from '../../src/peer/index.ts';
import { hear, kept } from '../client/opened.ts';
import { notes, ownRouter, until } from './peers.ts';

function stage() {
  const router = ownRouter();
  const logger = notes();
  const [client, caller] = [logger, false as const].map((each) =>
    kept(new Client({ transport: router.transport(), logger: each, retryDelayMs: () => 1 })),
  ) as [Client, Client];
  const call = async (procedure: string, ...args: unknown[]): Promise<unknown> =>
    (await firstValueFrom(caller.call(procedure, args))).value;
  return { router, logger, client, caller, call };
}
const listed = (all: readonly Served[] | undefined): unknown => all?.map(({ kind, uri, id }) => [kind, uri, id > 0]);

describe('serve', () => {
  it('emits when everything is confirmed, and after a reconnect once more', async () => {
    const { router, client, call } = stage();
    const heard: unknown[] = [];
    const served = hear(
      serve(client, {
        procedures: { double: ({ args: [n] }) => 2 * (n as number), whole: { handler: () => result([1, 2]), invoke: 'roundrobin' } },
        topics: { news: ({ args }) => heard.push(args) },
      }),
    );
    await until(() => served.values.length === 1);
    const expected = [
      ['procedure', 'double', true],
      ['procedure', 'whole', true],
      ['topic', 'news', true],
    ];
    expect(listed(served.values[0])).toEqual(expected);
    expect([await call('double', 4), await call('whole')]).toEqual([8, 1]);
    router.link(client.inspect().session!)?.unsubscribe();
    await until(() => served.values.length === 2);
    expect(listed(served.values[1])).toEqual(expected);
    expect(await call('double', 5)).toBe(10);
    served.leave();
    await until(() => router.counts().registrations + router.counts().subscriptions === 0);
    expect([served.values.length, served.errors, served.completions]).toEqual([2, [], 0]);
  });

  it('emits for nothing at all when there is a session', async () => {
    expect(await firstValueFrom(serve(stage().client, {}))).toEqual([]);
  });

  it('errors with what was refused, and takes the others back', async () => {
    const { router, client, caller } = stage();
    const taken = hear(caller.register('double', (source) => source));
    await until(() => taken.values.length === 1);
    const served = hear(serve(client, { procedures: { double: () => 1, other: () => 2 } }));
    await until(() => served.errors.length === 1);
    const error = served.errors[0] as StartError;
    expect([error instanceof StartError, error.uri, error.refused.length]).toEqual([true, 'wamp.error.procedure_already_exists', 1]);
    expect(error.message).toMatch(/^serve: register of double failed with wamp\.error\.procedure_already_exists/);
    await until(() => router.counts().registrations === 1);
    expect(client.inspect().registrations).toEqual([]);
  });

  it('lets what runs come to its end after until, then completes', async () => {
    const { client, caller, router } = stage();
    const [gate, stopping] = [new Subject<string>(), new Subject<void>()];
    const served = hear(serve(client, { procedures: { wait: () => gate }, topics: { news: () => gate }, until: stopping }));
    await until(() => served.values.length === 1);
    const answer = hear(caller.call('wait'));
    await until(() => gate.observed);
    stopping.next();
    await until(() => router.counts().registrations + router.counts().subscriptions === 0);
    expect(served.completions).toBe(0);
    gate.next('done');
    gate.complete();
    await until(() => answer.completions === 1 && served.completions === 1);
    expect(answer.values.map(({ value }) => value)).toEqual(['done']);
  });

  it('says errors of handlers to the caller and to the logger', async () => {
    class Missing extends Error {}
    const { client, call, logger, caller } = stage();
    const served = hear(
      serve(client, {
        procedures: {
          fails: () => {
            throw new RangeError('no');
          },
          mapped: () => Promise.reject(new Missing('gone')),
        },
        topics: {
          news: () => {
            throw new RangeError('news');
          },
        },
        errors: { 'com.example.not_found': Missing },
      }),
    );
    await until(() => served.values.length === 1);
    const failure = (procedure: string): Promise<unknown> => call(procedure).catch((error: unknown) => error);
    const [fails, mapped] = [(await failure('fails')) as ApplicationError, (await failure('mapped')) as ApplicationError];
    expect([fails.uri, fails.kwargs]).toEqual(['wamp.error.runtime_error', { exc_type: 'RangeError', message: 'no' }]);
    expect([mapped.uri, mapped.kwargs]).toEqual(['com.example.not_found', { exc_type: 'Missing', message: 'gone' }]);
    await firstValueFrom(caller.publish('news'));
    await until(() => logger.errors.length === 2);
    expect(logger.errors.map(({ message }) => message)).toEqual(['procedure fails failed: no', 'topic news failed: news']);
  });

  it('refuses wrong URIs, options and handlers at once', () => {
    const { client } = stage();
    for (const [service, sentence] of [
      [{ procedure: {} }, /^unknown option procedure of serve: it has procedures, topics, errors, until/],
      [{ procedures: { 'not a uri': () => 1 } }, /^register needs a URI/],
      [{ procedures: { add: { handler: () => 1, invok: 'first' } } }, /^unknown option invok of procedure add of serve/],
      [{ errors: { 'com.example.x': 5 } }, /^option errors of serve has "com\.example\.x", which must stand for a class/],
      [{ topics: { news: { handler: 1 } } }, /^the handler of news of serve must be a function/],
      [{ procedures: 1 }, /^option procedures of serve must be an object/],
    ] as const)
      expect(() => serve(client, service as unknown as Service)).toThrowError(TypeError, sentence);
    for (const wrong of [5, undefined, {}]) expect(() => serve(wrong as never, {})).toThrowError(TypeError, /^serve needs a Client/);
  });

  it('names three of those that were refused, and how many more', async () => {
    const { client, caller } = stage();
    const procedures = { a: () => 1, b: () => 2, c: () => 3, d: () => 4, e: () => 5 };
    const taken = hear(serve(caller, { procedures }));
    await until(() => taken.values.length === 1);
    const served = hear(serve(client, { procedures }));
    await until(() => served.errors.length === 1);
    const error = served.errors[0] as StartError;
    expect(error.refused.length).toBe(5);
    expect(error.message).toMatch(/^serve: register of a [^;]*.*; register of b .*; register of c .*; and 2 more$/);
  });
});
