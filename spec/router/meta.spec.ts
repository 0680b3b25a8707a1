// The meta API of the embedded router, message by message.
import {
  CALL,
  ERROR,
  EVENT,
  GOODBYE,
  HELLO,
  PUBLISH,
  REGISTER,
  RESULT,
  SUBSCRIBE,
  UNREGISTER,
  UNSUBSCRIBE,
  type Id,
  type List,
} from '../../src/protocol/messages.ts';
import { Router } from '../../src/router/index.ts';
import { Client, join, ROLES } from './client.ts';

type Joined = ReturnType<typeof join>;

function setup(count = 2): {
  readonly router: Router;
  readonly clients: readonly Joined[];
  readonly asker: Joined;
  readonly other: Joined;
} {
  const router = new Router({ realms: ['realm1', 'realm2'] });
  const clients = Array.from({ length: count }, () => join(router));
  return { router, clients, asker: clients[0]!, other: clients[1]! };
}

let request = 1_000;
/** What a meta procedure says: the arguments of its result, or the URI of its error and its sentence. */
function asked(client: Joined, procedure: string, args: List = [], kwargs: object = {}): unknown {
  client.take();
  client.send(CALL, ++request, {}, procedure, args, kwargs);
  const answers = client.take().filter(([code, , second]) => code === RESULT || (code === ERROR && second === request));
  expect(answers.length).toBe(1);
  const [code, , , , uri, said] = answers[0]!;
  return code === RESULT ? answers[0]![3] : [uri, ...((said ?? []) as List)];
}

/** The meta events that a client follows, by the last part of their topic. */
function following(client: Joined, kind: 'session' | 'registration' | 'subscription'): () => unknown[] {
  client.ask(SUBSCRIBE, ++request, { match: 'prefix' }, `wamp.${kind}.`);
  return () =>
    client
      .take()
      .filter(([code]) => code === EVENT)
      .map(([, , , details, args]) => [(details as { topic: string }).topic.split('.').at(-1), ...(args as List)]);
}

const NO_SUCH_SESSION = ['wamp.error.no_such_session', jasmine.stringMatching(/^there is no session \d+$/)];
const ISO = jasmine.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/) as unknown as string;

describe('Meta API', () => {
  describe('wamp.session', () => {
    it('counts and lists the sessions of the realm, all or those of some roles', () => {
      const { router, asker, other } = setup();
      join(router, ROLES, 'realm2');
      expect(asked(asker, 'wamp.session.count')).toEqual([2]);
      expect(asked(asker, 'wamp.session.list')).toEqual([[asker.id, other.id]]);
      expect(asked(asker, 'wamp.session.list', [['anonymous', 'admin']])).toEqual([[asker.id, other.id]]);
      expect(asked(asker, 'wamp.session.count', [['admin']])).toEqual([0]);
      expect(asked(asker, 'wamp.session.list', ['admin'])).toEqual([
        'wamp.error.invalid_argument',
        'the filter must be a list of authroles',
      ]);
    });

    it('tells who a session is', () => {
      const { asker, other } = setup();
      expect(asked(asker, 'wamp.session.get', [other.id])).toEqual([
        { session: other.id, authid: other.authid, authrole: 'anonymous', authmethod: 'anonymous', authprovider: 'static' },
      ]);
      expect(asked(asker, 'wamp.session.get', [asker.id])).toEqual([jasmine.objectContaining({ session: asker.id })]);
      expect(asked(asker, 'wamp.session.get', [1])).toEqual(NO_SUCH_SESSION);
      expect(asked(asker, 'wamp.session.get')).toEqual(['wamp.error.invalid_argument', 'a session id is needed']);
    });

    it('ends one session, with reason and message, but not the own one and none of another realm', () => {
      const { router, asker, other } = setup();
      const foreign = join(router, ROLES, 'realm2');
      expect(asked(asker, 'wamp.session.kill', [asker.id])).toEqual(NO_SUCH_SESSION);
      expect(asked(asker, 'wamp.session.kill', [foreign.id])).toEqual(NO_SUCH_SESSION);
      expect(asked(asker, 'wamp.session.kill', [other.id], { reason: 'no uri' })).toEqual([
        'wamp.error.invalid_uri',
        'the reason is not a URI',
      ]);
      expect(asked(asker, 'wamp.session.kill', [other.id], { message: 1 })).toEqual([
        'wamp.error.invalid_argument',
        'a text as message is needed',
      ]);
      expect(asked(asker, 'wamp.session.kill', [other.id], { reason: 'com.example.out', message: 'go' })).toBeUndefined();
      expect(other.take()).toEqual([[GOODBYE, { message: 'go' }, 'com.example.out']]);
      expect(asked(asker, 'wamp.session.list')).toEqual([[asker.id]]);
      other.send(GOODBYE, {}, 'wamp.close.goodbye_and_out');
      expect(other.ended).toBeTrue();
    });

    it('ends the sessions of a user, of a role or all, never the own one', () => {
      const { router, asker, clients } = setup(4);
      const [, second, third, fourth] = clients;
      expect(asked(asker, 'wamp.session.kill_by_authid', [second!.authid])).toEqual([[second!.id]]);
      expect(asked(asker, 'wamp.session.kill_by_authid', [asker.authid])).toEqual([[]]);
      expect(asked(asker, 'wamp.session.kill_by_authid', [7])).toEqual(['wamp.error.invalid_argument', 'an authid is needed']);
      expect(asked(asker, 'wamp.session.kill_by_authrole', ['admin'])).toEqual([0]);
      expect(asked(asker, 'wamp.session.kill_by_authrole', ['anonymous'])).toEqual([2]);
      expect([second, third, fourth].map((client) => client!.take().at(-1))).toEqual([
        [GOODBYE, { message: 'killed by another session' }, 'wamp.close.killed'],
        [GOODBYE, { message: 'killed by another session' }, 'wamp.close.killed'],
        [GOODBYE, { message: 'killed by another session' }, 'wamp.close.killed'],
      ]);
      const late = join(router);
      expect(asked(asker, 'wamp.session.kill_all', [], { reason: 'com.example.all' })).toEqual([1]);
      expect(late.take()).toEqual([[GOODBYE, { message: 'killed by another session' }, 'com.example.all']]);
    });

    it('tells who joins and who leaves, and nothing of kill_all', () => {
      const { router, asker } = setup(1);
      const events = following(asker, 'session');
      const [first, second, third] = [join(router), join(router), join(router)];
      expect(events()).toEqual(
        [first, second, third].map(({ id, authid }) => [
          'on_join',
          { session: id, authid, authrole: 'anonymous', authmethod: 'anonymous', authprovider: 'static' },
        ]),
      );
      first.send(GOODBYE, {}, 'wamp.close.close_realm');
      second.lose();
      expect(events()).toEqual([
        ['on_leave', first.id, first.authid, 'anonymous'],
        ['on_leave', second.id, second.authid, 'anonymous'],
      ]);
      asker.send(CALL, 1, {}, 'wamp.session.kill_all');
      expect(events()).toEqual([]);
    });
  });

  for (const [kind, whose, create, opposite, enter, leave] of [
    ['subscription', 'subscribers', SUBSCRIBE, UNSUBSCRIBE, 'on_subscribe', 'on_unsubscribe'],
    ['registration', 'callees', REGISTER, UNREGISTER, 'on_register', 'on_unregister'],
  ] as const) {
    const shared = kind === 'registration' ? { invoke: 'roundrobin' } : {};
    describe(`wamp.${kind}`, () => {
      it('lists what stands by its match', () => {
        const { asker, other } = setup();
        expect(asked(asker, `wamp.${kind}.list`)).toEqual([{ exact: [], prefix: [], wildcard: [] }]);
        const exact = other.ask(create, 1, {}, 'a.b');
        const prefix = other.ask(create, 2, { match: 'prefix' }, 'a');
        const wildcard = other.ask(create, 3, { match: 'wildcard' }, 'a..c');
        expect(asked(asker, `wamp.${kind}.list`)).toEqual([{ exact: [exact], prefix: [prefix], wildcard: [wildcard] }]);
      });

      it('finds one by its URI, and what a URI reaches', () => {
        const { asker, other } = setup();
        const exact = other.ask(create, 1, {}, 'a.b.c');
        const prefix = other.ask(create, 2, { match: 'prefix' }, 'a.b');
        expect([
          asked(asker, `wamp.${kind}.lookup`, ['a.b.c']),
          asked(asker, `wamp.${kind}.lookup`, ['a.b', { match: 'prefix' }]),
          asked(asker, `wamp.${kind}.lookup`, ['a.b']),
          asked(asker, `wamp.${kind}.match`, ['a.b.c']),
          asked(asker, `wamp.${kind}.match`, ['a.b.d']),
          asked(asker, `wamp.${kind}.match`, ['b']),
          asked(asker, `wamp.${kind}.match`),
        ]).toEqual([
          [exact],
          [prefix],
          [null],
          [kind === 'subscription' ? [exact, prefix] : exact],
          [kind === 'subscription' ? [prefix] : prefix],
          [null],
          ['wamp.error.invalid_argument', 'a URI is needed'],
        ]);
      });

      it('tells of one what it is and whose', () => {
        const { asker, other } = setup();
        const id = other.ask(create, 1, shared, 'a.b');
        asker.ask(create, 2, shared, 'a.b');
        expect(asked(asker, `wamp.${kind}.get`, [id])).toEqual([{ id, created: ISO, uri: 'a.b', match: 'exact', ...shared }]);
        expect(asked(asker, `wamp.${kind}.list_${whose}`, [id])).toEqual([[other.id, asker.id]]);
        expect(asked(asker, `wamp.${kind}.count_${whose}`, [id])).toEqual([2]);
        for (const name of ['get', `list_${whose}`, `count_${whose}`]) {
          expect(asked(asker, `wamp.${kind}.${name}`, [5])).toEqual([`wamp.error.no_such_${kind}`, `there is no ${kind} 5`]);
          expect(asked(asker, `wamp.${kind}.${name}`, ['a.b'])).toEqual(['wamp.error.invalid_argument', `a ${kind} id is needed`]);
        }
      });

      it('tells what is made, entered, left and gone, in this order', () => {
        const { router, asker, other } = setup();
        const third = join(router);
        const events = following(asker, kind);
        const id = other.ask(create, 1, shared, 'a.b');
        third.ask(create, 1, shared, 'a.b');
        third.ask(create, 2, shared, 'a.b');
        expect(events()).toEqual([
          ['on_create', other.id, { id, created: ISO, uri: 'a.b', match: 'exact', ...shared }],
          [enter, other.id, id],
          [enter, third.id, id],
        ]);
        other.send(opposite, 2, id);
        third.lose();
        expect(events()).toEqual([
          [leave, other.id, id],
          [leave, third.id, id],
          ['on_delete', third.id, id],
        ]);
      });
    });
  }

  it('tells nothing of those who follow it', () => {
    const { asker, other } = setup();
    const events = following(asker, 'subscription');
    other.send(UNSUBSCRIBE, 2, other.ask(SUBSCRIBE, 1, {}, 'wamp.session.on_join'));
    expect(events()).toEqual([]);
  });

  it('tells a revoked subscription as left', () => {
    const { router, asker, other } = setup();
    const events = following(asker, 'subscription');
    const id = other.ask(SUBSCRIBE, 1, {}, 'a.b');
    events();
    router.revokeSubscription('realm1', other.id, 'a.b');
    expect(events()).toEqual([
      ['on_unsubscribe', other.id, id],
      ['on_delete', other.id, id],
    ]);
  });

  it('is the router only: nobody else registers or publishes there', () => {
    const { asker, other } = setup();
    const events = following(asker, 'session');
    other.send(PUBLISH, 1, { acknowledge: true }, 'wamp.session.on_join', [{ session: 1 }]);
    other.send(REGISTER, 2, {}, 'wamp.session.count');
    expect(other.take().map(([, type, , , uri]) => [type, uri])).toEqual([
      [PUBLISH, 'wamp.error.invalid_uri'],
      [REGISTER, 'wamp.error.invalid_uri'],
    ]);
    expect(events()).toEqual([]);
    expect(asked(asker, 'wamp.registration.match', ['wamp.session.count'])).toEqual([null]);
  });

  it('is of one realm: nothing is told in another', () => {
    const { router } = setup(0);
    const events = following(join(router, ROLES, 'realm2'), 'session');
    join(router);
    expect(events()).toEqual([]);
  });

  it('answers whatever options a call has, and what it does not have with no_such_procedure', () => {
    const { asker } = setup();
    asker.send(CALL, 1, { receive_progress: true, timeout: 5, disclose_me: true }, 'wamp.session.count');
    expect(asker.take()).toEqual([[RESULT, 1, {}, [2]]]);
    expect(asked(asker, 'wamp.session.add_testament')).toEqual([
      'wamp.error.no_such_procedure',
      'no callee has registered wamp.session.add_testament',
    ]);
  });

  it('can be left out of a realm, which then does not announce it and tells nothing', () => {
    const router = new Router({ realms: [{ name: 'realm1', meta: false }] });
    const client = new Client(router);
    client.send(HELLO, 'realm1', { roles: ROLES });
    const [[, , details] = []] = client.take();
    const { broker, dealer } = (details as { roles: { broker: { features: object }; dealer: { features: object } } }).roles;
    expect([...Object.keys(broker.features), ...Object.keys(dealer.features)].filter((name) => name.includes('meta'))).toEqual([]);
    client.ask(SUBSCRIBE, 1, { match: 'prefix' }, 'wamp.');
    join(router).ask(SUBSCRIBE, 1, {}, 'a.b');
    client.send(CALL, 2, {}, 'wamp.session.count');
    expect(client.take()).toEqual([[ERROR, CALL, 2, {}, 'wamp.error.no_such_procedure', ['no callee has registered wamp.session.count']]]);
  });

  it('tells a session nothing of its own end', () => {
    const { asker, other } = setup();
    const ids: Id[] = ['wamp.session.on_leave', 'wamp.subscription.on_unsubscribe', 'a.b'].map((topic, index) =>
      other.ask(SUBSCRIBE, index + 1, {}, topic),
    );
    other.take();
    asker.send(CALL, 1, {}, 'wamp.session.kill', [other.id]);
    expect(ids.length).toBe(3);
    expect(other.take().map(([code]) => code)).toEqual([GOODBYE]);
    expect(asker.take()).toEqual([[RESULT, 1, {}]]);
  });
});
