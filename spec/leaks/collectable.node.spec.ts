// What finished operations were made of can be collected while the client goes on: weak references tell.
import {
  catchError,
  firstValueFrom,
  lastValueFrom,
  map,
  NEVER,
  Observable,
  of,
  switchMap,
  throwError,
  type OperatorFunction,
  type Subscription,
} from 'rxjs';
import type { Invocation, List } from '../../src/index.ts';
import { Tracked, turn } from './measure.ts';
import { quiet, staged } from './stage.ts';

const ADD = 'com.example.add';
const WORK = 'com.example.work';
const NEWS = 'com.example.news';
const HOW_MANY = 50;
const TIMEOUT = 30_000;

/** A subscriber that is tracked, and its handler; `heard` resolves when it has got its first value, or the end. */
function watch<T>(tracked: Tracked, stream: Observable<T>): { subscriber: Subscription; heard: Promise<void> } {
  let hear: () => void = () => {};
  const heard = new Promise<void>((resolve) => (hear = resolve));
  const next = tracked.add('handlers', (value: T) => {
    if (typeof value === 'object' && value !== null) tracked.add('values', value);
    hear();
  });
  // What `subscribe` returns is the Subscriber itself.
  const subscriber = tracked.add('subscribers', stream.subscribe({ next, error: hear, complete: hear }));
  return { subscriber, heard };
}

/** Arguments that are tracked. */
function payload(tracked: Tracked, i: number): List {
  return tracked.add('payloads', [tracked.add('payloads', { i })]);
}

/** A pipeline that is tracked, with its invocations. */
function pipeline(tracked: Tracked, answer: () => Observable<unknown>): OperatorFunction<Invocation, unknown> {
  return tracked.add(
    'pipelines',
    switchMap((invocation: Invocation) => {
      tracked.add('invocations', invocation);
      return tracked.add('answers', new Observable((subscriber) => answer().subscribe(subscriber)));
    }),
  );
}

describe('Finished operations', () => {
  describe('are collectable while the client goes on', () => {
    /** Runs operations in a function of their own, whose variables nobody sees afterwards, and expects that none of it is alive. */
    async function expectCollected(
      run: (stage: Awaited<ReturnType<typeof staged>>, tracked: Tracked) => Promise<void>,
      prepare: (stage: Awaited<ReturnType<typeof staged>>) => Promise<void> | void = () => {},
    ): Promise<void> {
      const stage = await staged();
      const tracked = new Tracked();
      await prepare(stage);
      await run(stage, tracked);
      await quiet([stage.caller, stage.service], stage.caller.inspect().pending.length);
      const alive = await tracked.alive();
      expect(tracked.added).toBeGreaterThanOrEqual(HOW_MANY * 3);
      // The engine may hold the last ones in the registers of a function that has ended.
      for (const [kind, count] of Object.entries(alive)) expect(count).withContext(`${kind} alive`).toBeLessThanOrEqual(2);
      const collected = tracked.added - Object.values(alive).reduce((sum, count) => sum + count);
      for (let turns = 0; turns < 100 && tracked.finalized < collected; turns++) await turn();
      expect(tracked.finalized).toBeGreaterThanOrEqual(collected);
      expect(stage.caller.inspect().session).toBeDefined();
      await stage.close();
      await stage.router.close();
    }

    it(
      'of finished calls: subscribers, handlers, arguments and results',
      () =>
        expectCollected(
          async ({ caller }, tracked) => {
            for (let i = 0; i < HOW_MANY; i++) await watch(tracked, caller.call(i % 2 === 0 ? ADD : WORK, payload(tracked, i))).heard;
          },
          async ({ service }) => {
            service
              .register(
                ADD,
                map(({ value }) => value),
              )
              .subscribe();
            service
              .register(
                WORK,
                switchMap(() => throwError(() => new TypeError('no'))),
              )
              .subscribe();
            await turn();
          },
        ),
      TIMEOUT,
    );

    it(
      'of cancelled calls that were never answered: subscribers, handlers and arguments',
      () =>
        expectCollected(
          async ({ caller }, tracked) => {
            for (let i = 0; i < HOW_MANY; i++) {
              const { subscriber } = watch(tracked, caller.call(WORK, payload(tracked, i)));
              await turn();
              subscriber.unsubscribe();
            }
          },
          ({ service }) => {
            service
              .register(
                WORK,
                switchMap(() => NEVER),
              )
              .subscribe();
          },
        ),
      TIMEOUT,
    );

    it(
      'of finished and cancelled invocations: the invocations and what answered them',
      async () => {
        const handled = new Tracked();
        await expectCollected(
          async ({ caller }, tracked) => {
            for (let i = 0; i < HOW_MANY; i++) {
              await lastValueFrom(caller.call(ADD, payload(tracked, i)));
              const call = tracked.add('subscribers', caller.call(WORK, payload(tracked, i)).subscribe());
              await turn();
              call.unsubscribe();
            }
          },
          async ({ service }) => {
            service
              .register(
                ADD,
                pipeline(handled, () => of(1)),
              )
              .subscribe();
            service
              .register(
                WORK,
                pipeline(handled, () => NEVER),
              )
              .subscribe();
            await turn();
          },
        );
        for (const [kind, count] of Object.entries(await handled.alive()))
          expect(count).withContext(`${kind} alive`).toBeLessThanOrEqual(2);
        expect(handled.added).toBe(2 + HOW_MANY * 4);
      },
      TIMEOUT,
    );

    it(
      'of registrations that were left: their pipelines and subscribers',
      () =>
        expectCollected(async ({ service, caller }, tracked) => {
          for (let i = 0; i < HOW_MANY; i++) {
            const { subscriber, heard } = watch(
              tracked,
              service.register(
                `com.example.p${i}`,
                pipeline(tracked, () => of(1)),
              ),
            );
            await heard;
            await lastValueFrom(caller.call(`com.example.p${i}`));
            subscriber.unsubscribe();
          }
          await quiet([service]);
        }),
      TIMEOUT,
    );

    it(
      'of subscribers that left a topic, which others go on listening to, or which ended with them',
      () =>
        expectCollected(
          async ({ service, caller }, tracked) => {
            for (let i = 0; i < HOW_MANY; i++) {
              const topic = i % 2 === 0 ? NEWS : `com.example.topic${i}`;
              const { subscriber, heard } = watch(tracked, caller.topic(topic));
              await firstValueFrom(caller.subscribed(topic));
              service.publish(topic, payload(tracked, i)).subscribe();
              await heard;
              subscriber.unsubscribe();
            }
          },
          async ({ caller }) => {
            caller.topic(NEWS).subscribe();
            await firstValueFrom(caller.subscribed(NEWS));
          },
        ),
      TIMEOUT,
    );

    it(
      'of publishes: subscribers, handlers and arguments',
      () =>
        expectCollected(async ({ caller }, tracked) => {
          for (let i = 0; i < HOW_MANY; i++) {
            await watch(tracked, caller.publish(NEWS, payload(tracked, i), undefined, { acknowledge: i % 2 === 0 })).heard;
          }
        }),
      TIMEOUT,
    );

    it(
      'of calls that waited for a session and were given up',
      () =>
        expectCollected(async ({ caller, router }, tracked) => {
          router.link(caller.inspect().session!)!.unsubscribe();
          while (caller.inspect().session !== undefined) await Promise.resolve();
          for (let i = 0; i < HOW_MANY; i++) {
            const { subscriber } = watch(tracked, caller.call(ADD, payload(tracked, i)).pipe(catchError(() => NEVER)));
            expect(caller.inspect().waiting).toBe(1);
            subscriber.unsubscribe();
          }
          await firstValueFrom(caller.sessions);
        }),
      TIMEOUT,
    );
  });
});
