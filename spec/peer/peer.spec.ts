// What a peer does: what methods get and give, errors both ways, starting, stopping, reconnecting. Over a link in memory.
/* eslint-disable @typescript-eslint/no-unsafe-call, @typescript-eslint/no-unsafe-member-access, @typescript-eslint/no-unsafe-argument -- without a contract rpc is any */
import { concat, lastValueFrom, map, of, Subject, toArray } from 'rxjs';
import { wampcra } from '../../src/auth/index.ts';
import { ApplicationError, Client, type Invocation, result } from '../../src/index.ts';
import {
  getRegisteredEntrypoints,
  type ErrorClass,
  kwargs,
  Peer,
  type PeerOptions,
  rpc,
  StartError,
  subscribe,
} from '../../src/peer/index.ts';
import { hear, kept as keptClient } from '../client/opened.ts';
import { kept, notes, ownRouter, until } from './peers.ts';

function stage() {
  const router = ownRouter();
  const logger = notes();
  const options = { transport: router.transport(), logger, retryDelayMs: () => 1 };
  return { router, logger, options, caller: kept(new Peer({ ...options, logger: false, transport: router.transport() })) };
}
const refusal = (answer: PromiseLike<unknown>): Promise<ApplicationError> =>
  Promise.resolve(answer).then(
    () => {
      throw new TypeError('it must be refused');
    },
    (error: unknown) => error as ApplicationError,
  );

class Arguments extends Peer {
  @rpc all(...args: unknown[]): unknown {
    return { args };
  }
  @rpc({ invocation: true }) whole({ args, kwargs: named, procedure }: Invocation): unknown {
    return [args, named, procedure];
  }
  @rpc calls(n: number): unknown {
    return this.rpc.all(n);
  }
}

class Returns extends Peer {
  readonly stopped: string[] = [];
  @rpc nothing(): void {}
  @rpc list(): number[] {
    return [1, 2];
  }
  @rpc async later(): Promise<unknown> {
    return Promise.resolve(of('a', 'b'));
  }
  @rpc several(): unknown {
    return result([1, 2], { three: 3 });
  }
  @rpc observable(): unknown {
    return concat(of(1, 2), of(3));
  }
  @rpc async *iterable(): AsyncGenerator<number> {
    try {
      for (let i = 0; ; i++) {
        await Promise.resolve();
        yield i;
      }
    } finally {
      this.stopped.push('iterable');
    }
  }
  @rpc forgotten(): unknown {
    return this.rpc.com;
  }
  @rpc async forgottenLater(): Promise<unknown> {
    return Promise.resolve(this.rpc.com.example);
  }
  @rpc broken(): AsyncIterable<number> {
    return {
      [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(new RangeError('no more')) }),
    };
  }
}

class NotFound extends Error {}
class Deeper extends NotFound {}

class Fails extends Peer {
  @rpc thrown(secret: string): void {
    throw new RangeError(`no such thing as ${secret.length}`);
  }
  @rpc async rejected(): Promise<void> {
    await Promise.reject(
      new (class Named extends Error {
        override readonly name = 'NamedError';
      })('rejected'),
    );
  }
  @rpc meant(): void {
    throw new ApplicationError('com.example.error.meant', ['word'], { k: 1 });
  }
  @rpc mapped(): void {
    throw new Deeper('mapped');
  }
  @rpc odd(): void {
    // eslint-disable-next-line @typescript-eslint/only-throw-error -- what a careless handler does
    throw 'a text';
  }
}

class Worker extends Peer {
  readonly gate = new Subject<string>();
  most = 0;
  running = 0;
  @rpc({ invoke: 'roundrobin' }) work(): unknown {
    return this.gate;
  }
  @rpc({ concurrency: 2 }) async limited(): Promise<number> {
    this.most = Math.max(this.most, ++this.running);
    await new Promise((resolve) => setTimeout(resolve));
    this.running--;
    return this.most;
  }
}

describe('Peer', () => {
  describe('methods', () => {
    it('get positional arguments, and behind them keyword ones if there are any; or the whole invocation', async () => {
      const { options, caller } = stage();
      kept(await new Arguments(options).start());
      expect(await caller.rpc.all(1, [2])).toEqual({ args: [1, [2]] });
      expect(await caller.rpc.all(1, kwargs({ two: 2 }))).toEqual({ args: [1, { two: 2 }] });
      expect(await caller.rpc.whole(1, kwargs({ two: 2 }))).toEqual([[1], { two: 2 }, 'whole']);
      expect(await caller.rpc.calls(3))
        .withContext('a method that calls')
        .toEqual({ args: [3] });
    });

    it('give a value, a promise, an Observable or an async iterable', async () => {
      const { options, caller } = stage();
      const service = kept(await new Returns(options).start());
      const progress = (name: string): Promise<unknown[]> =>
        lastValueFrom(
          caller.call(name, [], {}, { receive_progress: true }).pipe(
            map(({ value, details }) => [value, details['progress'] === true]),
            toArray(),
          ),
        );
      expect(await caller.rpc.nothing()).toBeUndefined();
      expect(await progress('list')).toEqual([[[1, 2], false]]);
      expect(await progress('later')).toEqual([
        ['a', true],
        ['b', false],
      ]);
      expect(await progress('observable')).toEqual([
        [1, true],
        [2, true],
        [3, false],
      ]);
      const { args, kwargs: named } = await caller.call('several');
      expect([args, named]).toEqual([[1, 2], { three: 3 }]);
      const seen: unknown[] = [];
      await new Promise<void>((resolve) => {
        const call = caller.call('iterable', [], {}, { receive_progress: true }).subscribe({
          next: ({ value }) => {
            if (seen.push(value) < 3) return;
            call.unsubscribe();
            resolve();
          },
        });
      });
      expect(seen).toEqual([0, 1, 2]);
      await until(() => service.stopped.length > 0);
      expect((await refusal(caller.rpc.broken())).kwargs).toEqual({ exc_type: 'RangeError', message: 'no more' });
    });

    it('cannot give a remote call without its parentheses, and nothing is called', async () => {
      const { options, caller, router } = stage();
      kept(await new Returns(options).start());
      const called: unknown[] = [];
      const every = { match: 'prefix' } as const;
      const other = keptClient(new Client({ ...options, transport: router.transport() }));
      const spy = hear(
        other.register(
          'com',
          map(({ procedure }) => called.push(procedure)),
          every,
        ),
      );
      await until(() => spy.values.length === 1);
      for (const name of ['forgotten', 'forgottenLater'])
        expect((await refusal(caller.call(name))).message).toMatch(/is a function and cannot be sent: send data/);
      expect(called).toEqual([]);
    });

    it('run at most as many at once as concurrency says, the others in their order', async () => {
      const { options, caller } = stage();
      const service = kept(await new Worker(options).start());
      const answers = await Promise.all(Array.from({ length: 7 }, () => Promise.resolve(caller.rpc.limited())));
      expect([answers.length, service.most, service.running]).toEqual([7, 2, 0]);
    });
  });

  describe('errors', () => {
    it('reach the caller with uri, type and message, without stack and arguments, and are logged with their stack', async () => {
      const { options, caller, logger } = stage();
      kept(await new Fails({ ...options, name: 'F' }).start());
      const thrown = await refusal(caller.rpc.thrown('secret'));
      expect([thrown.uri, thrown.args, thrown.kwargs]).toEqual([
        'wamp.error.runtime_error',
        ['no such thing as 6'],
        { exc_type: 'RangeError', message: 'no such thing as 6' },
      ]);
      expect((await refusal(caller.rpc.rejected())).kwargs).toEqual({ exc_type: 'NamedError', message: 'rejected' });
      const odd = await refusal(caller.rpc.odd());
      expect([odd.uri, odd.args, odd.kwargs]).toEqual(['wamp.error.runtime_error', [], {}]);
      expect(logger.errors.map(({ message }) => message)).toEqual([
        'F: procedure thrown (Fails.thrown) failed: no such thing as 6',
        'F: procedure rejected (Fails.rejected) failed: rejected',
        'F: procedure odd (Fails.odd) failed: a text',
      ]);
      expect((logger.errors[0]!.error as Error).stack).toContain('thrown');
    });

    it('that are meant go out as they are, and by the map both ways, without a word in the log', async () => {
      const { options, logger, router } = stage();
      const errors = { 'com.example.error.not_found': NotFound, 'com.example.error.other': RangeError };
      kept(await new Fails({ ...options, errors }).start());
      const caller = kept(new Peer({ ...options, transport: router.transport(), errors }));
      const meant = await refusal(caller.rpc.meant());
      expect([meant.uri, meant.args, meant.kwargs]).toEqual(['com.example.error.meant', ['word'], { k: 1 }]);
      const mapped: unknown = await refusal(caller.rpc.mapped());
      expect([mapped instanceof NotFound, (mapped as Error).message]).toEqual([true, 'mapped']);
      const cause = (mapped as Error).cause as ApplicationError;
      expect([cause.uri, cause.kwargs]).toEqual(['com.example.error.not_found', { exc_type: 'Deeper', message: 'mapped' }]);
      expect(logger.errors).toEqual([]);
      const outside: unknown = await refusal(caller.call('thrown', ['x']));
      expect(outside).withContext('what is in the map').toBeInstanceOf(RangeError);
    });

    it('are masked as the client masks them', async () => {
      const { options, caller } = stage();
      kept(await new Fails({ ...options, maskErrors: true }).start());
      const thrown = await refusal(caller.rpc.thrown('secret'));
      expect([thrown.uri, thrown.args, thrown.kwargs]).toEqual(['wamp.error.runtime_error', [], {}]);
    });

    it('of a handler of a topic are logged with their stack, and the other handlers live on', async () => {
      class Reader extends Peer {
        readonly heard: unknown[] = [];
        @subscribe('news') throws(): void {
          throw new RangeError('thrown');
        }
        @subscribe('news') async rejects(): Promise<void> {
          await Promise.reject(new RangeError('rejected'));
        }
        @subscribe('news') hears(args: unknown[], named: object, { topic }: { topic: string }): void {
          this.heard.push([args, named, topic]);
        }
      }
      const { options, caller, logger } = stage();
      const reader = kept(await new Reader(options).start());
      await caller.client.publish('news', [1], { k: 2 }).forEach(() => undefined);
      await caller.publish({ topic: 'news', k: 0 });
      await until(() => reader.heard.length === 2 && logger.errors.length === 4);
      expect(reader.heard).toEqual([
        [[1], { k: 2 }, 'news'],
        [[], { k: 0 }, 'news'],
      ]);
      expect(new Set(logger.errors.map(({ message }) => message))).toEqual(
        new Set(['Reader: topic news (Reader.throws) failed: thrown', 'Reader: topic news (Reader.rejects) failed: rejected']),
      );
      expect(new Set(reader.subscriptions.map(({ method, uri }) => [method, uri].join()))).toEqual(
        new Set(['throws,news', 'rejects,news', 'hears,news']),
      );
    });
  });

  describe('start', () => {
    it('rejects with everything that was refused, and leaves nothing behind', async () => {
      const { options, router } = stage();
      const first = kept(await new Arguments(options).start());
      const second = new Arguments({ ...options, name: 'Two', transport: router.transport() });
      const error = (await refusal(second.start())) as unknown as StartError;
      expect(error).toBeInstanceOf(StartError);
      expect([error.uri, error.refused.length]).toEqual(['wamp.error.procedure_already_exists', 3]);
      expect(error.message).toMatch(
        /^Two could not start: register of all failed .*; register of whole failed .*; register of calls failed/,
      );
      await second.stop();
      await until(() => router.counts().sessions === 1);
      await first.stop();
      expect(await second.start())
        .withContext('later')
        .toBe(second);
      await second.stop();
    });

    it('says in time why nobody came', async () => {
      const peer = new Arguments({ url: 'ws://127.0.0.1:9/ws', name: 'Early', logger: false });
      const error = (await refusal(peer.start({ timeoutMs: 20 }))) as unknown as StartError;
      expect([error.uri, error.refused]).toEqual(['wamp.error.timeout', []]);
      expect(error.message).toMatch(/^Early could not start within 20 ms: /);
    });

    it('names the realm that the router refuses', async () => {
      const { options } = stage();
      const error = await refusal(new Arguments({ ...options, realm: 'nowhere' }).start());
      expect([error.uri, error.message.startsWith('Arguments could not start: ')]).toEqual(['wamp.error.no_such_realm', true]);
    });

    it('is the same while it starts and when it has started', async () => {
      const { options, router } = stage();
      const peer = kept(new Arguments(options));
      expect(() => peer.session).toThrowError(TypeError, 'Arguments has no session yet: await start() first');
      expect(await Promise.all([peer.start(), peer.start()])).toEqual([peer, peer]);
      await peer.start();
      expect([router.counts().sessions, peer.registrations.length]).toEqual([1, 3]);
    });

    it('is refused by a stop that comes first', async () => {
      const peer = new Arguments({ url: 'ws://127.0.0.1:9/ws', logger: false });
      const starting = refusal(peer.start());
      await peer.stop();
      expect((await starting).message).toBe('Arguments was stopped before it had started');
    });
  });

  describe('after a loss', () => {
    it('everything stands again, by new ids', async () => {
      const { options, router } = stage();
      const service = kept(await new Arguments(options).start());
      const [before] = service.registrations;
      const { id } = service.session;
      router.link(id)?.unsubscribe();
      await until(() => service.registrations.length === 0);
      expect(service.session.id).withContext('the last session').toBe(id);
      await until(() => service.registrations.length === 3);
      expect(service.session.id).not.toBe(id);
      expect(service.registrations[0]!.id).not.toBe(before!.id);
      expect(getRegisteredEntrypoints()).toEqual(jasmine.arrayContaining([...service.registrations]));
    });

    it('what is revoked is told, and comes back with the next session', async () => {
      const { options, router, logger } = stage();
      const service = kept(await new Arguments(options).start());
      router.revokeRegistration('realm1', service.session.id, 'whole');
      await until(() => service.registrations.length === 2);
      expect(logger.errors.map(({ message }) => message)).toEqual([
        jasmine.stringMatching(/^Arguments: procedure whole \(Arguments\.whole\) is not served until the next session: the router revoked/),
      ]);
      router.link(service.session.id)?.unsubscribe();
      await until(() => service.registrations.length === 3);
      expect(logger.errors.length).toBe(1);
    });
  });

  describe('stop', () => {
    it('lets running invocations come to their end', async () => {
      const { options, caller, router } = stage();
      const worker = kept(await new Worker(options).start());
      const answer = Promise.resolve(caller.call('work'));
      await until(() => worker.gate.observed);
      const stopped = worker.stop();
      await until(() => router.counts().registrations === 0);
      worker.gate.next('done');
      worker.gate.complete();
      expect((await answer).value).toBe('done');
      await stopped;
      expect(getRegisteredEntrypoints().filter(({ peer }) => peer === worker)).toEqual([]);
    });

    it('cancels what still runs after drainMs', async () => {
      const { options, caller } = stage();
      const worker = kept(await new Worker(options).start());
      const answer = refusal(caller.call('work'));
      await until(() => worker.gate.observed);
      await worker.stop({ drainMs: 1 });
      expect((await answer).uri).toBe('wamp.error.canceled');
      expect(worker.gate.observed).toBe(false);
    });

    it('takes the shorter drainMs of two', async () => {
      const { options, caller } = stage();
      const worker = kept(await new Worker(options).start({ timeoutMs: Infinity }));
      const answer = refusal(caller.call('work'));
      await until(() => worker.gate.observed);
      const long = worker.stop({ drainMs: Infinity });
      await worker.stop({ drainMs: 1 });
      await long;
      expect((await answer).uri).toBe('wamp.error.canceled');
    });

    it('is harmless at every time, and a stopped peer starts again', async () => {
      const { options, router } = stage();
      const worker = kept(new Worker(options));
      await worker.stop();
      await worker.start();
      await Promise.all([worker.stop(), worker.stop(), worker[Symbol.asyncDispose]()]);
      expect(() => worker.session).toThrowError(TypeError);
      await worker.start();
      expect(router.counts().registrations).toBe(2);
    });
  });

  it('keeps an error whose class cannot be made of a message', async () => {
    class Picky extends Error {
      constructor(given: { readonly detail: string }) {
        super(given.detail.trim());
      }
    }
    const { options, router } = stage();
    kept(await new Fails(options).start());
    const errors = { 'com.example.error.meant': Picky as unknown as ErrorClass };
    const caller = kept(new Peer({ ...options, transport: router.transport(), errors }));
    const error = await refusal(caller.rpc.meant());
    expect([error instanceof ApplicationError, error.uri]).toEqual([true, 'com.example.error.meant']);
  });

  it('refuses wrong options and events by their names', async () => {
    for (const [options, sentence] of [
      [5, /^options of Peer must be an object, not the number 5/],
      [{ name: 5 }, /^option name of Peer must be a text, not the number 5/],
      [{ errors: { 'com.example.x': 'RangeError' } }, /^option errors of Peer has "com\.example\.x", which must stand for a class/],
      [{ errors: { 'not a uri': RangeError } }, /^option errors of Peer has "not a uri", which is no error URI/],
      [{ errors: [] }, /^option errors of Peer must be an object of error URIs and classes/],
    ] as const)
      expect(() => new Peer(options as unknown as PeerOptions)).toThrowError(TypeError, sentence);
    const peer = kept(new Peer({ logger: false }));
    for (const event of [undefined, null, 'news'])
      expect(() => peer.publish(event as never)).toThrowError(TypeError, /^publish of a Peer needs an event like \{ topic/);
    for (const wrong of [Number.NaN, -1, '5']) {
      await expectAsync(peer.start({ timeoutMs: wrong as number })).toBeRejectedWithError(TypeError, /^option timeoutMs of start must be/);
      await expectAsync(peer.stop({ drainMs: wrong as number })).toBeRejectedWithError(TypeError, /^option drainMs of stop must be/);
    }
    await expectAsync(peer.start({ timeoutms: 1 } as never)).toBeRejectedWithError(TypeError, /^unknown option timeoutms of start/);
    await expectAsync(peer.stop({ drain: 1 } as never)).toBeRejectedWithError(TypeError, /^unknown option drain of stop/);
  });

  it('shows no client and no secret when it is printed', () => {
    const auth = [wampcra({ authid: 'ada', secret: 'hidden' })];
    expect(JSON.stringify(new Peer({ name: 'Shop', auth, logger: false }))).toBe('{"name":"Shop"}');
  });
});
