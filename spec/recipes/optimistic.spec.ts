import { map, Subject } from 'rxjs';
import { edited, type Names, type Rename } from '../../examples/recipes/optimistic.ts';
import { ApplicationError, ConnectionError } from '../../src/protocol/errors.ts';
import { CALL, CANCEL, ERROR, type List, RESULT } from '../../src/protocol/messages.ts';
import { testing } from '../../src/testing/index.ts';
import { hear } from '../client/opened.ts';
import { marbles } from '../client/setup.ts';
import { seen, UNANSWERED } from './stage.ts';

const SAVED: Names = { '1': 'Anna', '2': 'Bob' };
const ADA: Rename = { id: '1', name: 'Ada' };
const ABE: Rename = { id: '1', name: 'Abe' };
const EVE: Rename = { id: '2', name: 'Eve' };
const REFUSAL = 'com.example.error.taken';

const namesIn = (requests: readonly List[]): unknown[] => requests.map((call) => (call[4] as [string, string])[1]);

describe('The recipe of an optimistic update', () => {
  it('shows the new name at once, and goes on showing it when it was saved', () => {
    marbles(({ client, router, hot, at, expectObservable, expectSubscriptions }) => {
      const names = hot('s 49ms u', { s: SAVED, u: { ...SAVED, '1': 'Ada' } });
      const renames = hot('20ms a', { a: ADA });
      const shown = { s: SAVED, a: { ...SAVED, '1': 'Ada' } };
      expectObservable(edited(client(), names, renames, fail), '^ 99ms !').toBe('s 19ms a 19ms a 9ms a', shown);
      expectSubscriptions(names.subscriptions).toBe('^ 99ms !');
      at(40, () => router.link.receive([RESULT, 1, {}]));
    }, UNANSWERED);
  });

  it('takes the old name again when the service refuses, and keeps what else is on its way', () => {
    marbles(({ client, router, hot, at, expectObservable }) => {
      const told: unknown[] = [];
      const names = hot('s', { s: SAVED });
      const renames = hot('20ms a 9ms b 9ms c', { a: ADA, b: EVE, c: ABE });
      const shown = {
        s: SAVED,
        a: { '1': 'Ada', '2': 'Bob' },
        b: { '1': 'Ada', '2': 'Eve' },
        c: { '1': 'Abe', '2': 'Eve' },
        d: { '1': 'Abe', '2': 'Bob' },
        e: { '1': 'Ada', '2': 'Bob' },
      };
      expectObservable(
        edited(client(), names, renames, (error) => told.push(error)),
        '^ 99ms !',
      ).toBe('s 19ms a 9ms b 9ms c 9ms d 9ms d 9ms e', shown);
      at(50, () => router.link.receive([ERROR, CALL, 2, {}, REFUSAL]));
      at(60, () => router.link.receive([RESULT, 1, {}]));
      at(70, () => {
        router.link.receive([ERROR, CALL, 3, {}, REFUSAL]);
        expect(told).toEqual([jasmine.any(ApplicationError), jasmine.any(ApplicationError)]);
      });
    }, UNANSWERED);
  });

  it('sends the renames of one item one after the other, and those of others meanwhile', () => {
    marbles(({ client, router, hot, at, expectObservable }) => {
      const names = hot('s', { s: SAVED });
      const renames = hot('20ms (abc)', { a: ADA, b: ABE, c: EVE });
      const shown = { s: SAVED, a: { ...SAVED, '1': 'Ada' }, b: { ...SAVED, '1': 'Abe' }, c: { '1': 'Abe', '2': 'Eve' } };
      expectObservable(edited(client(), names, renames, fail), '^ 99ms !').toBe('s 19ms (abc) 15ms c 9ms c 9ms c', shown);
      at(40, () => router.link.receive([RESULT, 2, {}]));
      at(49, () => expect(namesIn(router.link.requests)).toEqual(['Ada', 'Eve']));
      at(50, () => router.link.receive([RESULT, 1, {}]));
      at(51, () => expect(namesIn(router.link.requests)).toEqual(['Ada', 'Eve', 'Abe']));
      at(60, () => router.link.receive([RESULT, 3, {}]));
    }, UNANSWERED);
  });

  it('ends one rename at a time, also where a name comes back', () => {
    marbles(({ client, router, hot, at, expectObservable }) => {
      const shown = { s: SAVED, a: { ...SAVED, '1': 'Ada' }, b: { ...SAVED, '1': 'Abe' } };
      const renames = hot('20ms (aba)', { a: ADA, b: ABE });
      expectObservable(
        edited(client(), hot('s', { s: SAVED }), renames, () => undefined),
        '^ 99ms !',
      ).toBe('s 19ms (aba) 15ms a 9ms a 9ms b', shown);
      at(40, () => router.link.receive([RESULT, 1, {}]));
      at(50, () => router.link.receive([RESULT, 2, {}]));
      at(60, () => router.link.receive([ERROR, CALL, 3, {}, REFUSAL]));
    }, UNANSWERED);
  });

  it('shows the second name of an item whose first was refused, or broke off, and what was saved before it when that is refused too', () => {
    for (const isLost of [false, true])
      marbles(({ client, router, hot, at, expectObservable }) => {
        const told: unknown[] = [];
        const renames = hot('20ms a 9ms b', { a: ADA, b: ABE });
        const shown = { s: SAVED, a: { ...SAVED, '1': 'Ada' }, b: { ...SAVED, '1': 'Abe' } };
        expectObservable(
          edited(client(), hot('s', { s: SAVED }), renames, (error) => told.push(error)),
          '^ 999ms !',
        ).toBe('s 19ms a 9ms b 9ms b 659ms s', shown);
        at(40, () => (isLost ? router.link.fail() : router.link.receive([ERROR, CALL, 1, {}, REFUSAL])));
        at(700, () => {
          expect(namesIn(router.links.flatMap(({ requests }) => requests))).toEqual(['Ada', 'Abe']);
          router.link.receive([ERROR, CALL, isLost ? 1 : 2, {}, REFUSAL]);
          expect(told).toEqual([isLost ? jasmine.any(ConnectionError) : jasmine.any(ApplicationError), jasmine.any(ApplicationError)]);
        });
      }, UNANSWERED);
  });

  it('leaves nothing behind when nobody looks any more: the call is cancelled, and what waited for it is not sent', () => {
    marbles(({ client, router, hot, at, expectObservable, expectSubscriptions }) => {
      const renames = hot('20ms (ab)', { a: ADA, b: ABE });
      expectObservable(edited(client(), hot('s', { s: SAVED }), renames, fail), '10ms ^ 29ms !').toBe('20ms (ab)', {
        a: { '1': 'Ada' },
        b: { '1': 'Abe' },
      });
      expectSubscriptions(renames.subscriptions).toBe('10ms ^ 29ms !');
      at(41, () => {
        expect(router.link.requests).toEqual([
          [CALL, 1, {}, 'com.example.rename', ['1', 'Ada']],
          [CANCEL, 1, { mode: 'killnowait' }],
        ]);
      });
    }, UNANSWERED);
  });

  it('counts a rename as refused whose link broke, and the next names say what is true', () => {
    marbles(({ client, router, hot, at, expectObservable }) => {
      const told: unknown[] = [];
      const shown = { s: SAVED, a: { ...SAVED, '1': 'Ada' } };
      const names = hot('s 79ms a', shown);
      expectObservable(
        edited(client(), names, hot('20ms a', { a: ADA }), (error) => told.push(error)),
        '^ 99ms !',
      ).toBe('s 19ms a 19ms s 39ms a', shown);
      at(40, () => router.link.fail());
      at(90, () => expect(told).toEqual([jasmine.any(ConnectionError)]));
    }, UNANSWERED);
  });

  it('rolls back over the real router', async () => {
    await using kit = await testing({ clients: 2, client: { logger: false } });
    const [service, page] = kit.clients;
    const saved: Record<string, string> = { ...SAVED };
    const rename = map(({ args: [id, name] }: { args: [string, string] }) => {
      if (name === 'Eve') throw new ApplicationError(REFUSAL, ['somebody has this name']);
      saved[id] = name;
    });
    service.register('com.example.rename', rename).subscribe({ error: fail });
    await kit.registered('com.example.rename');
    const renames = new Subject<Rename>();
    const told: unknown[] = [];
    const shown = hear(edited(page, new Subject<Names>(), renames, (error) => told.push(error)));
    renames.next(ADA);
    renames.next(EVE);
    expect(shown.values.at(-1)).toEqual({ '1': 'Ada', '2': 'Eve' });
    await seen('both answers', () => shown.values.length === 4);
    expect(shown.values.at(-1)).toEqual({ '1': 'Ada' });
    expect([saved, told.map(String)] as unknown[]).toEqual([
      { '1': 'Ada', '2': 'Bob' },
      [`ApplicationError: call of com.example.rename failed with ${REFUSAL}: somebody has this name`],
    ]);
  });
});
