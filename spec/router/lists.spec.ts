import { REGISTER, SUBSCRIBE, UNREGISTER } from '../../src/protocol/messages.ts';
import { Router } from '../../src/router/index.ts';
import { join } from './client.ts';

describe('Router lists', () => {
  it('tell who subscribes and who registers what: the exact ones, then the prefixes, then the wildcards', () => {
    const router = new Router({ realms: ['realm1', 'other'] });
    const [one, two] = [join(router), join(router)];
    const wildcard = one.ask(SUBSCRIBE, 1, { match: 'wildcard' }, 'a..c');
    const prefix = two.ask(SUBSCRIBE, 1, { match: 'prefix' }, 'a.b');
    const exact = two.ask(SUBSCRIBE, 2, {}, 'a.b');
    one.ask(SUBSCRIBE, 2, {}, 'a.b');
    const registration = one.ask(REGISTER, 3, { invoke: 'roundrobin' }, 'a.add');
    two.ask(REGISTER, 3, { invoke: 'roundrobin' }, 'a.add');
    expect(router.subscriptions('realm1')).toEqual([
      { id: exact, uri: 'a.b', match: 'exact', sessions: [two.id, one.id] },
      { id: prefix, uri: 'a.b', match: 'prefix', sessions: [two.id] },
      { id: wildcard, uri: 'a..c', match: 'wildcard', sessions: [one.id] },
    ]);
    one.send(UNREGISTER, 4, registration);
    expect(router.registrations('realm1')).toEqual([{ id: registration, uri: 'a.add', match: 'exact', sessions: [two.id] }]);
    two.lose();
    expect([router.registrations('realm1'), router.registrations('other'), router.subscriptions('other')]).toEqual([[], [], []]);
    expect(() => router.subscriptions('nowhere')).toThrowError(TypeError, 'this router has no realm "nowhere"');
  });
});
