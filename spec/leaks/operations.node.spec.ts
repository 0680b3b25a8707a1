// Thousands of operations through a client, a router and a second client: nothing of them may be left anywhere.
import { catchError, firstValueFrom, from, interval, lastValueFrom, map, mergeMap, NEVER, of, switchMap, take, throwError } from 'rxjs';
import { ApplicationError } from '../../src/index.ts';
import { CALL, CANCEL, ERROR, RESULT } from '../../src/protocol/messages.ts';
import { turn, until } from './measure.ts';
import { abreast, expectNothingLeft } from './stage.ts';

const ADD = 'com.example.add';
const WORK = 'com.example.work';
const NEWS = 'com.example.news';
const TIMEOUT = 60_000;

describe('Thousands of operations', () => {
  it(
    'leave nothing behind after 10,000 calls, one after the other, beside one that is never answered',
    async () => {
      let sum = 0;
      const operations = await expectNothingLeft({
        prepare: async ({ service, caller }) => {
          service
            .register<[number, number]>(
              ADD,
              map(({ args: [a, b] }) => a + b),
            )
            .subscribe();
          service
            .register(
              WORK,
              switchMap(() => NEVER),
            )
            .subscribe();
          await turn();
          caller.call(WORK).subscribe({ error: () => {} });
        },
        unanswered: 1,
        run: async ({ caller }, first, last) => {
          for (let i = first; i < last; i++) sum += (await lastValueFrom(caller.call<number>(ADD, [i, 1]))).value;
        },
      });
      expect(sum).toBe((operations * (operations + 1)) / 2);
    },
    TIMEOUT,
  );

  it(
    'leave nothing behind after 10,000 calls that fail or find no procedure',
    async () => {
      const uris = new Map<string, number>();
      const operations = await expectNothingLeft({
        prepare: ({ service }) => {
          service
            .register(
              WORK,
              switchMap(() => throwError(() => new ApplicationError('com.example.error.no', ['no']))),
            )
            .subscribe();
        },
        run: ({ caller }, first, last) =>
          abreast(first, last, (i) =>
            lastValueFrom(
              caller.call(i % 2 === 0 ? WORK : 'com.example.nobody', [i]).pipe(
                catchError((error: unknown) => {
                  const { uri } = error as ApplicationError;
                  uris.set(uri, (uris.get(uri) ?? 0) + 1);
                  return of(undefined);
                }),
              ),
            ),
          ),
      });
      expect([...uris].sort()).toEqual([
        ['com.example.error.no', operations / 2],
        ['wamp.error.no_such_procedure', operations / 2],
      ]);
    },
    TIMEOUT,
  );

  it(
    'leave nothing behind after 10,000 invocations of pipelines that answer at once, later, with progress, or are cancelled',
    async () => {
      const ended = { results: 0, cancelled: 0 };
      const operations = await expectNothingLeft({
        prepare: ({ service }) => {
          service
            .register<[number]>(
              'com.example.now',
              map(({ args: [n] }) => n),
            )
            .subscribe();
          service
            .register<[number]>(
              'com.example.later',
              mergeMap(({ args: [n] }) => Promise.resolve(n)),
            )
            .subscribe();
          service
            .register<[number]>(
              'com.example.chunks',
              mergeMap(({ args: [n] }) => from([n, n, n])),
            )
            .subscribe();
          service
            .register(
              'com.example.cancelled',
              switchMap(() => interval(100_000)),
            )
            .subscribe();
        },
        run: async ({ caller }, first, last) => {
          await abreast(first, last, async (i) => {
            const kind = ['now', 'later', 'chunks', 'cancelled'][i % 4] as string;
            const answers = caller.call(`com.example.${kind}`, [i], undefined, { receive_progress: true });
            if (kind === 'cancelled') {
              const call = answers.subscribe();
              await turn();
              call.unsubscribe();
              ended.cancelled++;
            } else if ((await lastValueFrom(answers)).value === i) ended.results++;
          });
          await turn();
        },
      });
      expect(ended).toEqual({ results: operations * 0.75, cancelled: operations / 4 });
    },
    TIMEOUT,
  );

  it(
    'leave nothing behind after 10,000 subscriptions, each of a topic of its own, and their ends',
    async () => {
      let heard = 0;
      const operations = await expectNothingLeft({
        run: async ({ caller }, first, last) => {
          await abreast(first, last, async (i) => {
            if ((await firstValueFrom(caller.subscribed(`com.example.topic${i}`))).id > 0) heard++;
          });
          await until('no topic is left', () => caller.inspect().topics.length === 0);
        },
      });
      expect(heard).toBe(operations);
    },
    TIMEOUT,
  );

  it(
    'leave nothing behind after 10,000 subscribers of one topic have come and gone, each after an event',
    async () => {
      let heard = 0;
      const operations = await expectNothingLeft({
        run: async ({ service, caller }, first, last) => {
          for (let i = first; i < last; i++) {
            const event = firstValueFrom(service.topic(NEWS));
            await firstValueFrom(service.subscribed(NEWS));
            caller.publish(NEWS, [i]).subscribe();
            if ((await event).value === i) heard++;
          }
          await until('no topic is left', () => service.inspect().topics.length === 0);
        },
      });
      expect(heard).toBe(operations);
    },
    TIMEOUT,
  );

  it(
    'C2 leave nothing behind after 10,000 cancels whose answers never come',
    async () => {
      const dropped = { count: 0 };
      const operations = await expectNothingLeft({
        intercept: (direction, message) => {
          if (direction === 'in' || (message[0] !== RESULT && message[0] !== ERROR)) return message;
          dropped.count++;
          return undefined;
        },
        prepare: ({ service }) => {
          service
            .register(
              WORK,
              switchMap(() => NEVER),
            )
            .subscribe();
        },
        run: ({ caller }, first, last) =>
          abreast(first, last, async (i) => {
            const call = caller.call(WORK, [i]).subscribe();
            await turn();
            call.unsubscribe();
          }),
      });
      expect(dropped.count).toBe(operations);
    },
    TIMEOUT,
  );

  it(
    'C2 leave nothing behind after 10,000 cancels that the router never hears of',
    async () => {
      const unheard = { calls: 0, cancels: 0 };
      const operations = await expectNothingLeft({
        intercept: (_direction, message) => {
          if (message[0] !== CALL && message[0] !== CANCEL) return message;
          unheard[message[0] === CALL ? 'calls' : 'cancels']++;
          return undefined;
        },
        run: async ({ caller }, first, last) => {
          for (let i = first; i < last; i++) caller.call(WORK, [i]).subscribe().unsubscribe();
          await turn();
        },
      });
      expect(unheard).toEqual({ calls: operations, cancels: operations });
    },
    TIMEOUT,
  );

  it(
    'leave nothing behind after 10,000 acknowledged publishes, each heard by a subscriber',
    async () => {
      const heard = { events: 0, ids: 0 };
      const operations = await expectNothingLeft({
        prepare: ({ service }) => {
          service.topic(NEWS).subscribe(() => heard.events++);
        },
        run: async ({ caller }, first, last) => {
          for (let i = first; i < last; i++) {
            if ((await lastValueFrom(caller.publish(NEWS, [i], { i }, { acknowledge: true }))) > 0) heard.ids++;
          }
          await turn();
        },
      });
      expect(heard).toEqual({ events: operations, ids: operations });
    },
    TIMEOUT,
  );

  it(
    'leave nothing behind after 10,000 values through a subject, with a subscriber that leaves by take(1) at each',
    async () => {
      let heard = 0;
      const operations = await expectNothingLeft({
        prepare: async ({ service, caller }) => {
          service.subject(NEWS).next(0);
          caller.topic(NEWS).subscribe();
          await firstValueFrom(caller.subscribed(NEWS));
        },
        run: async ({ service, caller }, first, last) => {
          const values = service.subject<number>(NEWS);
          for (let i = first; i < last; i++) {
            const value = lastValueFrom(caller.topic<[number]>(NEWS).pipe(take(1)));
            values.next(i);
            if ((await value).value === i) heard++;
          }
          values.complete();
        },
      });
      expect(heard).toBe(operations);
    },
    TIMEOUT,
  );
});
