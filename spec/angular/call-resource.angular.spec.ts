import { signal } from '@angular/core';
import { concatMap, map, NEVER, of, type OperatorFunction, Subject, throwError } from 'rxjs';
import { callResource, type CallResourceOptions } from '../../src/angular/index.ts';
import { ApplicationError, type CallOptions, type Invocation } from '../../src/index.ts';
import type { Kit } from '../../src/testing/index.ts';
import { becomes, component, inside, mount, onKit, thrown } from './setup.ts';

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
});
