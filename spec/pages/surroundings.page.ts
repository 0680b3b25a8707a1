// Where a client must do: a page with nothing of Node, under a Content-Security-Policy without eval, and in a Web Worker.
import { readFileSync } from 'node:fs';
import type { EntriesPage } from './scripts/entries.ts';
import type { LifecyclePage } from './scripts/lifecycle.ts';
import type { OwnerPage } from './scripts/owner.ts';
import { bundled, killableRouter, openPage, ROUTER_DOWN, serve, until, untilHere } from './support/index.ts';
import { map } from 'rxjs';

const POLICY = "default-src 'none'; script-src 'self'; worker-src 'self'; connect-src ws://127.0.0.1:*";
/** Not for pages, or, as Angular, for those that its own builder makes: spec/pages/angular. */
const NOT_HERE = /^\.\/(package\.json|testing\/crossbar|angular(\/testing)?)$/;

describe('a page with nothing of Node, and a policy without eval', () => {
  for (const format of ['json', 'msgpack']) {
    it(`calls and hears by ${format}`, async () => {
      const router = await killableRouter();
      router.client
        .register(
          'com.example.reverse',
          map(({ args: [bytes] }) => (bytes as Uint8Array).toReversed()),
        )
        .subscribe();
      const site = await serve(await bundled({ main: 'spec/pages/scripts/lifecycle.ts' }), {
        headers: { 'content-security-policy': POLICY },
      });
      await untilHere(() => router.registrations().length === 1, 'the procedure is registered');
      const page = await openPage(`${site.url}?router=${router.url}&format=${format}`);
      await untilHere(() => router.subscribers('com.example.news') === 1, 'the page has subscribed');
      await router.publish('com.example.news', ['hello']);
      await until(page, () => (globalThis as unknown as LifecyclePage).seen.events.length === 1, 'the event is heard');
      const found = await page.evaluate(async () => ({
        node: ['Buffer', 'process', 'global', 'require', 'setImmediate'].filter((name) => name in globalThis),
        reversed: [
          ...((await (globalThis as unknown as LifecyclePage).call('com.example.reverse', Uint8Array.of(1, 2, 255))) as Uint8Array),
        ],
        events: (globalThis as unknown as LifecyclePage).seen.events,
      }));
      expect(found).toEqual({ node: [], reversed: [255, 2, 1], events: ['hello'] });
      await router.close();
    });
  }

  it('uses every entry that is for pages', async () => {
    const { exports } = JSON.parse(readFileSync('package.json', 'utf8')) as { exports: Readonly<Record<string, unknown>> };
    const entries = Object.keys(exports).flatMap((key) => (NOT_HERE.test(key) ? [] : [key.replace('.', 'rxwamp')]));
    const router = await killableRouter();
    router.client
      .register(
        'com.example.add',
        map(({ args: [a, b] }) => Number(a) + Number(b)),
      )
      .subscribe();
    await untilHere(() => router.registrations().length === 1, 'the procedure is registered');
    const site = await serve(await bundled({ main: 'spec/pages/scripts/entries.ts' }), { headers: { 'content-security-policy': POLICY } });
    const page = await openPage(`${site.url}?router=${router.url}`);
    await until(page, () => (globalThis as unknown as EntriesPage).isOver === true, 'the page has used them all');
    const seen = await page.evaluate(() => (globalThis as unknown as EntriesPage).seen);
    expect(seen).toEqual(Object.fromEntries(entries.map((entry) => [entry, 3])));
    await router.close();
  });

  it('holds: that page could not have used eval', async () => {
    const router = await killableRouter();
    const site = await serve(await bundled({ main: 'spec/pages/scripts/eval.ts' }), { headers: { 'content-security-policy': POLICY } });
    const page = await openPage(site.url, { expected: [/Content Security Policy/] });
    expect(await until(page, () => document.title.startsWith('eval') && document.title, 'the page has tried')).toBe('eval EvalError');
    await router.close();
  });
});

describe('a Web Worker', () => {
  it('has a client, which comes back after the router was killed', async () => {
    const router = await killableRouter();
    const site = await serve(await bundled({ main: 'spec/pages/scripts/owner.ts', worker: 'spec/pages/scripts/worker.ts' }));
    const page = await openPage(`${site.url}?router=${router.url}`, { expected: [ROUTER_DOWN] });
    await untilHere(() => router.subscribers('com.example.news') === 1, 'the worker has subscribed');
    await router.kill();
    await router.restart();
    await untilHere(() => router.subscribers('com.example.news') === 1, 'the worker has subscribed again');
    router.client
      .register(
        'com.example.add',
        map(({ args: [a, b] }) => Number(a) + Number(b)),
      )
      .subscribe();
    await untilHere(() => router.registrations().length === 1, 'the procedure is registered');
    await router.publish('com.example.news', ['hello']);
    await until(page, () => (globalThis as unknown as OwnerPage).told.length === 1, 'the worker tells the event');
    await page.evaluate(() => {
      (globalThis as unknown as OwnerPage).worker.postMessage('com.example.add');
    });
    await until(page, () => (globalThis as unknown as OwnerPage).told.length === 2, 'the worker tells the result');
    expect(await page.evaluate(() => (globalThis as unknown as OwnerPage).told)).toEqual(['hello', 42]);
    await router.close();
  });
});
