// A page that is rendered on a server, by Node: nothing is opened, and the page is there at once.
import '@angular/compiler';
import { type ApplicationRef, Component, effect, provideZonelessChangeDetection, type Type, VERSION } from '@angular/core';
import { bootstrapApplication, type BootstrapContext } from '@angular/platform-browser';
import { provideServerRendering, renderApplication } from '@angular/platform-server';
import { callResource, injectWamp, provideWamp, topicSignal, WAMP, wampStatus } from '../../src/angular/index.ts';
import type { Client, Transport } from '../../src/index.ts';

it('runs with the Angular that is asked for', () => {
  expect(VERSION.full).toBe(process.env['ANGULAR_VERSION']!);
});

describe('while rendering on a server', () => {
  let opened: number;
  let asked: number;
  const transport: Transport = () => {
    opened++;
    return { unsubscribe: () => undefined };
  };

  beforeEach(() => {
    opened = asked = 0;
  });

  async function render(template: string, type: Type<unknown>): Promise<string> {
    const Root = Component({ selector: 'app-root', template })<Type<unknown>>(type);
    const options = (): { transport: Transport } => {
      asked++;
      return { transport };
    };
    const bootstrap = (context: BootstrapContext): Promise<ApplicationRef> =>
      bootstrapApplication(
        Root,
        { providers: [provideZonelessChangeDetection(), provideServerRendering(), provideWamp(options)] },
        context,
      );
    const html = await renderApplication(bootstrap, { document: '<app-root></app-root>', url: '/' });
    return /<app-root[^>]*>(.*)<\/app-root>/s.exec(html)?.[1] ?? html;
  }

  it('a topic keeps its initial value, a call is idle, and nothing is opened', async () => {
    class Page {
      readonly price = topicSignal('com.price', { initialValue: 'none' });
      readonly sum = callResource<number>({ procedure: 'com.add', params: () => [1, 2], defaultValue: 0 });
      readonly status = wampStatus();
    }
    const start = performance.now();
    expect(await render('{{ price() }} {{ sum.status() }} {{ sum.value() }} {{ status().state }}', Page)).toBe('none idle 0 idle');
    expect(performance.now() - start).toBeLessThan(2_000);
    expect([asked, opened]).toEqual([0, 0]);
  });

  it('a topic whose function throws keeps its initial value', async () => {
    class Page {
      readonly price = topicSignal(
        (): string => {
          throw new RangeError('which one?');
        },
        { initialValue: 'none' },
      );
    }
    expect(await render('{{ price() }}', Page)).toBe('none');
    expect([asked, opened]).toEqual([0, 0]);
  });

  it('a client that is used by itself stays silent in topics, errors at once in calls, and is closed behind the page', async () => {
    const heard: unknown[] = [];
    let client: Client | undefined;
    class Page {
      readonly started = effect(() => {
        client!.topic('com.price').subscribe({ next: (event) => heard.push(event), complete: () => heard.push('completed') });
        client!.call('com.add').subscribe({ error: (error: unknown) => heard.push((error as Error).message) });
      });
      constructor() {
        client = injectWamp();
      }
    }
    expect(await render('there', Page)).toBe('there');
    expect(heard).toEqual([jasmine.stringContaining('no session'), 'completed']);
    expect(client!.inspect().topics).toEqual([]);
    expect([asked, opened]).toEqual([0, 0]);
    expect(WAMP.toString()).toContain('rxwamp');
  });
});
