import { ignoreElements, merge, NEVER, of, Subject, switchMap, takeUntil, tap } from 'rxjs';
import { perUser } from '../../examples/recipes/logout.ts';
import type { Client } from '../../src/client/client.ts';
import { GOODBYE, HELLO } from '../../src/protocol/messages.ts';
import { testing } from '../../src/testing/index.ts';
import { drawn } from '../client/answers.ts';
import { hear } from '../client/opened.ts';
import { leftOf, marbles, NOTHING } from '../client/setup.ts';
import { seen } from './stage.ts';

/** Something of everything: a topic, a call that is never answered, a registration, and the sessions. */
const app = (client: Client) =>
  merge(
    client.topic('com.example.news'),
    client.call('com.example.silent'),
    client.register(
      'com.example.mine',
      switchMap(() => NEVER),
    ),
    client.sessions,
  );

describe('The recipe of a logout', () => {
  it('has one client for each user, from login to logout, and says GOODBYE each time', () => {
    marbles((stage) => {
      const { router, hot, at, expectObservable, expectSubscriptions } = stage;
      const user = hot('a 99ms - 99ms b 99ms c', { a: 'ada', '-': undefined, b: 'bob', c: 'cleo' });
      const asked: string[] = [];
      const clientOf = (name: string): Client => {
        asked.push(name);
        return stage.client();
      };
      const ids = perUser(user, clientOf, (client) => client.sessions.pipe(switchMap(({ id }) => of(id))));
      expectObservable(ids, '^ 399ms !').toBe('10ms a 199ms b 99ms c', { a: 1001, b: 1002, c: 1003 });
      expectSubscriptions(user.subscriptions).toBe('^ 399ms !');
      at(1000, () => {
        expect(asked).toEqual(['ada', 'bob', 'cleo']);
        expect(router.links.map(({ sent }) => sent.map(([code]) => code))).toEqual([
          [HELLO, GOODBYE],
          [HELLO, GOODBYE],
          [HELLO, GOODBYE],
        ]);
      });
    });
  });

  it('ends a part of an app by takeUntil, and the client stays', () => {
    drawn(({ client, hot, at, expectObservable }) => {
      const wamp = client();
      const logout = hot('50ms x');
      expectObservable(app(wamp).pipe(ignoreElements(), takeUntil(logout))).toBe('50ms |');
      expectObservable(wamp.sessions.pipe(ignoreElements()), '^ 99ms !').toBe('');
      at(60, () => {
        const { topics, registrations, pending, session } = wamp.inspect();
        expect([topics, registrations, pending, session] as unknown[]).toEqual([[], [], [], 1001]);
      });
    });
  });

  it('leaves nothing at the client, nothing at the router, and the callee stops', async () => {
    await using kit = await testing({ client: { logger: false } });
    const [service] = kit.clients;
    const log: string[] = [];
    const endless = switchMap(() => NEVER.pipe(tap({ unsubscribe: () => log.push('stopped') })));
    service.register('com.example.silent', endless).subscribe({ error: fail });
    await kit.registered('com.example.silent');
    const user = new Subject<string | undefined>();
    const made: Client[] = [];
    const clientOf = (): Client => {
      made.push(kit.client());
      return made.at(-1)!;
    };
    const shown = hear(perUser(user, clientOf, app));
    user.next('ada');
    await kit.subscribed('com.example.news');
    await kit.registered('com.example.mine');
    await seen('the call', () => kit.recordingOf(service).received('INVOCATION').length === 1);
    user.next(undefined);
    expect(leftOf(made[0]!)).toEqual(NOTHING);
    await seen('that the session is gone', () => kit.router.sessions(kit.realm).length === 1);
    await seen('the end of the work', () => log.length === 1);
    expect(kit.router.subscriptions(kit.realm)).toEqual([]);
    expect(kit.router.registrations(kit.realm).map(({ uri }) => uri)).toEqual(['com.example.silent']);
    expect([made.length, shown.errors, shown.completions, log] as unknown[]).toEqual([1, [], 0, ['stopped']]);
  });
});
