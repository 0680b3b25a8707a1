import { createElement, type FunctionComponent } from 'react';
import { renderToString } from 'react-dom/server';
import { firstValueFrom } from 'rxjs';
import { Client } from '../../src/index.ts';
import { useCall, useStatus, useTopic, WampProvider } from '../../src/react/index.ts';
import { Router } from '../../src/router/index.ts';

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
      return createElement('p', null, `${useStatus().state} ${String(topic.latest?.value)} ${String(call.isDone)}`);
    };
    expect(renderToString(createElement(WampProvider, { client }, createElement(All)))).toBe('<p>idle undefined false</p>');
    await new Promise((resolve) => setImmediate(resolve));
    expect(opened).toBe(0);
    expect(client.inspect().topics).toEqual([]);
  });

  it('renders the status as idle, even where the client of the server is open', async () => {
    const router = new Router({ realms: ['realm1'] });
    const client = new Client({ transport: router.transport() });
    const holding = client.sessions.subscribe({ error: fail });
    await firstValueFrom(client.sessions);
    const State: FunctionComponent = () => useStatus().state;
    expect(renderToString(createElement(WampProvider, { client }, createElement(State)))).toBe('idle');
    holding.unsubscribe();
    await client.close();
  });
});
