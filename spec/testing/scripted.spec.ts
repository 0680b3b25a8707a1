import { firstValueFrom } from 'rxjs';
import { ApplicationError, Client, ConnectionError } from '../../src/index.ts';
import { CALL, ERROR, friendly, GOODBYE, HELLO, EVENT, RESULT, ScriptedRouter, SUBSCRIBE, SUBSCRIBED } from '../../src/testing/index.ts';
import { kept } from '../client/opened.ts';

function setup(options: ConstructorParameters<typeof ScriptedRouter>[0] = {}): { router: ScriptedRouter; client: Client } {
  const router = new ScriptedRouter(options);
  return { router, client: kept(new Client({ transport: router.transport, logger: false, keepAliveMs: 0 })) };
}

describe('ScriptedRouter', () => {
  it('joins by itself and answers exactly what it is told', async () => {
    const { router, client } = setup();
    const answer = firstValueFrom(client.call('com.example.add', [1, 2]));
    router.run();
    expect(router.link.requests).toEqual([[CALL, 1, {}, 'com.example.add', [1, 2]]]);
    router.link.receive([RESULT, 1, {}, [3]]);
    expect((await answer).value).toBe(3);
  });

  it('leaves to friendly what the script does not care about', async () => {
    const { client } = setup({
      reply: (link, message) => {
        if (message[0] === CALL) link.receive([ERROR, CALL, message[1], {}, 'com.example.error.broken']);
        else friendly(link, message);
      },
    });
    await expectAsync(firstValueFrom(client.call('a.b'))).toBeRejectedWithError(
      ApplicationError,
      'call of a.b failed with com.example.error.broken',
    );
    expect((await firstValueFrom(client.subscribed('a.b'))).id).toBe(102);
    expect(await firstValueFrom(client.publish('a.b', [], {}, { acknowledge: true }))).toBeGreaterThan(300);
  });

  it('is friendly to every request but the silent ones', async () => {
    const { router, client } = setup({ reply: friendly });
    expect((await firstValueFrom(client.call('a.b', ['x'], { y: 0 }))).kwargs).toEqual({ y: 0 });
    let answers = 0;
    client.call('a.silent').subscribe({ next: () => answers++, error: () => undefined });
    router.run();
    expect(answers).toBe(0);
    await client.close();
    expect(router.links.map(({ closed }) => closed)).toEqual([true]);
    expect(router.log.map(([code]) => code)).toContain(GOODBYE);
    expect(router.dead).toEqual([]);
  });

  it('opens when the test says so, breaks when it says so, and counts its links', async () => {
    const { router, client } = setup({ opens: false });
    const lost = firstValueFrom(client.call('a.b'));
    expect(router.link.sent).toEqual([]);
    router.link.open();
    router.run();
    expect(router.link.sent.map(([code]) => code)).toEqual([HELLO, CALL]);
    router.link.fail();
    await expectAsync(lost).toBeRejectedWithError(ConnectionError, /the link broke/);
    expect([router.most, router.open.length]).toEqual([1, 0]);
  });

  it('says that nobody has connected', () => {
    expect(() => new ScriptedRouter().link).toThrowError(TypeError, 'nobody has connected yet: subscribe to something of the client first');
  });

  it('says several things in one turn', async () => {
    const { router, client } = setup();
    const heard = firstValueFrom(client.topic('a.b'));
    router.run();
    expect(router.link.requests).toEqual([[SUBSCRIBE, 1, {}, 'a.b']]);
    router.link.receive([SUBSCRIBED, 1, 7], [EVENT, 7, 9, {}, ['hello']]);
    expect((await heard).value).toBe('hello');
  });
});
