import { Router, type RouterOptions } from '../../src/router/index.ts';

/** What a caller without types may give. */
function make(options: unknown): Router {
  return new Router(options as RouterOptions);
}

describe('Options of the router', () => {
  describe('constructor', () => {
    const refused: readonly (readonly [fact: string, options: unknown, message: string])[] = [
      ['no options', undefined, "options of Router must be an object like { realms: ['realm1'] }, not undefined"],
      [
        'a list of realms instead of options',
        ['realm1'],
        `options of Router must be an object like { realms: ['realm1'] }, not the list of "realm1"`,
      ],
      ['no realms', {}, "option realms of Router must be a list of at least one realm, like ['realm1'], not undefined"],
      [
        'an empty list of realms',
        { realms: [] },
        "option realms of Router must be a list of at least one realm, like ['realm1'], not an empty list",
      ],
      [
        'a text for realms',
        { realms: 'realm1' },
        `option realms of Router must be a list of at least one realm, like ['realm1'], not the text "realm1"`,
      ],
      [
        'a realm that is no URI',
        { realms: ['realm1', 'a b'] },
        'option name of realms[1] must be a URI like com.example.realm, without spaces, # or empty parts, not the text "a b"',
      ],
      [
        'a realm of another type',
        { realms: [1] },
        "options of realms[0] must be an object like { name: 'realm1' }, or a URI, not the number 1",
      ],
      [
        'a realm without a name',
        { realms: [{}] },
        'option name of realms[0] must be a URI like com.example.realm, without spaces, # or empty parts, not undefined',
      ],
      ['a realm with a misspelt option', { realms: [{ name: 'a', aut: {} }] }, 'unknown option aut of realms[0]: it has name, auth, meta'],
      [
        'a realm whose auth is no object',
        { realms: [{ name: 'a', auth: 'no' }] },
        'option auth of realms[0] must be an object like { ticket: { joe: … } }, not the text "no"',
      ],
      ...(
        [
          ['an unknown method', { tickets: {} }, 'unknown option tickets of auth of realms[0]: it has anonymous, ticket, wampcra, custom'],
          [
            'a text for anonymous',
            { anonymous: 'guest' },
            'option anonymous of auth of realms[0] must be true, false or an object like { authrole: … }, not the text "guest"',
          ],
          [
            'a wrong role of anonymous',
            { anonymous: { authrole: 1 } },
            'option authrole of anonymous in auth of realms[0] must be a text, not the number 1',
          ],
          [
            'a list of users, without showing it',
            { ticket: ['tina'] },
            'ticket in auth of realms[0] must be users by their authid, or a function, not a list',
          ],
          [
            'a text for the users, without showing it',
            { wampcra: 'secret' },
            'wampcra in auth of realms[0] must be users by their authid, or a function, not a string',
          ],
          [
            'an empty ticket',
            { ticket: { tina: '' } },
            'user "tina" of ticket in auth of realms[0] has no ticket: give a text that is not empty, or { ticket: … }',
          ],
          [
            'a secret that is a number, without showing it',
            { wampcra: { cora: { secret: 4711 } } },
            'user "cora" of wampcra in auth of realms[0] has no secret: give a text that is not empty, or { secret: … }',
          ],
          [
            'a user without a secret',
            { wampcra: { cora: { password: 'x' } } },
            'user "cora" of wampcra in auth of realms[0] has no secret: give a text that is not empty, or { secret: … }',
          ],
          [
            'a user with a misspelt option',
            { wampcra: { cora: { secret: 'x', role: 'admin' } } },
            'unknown option role of user "cora" of wampcra in auth of realms[0]: it has secret, authrole, authprovider, salt, iterations, keylen',
          ],
          [
            'too few rounds',
            { wampcra: { cora: { secret: 'x', salt: 'y', iterations: 0 } } },
            'option iterations of user "cora" of wampcra in auth of realms[0] must be a whole number from 1 to 10 million, not the number 0',
          ],
          [
            'a login that is none',
            { custom: [{ authmethod: 'x' }] },
            'option custom of auth of realms[0] must be a list of logins, each with authmethod and begin, not the list of an object',
          ],
        ] as const
      ).map(([fact, auth, message]) => [fact, { realms: [{ name: 'a', auth }] }, message] as const),
      [
        'a wrong loginTimeoutMs',
        { realms: ['a'], loginTimeoutMs: -1 },
        'option loginTimeoutMs of Router must be a number of milliseconds, 0 or more, not the number -1',
      ],
      [
        'a wrong logger',
        { realms: ['a'], logger: true },
        'option logger of Router must be a logger with a method error, or false, not true',
      ],
      ['a realm twice', { realms: ['a', { name: 'a' }] }, 'the realm "a" is declared twice: leave one out'],
      [
        'a misspelt option',
        { realm: 'realm1', realms: ['realm1'] },
        'unknown option realm of Router: it has realms, agent, sequentialIds, maxQueueBytes, goodbyeTimeoutMs, loginTimeoutMs, intercept, logger',
      ],
      ['a wrong agent', { realms: ['a'], agent: 1 }, 'option agent of Router must be a text, not the number 1'],
      ['a wrong sequentialIds', { realms: ['a'], sequentialIds: null }, 'option sequentialIds of Router must be true or false, not null'],
      [
        'a wrong maxQueueBytes',
        { realms: ['a'], maxQueueBytes: 0 },
        'option maxQueueBytes of Router must be a number of bytes above 0, not the number 0',
      ],
      [
        'a wrong goodbyeTimeoutMs',
        { realms: ['a'], goodbyeTimeoutMs: NaN },
        'option goodbyeTimeoutMs of Router must be a number of milliseconds, 0 or more, not the number NaN',
      ],
      ['a wrong meta of a realm', { realms: [{ name: 'a', meta: 1 }] }, 'option meta of realms[0] must be true or false, not the number 1'],
      ['a wrong intercept', { realms: ['a'], intercept: {} }, 'option intercept of Router must be a function, not an object'],
    ];
    for (const [fact, options, message] of refused) {
      it(`refuses ${fact}`, () => {
        expect(() => make(options)).toThrowError(TypeError, message);
      });
    }

    it('takes what is undefined for what is left out', () => {
      const router = make({ realms: [{ name: 'a', auth: undefined }], agent: undefined, maxQueueBytes: Infinity, other: undefined });
      expect(router.sessions('a')).toEqual([]);
    });
  });

  describe('transport', () => {
    it('refuses options that cannot be meant, before it is used', () => {
      const router = make({ realms: ['a'] });
      const refused: readonly (readonly [options: object, message: string])[] = [
        [{ serialiser: 1 }, 'unknown option serialiser of transport: it has serializer, maxMessageBytes'],
        [{ serializer: () => {} }, 'option serializer of transport must be a serializer like json(), not a function'],
        [{ maxMessageBytes: -1 }, 'option maxMessageBytes of transport must be a whole number of bytes from 1, not the number -1'],
      ];
      for (const [options, message] of refused) expect(() => router.transport(options)).toThrowError(TypeError, message);
    });
  });
});
