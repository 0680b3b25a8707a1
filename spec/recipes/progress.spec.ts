import { concat, interval, map, NEVER, of, Subject, switchMap, take, tap } from 'rxjs';
import { exported, type Progress } from '../../examples/recipes/progress.ts';
import { CANCEL, RESULT } from '../../src/protocol/messages.ts';
import { testing } from '../../src/testing/index.ts';
import { hear } from '../client/opened.ts';
import { marbles } from '../client/setup.ts';
import { seen, UNANSWERED } from './stage.ts';

const EXPORT = 'com.example.export';

describe('The recipe of a progress bar', () => {
  it('begins at 0, shows what the service says, and ends with the result', () => {
    marbles(({ client, router, at, expectObservable }) => {
      const shown = { a: { percent: 0 }, b: { percent: 40 }, c: { percent: 100, result: 'report.pdf' } };
      expectObservable(exported(client(), 'sales', NEVER)).toBe('a 29ms b 9ms (c|)', shown);
      at(30, () => router.link.receive([RESULT, 1, { progress: true }, [40]]));
      at(40, () => router.link.receive([RESULT, 1, {}, ['report.pdf']]));
    }, UNANSWERED);
  });

  it('cancels on the wire when asked to', () => {
    marbles(({ client, router, cold, at, expectObservable }) => {
      expectObservable(exported(client(), 'sales', cold('49ms x'))).toBe('a 48ms |', { a: { percent: 0 } });
      at(50, () => expect(router.link.requests.at(-1)).toEqual([CANCEL, 1, { mode: 'killnowait' }]));
    }, UNANSWERED);
  });

  it('stops the work of the service', async () => {
    await using kit = await testing({ clients: 2, client: { logger: false } });
    const [service, page] = kit.clients;
    const log: string[] = [];
    const ticks = interval(1).pipe(tap({ unsubscribe: () => log.push('stopped') }));
    service
      .register(
        EXPORT,
        switchMap(() => ticks),
      )
      .subscribe({ error: fail });
    await kit.registered(EXPORT);
    const cancel = new Subject<void>();
    const bar = hear(exported(page, 'sales', cancel));
    await seen('progress', () => bar.values.length > 2);
    cancel.next();
    expect(bar.completions).toBe(1);
    await seen('the end of the work', () => log.length > 0);
    expect([log, page.inspect().pending] as unknown[]).toEqual([['stopped'], []]);
  });

  it('shows a whole run over the real router', async () => {
    await using kit = await testing({ clients: 2, client: { logger: false } });
    const [service, page] = kit.clients;
    const steps = interval(1).pipe(
      take(3),
      map((step) => 25 * (step + 1)),
    );
    service
      .register(
        EXPORT,
        switchMap(() => concat(steps, of('report.pdf'))),
      )
      .subscribe({ error: fail });
    await kit.registered(EXPORT);
    const bar: Progress[] = [];
    await exported(page, 'sales', NEVER).forEach((each) => bar.push(each));
    expect(bar.map(({ percent }) => percent)).toEqual([0, 25, 50, 75, 100]);
    expect(bar.at(-1)).toEqual({ percent: 100, result: 'report.pdf' });
  });
});
