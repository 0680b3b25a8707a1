// What is left of components that came and went. The page runs with --expose-gc, --enable-precise-memory-info, and --jitless, so that code that
// the engine compiles meanwhile is not on the heap.
import { map } from 'rxjs';
import { callResource, topicSignal, WAMP } from '../../src/angular/index.ts';
import { becomes, component, mount, onKit, until } from './setup.ts';

declare const gc: (options: object) => void;

async function heapBytes(): Promise<number> {
  // In a task of its own; the last resort collects again until nothing more goes, and takes what is only cached.
  await new Promise((resolve) => setTimeout(resolve));
  gc({ type: 'major', execution: 'sync', flavor: 'last-resort' });
  return (performance as unknown as { readonly memory: { readonly usedJSHeapSize: number } }).memory.usedJSHeapSize;
}

describe('a component with a topic and a call', () => {
  it('leaves no subscription, and less than 100 kB between its 100th and its 1,000th time', async () => {
    const { app, kit } = await onKit();
    kit.clients[0]!.register(
      'com.echo',
      map(({ value }) => value),
    ).subscribe({ error: fail });
    await kit.registered('com.echo');
    const Both = component(
      '{{ price() }} {{ echo.value() }}',
      class {
        readonly price = topicSignal('com.price', { initialValue: 'none' });
        readonly echo = callResource<string>({ procedure: 'com.echo', params: () => ['said'] });
      },
    );
    const heapAfter = async (count: number): Promise<number> => {
      for (let i = 0; i < count; i++) {
        const mounted = mount(app, Both);
        // Every other one leaves while its call is under way.
        if (i % 2 === 0) await until(() => mounted.text() === 'none said');
        mounted.destroy();
        kit.recording.clear();
        for (const client of [...kit.clients, app.injector.get(WAMP)]) kit.recordingOf(client).clear();
      }
      return heapBytes();
    };
    const hundredth = await heapAfter(100);
    const thousandth = await heapAfter(900);
    expect(thousandth - hundredth)
      .withContext('bytes')
      .toBeLessThan(100_000);
    await becomes(() => kit.router.subscriptions('realm1'), []);
    const { topics, pending } = app.injector.get(WAMP).inspect();
    expect([topics, pending]).toEqual([[], []]);
  }, 60_000);
});
