import { createElement, type FunctionComponent } from 'react';
import { renderToString } from 'react-dom/server';
import { Client } from '../../src/index.ts';
import { useCall, useStatus, useTopic, WampProvider } from '../../src/react/index.ts';

describe('rxwamp/react on a server', () => {
  it('renders what there is before the first word, and opens no socket', async () => {
    let opened = 0;
    const client = new Client({
      transport: () => {
        opened++;
        return { unsubscribe: () => undefined };
      },
    });
    const All: FunctionComponent = () => {
      const topic = useTopic('com.example.news');
      const call = useCall('com.example.add', [1, 2]);
      return `${useStatus().state} ${String(topic.latest?.value)} ${String(call.isDone)}`;
    };
    expect(renderToString(createElement(WampProvider, { client }, createElement(All)))).toBe('idle undefined false');
    await new Promise((resolve) => setImmediate(resolve));
    expect(opened).toBe(0);
    expect(client.inspect().topics).toEqual([]);
  });
});
