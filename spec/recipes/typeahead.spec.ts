import { firstValueFrom, NEVER, Subject, switchMap, tap } from 'rxjs';
import { suggestions } from '../../examples/recipes/typeahead.ts';
import { CALL, CANCEL, ERROR, type List, RESULT } from '../../src/protocol/messages.ts';
import { friendly, type ScriptedLink, testing } from '../../src/testing/index.ts';
import { marbles } from '../client/setup.ts';
import { seen } from './stage.ts';

const SUGGEST = 'com.example.suggest';

/** Never answers `slow`, refuses `bad`, suggests everything else as it is. */
const options = {
  reply: (link: ScriptedLink, message: List): void => {
    const [code, request, , , args] = message as [number, number, object, string, [string]];
    if (code !== CALL) friendly(link, message);
    else if (args[0] === 'bad') link.receive([ERROR, CALL, request, {}, 'com.example.error.bad']);
    else if (args[0] !== 'slow') link.receive([RESULT, request, {}, [args]]);
  },
};

describe('The recipe of a typeahead', () => {
  it('cancels the call for the older text, and asks once for what is typed in one go', () => {
    marbles(({ client, router, hot, at, expectObservable, expectSubscriptions }) => {
      const typed = hot('20ms a 299ms (bcd) 495ms d', { a: 'slow', b: 'w', c: 'wa', d: 'wat' });
      expectObservable(suggestions(client(), typed), '^ 1099ms !').toBe('525ms w', { w: ['wat'] });
      expectSubscriptions(typed.subscriptions).toBe('^ 1099ms !');
      at(1099, () => {
        expect(router.link.requests).toEqual([
          [CALL, 1, {}, SUGGEST, ['slow']],
          [CANCEL, 1, { mode: 'killnowait' }],
          [CALL, 2, {}, SUGGEST, ['wat']],
        ]);
      });
    }, options);
  });

  it('cancels the call of the moment when nobody looks any more', () => {
    marbles(({ client, router, hot, at, expectObservable }) => {
      expectObservable(suggestions(client(), hot('a', { a: 'slow' })), '^ 299ms !').toBe('');
      at(301, () => expect(router.link.requests.map(([code]) => code)).toEqual([CALL, CANCEL]));
    }, options);
  });

  it('goes on after a call that failed', () => {
    marbles(({ client, hot, expectObservable }) => {
      const typed = hot('a 299ms b', { a: 'bad', b: 'good' });
      expectObservable(suggestions(client(), typed), '^ 699ms !').toBe('505ms g', { g: ['good'] });
    }, options);
  });

  it('asks again for a text whose call failed, when it is typed again, and once for one that is answered', () => {
    marbles(({ client, router, hot, at, expectObservable }) => {
      const typed = hot('a 299ms a 299ms b 299ms b 299ms a', { a: 'bad', b: 'good' });
      expectObservable(suggestions(client(), typed), '^ 1599ms !').toBe('805ms g', { g: ['good'] });
      at(1599, () => {
        expect(router.link.requests.map((call) => call[4])).toEqual([['bad'], ['bad'], ['good'], ['bad']]);
      });
    }, options);
  });

  it('stops the service that works for an older text', async () => {
    await using kit = await testing({ clients: 2, client: { logger: false } });
    const [service, page] = kit.clients;
    const log: string[] = [];
    const typed = new Subject<string>();
    const working = NEVER.pipe(tap({ subscribe: () => log.push('works'), unsubscribe: () => log.push('stopped') }));
    const work = switchMap(({ value }: { value: unknown }) => (value === 'wamp' ? [['found']] : working));
    service.register(SUGGEST, work).subscribe({ error: fail });
    await kit.registered(SUGGEST);
    const found = firstValueFrom(suggestions(page, typed));
    typed.next('wa');
    await seen('the first work', () => log.length === 1);
    typed.next('wamp');
    expect(await found).toEqual(['found']);
    await seen('its end', () => log.length === 2);
    expect(log).toEqual(['works', 'stopped']);
  });
});
