// The meta API of the embedded router as this library's client uses it.
import { firstValueFrom, map, take } from 'rxjs';
import { Client, type List } from '../../src/index.ts';
import { CALL, RESULT } from '../../src/protocol/messages.ts';
import { Router } from '../../src/router/index.ts';
import { hear, kept } from '../client/opened.ts';

describe('The meta API of the embedded router', () => {
  it('answers the calls by which a client without pings keeps its session alive', async () => {
    const calls: List[] = [];
    let answered: (message: List) => void = () => undefined;
    const answer = new Promise<List>((resolve) => (answered = resolve));
    const router = new Router({
      realms: ['realm1'],
      intercept: (direction, message) => {
        if (message[0] === CALL) calls.push(message);
        if (direction === 'out' && message[0] === RESULT) answered(message);
        return message;
      },
    });
    const client = kept(new Client({ transport: router.transport(), keepAliveMs: 5, logger: false }));
    const { id, details } = await firstValueFrom(client.sessions);
    hear(client.sessions);
    expect((await answer).slice(2)).toEqual([{}, [jasmine.objectContaining({ session: id, authid: details['authid'] })]]);
    expect(calls[0]?.slice(3)).toEqual(['wamp.session.get', [id]]);
    await client.close();
    await router.close();
  });

  it('tells a client who joins, and lets it end a session, which then joins anew', async () => {
    const router = new Router({ realms: ['realm1'] });
    const [watcher, watched] = [1, 2].map(() =>
      kept(new Client({ transport: router.transport(), keepAliveMs: 0, retryDelayMs: () => 0, logger: false })),
    ) as [Client, Client];
    const joined = watcher.topic<[{ session: number }]>('wamp.session.on_join').pipe(
      map(({ value }) => value.session),
      take(2),
    );
    const seen: number[] = [];
    const both = joined.forEach((session) => {
      seen.push(session);
      if (seen.length === 1) hear(watcher.call('wamp.session.kill', [session], { reason: 'com.example.out' }));
    });
    await firstValueFrom(watcher.subscribed('wamp.session.on_join'));
    const sessions = hear(watched.sessions.pipe(map(({ id }) => id)));
    await both;
    expect(seen.length).toBe(2);
    expect(seen[0]).toBe(sessions.values[0]);
    await Promise.all([watcher.close(), watched.close()]);
    await router.close();
  });
});
