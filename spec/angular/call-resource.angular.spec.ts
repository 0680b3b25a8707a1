import { computed, createEnvironmentInjector, InjectionToken, Injector, signal } from '@angular/core';
import { concatMap, map, NEVER, of, type OperatorFunction, Subject, throwError } from 'rxjs';
import { callResource, type CallResourceOptions, WAMP } from '../../src/angular/index.ts';
import { provideWampTesting, WAMP_KIT } from '../../src/angular/testing/index.ts';
import { ApplicationError, type CallOptions, type Client, type Invocation } from '../../src/index.ts';
import type { Kit } from '../../src/testing/index.ts';
import { application, becomes, component, inside, mount, onKit, thrown } from './setup.ts';

async function register(kit: Kit, procedure: string, pipeline: OperatorFunction<Invocation, unknown>): Promise<void> {
  kit.clients[0]!.register(procedure, pipeline).subscribe({ error: fail });
  await kit.registered(procedure);
}

const ADD = map(({ args }: Invocation) => (args as number[]).reduce((sum, each) => sum + each, 0));
/** The procedures and arguments of all calls that were sent. */
const calls = (kit: Kit): unknown[] => kit.recording.sent('CALL').map(([, , , procedure, ...payload]) => [procedure, ...payload]);

describe('callResource', () => {
  it('calls with params that are a list, and again when they change', async () => {
    const { app, kit } = await onKit();
    await register(kit, 'com.add', ADD);
    const one = signal(1);
    const sum = inside(app, () => callResource<number>({ procedure: 'com.add', params: () => [one(), 2] }));
    expect([sum.status(), sum.value(), sum.isLoading()]).toEqual(['loading', undefined, true]);
    await becomes(() => [sum.status(), sum.value(), sum.isLoading()], ['resolved', 3, false]);
    one.set(5);
    expect(sum.status()).toBe('loading');
    await becomes(() => sum.value(), 7);
    expect(calls(kit)).toEqual([
      ['com.add', [1, 2]],
      ['com.add', [5, 2]],
    ]);
  });

  it('makes arguments of params, and a value of a result', async () => {
    const { app, kit } = await onKit();
    await register(
      kit,
      'com.echo',
      map(({ args, kwargs }) => [args, kwargs]),
    );
    const echo = inside(app, () =>
      callResource({
        procedure: 'com.echo',
        params: () => ({ id: 7, side: 'buy' }),
        args: ({ id }) => [id],
        kwargs: ({ side }) => ({ side }),
        project: ({ value }) => JSON.stringify(value),
      }),
    );
    await becomes(() => echo.value(), '[[7],{"side":"buy"}]');
  });

  it('calls once, without arguments, when there are no params', async () => {
    const { app, kit } = await onKit();
    await register(
      kit,
      'com.now',
      map(() => 'noon'),
    );
    const now = inside(app, () => callResource<string>({ procedure: 'com.now', defaultValue: 'unknown' }));
    expect(now.value()).toBe('unknown');
    await becomes(() => now.value(), 'noon');
    expect(calls(kit)).toEqual([['com.now']]);
  });

  it('is idle without params, and does not call', async () => {
    const { app, kit } = await onKit();
    const none = inside(app, () => callResource({ procedure: 'com.add', params: () => undefined }));
    await app.whenStable();
    expect(none.status()).toBe('idle');
    expect(kit.recording.sent()).toEqual([]);
  });

  it('cancels the call before when the params change', async () => {
    const { app, kit } = await onKit();
    await register(
      kit,
      'com.slow',
      concatMap(({ value }: Invocation) => (value === 1 ? NEVER : of(value))),
    );
    const id = signal(1);
    const slow = inside(app, () => callResource({ procedure: 'com.slow', params: () => [id()] }));
    await kit.recording.until('INVOCATION');
    id.set(2);
    await becomes(() => slow.value(), 2);
    const [first] = kit.recording.sent('CALL');
    expect(kit.recording.sent('CANCEL').map(([, request]) => request)).toEqual([first![1]]);
  });

  it('cancels when there are no params any more, and the application becomes stable', async () => {
    const { app, kit } = await onKit();
    await register(
      kit,
      'com.slow',
      concatMap(() => NEVER),
    );
    const id = signal<number | undefined>(1);
    const params = (): readonly [number] | undefined => (id() === undefined ? undefined : [id()!]);
    const slow = inside(app, () => callResource({ procedure: 'com.slow', params }));
    await kit.recording.until('INVOCATION');
    id.set(undefined);
    await kit.recording.until('CANCEL');
    await app.whenStable();
    expect([slow.status(), slow.value()]).toEqual(['idle', undefined]);
  });

  it('cancels with its component', async () => {
    const { app, kit } = await onKit();
    await register(
      kit,
      'com.slow',
      concatMap(() => NEVER),
    );
    const Slow = component(
      '{{ slow.status() }}',
      class {
        readonly slow = callResource({ procedure: 'com.slow' });
      },
    );
    const mounted = mount(app, Slow);
    await kit.recording.until('INVOCATION');
    expect(mounted.text()).toBe('loading');
    mounted.destroy();
    await kit.recording.until('CANCEL');
    expect(kit.recording.sent('CANCEL').length).toBe(1);
  });

  it('calls again at reload, and not for a value that is set', async () => {
    const { app, kit } = await onKit();
    let runs = 0;
    await register(
      kit,
      'com.count',
      map(() => ++runs),
    );
    const count = inside(app, () => callResource<number>({ procedure: 'com.count' }));
    await becomes(() => count.value(), 1);
    count.set(10);
    expect([count.status(), count.value()]).toEqual(['local', 10]);
    expect(count.reload()).toBeTrue();
    expect(count.status()).toBe('reloading');
    await becomes(() => count.value(), 2);
    expect(kit.recording.sent('CALL').length).toBe(2);
  });

  it('has the error that the call threw', async () => {
    const { app, kit } = await onKit();
    await register(
      kit,
      'com.fails',
      concatMap(() => throwError(() => new ApplicationError('com.error.no', ['really']))),
    );
    const failing = inside(app, () => callResource({ procedure: 'com.fails' }));
    await becomes(() => failing.status(), 'error');
    const error = failing.error() as ApplicationError;
    expect([error instanceof ApplicationError, error.uri, error.args]).toEqual([true, 'com.error.no', ['really']]);
    expect(failing.hasValue()).toBeFalse();
  });

  it('has progressive results as values if they are asked for, and then the last one', async () => {
    const { app, kit } = await onKit();
    const steps = new Subject<number>();
    await register(
      kit,
      'com.steps',
      concatMap(() => steps),
    );
    const progress = inside(app, () => callResource<number>({ procedure: 'com.steps', options: { receive_progress: true } }));
    await kit.recording.until('INVOCATION');
    steps.next(1);
    await becomes(() => [progress.status(), progress.value()], ['resolved', 1]);
    steps.next(2);
    await becomes(() => progress.value(), 2);
    steps.next(3);
    steps.complete();
    await becomes(() => progress.value(), 3);
  });

  it('cancels a call that made progress when the params go', async () => {
    const { app, kit } = await onKit();
    const steps = new Subject<number>();
    await register(
      kit,
      'com.steps',
      concatMap(() => steps),
    );
    const wanted = signal(true);
    const options: CallResourceOptions<number, readonly unknown[]> = {
      procedure: 'com.steps',
      params: () => (wanted() ? [] : undefined),
      options: { receive_progress: true },
    };
    const progress = inside(app, () => callResource(options));
    await kit.recording.until('INVOCATION');
    steps.next(1);
    await becomes(() => progress.value(), 1);
    wanted.set(false);
    await kit.recording.until('CANCEL');
    expect(progress.status()).toBe('idle');
  });

  it('throws a wrong URI or option where it stands', async () => {
    const { app } = await onKit();
    expect(thrown(() => inside(app, () => callResource({ procedure: 'not a uri' }))).message).toContain('"not a uri"');
    const options = { timeoutMs: 'soon' } as object as CallOptions;
    expect(thrown(() => inside(app, () => callResource({ procedure: 'com.add', options }))).message).toContain('timeoutMs');
  });

  it('calls with a value that is no list as the one argument', async () => {
    const { app, kit } = await onKit();
    await register(
      kit,
      'com.echo',
      map(({ args }) => args),
    );
    const id = signal<unknown>(7);
    const echo = inside(app, () => callResource<readonly unknown[]>({ procedure: 'com.echo', params: () => id() }));
    await becomes(() => echo.value(), [7]);
    for (const one of [0, '', 'text', false, null, { id: 7 }]) {
      id.set(one);
      await becomes(() => echo.value(), [one]);
    }
    id.set([1, [2]]);
    await becomes(() => echo.value(), [1, [2]]);
    expect(kit.recording.sent('CALL').every(({ length }) => length === 5)).toBeTrue();
  });

  it('calls with keyword arguments beside the arguments that the params are, or without any', async () => {
    const { app, kit } = await onKit();
    await register(
      kit,
      'com.echo',
      map(({ args, kwargs }) => [args, kwargs]),
    );
    const side = 'buy';
    const [one, list, named, none] = inside(app, () => [
      callResource({ procedure: 'com.echo', params: () => 7, kwargs: () => ({ side }) }),
      callResource({ procedure: 'com.echo', params: () => [7], kwargs: () => ({ side }) }),
      callResource({ procedure: 'com.echo', params: () => ({ side }), args: () => [], kwargs: (params) => params }),
      callResource({ procedure: 'com.echo', kwargs: () => ({ side }) }),
    ]);
    await becomes(() => one.value(), [[7], { side }]);
    await becomes(() => list.value(), [[7], { side }]);
    await becomes(() => named.value(), [[], { side }]);
    await becomes(() => none.value(), [[], { side }]);
  });

  it('may be made in a computed signal, as the first that asks for the client', async () => {
    const { app, kit } = await onKit();
    await register(kit, 'com.add', ADD);
    const injector = app.injector.get(Injector);
    const sum = computed(() => callResource<number>({ procedure: 'com.add', params: () => [1, 2], injector }));
    const shown = computed(() => sum().value());
    await becomes(shown, 3);
    expect(kit.recording.sent('CALL').length).toBe(1);
  });

  it('has what `project`, `args` and `kwargs` throw as its error, and calls again with new params', async () => {
    const { app, kit } = await onKit();
    await register(kit, 'com.add', ADD);
    const one = signal(1);
    const refuses = (wrong: number) => (): void => {
      if (one() === wrong) throw new RangeError(`not ${wrong}`);
    };
    const [atProject, atArgs, atKwargs] = [refuses(1), refuses(2), refuses(3)];
    const sum = inside(app, () =>
      callResource({
        procedure: 'com.add',
        params: one,
        args: (given) => (atArgs(), [given, 0]),
        kwargs: () => (atKwargs(), {}),
        project: ({ value }) => (atProject(), value as number),
      }),
    );
    for (const wrong of [1, 2, 3]) {
      one.set(wrong);
      await becomes(() => [sum.status(), sum.error()?.message], ['error', `not ${wrong}`]);
    }
    one.set(4);
    expect([sum.status(), sum.error()]).toEqual(['loading', undefined]);
    await becomes(() => [sum.status(), sum.value()], ['resolved', 4]);
  });

  it('cancels a call that makes progress when `project` throws', async () => {
    const { app, kit } = await onKit();
    const steps = new Subject<number>();
    await register(
      kit,
      'com.steps',
      concatMap(() => steps),
    );
    const project = (): never => {
      throw new RangeError('not this');
    };
    const progress = inside(app, () => callResource({ procedure: 'com.steps', project, options: { receive_progress: true } }));
    await kit.recording.until('INVOCATION');
    steps.next(1);
    await becomes(() => [progress.status(), progress.error()?.message], ['error', 'not this']);
    await kit.recording.until('CANCEL');
    expect(kit.recording.sent('CANCEL').length).toBe(1);
  });

  it('cancels the call under way when a value is set, and with its injector', async () => {
    const { app, kit } = await onKit();
    await register(
      kit,
      'com.slow',
      concatMap(() => NEVER),
    );
    const scope = createEnvironmentInjector([], app.injector);
    const slow = inside(app, () => callResource<number>({ procedure: 'com.slow', injector: scope.get(Injector) }));
    await kit.recording.until('INVOCATION');
    slow.set(1);
    await kit.recording.until('CANCEL');
    expect([slow.status(), slow.value()]).toEqual(['local', 1]);
    slow.update((now) => (now ?? 0) + 1);
    expect(slow.reload()).toBeTrue();
    expect([slow.status(), slow.value()]).toEqual(['reloading', 2]);
    await kit.recording.until('INVOCATION', { count: 2 });
    scope.destroy();
    await kit.recording.until('CANCEL', { count: 2 });
    await app.whenStable();
    expect(slow.status()).toBe('idle');
    expect(app.injector.get(WAMP).inspect().pending).toEqual([]);
  });

  it('cancels a call that is loaded again while it makes progress; the first result is waited for', async () => {
    const { app, kit } = await onKit();
    const steps = new Subject<number>();
    await register(
      kit,
      'com.steps',
      concatMap(() => steps),
    );
    const progress = inside(app, () => callResource<number>({ procedure: 'com.steps', options: { receive_progress: true } }));
    await kit.recording.until('INVOCATION');
    expect(progress.reload()).toBeFalse();
    steps.next(1);
    await becomes(() => progress.value(), 1);
    expect(progress.reload()).toBeTrue();
    expect(progress.value()).toBe(1);
    await kit.recording.until('INVOCATION', { count: 2 });
    expect(kit.recording.sent('CANCEL').length).toBe(1);
    steps.next(2);
    await becomes(() => [progress.status(), progress.value()], ['resolved', 2]);
  });

  it('calls by the client of its token', async () => {
    const OTHER = new InjectionToken<Client>('other router');
    const OTHER_KIT = new InjectionToken<Kit>('kit of the other router');
    const client = { logger: false } as const;
    const app = await application(provideWampTesting({ client }), provideWampTesting({ client }, OTHER, OTHER_KIT));
    await register(
      app.injector.get(OTHER_KIT),
      'com.where',
      map(() => 'there'),
    );
    const where = inside(app, () => callResource<string>({ procedure: 'com.where', token: OTHER }));
    await becomes(() => where.value(), 'there');
    expect(app.injector.get(WAMP_KIT).recording.sent()).toEqual([]);
  });
});
