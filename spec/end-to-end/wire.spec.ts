// Two clients and a router, with a real WebSocket between them, by each serializer.
import {
  concatMap,
  finalize,
  firstValueFrom,
  from,
  lastValueFrom,
  map,
  merge,
  mergeMap,
  NEVER,
  type Observable,
  of,
  pipe,
  take,
  timer,
  toArray,
} from 'rxjs';
import { ApplicationError, type Client, type ConnectionError, result } from '../../src/index.ts';
import { hear } from '../client/opened.ts';
import { client, SERIALIZERS } from './clients.ts';

describe('Over a real WebSocket', () => {
  for (const [name, serializers] of SERIALIZERS) {
    describe(`by ${name}`, () => {
      let service: Client;
      let caller: Client;
      beforeEach(() => {
        service = client({ serializers });
        caller = client({ serializers });
      });

      it('G2 a call gets the value, the whole result or the error of another client', async () => {
        const registered = [
          service.register<[number, number]>(
            'com.example.add',
            map(({ args: [a, b] }) => a + b),
          ),
          service.register(
            'com.example.whole',
            map(({ args, kwargs }) => result([...args, 'more'], { ...kwargs, x: 1 })),
          ),
          service.register(
            'com.example.fails',
            map(() => {
              throw new ApplicationError('com.example.error.no', ['no'], { why: 'because' });
            }),
          ),
        ];
        await Promise.all(registered.map((stream) => new Promise((resolve) => hear(stream.pipe(map(resolve))))));
        expect((await lastValueFrom(caller.call<number>('com.example.add', [1, 2]))).value).toBe(3);
        const { args, kwargs } = await lastValueFrom(caller.call('com.example.whole', [0, false, '', null], { a: [1, { b: 'ü' }] }));
        expect({ args, kwargs }).toEqual({ args: [0, false, '', null, 'more'], kwargs: { a: [1, { b: 'ü' }], x: 1 } });
        const error = await lastValueFrom(caller.call('com.example.fails')).catch((reason: unknown) => reason);
        expect(error).toBeInstanceOf(ApplicationError);
        const { uri, args: told, kwargs: more } = error as ApplicationError;
        expect([uri, told, more]).toEqual(['com.example.error.no', ['no'], { why: 'because' }]);
      });

      it('C1 a call shows progress, then its final result', async () => {
        const countdown = service.register<[number]>(
          'com.example.countdown',
          mergeMap(({ args: [n] }) => from(Array.from({ length: n }, (_, i) => n - i)).pipe(concatMap((left) => Promise.resolve(left)))),
        );
        await new Promise((resolve) => hear(countdown.pipe(map(resolve))));
        const call = caller.call<number>('com.example.countdown', [5], undefined, { receive_progress: true });
        expect(
          await lastValueFrom(
            call.pipe(
              map(({ value }) => value),
              toArray(),
            ),
          ),
        ).toEqual([5, 4, 3, 2, 1]);
        expect((await lastValueFrom(caller.call<number>('com.example.countdown', [5]))).value).toBe(1);
      });

      it('G5 leaving a call unsubscribes the pipeline that works for it in another client, and no other', async () => {
        let running = 0;
        const { promise: cancelled, resolve } = deferred<number>();
        const work = service.register<[number]>(
          'com.example.work',
          mergeMap(({ value }) =>
            merge(of(`started ${value}`), NEVER).pipe(
              finalize(() => {
                running--;
                resolve(value);
              }),
            ),
          ),
        );
        await new Promise((done) => hear(work.pipe(map(done))));
        const started = [1, 2].map((n) => {
          const call = caller.call<string>('com.example.work', [n], undefined, { receive_progress: true });
          return new Promise<ReturnType<typeof hear>>((done) => {
            const heard: ReturnType<typeof hear> = hear(
              call.pipe(
                map(({ value }) => {
                  running++;
                  queueMicrotask(() => {
                    done(heard);
                  });
                  return value;
                }),
              ),
            );
          });
        });
        const [first, second] = (await Promise.all(started)) as [ReturnType<typeof hear>, ReturnType<typeof hear>];
        expect([first.values, second.values, running]).toEqual([['started 1'], ['started 2'], 2]);
        first.leave();
        expect(await cancelled).toBe(1);
        expect([running, service.inspect().registrations.map((one) => one.running)]).toEqual([1, [1]]);
        expect([caller.inspect().pending.length, second.errors]).toEqual([1, []]);
      });

      it('T1 subscribers of one topic share its subscription, and hear what another client publishes in order', async () => {
        const topic = `com.example.news.${name.toLowerCase()}`;
        const lists = Promise.all([0, 1].map(() => firstValueFrom(caller.topic<[number]>(topic).pipe(take(100), toArray()))));
        await firstValueFrom(caller.subscribed(topic));
        expect(caller.inspect().topics.map(({ subscribers }) => subscribers)).toEqual([2]);
        // HELLO and one SUBSCRIBE.
        expect(caller.inspect().counters.sent).toBe(2);
        const publication = await lastValueFrom(service.publish(topic, [0], { k: 'v' }, { acknowledge: true }));
        for (let i = 1; i < 100; i++) hear(service.publish(topic, [i]));
        const [first, second] = (await lists) as [Awaited<typeof lists>[0], Awaited<typeof lists>[0]];
        expect(first.map(({ value }) => value)).toEqual(Array.from({ length: 100 }, (_, i) => i));
        expect(second).toEqual(first);
        expect([first[0]?.publication, first[0]?.kwargs, first[0]?.topic]).toEqual([publication, { k: 'v' }, topic]);
      });

      it('P2 a subject publishes to the subjects of others, and to itself if asked', async () => {
        const topic = `com.example.tick.${name.toLowerCase()}`;
        const mine = service.subject<number>(topic, { exclude_me: false, holdLast: 10 });
        const own = firstValueFrom(mine.pipe(take(3), toArray()));
        const others = firstValueFrom(caller.subject<number>(topic).pipe(take(3), toArray()));
        await Promise.all([firstValueFrom(service.subscribed(topic)), firstValueFrom(caller.subscribed(topic))]);
        from([1, 2, 3]).subscribe(mine);
        expect(await own).toEqual([1, 2, 3]);
        expect(await others).toEqual([1, 2, 3]);
      });

      it('carries binary, ids and integers beyond 32 bits, every letter, and what is falsy', async () => {
        const echo = service.register('com.example.echo', pipe(map(({ args, kwargs }) => result(args, kwargs))));
        await new Promise((resolve) => hear(echo.pipe(map(resolve))));
        const bytes = Uint8Array.from({ length: 256 }, (_, i) => i);
        const integers = [2 ** 31, 2 ** 32, 2 ** 32 + 1, Number.MAX_SAFE_INTEGER, -(2 ** 31) - 1, Number.MIN_SAFE_INTEGER];
        const args = [
          bytes,
          new Uint8Array(0),
          integers,
          0.1,
          -0.5,
          0,
          false,
          '',
          null,
          'Ünïcödé 🎉 \u2028 \ud83d\ude00',
          { nested: [bytes] },
        ];
        const back = await lastValueFrom(caller.call('com.example.echo', args, { bytes, integers }));
        expect(plain(back.args)).toEqual(plain(args));
        expect(plain(back.kwargs)).toEqual(plain({ bytes, integers }));
        expect(back.args[0]).toBeInstanceOf(Uint8Array);
      });

      it('names sessions and publications by ids beyond 32 bits', async () => {
        const [one, other] = await Promise.all([firstValueFrom(service.sessions), firstValueFrom(caller.sessions)]);
        const third = client({ serializers });
        const topic = `com.example.ids.${name.toLowerCase()}`;
        const [wanted, unwanted] = [hear(caller.topic(topic)), hear(third.topic(topic))];
        await Promise.all([firstValueFrom(caller.subscribed(topic)), firstValueFrom(third.subscribed(topic))]);
        const ids = [];
        for (let i = 0; i < 8; i++) {
          ids.push(await lastValueFrom(service.publish(topic, [one.id], undefined, { eligible: [other.id, 2 ** 53], acknowledge: true })));
        }
        await lastValueFrom(service.publish(topic, ['end'], undefined, { acknowledge: true }));
        await firstValueFrom(merge(of(0), caller.topic(topic)));
        while (wanted.values.length < 9 || unwanted.values.length < 1) await firstValueFrom(turn());
        expect(wanted.values.map(({ publication }) => publication).slice(0, 8)).toEqual(ids);
        expect(wanted.values.slice(0, 8).map(({ value }) => value)).toEqual(ids.map(() => one.id));
        expect(unwanted.values.map(({ value }) => value)).toEqual(['end']);
        expect(Math.max(...ids)).toBeGreaterThan(2 ** 32);
      });

      it('L9 closing takes along what stood on the router, and errors what was under way', async () => {
        const work = service.register(
          'com.example.silent',
          mergeMap(() => NEVER),
        );
        await new Promise((resolve) => hear(work.pipe(map(resolve))));
        const call = hear(caller.call('com.example.silent'));
        while (service.inspect().registrations[0]?.running !== 1) await firstValueFrom(turn());
        await caller.close();
        expect(call.errors.map((error) => (error as ConnectionError).sent)).toEqual([true]);
        while (service.inspect().registrations[0]?.running !== 0) await firstValueFrom(turn());
        await service.close();
        const late = await lastValueFrom(client({ serializers }).call('com.example.silent')).catch((error: unknown) => error);
        expect((late as ApplicationError).uri).toBe('wamp.error.no_such_procedure');
        expect([service, caller].map((one) => one.inspect().session)).toEqual([undefined, undefined]);
      });
    });
  }
});

/** Emits once, behind what the sockets have brought: Deno reads them only when it comes to its timers. */
function turn(): Observable<0> {
  return timer(0);
}

function deferred<T>(): { readonly promise: Promise<T>; resolve(value: T): void } {
  let resolve: (value: T) => void = () => {};
  const promise = new Promise<T>((done) => (resolve = done));
  return { promise, resolve };
}

/** With lists of numbers in the place of bytes, whatever class of the platform they have. */
function plain(value: unknown): unknown {
  if (ArrayBuffer.isView(value)) return { bytes: [...(value as Uint8Array)] };
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
}
