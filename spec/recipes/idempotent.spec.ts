import { firstValueFrom, map } from 'rxjs';
import { order, orders } from '../../examples/recipes/idempotent.ts';
import { CALL, CANCEL, ERROR, type List, RESULT } from '../../src/protocol/messages.ts';
import { testing } from '../../src/testing/index.ts';
import { hear } from '../client/opened.ts';
import { lost, marbles } from '../client/setup.ts';
import { seen, UNANSWERED } from './stage.ts';

const ORDER = 'com.example.order';
const keysOf = (messages: readonly List[]): unknown[] =>
  messages.filter(([code]) => code === CALL).map((call) => (call[5] as { key: string }).key);

describe('The recipe of a call that survives a lost connection', () => {
  it('sends the same key again after a loss, and a new one for a new order', () => {
    marbles(({ client, router, at, expectObservable }) => {
      const wamp = client();
      const lamp = order(wamp, 'a lamp').pipe(map((receipt) => `receipt ${receipt}`));
      expectObservable(lamp).toBe('540ms (r|)', { r: 'receipt 1' });
      expectObservable(lamp, '600ms ^').toBe('620ms (r|)', { r: 'receipt 2' });
      at(20, () => router.link.fail());
      // The session stands again, and half a second is over.
      at(540, () => router.link.receive([RESULT, 1, {}, [1]]));
      at(620, () => {
        router.link.receive([RESULT, 2, {}, [2]]);
        const [first, again, second] = keysOf(router.log);
        expect([again === first, second === first, keysOf(router.log).length] as unknown[]).toEqual([true, false, 3]);
      });
    }, UNANSWERED);
  });

  it('hands on what the service says, and cancels when nobody waits', () => {
    marbles(({ client, router, at, expectObservable }) => {
      const wamp = client();
      const refusal = jasmine.objectContaining({ uri: 'com.example.error.sold_out' });
      expectObservable(order(wamp, 'a lamp')).toBe('20ms #', undefined, refusal);
      expectObservable(order(wamp, 'a table'), '^ 29ms !').toBe('');
      at(20, () => router.link.receive([ERROR, CALL, 1, {}, 'com.example.error.sold_out']));
      at(31, () => expect(router.link.requests.at(-1)).toEqual([CANCEL, 2, { mode: 'killnowait' }]));
    }, UNANSWERED);
  });

  it('waits for a service that is not back yet, and ends when the client is closed', () => {
    marbles(({ client, router, at, expectObservable }) => {
      const wamp = client();
      expectObservable(order(wamp, 'a lamp')).toBe('1100ms #', undefined, lost({ uri: 'wamp.error.client_closed' }));
      at(20, () => router.link.receive([ERROR, CALL, 1, {}, 'wamp.error.no_such_procedure']));
      at(521, () => expect(keysOf(router.log).length).toBe(2));
      at(600, () => void wamp.close());
    }, UNANSWERED);
  });

  it('makes each order once, though the router is killed while it is made', async () => {
    await using kit = await testing({ clients: 2, client: { logger: false } });
    const [shop, page] = kit.clients;
    const made: string[] = [];
    let finish = (): void => undefined;
    const place = (item: string): Promise<number> =>
      new Promise((resolve) => {
        finish = () => resolve(made.push(item));
      });
    shop.register(ORDER, orders(place)).subscribe({ error: fail });
    await kit.registered(ORDER);
    const lamp = hear(order(page, 'a lamp'));
    await seen('the order', () => kit.recordingOf(shop).received('INVOCATION').length === 1);
    await kit.kill();
    finish();
    await kit.restart();
    await seen('the receipt', () => lamp.completions === 1);
    expect([lamp.values, made] as unknown[]).toEqual([[1], ['a lamp']]);
    expect(new Set(keysOf(kit.recordingOf(page).sent('CALL'))).size).toBe(1);
    const table = firstValueFrom(order(page, 'a table'));
    await seen('the second order', () => kit.recordingOf(shop).received('INVOCATION').length === 3);
    finish();
    expect(await table).toBe(2);
  });
});
