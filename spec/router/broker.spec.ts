import {
  ERROR,
  EVENT,
  PUBLISH,
  PUBLISHED,
  SUBSCRIBE,
  SUBSCRIBED,
  UNSUBSCRIBE,
  UNSUBSCRIBED,
  type Id,
} from '../../src/protocol/messages.ts';
import { Router } from '../../src/router/index.ts';
import { join, ROLES, type Client } from './client.ts';

interface Setup {
  readonly router: Router;
  readonly publisher: ReturnType<typeof join>;
  readonly subscriber: ReturnType<typeof join>;
}

function setup(): Setup {
  const router = new Router({ realms: ['realm1'] });
  return { router, publisher: join(router), subscriber: join(router) };
}

const ANY: Id = jasmine.any(Number) as unknown as Id;

function codes(client: Client): unknown[] {
  return client.take().map(([code]) => code);
}

describe('Broker', () => {
  describe('publish', () => {
    it('gives each subscriber the arguments as they came, empty ones left out', () => {
      const { publisher, subscriber } = setup();
      const id = subscriber.ask(SUBSCRIBE, 1, {}, 'a.b');
      publisher.send(PUBLISH, 1, {}, 'a.b');
      publisher.send(PUBLISH, 2, {}, 'a.b', [0, null], {});
      publisher.send(PUBLISH, 3, {}, 'a.b', [], { x: false });
      expect(subscriber.take()).toEqual([
        [EVENT, id, ANY, {}],
        [EVENT, id, ANY, {}, [0, null]],
        [EVENT, id, ANY, {}, [], { x: false }],
      ]);
      expect(publisher.take()).toEqual([]);
    });

    it('sends one event per matching subscription, all with the publication of PUBLISHED, and the topic to patterns', () => {
      const { publisher, subscriber } = setup();
      const exact = subscriber.ask(SUBSCRIBE, 1, {}, 'a.b');
      const prefix = subscriber.ask(SUBSCRIBE, 2, { match: 'prefix' }, 'a');
      const wildcard = subscriber.ask(SUBSCRIBE, 3, { match: 'wildcard' }, '.b');
      subscriber.ask(SUBSCRIBE, 4, { match: 'wildcard' }, '.c');
      const publication = publisher.ask(PUBLISH, 1, { acknowledge: true }, 'a.b');
      expect(subscriber.take()).toEqual([
        [EVENT, exact, publication, {}],
        [EVENT, prefix, publication, { topic: 'a.b' }],
        [EVENT, wildcard, publication, { topic: 'a.b' }],
      ]);
    });

    it('leaves the publisher out unless exclude_me is false; then PUBLISHED comes first', () => {
      const { publisher } = setup();
      publisher.ask(SUBSCRIBE, 1, {}, 'a.b');
      publisher.send(PUBLISH, 2, { exclude_me: true }, 'a.b');
      publisher.send(PUBLISH, 3, {}, 'a.b');
      expect(publisher.take()).toEqual([]);
      publisher.send(PUBLISH, 4, { exclude_me: false, acknowledge: true }, 'a.b');
      expect(codes(publisher)).toEqual([PUBLISHED, EVENT]);
    });

    it('keeps to the lists of ids, authids and authroles; all must hold, and an empty list of the eligible is nobody', () => {
      const { publisher, subscriber } = setup();
      subscriber.ask(SUBSCRIBE, 1, {}, 'a.b');
      const reached = (options: object): boolean => {
        publisher.send(PUBLISH, 1, options, 'a.b');
        return subscriber.take().length === 1;
      };
      const { id, authid } = subscriber;
      expect([
        reached({ eligible: [id] }),
        reached({ eligible: [publisher.id] }),
        reached({ eligible: [] }),
        reached({ eligible_authid: [authid], eligible_authrole: ['anonymous'] }),
        reached({ eligible_authid: ['joe'] }),
        reached({ eligible_authrole: ['admin'] }),
        reached({ exclude: [id] }),
        reached({ exclude: [] }),
        reached({ exclude_authid: [authid] }),
        reached({ exclude_authrole: ['anonymous'] }),
        reached({ eligible: [id], exclude_authid: [authid] }),
      ]).toEqual([true, false, false, true, false, false, false, true, false, false, false]);
    });

    it('discloses the publisher who asks for it, to those who announced that they want it', () => {
      const { router, publisher, subscriber } = setup();
      const plain = join(router, { subscriber: {} });
      for (const client of [subscriber, plain]) client.ask(SUBSCRIBE, 1, {}, 'a.b');
      publisher.send(PUBLISH, 1, { disclose_me: true }, 'a.b');
      expect(subscriber.take()[0]?.[3]).toEqual({
        publisher: publisher.id,
        publisher_authid: publisher.authid,
        publisher_authrole: 'anonymous',
      });
      expect(plain.take()[0]?.[3]).toEqual({});
    });

    it('refuses a topic that is no URI or reserved, and says so only where it was to acknowledge', () => {
      const { publisher } = setup();
      publisher.send(PUBLISH, 1, {}, 'a b');
      publisher.send(PUBLISH, 2, {}, 'wamp.mine');
      expect(publisher.take()).toEqual([]);
      publisher.send(PUBLISH, 3, { acknowledge: true }, 'a..b');
      publisher.send(PUBLISH, 4, { acknowledge: true }, 'wamp.mine');
      expect(publisher.take()).toEqual([
        [ERROR, PUBLISH, 3, {}, 'wamp.error.invalid_uri', ['"a..b" is not a URI that may stand here']],
        [ERROR, PUBLISH, 4, {}, 'wamp.error.invalid_uri', ['wamp.mine is reserved: the router alone publishes there']],
      ]);
    });
  });

  describe('subscribe', () => {
    it('gives all subscribers of one (topic, match) one id, whatever their options, and another match another', () => {
      const { publisher, subscriber } = setup();
      const id = subscriber.ask(SUBSCRIBE, 1, {}, 'a.b');
      expect(subscriber.ask(SUBSCRIBE, 2, { get_retained: true, match: 'exact' }, 'a.b')).toBe(id);
      expect(publisher.ask(SUBSCRIBE, 1, {}, 'a.b')).toBe(id);
      expect(subscriber.ask(SUBSCRIBE, 3, { match: 'prefix' }, 'a.b')).not.toBe(id);
    });

    it('sends one event to a session that has subscribed twice, and one UNSUBSCRIBE ends both', () => {
      const { router, publisher, subscriber } = setup();
      const id = subscriber.ask(SUBSCRIBE, 1, {}, 'a.b');
      subscriber.ask(SUBSCRIBE, 2, {}, 'a.b');
      publisher.send(PUBLISH, 1, {}, 'a.b');
      expect(codes(subscriber)).toEqual([EVENT]);
      subscriber.send(UNSUBSCRIBE, 3, id);
      publisher.send(PUBLISH, 2, {}, 'a.b');
      expect(subscriber.take()).toEqual([[UNSUBSCRIBED, 3]]);
      expect(router.counts().subscriptions).toBe(0);
    });

    it('refuses patterns that are none for their match', () => {
      const { subscriber } = setup();
      subscriber.send(SUBSCRIBE, 1, {}, 'a.');
      subscriber.send(SUBSCRIBE, 2, { match: 'prefix' }, 'a..b');
      subscriber.send(SUBSCRIBE, 3, { match: 'wildcard' }, 'a..b');
      expect(subscriber.take().map(([code]) => code)).toEqual([ERROR, ERROR, SUBSCRIBED]);
    });

    it('answers UNSUBSCRIBE of what the session does not have with no_such_subscription', () => {
      const { publisher, subscriber } = setup();
      const id = publisher.ask(SUBSCRIBE, 1, {}, 'a.b');
      subscriber.send(UNSUBSCRIBE, 1, id);
      expect(subscriber.take()).toEqual([[ERROR, UNSUBSCRIBE, 1, {}, 'wamp.error.no_such_subscription', [`this session has no ${id}`]]]);
    });

    it('is over when the link is lost', () => {
      const { router, subscriber } = setup();
      subscriber.ask(SUBSCRIBE, 1, {}, 'a.b');
      subscriber.lose();
      expect(router.counts().subscriptions).toBe(0);
    });
  });

  describe('retain', () => {
    it('gives the latest event of a topic to who asks for it, right behind SUBSCRIBED', () => {
      const { router, publisher, subscriber } = setup();
      publisher.send(PUBLISH, 1, { retain: true }, 'a.b', [1]);
      const publication = publisher.ask(PUBLISH, 2, { retain: true, acknowledge: true }, 'a.b', [2]);
      publisher.send(PUBLISH, 3, {}, 'a.b', [3]);
      subscriber.send(SUBSCRIBE, 1, { get_retained: true }, 'a.b');
      expect(subscriber.take()).toEqual([
        [SUBSCRIBED, 1, ANY],
        [EVENT, ANY, publication, { retained: true }, [2]],
      ]);
      expect(router.counts().retained).toBe(1);
    });

    it('gives nothing to who does not ask', () => {
      const { publisher, subscriber } = setup();
      publisher.send(PUBLISH, 1, { retain: true }, 'a.b', [1]);
      subscriber.send(SUBSCRIBE, 1, {}, 'a.b');
      expect(codes(subscriber)).toEqual([SUBSCRIBED]);
    });

    it('gives a pattern the events of all its topics, and keeps to the lists of their publishers', () => {
      const { publisher, subscriber } = setup();
      publisher.send(PUBLISH, 1, { retain: true }, 'a.b', [1]);
      publisher.send(PUBLISH, 2, { retain: true, eligible: [publisher.id] }, 'a.c', [2]);
      publisher.send(PUBLISH, 3, { retain: true }, 'b.b', [3]);
      const id = subscriber.ask(SUBSCRIBE, 1, { match: 'prefix' }, 'a.');
      subscriber.send(SUBSCRIBE, 2, { match: 'prefix', get_retained: true }, 'a.');
      expect(subscriber.take()).toEqual([
        [SUBSCRIBED, 2, id],
        [EVENT, id, ANY, { topic: 'a.b', retained: true }, [1]],
      ]);
    });
  });

  describe('revoke', () => {
    it('tells a client that announced subscription_revocation, and ends the subscription', () => {
      const { router, publisher, subscriber } = setup();
      const id = subscriber.ask(SUBSCRIBE, 1, { match: 'prefix' }, 'a.');
      const options = { match: 'prefix', reason: 'com.example.enough' } as const;
      expect(router.revokeSubscription('realm1', subscriber.id, 'a.', options)).toBeTrue();
      publisher.send(PUBLISH, 1, {}, 'a.b');
      expect(subscriber.take()).toEqual([[UNSUBSCRIBED, 0, { subscription: id, reason: 'com.example.enough' }]]);
      expect(router.revokeSubscription('realm1', subscriber.id, 'a.', options)).toBeFalse();
    });

    it('says nothing to a client that did not', () => {
      const { router, publisher } = setup();
      const plain = join(router, { ...ROLES, subscriber: {} });
      plain.ask(SUBSCRIBE, 1, {}, 'a.b');
      router.revokeSubscription('realm1', plain.id, 'a.b');
      publisher.send(PUBLISH, 1, {}, 'a.b');
      expect(plain.take()).toEqual([]);
    });
  });

  it('keeps realms apart', () => {
    const router = new Router({ realms: ['realm1', 'realm2'] });
    const [here, there] = [join(router), join(router, ROLES, 'realm2')];
    here.ask(SUBSCRIBE, 1, {}, 'a.b');
    there.send(PUBLISH, 1, {}, 'a.b');
    expect(here.take()).toEqual([]);
    expect([router.counts('realm1').subscriptions, router.counts('realm2').subscriptions]).toEqual([1, 0]);
  });
});
