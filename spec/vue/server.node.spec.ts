import { firstValueFrom } from 'rxjs';
import { createSSRApp, effectScope, onServerPrefetch } from 'vue';
import { renderToString } from 'vue/server-renderer';
import { Client } from '../../src/index.ts';
import { Router } from '../../src/router/index.ts';
import { provideWamp, useCall, useStatus, useTopic } from '../../src/vue/index.ts';

describe('rxwamp/vue on a server', () => {
  it('renders what there is before the first word, and opens no socket', async () => {
    let opened = 0;
    const client = new Client({
      transport: () => {
        opened++;
        return { unsubscribe: () => undefined };
      },
    });
    const app = createSSRApp({
      setup: () => {
        const topic = useTopic('com.example.news');
        const call = useCall('com.example.add', [1, 2]);
        const status = useStatus();
        return () => `${status.value.state} ${String(topic.latest.value?.value)} ${String(call.isDone.value)}`;
      },
    });
    provideWamp(client, app);
    expect(await renderToString(app)).toBe('idle undefined false');
    await new Promise((resolve) => setImmediate(resolve));
    expect(opened).toBe(0);
    expect(client.inspect().topics).toEqual([]);
  });

  it('subscribes to nothing for a store either, within a component or outside of it', async () => {
    const client = new Client({ transport: () => ({ unsubscribe: () => undefined }) });
    const scope = effectScope(true);
    const app = createSSRApp({
      setup: () => {
        scope.run(() => useTopic('com.example.news'));
        // Behind the setup no instance is current any more.
        onServerPrefetch(async () => {
          await Promise.resolve();
          app.runWithContext(() => scope.run(() => useTopic('com.example.sports')));
        });
        return () => 'shown';
      },
    });
    provideWamp(client, app);
    expect(await renderToString(app)).toBe('shown');
    expect(client.inspect().topics).toEqual([]);
    scope.stop();
  });

  it('renders the status as idle, even where the client of the server is open', async () => {
    const router = new Router({ realms: ['realm1'] });
    const client = new Client({ transport: router.transport() });
    const holding = client.sessions.subscribe({ error: fail });
    await firstValueFrom(client.sessions);
    const app = createSSRApp({
      setup: () => {
        const status = useStatus();
        return () => status.value.state;
      },
    });
    provideWamp(client, app);
    expect(await renderToString(app)).toBe('idle');
    holding.unsubscribe();
    await client.close();
  });
});
