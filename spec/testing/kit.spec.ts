import { firstValueFrom, lastValueFrom, map, NEVER, Subject, take, timeout } from 'rxjs';
import { ApplicationError, Client, type ClientOptions, ConnectionError, JoinError, WampError } from '../../src/index.ts';
import { Peer, rpc } from '../../src/peer/index.ts';
import { msgpack } from '../../src/msgpack.ts';
import { type Clients, type Kit, Recording, testing, type TestingOptions, WELCOME } from '../../src/testing/index.ts';

const kits: AsyncDisposable[] = [];

async function setup<const Count extends number = 1>(options: TestingOptions<Count> = {}): Promise<Kit<Clients<Count>>> {
  const kit = await testing({ client: { logger: false }, ...options });
  kits.push(kit);
  return kit;
}

afterEach(async () => {
  await Promise.all(kits.splice(0).map((kit) => kit[Symbol.asyncDispose]()));
});

const DOUBLE = map(({ value }: { value: unknown }) => 2 * (value as number));

/** What a promise rejects with. */
function failure(promise: Promise<unknown>): Promise<Error> {
  return promise.then(
    () => new TypeError('it did not reject'),
    (error: unknown) => error as Error,
  );
}

describe('testing', () => {
  it('gives a router and clients that reach each other', async () => {
    const kit = await setup({ clients: 2 });
    const [alice, bob] = kit.clients;
    alice.register('com.example.double', DOUBLE).subscribe({ error: fail });
    await kit.registered('com.example.double');
    expect((await firstValueFrom(bob.call('com.example.double', [4]))).value).toBe(8);
  });

  it('ends everything with the kit: services in reverse order, then clients, then the router', async () => {
    const log: string[] = [];
    const service = (name: string): { start: () => void; stop: () => void } => ({
      start: () => log.push(`start ${name}`),
      stop: () => log.push(`stop ${name}, ${String(router.counts().sessions)} session`),
    });
    let client: Client;
    const kit = await setup();
    const { router } = kit;
    {
      await using scope = kit;
      [client] = scope.clients;
      await scope.use(service('one'));
      await scope.use(service('two'));
      await scope.session();
    }
    expect(log).toEqual(['start one', 'start two', 'stop two, 1 session', 'stop one, 1 session']);
    expect(router.counts().sessions).toBe(0);
    expect((await failure(firstValueFrom(client.call('a.b')))).message).toContain('closed');
    expect(() => router.transport()).toThrowError(ConnectionError);
    await kit.close();
  });

  it('starts a Peer by its class, and stops it', async () => {
    class Doubler extends Peer {
      @rpc('com.example.double')
      double(value: number): number {
        return 2 * value;
      }
    }
    const kit = await setup();
    const doubler = await kit.use(Doubler);
    expect(doubler.registrations.map(({ uri }) => uri)).toEqual(['com.example.double']);
    expect((await firstValueFrom(kit.clients[0].call('com.example.double', [4]))).value).toBe(8);
    await kit.close();
    expect(doubler.registrations).toEqual([]);
  });

  it('starts a class with its own options, and a service that cannot start is stopped all the same', async () => {
    let stops = 0;
    class Service {
      readonly options: ClientOptions;
      constructor(options: ClientOptions) {
        this.options = options;
      }
      start(): Promise<void> {
        return Promise.reject(new ApplicationError('com.example.error.broken'));
      }
      stop(): void {
        stops++;
      }
    }
    const kit = await setup();
    expect(await failure(kit.use(Service))).toEqual(new ApplicationError('com.example.error.broken'));
    await kit.close();
    expect(stops).toBe(1);
  });

  it('rejects in close with what a service failed to stop with, when everything has ended', async () => {
    const kit = await testing();
    const { router } = kit;
    await kit.session();
    await kit.use({ start: () => undefined, stop: () => Promise.reject(new TypeError('it hangs')) });
    expect((await failure(kit.close())).message).toBe('it hangs');
    expect(router.counts().sessions).toBe(0);
  });

  for (const [what, options, message] of [
    ['an unknown option', { client: {}, websockets: true }, /^unknown option websockets of testing: it has realm, clients, websocket/],
    ['a wrong value', { clients: -1 }, /^option clients of testing must be a whole number, 0 or more, not -1$/],
    ['a URL and a router', { url: 'ws://localhost:1/', websocket: true }, /^url names a router that runs already/],
    ['a wrong option of a client', { client: { lingerMs: 'long' } }, /lingerMs/],
  ] as const) {
    it(`refuses ${what} at once`, async () => {
      const error = await failure(testing(options as unknown as TestingOptions));
      expect(error).toBeInstanceOf(TypeError);
      expect(error.message).toMatch(message);
    });
  }

  it('has no URL in memory, and says how to get one', async () => {
    const kit = await setup();
    expect(() => kit.url).toThrowError(TypeError, 'a router in memory has no URL: ask for one by testing({ websocket: true })');
  });

  it('takes more realms, and clients of them, and serializers', async () => {
    const kit = await setup({ clients: 0, router: { realms: ['realm1', 'other'] }, client: { serializers: [msgpack()], logger: false } });
    const session = await kit.session(kit.client({ realm: 'other' }));
    expect([session.realm, kit.router.sessions('realm1'), kit.router.sessions('other')]).toEqual(['other', [], [session.id]]);
    expect((await failure(kit.session())).message).toBe('this kit has no clients: name one, as in kit.session(client)');
  });

  describe('a wait', () => {
    it('for a procedure says in time what is registered instead', async () => {
      const kit = await setup({ limitMs: 20 });
      expect(await failure(kit.registered('a.b'))).toEqual(
        new WampError('wamp.error.timeout', 'nobody has registered a.b; in realm realm1 nothing is registered (waited for 20 ms)'),
      );
      kit.clients[0].register('a.c', DOUBLE).subscribe({ error: fail });
      kit.clients[0].register('a.', DOUBLE, { match: 'prefix' }).subscribe({ error: fail });
      await kit.registered('a.', { limitMs: 2_000 });
      expect((await failure(kit.registered('a.b'))).message).toContain('in realm realm1 a.c (exact, 1), a. (prefix, 1) is registered');
      expect((await failure(kit.registered('a.c', { match: 'prefix' }))).message).toContain('nobody has registered a.c with match prefix');
    });

    it('for a topic resolves when as many as asked for have subscribed', async () => {
      const kit = await setup({ clients: 2 });
      const both = kit.subscribed('a.b', { count: 2 });
      for (const client of kit.clients) client.topic('a.b').subscribe({ error: fail });
      const { uri, match, sessions } = await both;
      expect({ uri, match, sessions }).toEqual({ uri: 'a.b', match: 'exact', sessions: kit.router.sessions('realm1') });
      expect((await failure(kit.subscribed('a.b', { count: 3, limitMs: 0 }))).message).toContain(
        'fewer than 3 sessions have subscribed to a.b',
      );
    });

    it('for sessions resolves to their ids', async () => {
      const kit = await setup({ clients: 2 });
      const two = kit.sessions(2);
      for (const client of kit.clients) client.sessions.subscribe({ error: fail });
      expect(await two).toEqual(kit.router.sessions('realm1'));
      expect((await failure(kit.sessions(3, { limitMs: 0 }))).message).toBe('2 of 3 sessions are in realm realm1 (waited for 0 ms)');
    });

    it('for the session of a client says what the client is doing', async () => {
      const kit = await setup();
      await kit.stop();
      const error = await failure(kit.session(kit.clients[0], { limitMs: 50 }));
      expect(error.message).toMatch(/^the client has no session, it is (waiting, because .*the router of the kit is down|connecting)/);
    });

    it('for the session of a client that gave up rejects with its reason', async () => {
      const kit = await setup({ clients: 0, router: { realms: ['other'] } });
      const error = await failure(kit.session(kit.client()));
      expect(error).toBeInstanceOf(JoinError);
      expect(error.message).toContain('wamp.error.no_such_realm');
    });

    it('ends with the kit', async () => {
      const kit = await setup();
      const waiting = failure(kit.registered('a.b'));
      await kit.close();
      expect((await waiting).message).toBe(
        'nobody has registered a.b; in realm realm1 nothing is registered: the kit was closed meanwhile',
      );
    });
  });

  describe('a fault', () => {
    it('of a cut is told to both sides, and the client comes back with what it holds', async () => {
      const kit = await setup();
      const [client] = kit.clients;
      client.register('a.b', DOUBLE).subscribe({ error: fail });
      const { sessions: before } = await kit.registered('a.b');
      const pending = failure(firstValueFrom(client.call('a.c.silent.never')));
      await kit.cut(client);
      expect(kit.router.registrations('realm1')).toEqual([]);
      expect(await pending).toBeInstanceOf(ConnectionError);
      const { sessions: after } = await kit.registered('a.b');
      expect(after).not.toEqual(before);
    });

    it('of one client leaves the others alone', async () => {
      const kit = await setup({ clients: 2 });
      const [alice, bob] = kit.clients;
      const [a, b] = [await kit.session(alice), await kit.session(bob)];
      await kit.cut(alice);
      expect(kit.router.sessions('realm1')).toEqual([b.id]);
      expect((await kit.sessions(2)).includes(a.id)).toBeFalse();
    });

    it('of a stall is told to nobody, until it heals', async () => {
      const kit = await setup({ clients: 2 });
      const [alice, bob] = kit.clients;
      await kit.session(bob);
      const heard: unknown[] = [];
      alice.topic('a.b').subscribe({ next: ({ value }) => heard.push(value), error: fail });
      const before = await kit.subscribed('a.b');
      kit.stall(alice);
      await firstValueFrom(bob.publish('a.b', ['lost'], {}, { acknowledge: true }));
      const silent = alice.call('a.c').pipe(timeout({ first: 20, with: () => NEVER.pipe(take(0)) }));
      expect(await firstValueFrom(silent, { defaultValue: 'no answer' })).toBe('no answer');
      expect(kit.router.subscriptions('realm1')).toEqual([before]);
      await kit.heal();
      const after = await kit.subscribed('a.b');
      await firstValueFrom(bob.publish('a.b', ['heard'], {}, { acknowledge: true }));
      await kit.recordingOf(alice).until('EVENT');
      expect(after.sessions).not.toEqual(before.sessions);
      expect(heard).toEqual(['heard']);
    });

    it('of a stalled link is not told to the router when its client leaves, until it heals', async () => {
      const kit = await setup();
      const [client] = kit.clients;
      const { id } = await kit.session(client);
      kit.stall();
      client.reconnect();
      await kit.sessions(2);
      expect(kit.router.sessions('realm1')).toContain(id);
      await kit.heal();
      expect(kit.router.sessions('realm1')).not.toContain(id);
      expect((await kit.sessions(1)).length).toBe(1);
    });

    it('of a delay lets everything through in order, later', async () => {
      const kit = await setup();
      const [client] = kit.clients;
      await kit.session();
      kit.delay(30);
      const since = performance.now();
      const answers = ['a.b', 'a.c'].map((uri) => failure(firstValueFrom(client.call(uri))));
      const [first] = await Promise.all(answers);
      expect(first).toBeInstanceOf(ApplicationError);
      expect(performance.now() - since).toBeGreaterThanOrEqual(25);
      expect(kit.recording.received('ERROR').map(([, , request]) => request)).toEqual([1, 2]);
    });
  });

  describe('a router that dies', () => {
    it('by kill says nothing, is gone until restart, and then all come back', async () => {
      const kit = await setup({ clients: 2 });
      const [alice] = kit.clients;
      alice.register('a.b', DOUBLE).subscribe({ error: fail });
      await kit.registered('a.b');
      await kit.session(kit.clients[1]);
      await kit.kill();
      expect(kit.recording.received('GOODBYE')).toEqual([]);
      expect(() => kit.router).toThrowError(TypeError, 'the router is down: await kit.restart() first');
      await kit.restart();
      await kit.registered('a.b');
      expect((await kit.sessions(2)).length).toBe(2);
    });

    it('by kill cuts who came by the router itself too', async () => {
      const kit = await setup();
      const recording = new Recording();
      const other = new Client({ transport: recording.around(kit.router.transport()), logger: false, maxAttempts: 1 });
      const [session, lost] = [kit.session(other), failure(lastValueFrom(other.sessions))];
      await session;
      await kit.kill();
      await lost;
      expect(recording.received().map(([code]) => code)).toEqual([WELCOME]);
      await other.close();
    });

    it('by stop says GOODBYE', async () => {
      const kit = await setup();
      await kit.session();
      await kit.stop();
      expect(kit.recording.received('GOODBYE').map(([, , reason]) => reason)).toEqual(['wamp.close.system_shutdown']);
    });

    it('by restart alone is stopped first', async () => {
      const kit = await setup();
      const before = kit.router;
      const { id } = await kit.session();
      await kit.restart();
      expect(kit.router).not.toBe(before);
      await kit.sessions(1);
      expect(kit.router.sessions('realm1')).not.toContain(id);
    });
  });

  it('has a type for a variable that is filled before each test', async () => {
    let kit: Kit = await setup({ clients: 2 });
    expect(kit.clients.length).toBe(2);
    const two: Kit<readonly [Client, Client]> = await setup({ clients: 2 });
    kit = two;
    // @ts-expect-error -- there are two clients
    expect([kit.clients.length, two.clients[2]]).toEqual([2, undefined]);
  });

  it('still asks an intercept of the test', async () => {
    const seen = new Subject<unknown>();
    const codes: unknown[] = [];
    seen.subscribe((code) => codes.push(code));
    const kit = await setup({
      router: {
        intercept: (_direction, message) => {
          seen.next(message[0]);
          return message;
        },
      },
    });
    await kit.session();
    expect(codes).toEqual([1, 2]);
  });
});
