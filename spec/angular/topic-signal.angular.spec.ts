import {
  Component,
  computed,
  createEnvironmentInjector,
  Injector,
  runInInjectionContext,
  type Signal,
  signal,
  type Type,
} from '@angular/core';
import { firstValueFrom } from 'rxjs';
import { provideWamp, topicSignal, type TopicSignalOptions, WAMP, wampStatus } from '../../src/angular/index.ts';
import { type Kit, testing } from '../../src/testing/index.ts';
import { application, becomes, component, inside, mount, onKit, thrown } from './setup.ts';

function publish(kit: Kit, topic: string, ...args: unknown[]): Promise<unknown> {
  return firstValueFrom(kit.clients[0]!.publish(topic, args, {}, { acknowledge: true }));
}

describe('topicSignal', () => {
  it('shows the last value, and before the first one the initial value', async () => {
    const { app, kit } = await onKit();
    const Price = component(
      '{{ price() }}',
      class {
        readonly price = topicSignal('com.price', { initialValue: 'none' });
      },
    );
    const { text } = mount(app, Price);
    expect(text()).toBe('none');
    await kit.subscribed('com.price');
    await publish(kit, 'com.price', '41');
    await publish(kit, 'com.price', '42');
    await becomes(text, '42');
  });

  it('is one SUBSCRIBE for three components, and none is left when the last is destroyed', async () => {
    const { app, kit } = await onKit();
    const Price = component(
      '{{ price() }}',
      class {
        readonly price = topicSignal('com.price');
      },
    );
    const mounted = [mount(app, Price), mount(app, Price), mount(app, Price)];
    await kit.subscribed('com.price');
    await publish(kit, 'com.price', '42');
    for (const { text } of mounted) await becomes(text, '42');
    mounted[0]!.destroy();
    mounted[1]!.destroy();
    await publish(kit, 'com.price', '43');
    await becomes(mounted[2]!.text, '43');
    expect(kit.recording.sent('UNSUBSCRIBE').length).toBe(0);
    mounted[2]!.destroy();
    await kit.recording.until('UNSUBSCRIBED');
    expect(kit.recording.sent('SUBSCRIBE').length).toBe(1);
    expect(kit.router.subscriptions('realm1')).toEqual([]);
  });

  it('follows a topic that depends on signals, and begins again with the initial value', async () => {
    const { app, kit } = await onKit();
    const symbol = signal<string | undefined>(undefined);
    const price = inside(app, () => topicSignal(() => symbol() && `com.price.${symbol()!}`, { initialValue: 0 }));
    const doubled = computed(() => 2 * price());
    app.tick();
    expect(kit.recording.sent('SUBSCRIBE')).toEqual([]);
    symbol.set('one');
    await kit.subscribed('com.price.one');
    await publish(kit, 'com.price.one', 7);
    await becomes(doubled, 14);
    symbol.set('two');
    expect(doubled()).toBe(0);
    await kit.subscribed('com.price.two');
    await kit.recording.until('UNSUBSCRIBED');
    expect(kit.router.subscriptions('realm1').map(({ uri }) => uri)).toEqual(['com.price.two']);
    symbol.set(undefined);
    await kit.recording.until('UNSUBSCRIBED', { count: 2 });
    expect(price()).toBe(0);
  });

  it('never shows an event of the topic before', async () => {
    const { app, kit } = await onKit();
    const symbol = signal('one');
    const price = inside(app, () => topicSignal(() => `com.price.${symbol()}`));
    await kit.subscribed('com.price.one');
    const { length } = kit.recording.received('EVENT');
    const published = publish(kit, 'com.price.one', 7);
    // The effect that leaves the topic runs later.
    symbol.set('two');
    await published;
    await kit.subscribed('com.price.two');
    expect(price()).toBeUndefined();
    expect(length).toBe(0);
  });

  it('shows what `project` makes of an event, and subscribes with the options', async () => {
    const { app, kit } = await onKit();
    const last = inside(app, () => topicSignal('com.price', { match: 'prefix', project: ({ topic, args }) => [topic, ...args].join(' ') }));
    await kit.subscribed('com.price', { match: 'prefix' });
    await publish(kit, 'com.price.one', 1, 2);
    await becomes(last, 'com.price.one 1 2');
  });

  it('does not throw what `project` throws: it stands in the status, and later events are shown', async () => {
    const { app, kit } = await onKit();
    const upper = inside(app, () => topicSignal('com.name', { project: ({ value }) => (value as string).toUpperCase() }));
    const status = inside(app, () => wampStatus());
    await kit.subscribed('com.name');
    await publish(kit, 'com.name', 1);
    await becomes(() => status().error?.message.includes('toUpperCase'), true);
    await publish(kit, 'com.name', 'ada');
    await becomes(upper, 'ADA');
  });

  it('keeps its value over a loss, and comes back', async () => {
    const { app, kit } = await onKit();
    const price = inside(app, () => topicSignal('com.price'));
    await kit.subscribed('com.price');
    await publish(kit, 'com.price', 1);
    await becomes(price, 1);
    await kit.cut();
    expect(price()).toBe(1);
    await kit.subscribed('com.price');
    await publish(kit, 'com.price', 2);
    await becomes(price, 2);
  });

  it('keeps its value when the subscription is taken away, says so in the status, and comes back with the next session', async () => {
    const { app, kit } = await onKit();
    const price = inside(app, () => topicSignal('com.price'));
    const status = inside(app, () => wampStatus());
    const { sessions } = await kit.subscribed('com.price');
    await publish(kit, 'com.price', 1);
    await becomes(price, 1);
    kit.router.revokeSubscription('realm1', sessions[0]!, 'com.price', { reason: 'com.error.no_more' });
    await becomes(() => [status().state, (status().error as { uri?: string } | undefined)?.uri], ['open', 'com.error.no_more']);
    expect(price()).toBe(1);
    await kit.cut();
    await kit.subscribed('com.price');
    await becomes(() => [status().state, status().error], ['open', undefined]);
    await publish(kit, 'com.price', 2);
    await becomes(price, 2);
  });

  it('comes back after the client gave up, when somebody makes it try again', async () => {
    const { app, kit } = await onKit({ client: { logger: false, maxAttempts: 1 } });
    await kit.stop();
    const price = inside(app, () => topicSignal('com.price'));
    const status = inside(app, () => wampStatus());
    app.tick();
    await becomes(() => status().state, 'closed');
    expect(status().error).toBeInstanceOf(Error);
    await kit.restart();
    app.injector.get(WAMP).sessions.subscribe();
    await kit.subscribed('com.price');
    await publish(kit, 'com.price', 1);
    await becomes(price, 1);
  });

  it('throws a wrong URI or option where it stands, and has that of a function in the status', async () => {
    const { app } = await onKit();
    expect(thrown(() => inside(app, () => topicSignal('not a uri'))).message).toContain('"not a uri"');
    expect(
      thrown(() => inside(app, () => topicSignal('com.a', { mach: 'prefix' } as object as TopicSignalOptions<unknown>))).message,
    ).toContain('unknown option mach');
    const status = inside(app, () => wampStatus());
    const value = inside(app, () => topicSignal(() => 'not a uri', { initialValue: 1 }));
    app.tick();
    expect(value()).toBe(1);
    expect(status().error?.message).toContain('"not a uri"');
  });

  it('does not throw what its function throws: it stands in the status, the value stays until the function gives a topic', async () => {
    const { app, kit } = await onKit();
    const symbol = signal('one');
    const topic = (): string => {
      if (symbol() === '') throw new RangeError('which one?');
      return `com.price.${symbol()}`;
    };
    const [price, status] = inside(app, () => [topicSignal(topic, { initialValue: 0 }), wampStatus()] as const);
    await kit.subscribed('com.price.one');
    await publish(kit, 'com.price.one', 7);
    await becomes(price, 7);
    symbol.set('');
    expect(price()).toBe(7);
    await becomes(() => status().error?.message, 'which one?');
    await kit.recording.until('UNSUBSCRIBED');
    symbol.set('two');
    expect(price()).toBe(0);
    await kit.subscribed('com.price.two');
    expect(status().error).toBeUndefined();
    await publish(kit, 'com.price.two', 8);
    await becomes(price, 8);
  });

  it('has the initial value if its function throws from the start, and an error of what is thrown that is none', async () => {
    const { app } = await onKit();
    const fails = (): string => {
      // eslint-disable-next-line @typescript-eslint/only-throw-error -- who writes a topic may
      throw 'a text';
    };
    const [price, status] = inside(app, () => [topicSignal(fails, { initialValue: 1 }), wampStatus()] as const);
    app.tick();
    expect(price()).toBe(1);
    expect(status().error).toBeInstanceOf(Error);
    expect(status().error?.message).toContain('a text');
  });

  it('has no topic where its function gives undefined, and an error where it gives an empty text or null', async () => {
    const { app, kit } = await onKit();
    const topic = signal<string | undefined>(undefined);
    const [price, status] = inside(app, () => [topicSignal(topic, { initialValue: 1 }), wampStatus()] as const);
    app.tick();
    expect(status()).toEqual({ state: 'idle' });
    for (const wrong of ['', null as unknown as string]) {
      topic.set(wrong);
      app.tick();
      expect(status().error).toBeInstanceOf(TypeError);
      expect(price()).toBe(1);
      topic.set(undefined);
      app.tick();
      expect(status()).toEqual({ state: 'idle' });
    }
    expect(kit.recording.sent()).toEqual([]);
  });

  it('may be made in a computed signal, as the first that asks for the client and its status', async () => {
    const { app, kit } = await onKit();
    const injector = app.injector.get(Injector);
    const price = computed(() => topicSignal('com.price', { injector, initialValue: 0 }));
    const shown = computed(() => price()());
    expect(shown()).toBe(0);
    await kit.subscribed('com.price');
    await publish(kit, 'com.price', 1);
    await becomes(shown, 1);
  });

  it('depends on no signal that is read while its client connects', async () => {
    await using kit = await testing({ client: { logger: false } });
    const login = signal('ada');
    const { transport, ...options } = kit.options;
    const read: string[] = [];
    const app = await application(
      provideWamp(() => ({
        ...options,
        transport: (sink) => {
          read.push(login());
          return transport!(sink);
        },
      })),
    );
    const price = inside(app, () => topicSignal('com.price'));
    await kit.subscribed('com.price');
    await publish(kit, 'com.price', 1);
    await kit.recording.until('EVENT');
    // What was subscribed once more would not show the event that waits for its frame.
    login.set('grace');
    app.tick();
    await becomes(price, 1);
    expect(read).toEqual(['ada']);
  });

  it('shows a retained event, and holds one subscription', async () => {
    const { app, kit } = await onKit();
    await firstValueFrom(kit.clients[0]!.publish('com.news', ['old'], {}, { acknowledge: true, retain: true }));
    const news = inside(app, () => topicSignal('com.news', { get_retained: true }));
    await becomes(news, 'old');
    expect(
      app.injector
        .get(WAMP)
        .inspect()
        .topics.map(({ subscribers }) => subscribers),
    ).toEqual([1]);
  });

  it('begins again with the initial value when an earlier topic comes back that nobody read in between', async () => {
    const { app, kit } = await onKit();
    const symbol = signal('one');
    const price = inside(app, () => topicSignal(() => `com.price.${symbol()}`, { initialValue: 0 }));
    await kit.subscribed('com.price.one');
    await publish(kit, 'com.price.one', 7);
    await becomes(price, 7);
    symbol.set('two');
    await kit.subscribed('com.price.two');
    symbol.set('one');
    expect(price()).toBe(0);
  });

  describe('an error of a topic', () => {
    const wrong = (n: number): Signal<string> => signal(`not a uri ${n}`);
    const message = (n: number): string => `"not a uri ${n}"`;

    it('stands while the client goes on, and over a loss', async () => {
      const { app, kit } = await onKit();
      const status = inside(app, () => wampStatus());
      inside(app, () => topicSignal(wrong(1)));
      app.tick();
      expect([status().state, status().error?.message]).toEqual(['idle', jasmine.stringContaining(message(1))]);
      await kit.session(app.injector.get(WAMP));
      expect([status().state, status().error?.message]).toEqual(['open', jasmine.stringContaining(message(1))]);
      app.injector.get(WAMP).sessions.subscribe();
      await kit.cut();
      await becomes(() => status().state !== 'open', true);
      expect(status().error?.message).toContain(message(1));
      await becomes(() => status().state, 'open');
      expect(status().error?.message).toContain(message(1));
    });

    it('goes with a client that is closed', async () => {
      const { app } = await onKit();
      const status = inside(app, () => wampStatus());
      inside(app, () => topicSignal(wrong(1)));
      app.tick();
      expect(status().error?.message).toContain(message(1));
      await app.injector.get(WAMP).close();
      expect([status().state, status().error]).toEqual(['closed', undefined]);
    });

    it('goes with its topic, and with its owner', async () => {
      const { app } = await onKit();
      const status = inside(app, () => wampStatus());
      const topic = signal('not a uri 1');
      inside(app, () => topicSignal(topic));
      const scope = createEnvironmentInjector([], app.injector);
      runInInjectionContext(scope.get(Injector), () => topicSignal(wrong(2)));
      app.tick();
      expect(status().error?.message).toContain(message(2));
      topic.set('not a uri 3');
      app.tick();
      expect(status().error?.message).toContain(message(3));
      scope.destroy();
      expect(status().error?.message).toContain(message(3));
      topic.set('com.price');
      app.tick();
      expect(status().error).toBeUndefined();
    });

    it('is the latest of several, and none once that is gone or mended', async () => {
      const { app, kit } = await onKit();
      const status = inside(app, () => wampStatus());
      const revoke = async (topic: string): Promise<void> => {
        const { sessions } = await kit.subscribed(topic);
        kit.router.revokeSubscription('realm1', sessions[0]!, topic, { reason: `${topic}.no_more` });
        await becomes(() => (status().error as { uri?: string } | undefined)?.uri, `${topic}.no_more`);
      };
      const scope = createEnvironmentInjector([], app.injector);
      inside(app, () => topicSignal('com.one'));
      runInInjectionContext(scope.get(Injector), () => topicSignal('com.two'));
      await revoke('com.one');
      await revoke('com.two');
      scope.destroy();
      expect(status().error).toBeUndefined();
      await kit.cut();
      await kit.subscribed('com.one');
      await revoke('com.one');
      await kit.cut();
      await kit.subscribed('com.one');
      await becomes(() => [status().state, status().error], ['open', undefined]);
    });

    it('is one for all who share the subscription, and stands until the last of them is gone', async () => {
      const { app, kit } = await onKit();
      const status = inside(app, () => wampStatus());
      const scopes = [1, 2].map(() => createEnvironmentInjector([], app.injector));
      for (const scope of scopes) runInInjectionContext(scope.get(Injector), () => topicSignal('com.one'));
      const { sessions } = await kit.subscribed('com.one');
      kit.router.revokeSubscription('realm1', sessions[0]!, 'com.one', { reason: 'com.error.no_more' });
      await becomes(() => (status().error as { uri?: string } | undefined)?.uri, 'com.error.no_more');
      scopes[0]!.destroy();
      expect(status().error).toBeDefined();
      scopes[1]!.destroy();
      expect(status().error).toBeUndefined();
    });

    it('is not taken away by an event from before it', async () => {
      const { app, kit } = await onKit();
      const [price, status] = inside(app, () => [topicSignal('com.price'), wampStatus()] as const);
      const { sessions } = await kit.subscribed('com.price');
      await publish(kit, 'com.price', 1);
      kit.router.revokeSubscription('realm1', sessions[0]!, 'com.price', { reason: 'com.error.no_more' });
      await becomes(price, 1);
      await becomes(() => (status().error as { uri?: string } | undefined)?.uri, 'com.error.no_more');
    });

    it('of `project` stands until an event is shown', async () => {
      const { app, kit } = await onKit();
      const [upper, status] = inside(
        app,
        () => [topicSignal('com.name', { project: ({ value }) => (value as string).toUpperCase() }), wampStatus()] as const,
      );
      await kit.subscribed('com.name');
      await publish(kit, 'com.name', 1);
      await becomes(() => status().error?.message.includes('toUpperCase'), true);
      await publish(kit, 'com.name', 'ada');
      await becomes(upper, 'ADA');
      expect(status().error).toBeUndefined();
    });

    it('goes with its component from a page that shows it', async () => {
      const { app } = await onKit();
      const Child = Component({ selector: 'spec-child', template: '{{ price() }}' })(
        class {
          readonly price = topicSignal(wrong(1), { initialValue: 0 });
        },
      );
      const shown = signal(true);
      const Page = Component({
        selector: 'spec-page',
        template: '{{ status().error ? "failed" : "well" }} @if (shown()) {<spec-child />}',
        imports: [Child],
      })(
        class {
          readonly shown = shown;
          readonly status = wampStatus();
        },
      ) as Type<unknown>;
      const { text } = mount(app, Page);
      await becomes(() => text().trim(), 'failed 0');
      shown.set(false);
      await becomes(() => text().trim(), 'well');
    });
  });
});
