import { firstValueFrom, merge } from 'rxjs';
import { alarms, sales, temperatures, worth } from '../../examples/recipes/combining.ts';
import { EVENT, SUBSCRIBE } from '../../src/protocol/messages.ts';
import { testing } from '../../src/testing/index.ts';
import { hear } from '../client/opened.ts';
import { marbles, NOTHING, leftOf } from '../client/setup.ts';

describe('The recipe of several topics', () => {
  it('combines, adds and merges, with one SUBSCRIBE for each topic', () => {
    marbles(({ client, router, at, expectObservable }) => {
      const wamp = client();
      expectObservable(worth(wamp), '^ 59ms !').toBe('30ms a 9ms b', { a: 6, b: 8 });
      expectObservable(sales(wamp), '^ 59ms !').toBe('35ms s', { s: '5 at 3' });
      expectObservable(alarms(wamp), '^ 59ms !').toBe('45ms a', { a: 'com.example.flood' });
      const topics = ['com.example.amount', 'com.example.price', 'com.example.sold', 'com.example.fire', 'com.example.flood'];
      /** The event of a topic, by the id that its SUBSCRIBED had. */
      const tell = (frame: number, topic: string, value: number): void =>
        at(frame, () => {
          const [, request] = router.log.find((message) => message[3] === topic) as [number, number];
          router.link.receive([EVENT, 100 + request, frame, {}, [value]]);
        });
      tell(20, 'com.example.price', 3);
      tell(30, 'com.example.amount', 2);
      tell(35, 'com.example.sold', 5);
      tell(40, 'com.example.price', 4);
      tell(45, 'com.example.flood', 1);
      at(50, () => {
        const asked = router.log.filter(([code]) => code === SUBSCRIBE).map((message) => message[3] as string);
        expect(asked.sort()).toEqual(topics.sort());
      });
    });
  });

  it('hears every room by one subscription', async () => {
    await using kit = await testing({ clients: 2, client: { logger: false } });
    const [house, page] = kit.clients;
    const shown = hear(temperatures(page));
    await kit.subscribed('com.example.room..temperature', { match: 'wildcard' });
    const acknowledge = { acknowledge: true } as const;
    for (const [room, value] of [
      ['kitchen', 21],
      ['bath', 23],
      ['kitchen', 20],
    ] as const)
      await firstValueFrom(house.publish(`com.example.room.${room}.temperature`, [value], {}, acknowledge));
    await firstValueFrom(house.publish('com.example.room.kitchen.humidity', [60], {}, acknowledge));
    expect(shown.values).toEqual([{ kitchen: 21 }, { kitchen: 21, bath: 23 }, { kitchen: 20, bath: 23 }]);
    expect(page.inspect().topics.length).toBe(1);
  });

  it('leaves nothing behind', async () => {
    await using kit = await testing({ client: { logger: false } });
    const [page] = kit.clients;
    const shown = hear(merge(worth(page), sales(page), alarms(page), temperatures(page)));
    for (const topic of ['amount', 'price', 'sold', 'fire', 'flood']) await kit.subscribed(`com.example.${topic}`);
    const { id } = await kit.session();
    shown.leave();
    await kit.sessions(1);
    await firstValueFrom(page.call('wamp.session.get', [id]));
    expect(page.inspect()).toEqual(jasmine.objectContaining({ topics: [], pending: [] }));
    expect(kit.router.subscriptions(kit.realm)).toEqual([]);
    await page.close();
    expect(leftOf(page)).toEqual(NOTHING);
  });
});
