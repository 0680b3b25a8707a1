import { config } from 'rxjs';
import { Client } from '../../src/client/client.ts';
import type { ApplicationError, ConnectionError } from '../../src/protocol/errors.ts';
import { ERROR, PUBLISH, PUBLISHED } from '../../src/protocol/messages.ts';
import { drawn } from './answers.ts';
import { ScriptedRouter } from '../../src/testing/scripted.ts';
import { hear, joined, kept, opened } from './opened.ts';

const NEWS = 'com.example.news';

describe('Client.publish', () => {
  it('P1 sends one PUBLISH for each subscription, emits undefined as soon as the transport took it, and completes', () => {
    const { client, sent } = opened();
    const news = client.publish(NEWS, ['hello'], { lang: 'en' });
    expect(sent()).toEqual([]);
    for (const request of [1, 2]) {
      const { values, completions } = hear(news);
      expect([values, completions]).toEqual([[undefined], 1]);
      expect(sent()).toEqual([[PUBLISH, request, {}, NEWS, ['hello'], { lang: 'en' }]]);
    }
    expect(client.inspect().pending).toEqual([]);
  });

  it('P1 is sent, and fails, also where nobody hears of it: what fails is reported as RxJS reports it', async () => {
    const { client, sent } = opened();
    expect(client.publish(NEWS, ['hello']).subscribe().closed).toBeTrue();
    expect(sent()).toEqual([[PUBLISH, 1, {}, NEWS, ['hello']]]);
    const unhandled = new Promise((resolve) => (config.onUnhandledError = resolve));
    client.publish(NEWS, [() => undefined]).subscribe();
    expect(((await unhandled) as Error).message).toContain('publish to com.example.news: args[0] is a function');
    config.onUnhandledError = null;
    expect(sent()).toEqual([]);
  });

  it('P1 waits for its acknowledgement also where nobody hears of it: a refusal is reported as RxJS reports it', async () => {
    const { client, link } = opened();
    const unhandled = new Promise((resolve) => (config.onUnhandledError = resolve));
    const { closed } = client.publish(NEWS, [], {}, { acknowledge: true }).subscribe();
    link.receive([ERROR, PUBLISH, 1, {}, 'wamp.error.not_authorized']);
    expect([closed, ((await unhandled) as ApplicationError).uri]).toEqual([false, 'wamp.error.not_authorized']);
    config.onUnhandledError = null;
  });

  it('P1 R4 waits for a session also where nobody hears of it, and can be left', () => {
    const router = new ScriptedRouter();
    const client = kept(new Client({ transport: router.transport, keepAliveMs: 0, logger: false }));
    const [left, waits] = ['left', 'sent'].map((value) => client.publish(NEWS, [value]).subscribe());
    left?.unsubscribe();
    expect(waits?.closed).toBeFalse();
    router.run();
    expect([waits?.closed, router.log.at(-1)] as unknown[]).toEqual([true, [PUBLISH, 1, {}, NEWS, ['sent']]]);
  });

  it('P1 emits the publication id of an acknowledged one, and completes', () => {
    const { client, link, sent } = opened();
    const news = hear(client.publish(NEWS, ['hello'], undefined, { acknowledge: true }));
    expect(sent()).toEqual([[PUBLISH, 1, { acknowledge: true }, NEWS, ['hello']]]);
    expect([news.values, news.completions]).toEqual([[], 0]);
    link.receive([PUBLISHED, 1, 4711]);
    expect([news.values, news.completions]).toEqual([[4711], 1]);
  });

  it('P1 errors when the router refuses an acknowledged one', () => {
    const { client, link } = opened();
    const news = hear(client.publish(NEWS, [], {}, { acknowledge: true }));
    link.receive([ERROR, PUBLISH, 1, {}, 'wamp.error.not_authorized', ['no']]);
    const [error] = news.errors as [ApplicationError];
    expect([error.uri, error.message]).toEqual([
      'wamp.error.not_authorized',
      'publish to com.example.news failed with wamp.error.not_authorized: no; check what the router permits to this login',
    ]);
  });

  it('P1 sends nothing when one that waits for its acknowledgement is left', () => {
    const { client, link, sent } = opened();
    hear(client.publish(NEWS, [], {}, { acknowledge: true })).leave();
    link.receive([PUBLISHED, 1, 4711]);
    expect(sent().length).toBe(1);
    expect([client.inspect().pending, client.inspect().counters.dropped] as unknown[]).toEqual([[], 1]);
  });

  it('P1 sends nothing when nobody subscribes', () => {
    drawn(({ client, router, at }) => {
      void client().publish(NEWS, ['hello']);
      at(100, () => {
        expect(router.links).toEqual([]);
      });
    });
  });

  it('lets exclude_me: false and acknowledge: false reach the wire (trap 7)', () => {
    const { client, sent } = opened();
    hear(client.publish(NEWS, [], {}, { exclude_me: false, acknowledge: false, eligible: [5], exclude: [] }));
    expect(sent()).toEqual([[PUBLISH, 1, { exclude_me: false, acknowledge: false, eligible: [5], exclude: [] }, NEWS]]);
  });

  it('R4 waits for a session, and is sent in the order of the subscriptions', () => {
    drawn(({ client, requests, at, expectObservable }) => {
      const wamp = client();
      expectObservable(wamp.publish(NEWS, [1])).toBe('10ms (u|)', { u: undefined });
      expectObservable(wamp.publish(NEWS, [2], {}, { acknowledge: true })).toBe('15ms (p|)', { p: 302 });
      at(11, () => {
        expect(requests()).toEqual([
          [PUBLISH, 1, {}, NEWS, [1]],
          [PUBLISH, 2, { acknowledge: true }, NEWS, [2]],
        ]);
      });
    });
  });

  it('I3 refuses in the stream what the router would misread, unless forced', () => {
    const { client, sent } = opened({}, { roles: { broker: {}, dealer: {} } });
    const news = hear(client.publish(NEWS, [], {}, { eligible: [5] }));
    expect(news.errors.map(String)).toEqual([
      'WampError: the router did not announce subscriber_blackwhite_listing, which eligible for com.example.news needs: force: true sends it all the same',
    ]);
    hear(client.publish(NEWS, [], {}, { eligible: [5], force: true }));
    expect(sent()).toEqual([[PUBLISH, 1, { eligible: [5] }, NEWS]]);
  });
});

describe('Session.publish', () => {
  it('P1 errors on a session that is over, with sent: false', () => {
    const { session, link, sent } = joined();
    link.fail();
    const news = hear(session.publish(NEWS));
    expect(news.errors.map((error) => [String(error), (error as ConnectionError).sent])).toEqual([
      ['ConnectionError: the link broke', false],
    ]);
    expect(sent()).toEqual([]);
  });
});
