import {
  computed,
  createEnvironmentInjector,
  destroyPlatform,
  inject,
  Injector,
  InjectionToken,
  runInInjectionContext,
  VERSION,
} from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { BrowserTestingModule, platformBrowserTesting } from '@angular/platform-browser/testing';
import { firstValueFrom } from 'rxjs';
import { injectWamp, provideWamp, topicSignal, WAMP, wampStatus } from '../../src/angular/index.ts';
import { provideWampTesting, WAMP_KIT } from '../../src/angular/testing/index.ts';
import { Client, type ClientOptions } from '../../src/index.ts';
import { type Kit, testing } from '../../src/testing/index.ts';
import { application, changeDetection, becomes, component, inside, mount, onKit, thrown } from './setup.ts';

declare const ANGULAR_VERSION: string;

const OTHER = new InjectionToken<Client>('other router');
const OTHER_KIT = new InjectionToken<Kit>('kit of the other router');

it('runs with the Angular that is asked for', () => {
  expect(VERSION.full).toBe(ANGULAR_VERSION);
});

describe('provideWamp', () => {
  it('asks for the options in the injection context, when the client is first injected, and once', async () => {
    await using kit = await testing({ client: { logger: false } });
    const OPTIONS = new InjectionToken<ClientOptions>('options');
    let asked = 0;
    const options = (): ClientOptions => {
      asked++;
      return inject(OPTIONS);
    };
    const app = await application(provideWamp(options), { provide: OPTIONS, useValue: kit.options });
    expect(asked).toBe(0);
    const client = inside(app, () => injectWamp());
    expect(client).toBeInstanceOf(Client);
    expect(app.injector.get(WAMP)).toBe(client);
    expect((await kit.session(client)).realm).toBe('realm1');
    expect(asked).toBe(1);
  });

  it('closes the client with the injector', async () => {
    await using kit = await testing({ client: { logger: false } });
    const app = await application();
    const scope = createEnvironmentInjector([provideWamp(() => kit.options)], app.injector);
    const client = runInInjectionContext(scope.get(Injector), () => injectWamp());
    await kit.session(client);
    scope.destroy();
    await kit.recording.until('GOODBYE');
    expect(await firstValueFrom(client.status)).toEqual({ state: 'closed' });
  });

  it('gives a second router under a token of its own', async () => {
    const app = await application(
      provideWampTesting(),
      provideWampTesting({ realm: 'realm2', client: { logger: false } }, OTHER, OTHER_KIT),
    );
    const [kit, other] = [app.injector.get(WAMP_KIT), app.injector.get(OTHER_KIT)];
    const [one, two] = inside(app, () => [topicSignal('com.price'), topicSignal('com.price', { token: OTHER })] as const);
    const [status, otherStatus] = inside(app, () => [wampStatus(), wampStatus({ token: OTHER })] as const);
    await kit.subscribed('com.price');
    await other.subscribed('com.price');
    await firstValueFrom(other.clients[0]!.publish('com.price', [2]));
    await firstValueFrom(kit.clients[0]!.publish('com.price', [1]));
    await becomes(() => [one(), two()], [1, 2]);
    await other.kill();
    await becomes(() => [status().state, otherStatus().state === 'open'], ['open', false]);
    await other.restart();
  });
});

describe('injectWamp', () => {
  it('says in one sentence that nothing is provided, and what to add', async () => {
    const app = await application();
    const sentence = (token?: InjectionToken<Client>): string => {
      const error = thrown(() => inside(app, () => injectWamp(token)));
      expect(error).toBeInstanceOf(TypeError);
      return error.message;
    };
    expect(sentence()).toBe('no client for InjectionToken rxwamp: add provideWamp()');
    expect(sentence(OTHER)).toBe('no client for InjectionToken other router: add provideWamp()');
    expect(thrown(() => inside(app, () => topicSignal('com.a'))).message).toMatch(/^no client for/);
  });

  it('says that it needs an injection context', () => {
    expect(thrown(() => injectWamp()).message).toContain('NG0203');
  });
});

describe('wampStatus', () => {
  it('neither opens nor holds a connection, and says what the client does', async () => {
    const { app, kit } = await onKit({ client: { logger: false, retryDelayMs: () => 60_000 } });
    const status = inside(app, () => wampStatus());
    await app.whenStable();
    expect(status()).toEqual({ state: 'idle' });
    expect(kit.recording.messages).toEqual([]);
    await kit.session(app.injector.get(WAMP));
    await becomes(() => status().state, 'open');
    await kit.kill();
    await becomes(() => status().state, 'waiting');
    const now = status();
    expect(now.state === 'waiting' && now.retryAt > Date.now()).toBeTrue();
  });

  it('may be asked for in a computed signal, as the first, and by two in different computed signals', async () => {
    const { app, kit } = await onKit();
    const injector = app.injector.get(Injector);
    const status = computed(() => wampStatus({ injector }));
    const state = computed(() => status()().state);
    const other = computed(() => wampStatus({ injector })().state);
    expect([state(), other()]).toEqual(['idle', 'idle']);
    await kit.session(app.injector.get(WAMP));
    await becomes(() => [state(), other()], ['open', 'open']);
  });

  it('may be asked for in a template, as the first', async () => {
    const { app, kit } = await onKit();
    const injector = app.injector.get(Injector);
    const State = component(
      '{{ state() }}',
      class {
        readonly state = (): string => wampStatus({ injector })().state;
      },
    );
    const { text } = mount(app, State);
    expect(text()).toBe('idle');
    await kit.session(app.injector.get(WAMP));
    await becomes(text, 'open');
  });
});

describe('provideWampTesting', () => {
  it('is the router of a test bed, and is closed with it', async () => {
    destroyPlatform();
    TestBed.initTestEnvironment(BrowserTestingModule, platformBrowserTesting());
    TestBed.configureTestingModule({ providers: [changeDetection(), provideWampTesting()] });
    const kit = TestBed.inject(WAMP_KIT);
    const price = TestBed.runInInjectionContext(() => topicSignal('com.price'));
    TestBed.tick();
    await kit.subscribed('com.price');
    await firstValueFrom(kit.clients[0]!.publish('com.price', [42]));
    await becomes(price, 42);
    const client = TestBed.inject(WAMP);
    TestBed.resetTestEnvironment();
    destroyPlatform();
    await becomes(() => kit.recording.sent('GOODBYE').length, 2);
    expect(await firstValueFrom(client.status)).toEqual({ state: 'closed' });
  });

  it('refuses a wrong option', async () => {
    const app = await application(provideWampTesting({ realms: 'a' } as object));
    expect(thrown(() => app.injector.get(WAMP)).message).toContain('unknown option realms of testing');
  });
});
