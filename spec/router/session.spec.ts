import { ConnectionError } from '../../src/protocol/errors.ts';
import { ABORT, AUTHENTICATE, CALL, GOODBYE, HELLO, PUBLISH, SUBSCRIBE, SUBSCRIBED, WELCOME, YIELD } from '../../src/protocol/messages.ts';
import { Garbled } from '../../src/protocol/sink.ts';
import { Router } from '../../src/router/index.ts';
import { Client, join, ROLES } from './client.ts';

const VIOLATION = 'wamp.error.protocol_violation';

function setup(options: Partial<ConstructorParameters<typeof Router>[0]> = {}): Router {
  return new Router({ realms: ['realm1', { name: 'secret', auth: {} }], ...options });
}

describe('Router', () => {
  it('tells the ids of a realm’s sessions', () => {
    const router = setup();
    const [first, second] = [join(router), join(router)];
    expect(router.sessions('realm1')).toEqual([first.id, second.id]);
  });

  it('says GOODBYE to everybody when it closes, and resolves when all have echoed', async () => {
    const router = setup();
    const [joined, joining] = [join(router), new Client(router)];
    const closed = router.close();
    expect(joined.take()).toEqual([[GOODBYE, { message: 'the router is closing' }, 'wamp.close.system_shutdown']]);
    expect(joining.take()).toEqual([[ABORT, { message: 'the router is closing' }, 'wamp.close.system_shutdown']]);
    joined.send(GOODBYE, {}, 'wamp.close.goodbye_and_out');
    await closed;
    expect([joined.ended, joining.ended]).toEqual([true, true]);
  });

  it('refuses every way in as soon as it closes', async () => {
    const router = setup();
    const closed = router.close();
    const sentence = 'the router is closed: make a new one';
    expect(() => new Client(router)).toThrowError(ConnectionError, sentence);
    expect(() => router.transport()).toThrowError(ConnectionError, sentence);
    await expectAsync(router.listen({ port: 0 })).toBeRejectedWithError(ConnectionError, sentence);
    await closed;
    expect(() => new Client(router)).toThrowError(ConnectionError, sentence);
  });

  it('hands every message to intercept, which drops or changes it', () => {
    const seen: unknown[] = [];
    const router = setup({
      intercept: (direction, message, session) => {
        seen.push([direction, message[0], typeof session]);
        if (message[0] === SUBSCRIBED) return undefined;
        return message[0] === SUBSCRIBE ? [SUBSCRIBE, message[1], {}, 'changed'] : message;
      },
    });
    const client = join(router);
    client.send(SUBSCRIBE, 1, {}, 'a.b');
    expect(client.take()).toEqual([]);
    expect(router.revokeSubscription('realm1', client.id, 'changed')).toBeTrue();
    expect(seen.slice(0, 4)).toEqual([
      ['in', HELLO, 'number'],
      ['out', WELCOME, 'number'],
      ['in', SUBSCRIBE, 'number'],
      ['out', SUBSCRIBED, 'number'],
    ]);
  });

  it('ends the link with an ABORT when intercept throws, and throws nothing into the transport', () => {
    const client = new Client(
      setup({
        intercept: (direction, message) => {
          if (direction === 'in') throw new TypeError('oops');
          return message;
        },
      }),
    );
    client.send(HELLO, 'realm1', { roles: ROLES });
    expect(client.take()).toEqual([[ABORT, { message: 'the router failed: TypeError: oops' }, 'wamp.error.runtime_error']]);
  });
});

describe('RouterSession', () => {
  describe('HELLO', () => {
    it('is answered with WELCOME: the principal, the agent and exactly the implemented features', () => {
      const client = new Client(setup({ agent: 'spec' }));
      client.send(HELLO, 'realm1', { roles: ROLES, authmethods: ['ticket', 'anonymous'] });
      expect(client.take()).toEqual([
        [
          WELCOME,
          client.link.id,
          {
            realm: 'realm1',
            authid: jasmine.any(String),
            authrole: 'anonymous',
            authmethod: 'anonymous',
            authprovider: 'static',
            agent: 'spec',
            roles: {
              broker: {
                features: {
                  event_retention: true,
                  pattern_based_subscription: true,
                  publisher_exclusion: true,
                  publisher_identification: true,
                  session_meta_api: true,
                  subscriber_blackwhite_listing: true,
                  subscription_meta_api: true,
                  subscription_revocation: true,
                },
              },
              dealer: {
                features: {
                  call_canceling: true,
                  call_timeout: true,
                  caller_identification: true,
                  pattern_based_registration: true,
                  progressive_call_results: true,
                  registration_meta_api: true,
                  registration_revocation: true,
                  session_meta_api: true,
                  shared_registration: true,
                },
              },
            },
          },
        ],
      ]);
    });

    const refused: readonly (readonly [fact: string, realm: string, details: object, uri: string, message: string])[] = [
      ['an unknown realm', 'nowhere', {}, 'wamp.error.no_such_realm', 'this router has no realm "nowhere"'],
      ['a realm that is no URI', 'no where', {}, 'wamp.error.invalid_uri', 'HELLO.Realm "no where" is not a URI'],
      [
        'methods without anonymous',
        'realm1',
        { authmethods: ['ticket'] },
        'wamp.error.no_matching_auth_method',
        'realm "realm1" accepts anonymous; the client offers ticket',
      ],
      [
        'no login in a realm that asks for one',
        'secret',
        {},
        'wamp.error.no_matching_auth_method',
        'realm "secret" accepts nobody; the client offers anonymous',
      ],
    ];
    for (const [fact, realm, details, uri, message] of refused) {
      it(`with ${fact} is answered with ABORT, and the link ends`, () => {
        const client = new Client(setup());
        client.send(HELLO, realm, { roles: ROLES, ...details });
        expect(client.take()).toEqual([[ABORT, { message }, uri]]);
        expect(client.ended).toBeTrue();
      });
    }

    it('is a violation the second time, and nothing that follows is heard', () => {
      const router = setup();
      const client = join(router);
      client.send(HELLO, 'realm1', { roles: ROLES });
      client.send(PUBLISH, 1, { acknowledge: true }, 'a.b');
      expect(client.take()).toEqual([[ABORT, { message: 'HELLO in an open session' }, VIOLATION]]);
      expect([client.ended, router.counts().sessions]).toEqual([true, 0]);
    });
  });

  describe('a violation', () => {
    it('before HELLO is any other message', () => {
      const client = new Client(setup());
      client.send(GOODBYE, {}, 'wamp.close.normal');
      expect(client.take()).toEqual([[ABORT, { message: 'GOODBYE before HELLO' }, VIOLATION]]);
    });

    it('is a message that the check refuses, named in the ABORT', () => {
      const client = join(setup());
      client.send(PUBLISH, 1, { acknowledge: 1 }, 'a.b');
      expect(client.take()).toEqual([[ABORT, { message: 'PUBLISH.Options.acknowledge must be a boolean' }, VIOLATION]]);
    });

    it('is a frame that cannot be decoded', () => {
      const client = join(setup());
      client.garble(new Garbled(new SyntaxError('broken')));
      expect(client.take()).toEqual([[ABORT, { message: 'a frame could not be decoded' }, VIOLATION]]);
    });

    it('is a message of a role that was not announced', () => {
      const client = join(setup(), { caller: {} });
      client.send(PUBLISH, 1, {}, 'a.b');
      expect(client.take()).toEqual([[ABORT, { message: 'PUBLISH from a client that did not announce the role publisher' }, VIOLATION]]);
    });

    it('is an AUTHENTICATE that nobody asked for', () => {
      const client = join(setup());
      client.send(AUTHENTICATE, 'secret', {});
      expect(client.take()).toEqual([[ABORT, { message: 'AUTHENTICATE in an open session' }, VIOLATION]]);
    });

    it('is a YIELD for an invocation that was never sent', () => {
      const client = join(setup());
      client.send(YIELD, 1, {});
      expect(client.take()).toEqual([[ABORT, { message: 'YIELD.INVOCATION.Request 1 was never sent' }, VIOLATION]]);
    });

    it('is a gap in the request ids, if the router was told to look', () => {
      const client = join(setup({ sequentialIds: true }));
      client.send(SUBSCRIBE, 1, {}, 'a.b');
      client.take();
      client.send(CALL, 3, {}, 'a.b');
      expect(client.take()).toEqual([[ABORT, { message: 'CALL.Request must be 2, the next of this session' }, VIOLATION]]);
    });
  });

  it('takes request ids in any order by default', () => {
    const client = join(setup());
    client.send(PUBLISH, 2 ** 53, { acknowledge: true }, 'a.b');
    client.send(PUBLISH, 7, { acknowledge: true }, 'a.b');
    expect(client.take().map(([, request]) => request)).toEqual([2 ** 53, 7]);
  });

  describe('GOODBYE', () => {
    it('is echoed once, and the link ends', () => {
      const client = join(setup());
      client.send(GOODBYE, {}, 'wamp.close.close_realm');
      client.send(GOODBYE, {}, 'wamp.close.close_realm');
      expect(client.take()).toEqual([[GOODBYE, {}, 'wamp.close.goodbye_and_out']]);
      expect(client.ended).toBeTrue();
    });

    it('of the router is sent once; everything but the echo is ignored, and the echo ends the link', async () => {
      const client = join(setup());
      const gone = client.link.goodbye('wamp.close.killed', 'enough');
      void client.link.goodbye('wamp.close.killed', 'enough');
      client.send(SUBSCRIBE, 1, {}, 'a.b');
      client.send(SUBSCRIBE, 1, { match: 'nonsense' }, 'a.b');
      expect(client.take()).toEqual([[GOODBYE, { message: 'enough' }, 'wamp.close.killed']]);
      expect(client.ended).toBeFalse();
      client.send(GOODBYE, {}, 'wamp.close.goodbye_and_out');
      await gone;
      expect([client.ended, client.take()]).toEqual([true, []]);
    });

    it('of the router that is not echoed ends the link after the limit', async () => {
      const client = join(setup({ goodbyeTimeoutMs: 5 }));
      await client.link.goodbye('wamp.close.killed', 'enough');
      expect(client.ended).toBeTrue();
    });
  });

  it('answers an ABORT with nothing', () => {
    const router = setup();
    const client = join(router);
    client.send(ABORT, {}, 'wamp.error.protocol_violation');
    expect([client.take(), client.ended, router.sessions('realm1')]).toEqual([[], true, []]);
  });

  describe('whose client reads too slowly', () => {
    it('drops and counts its events above maxQueueBytes, and never its replies', () => {
      const router = setup({ maxQueueBytes: 1000 });
      const [slow, publisher] = [join(router), join(router)];
      slow.ask(SUBSCRIBE, 1, {}, 'a.b');
      slow.bufferedAmount = 1001;
      publisher.send(PUBLISH, 1, {}, 'a.b');
      slow.send(SUBSCRIBE, 2, {}, 'a.c');
      expect(slow.take().map(([code]) => code)).toEqual([SUBSCRIBED]);
      expect(router.counts().dropped).toBe(1);
      slow.bufferedAmount = 1000;
      publisher.send(PUBLISH, 2, {}, 'a.b');
      expect(slow.take().length).toBe(1);
      slow.lose();
      expect(router.counts().dropped).toBe(1);
    });

    it('ends its link above four times maxQueueBytes, and says why', async () => {
      const router = setup({ maxQueueBytes: 1000 });
      const [slow, publisher] = [join(router), join(router)];
      slow.ask(SUBSCRIBE, 1, {}, 'a.b');
      slow.bufferedAmount = 4001;
      publisher.send(PUBLISH, 1, {}, 'a.b');
      publisher.send(PUBLISH, 2, {}, 'a.b');
      expect(slow.ended).toBeFalse();
      await Promise.resolve();
      expect(slow.take()).toEqual([
        [ABORT, { message: 'more than 4000 bytes wait for this client: it reads too slowly' }, 'wamp.error.network_failure'],
      ]);
      expect([slow.ended, router.counts().subscriptions]).toEqual([true, 0]);
    });
  });
});
