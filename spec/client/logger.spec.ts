// What the logger and the status say, and how often.
import { mergeMap } from 'rxjs';
import { marbles, words } from './setup.ts';

describe('Client and its logger', () => {
  it('warns once at the first failed attempt of a loss, and says once that it gave up', () => {
    marbles((stage) => {
      stage.fates = ['refuse', 'refuse', 'join', 'refuse', 'refuse', 'abort wamp.error.no_such_realm'];
      const log: string[] = [];
      const logger = { warn: (message: string) => log.push(`warn ${message}`), error: (message: string) => log.push(`error ${message}`) };
      const wamp = stage.client({ logger, lingerMs: 0, isFatal: ({ uri }) => uri === 'wamp.error.no_such_realm' });
      wamp.sessions.subscribe({ error: () => log.push('end') });
      stage.at(300, () => stage.router.link.fail());
      stage.at(5000, () => {
        const refusal = jasmine.stringMatching(/^error .*no_such_realm/);
        expect(log).toEqual(['warn nobody listens (trying again)', 'warn the link broke (trying again)', refusal, 'end']);
      });
    });
  });

  it('L7 does not tell that it waits when somebody has reconnected by then', () => {
    marbles(({ client, router, at, expectObservable }) => {
      const wamp = client({ lingerMs: 0 });
      expectObservable(words(wamp)).toBe('c 9ms o 89ms d 9ms p 94ms (z|)', {
        c: 'connecting 1',
        o: 'open 1001',
        d: 'connecting 2',
        p: 'open 1002',
        z: 'closed',
      });
      wamp.sessions.pipe(mergeMap((session) => session.topic('com.example.news'))).subscribe({ error: () => wamp.reconnect() });
      wamp.topic('com.example.other').subscribe();
      at(100, () => router.link.fail());
      at(200, () => void wamp.close());
    });
  });

  it('L7 is idle while the URL is asked, and says so once', () => {
    marbles(({ client, at, expectObservable }) => {
      const wamp = client({ transport: undefined as never, url: () => new Promise<string>(() => {}), lingerMs: 10 });
      expectObservable(words(wamp)).toBe('i 99ms (z|)', { i: 'idle', z: 'closed' });
      expectObservable(wamp.sessions, '20ms ^ 9ms !').toBe('');
      at(100, () => void wamp.close());
    });
  });
});
