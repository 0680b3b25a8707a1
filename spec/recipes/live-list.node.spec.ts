// The recipe of a live list over real sockets, whose router is killed and started again at its port.
import { Subject } from 'rxjs';
import { type Edit, liveList, ownList } from '../../examples/recipes/live-list.ts';
import { testing } from '../../src/testing/index.ts';
import { hear } from '../client/opened.ts';
import { seen } from './stage.ts';

describe('The recipe of a live list, over sockets', () => {
  it('has neither lost nor doubled a change when the router was killed and started again', async () => {
    await using kit = await testing({ clients: 3, websocket: true, client: { logger: false } });
    const [owner, one, other] = kit.clients;
    const edits = new Subject<Edit>();
    const owning = hear(ownList(owner, edits));
    const readers = [hear(liveList(one)), hear(liveList(other))];
    const edit = (id: number): void => edits.next({ id: String(id), text: `made as ${id}` });
    await seen('both snapshots', () => readers.every(({ values }) => values.length > 0));
    for (let round = 0; round < 3; round++) {
      edit(3 * round);
      const killing = kit.kill();
      edit(3 * round + 1);
      await killing;
      edit(3 * round + 2);
      await kit.restart();
    }
    const all = Object.fromEntries(Array.from({ length: 9 }, (_, id) => [String(id), `made as ${id}`]));
    for (const { values, errors } of readers) {
      await seen('all nine', () => Object.keys(values.at(-1)!.items).length === 9);
      expect(values.at(-1)!.items).toEqual(all);
      expect(values.at(-1)!.seq).toBe(values[0]!.seq + 9);
      // Each change once, in its order; a fresh snapshot may be the same as before, or some changes further.
      const numbers = values.map(({ seq, items }) => [seq - values[0]!.seq, Object.keys(items).length]);
      for (const [seq, size] of numbers) expect(seq).toBe(size);
      expect(numbers.map(([seq]) => seq)).toEqual(numbers.map(([seq]) => seq!).sort((a, b) => a - b));
      expect(errors).toEqual([]);
    }
    for (const each of [owning, ...readers]) each.leave();
    await seen('that nothing is left', () => kit.clients.every((client) => client.inspect().topics.length === 0));
    expect(kit.router.subscriptions(kit.realm)).toEqual([]);
  });

  it('has what the owner has, whether it restarts alone or together with the router', async () => {
    await using kit = await testing({ clients: 2, websocket: true, client: { logger: false } });
    const readers = kit.clients.map((client) => hear(liveList(client)));
    const all = (what: string, so: (items: Readonly<Record<string, string>>) => boolean): Promise<void> =>
      seen(what, () => readers.every(({ values }) => so(values.at(-1)?.items ?? { none: 'yet' })));
    for (const life of ['first', 'second', 'third', 'fourth']) {
      const owner = kit.client();
      const edits = new Subject<Edit>();
      const owning = hear(ownList(owner, edits));
      await all(`the ${life} owner's empty list`, (items) => Object.keys(items).length === 0);
      edits.next({ id: 'life', text: life });
      await all(`the ${life} owner's item`, (items) => items['life'] === life);
      expect(owning.errors).toEqual([]);
      if (life === 'second') await kit.kill();
      await owner.close();
      if (life === 'second') await kit.restart();
    }
    expect(readers.flatMap(({ errors }) => errors)).toEqual([]);
  });
});
