import { createSSRApp } from 'vue';
import { renderToString } from 'vue/server-renderer';
import { Client } from '../../src/index.ts';
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
});
