// Policies of the user's that fail, and subjects behind a client that gave up.
import { marbles } from './setup.ts';

describe('Client and policies that throw', () => {
  it('R5 waits by its own back-off when retryDelayMs throws, and says so', () => {
    marbles((stage) => {
      stage.fates = ['refuse', 'join'];
      const log: string[] = [];
      const logger = { warn: () => undefined, error: (message: string) => log.push(message) };
      const retryDelayMs = (): number => {
        throw new TypeError('no delay');
      };
      const wamp = stage.client({ logger, lingerMs: 0, retryDelayMs });
      const sessions: number[] = [];
      const held = wamp.sessions.subscribe({ next: ({ id }) => sessions.push(id) });
      stage.at(1000, () => {
        expect(log).toEqual(['the option retryDelayMs failed: no delay']);
        expect(sessions).toEqual([1001]);
        held.unsubscribe();
      });
    });
  });

  it('R6 decides by itself what is fatal when isFatal throws, and says so', () => {
    marbles((stage) => {
      stage.fates = ['abort wamp.error.no_such_realm'];
      const log: string[] = [];
      const logger = { warn: () => undefined, error: (message: string) => log.push(message) };
      const isFatal = (): boolean => {
        throw new TypeError('no idea');
      };
      const wamp = stage.client({ logger, lingerMs: 0, isFatal });
      const ends: string[] = [];
      wamp.sessions.subscribe({ error: (error: unknown) => ends.push((error as { uri: string }).uri) });
      stage.at(1000, () => {
        expect(log[0]).toBe('the option isFatal failed: no idea');
        expect(ends).toEqual(['wamp.error.no_such_realm']);
      });
    });
  });
});

describe('Client.subject behind a client that gave up', () => {
  it('P2 starts afresh at the next value', () => {
    marbles((stage) => {
      stage.fates = ['abort wamp.error.no_such_realm', 'join'];
      const wamp = stage.client({ logger: false, lingerMs: 0 });
      const ticks = wamp.subject<number>('com.example.tick', { holdLast: 1 });
      ticks.next(1);
      stage.at(100, () => {
        expect(stage.router.links.length).toBe(1);
        ticks.next(2);
      });
      stage.at(200, () => {
        expect(stage.router.link.requests).toEqual([[16, 1, {}, 'com.example.tick', [2]]]);
        ticks.complete();
      });
    });
  });
});
