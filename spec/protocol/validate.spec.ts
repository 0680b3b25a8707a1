// The validator: every row of its table, and the sentences themselves.
import { explain } from '../../src/protocol/validate.ts';

const roles = { caller: {} };
const ID = 'an id (an integer from 1 to 2^53)';

/** One well-formed message of each type, as short as it may be; how long it may be; and who sends it. */
const TYPES: readonly (readonly [name: string, message: readonly unknown[], most: number, from: string])[] = [
  ['HELLO', [1, 'realm1', { roles }], 3, 'client'],
  ['WELCOME', [2, 2 ** 53, { roles }], 3, 'router'],
  ['ABORT', [3, {}, 'wamp.error.no_such_realm'], 5, 'both'],
  ['CHALLENGE', [4, 'ticket', {}], 3, 'router'],
  ['AUTHENTICATE', [5, 'secret', {}], 3, 'client'],
  ['GOODBYE', [6, {}, 'wamp.close.normal'], 3, 'both'],
  ['ERROR', [8, 48, 1, {}, 'com.example.error'], 7, 'router'],
  ['PUBLISH', [16, 1, {}, 'com.example.news'], 6, 'client'],
  ['PUBLISHED', [17, 1, 2], 3, 'router'],
  ['SUBSCRIBE', [32, 1, {}, 'com.example.news'], 4, 'client'],
  ['SUBSCRIBED', [33, 1, 2], 3, 'router'],
  ['UNSUBSCRIBE', [34, 1, 2], 3, 'client'],
  ['UNSUBSCRIBED', [35, 1], 3, 'router'],
  ['EVENT', [36, 1, 2, {}], 6, 'router'],
  ['CALL', [48, 1, {}, 'com.example.add'], 6, 'client'],
  ['CANCEL', [49, 1, {}], 3, 'client'],
  ['RESULT', [50, 1, {}], 5, 'router'],
  ['REGISTER', [64, 1, {}, 'com.example.add'], 4, 'client'],
  ['REGISTERED', [65, 1, 2], 3, 'router'],
  ['UNREGISTER', [66, 1, 2], 3, 'client'],
  ['UNREGISTERED', [67, 1], 3, 'router'],
  ['INVOCATION', [68, 1, 2, {}], 6, 'router'],
  ['INTERRUPT', [69, 1, {}], 3, 'router'],
  ['YIELD', [70, 1, {}], 5, 'client'],
];

describe('explain', () => {
  for (const [name, message, most, from] of TYPES) {
    it(`${name}: is well-formed at its shortest, and only from where it comes`, () => {
      expect(explain(message)).toBeUndefined();
      for (const sender of ['router', 'client'] as const) {
        if (from === 'both' || from === sender) expect(explain(message, sender)).toBeUndefined();
        else if (name !== 'ERROR') expect(explain(message, sender)).toBe(`${name} comes from a ${from}, not from a ${sender}`);
        else expect(explain(message, sender)).toBe('ERROR[1] type must be that of a request, not 48 from a client');
      }
    });

    it(`${name}: has neither fewer nor more elements`, () => {
      const least = message.length;
      const range = least === most ? String(most) : `${least} to ${most}`;
      const longer = [...message, ...new Array<unknown>(most + 1 - least).fill({})];
      expect(explain(message.slice(0, -1))).toBe(`${name} has ${range} elements, not ${least - 1}`);
      expect(explain(longer)).toBe(`${name} has ${range} elements, not ${most + 1}`);
    });

    it(`${name}: is refused with a wrong type at any position, naming the position`, () => {
      for (let i = 1; i < message.length; i++) {
        for (const wrong of [null, true, undefined, -1, 1.5, [[]]]) {
          const sentence = explain(message.with(i, wrong));
          expect(sentence)
            .withContext(`${name}[${i}] ${String(wrong)}`)
            .toMatch(new RegExp(`^${name}\\[${i}\\] [a-z]+ must be .+, not .+`));
        }
      }
    });

    if (most > message.length && message.length > 2) {
      it(`${name}: takes empty and full payloads, and no null`, () => {
        const at = message.length;
        expect([[[]], [[], {}], [[1], { a: 1 }]].map((tail) => explain([...message, ...tail]))).toEqual([undefined, undefined, undefined]);
        expect(explain([...message, null])).toBe(`${name}[${at}] args must be a list, not null`);
        expect(explain([...message, [], null])).toBe(`${name}[${at + 1}] kwargs must be a dict, not null`);
        expect(explain([...message, { a: 1 }])).toBe(`${name}[${at}] args must be a list, not a dict`);
        expect(explain([...message, [], []])).toBe(`${name}[${at + 1}] kwargs must be a dict, not a list`);
      });
    }
  }

  it('says what is no message at all', () => {
    expect([undefined, null, 5, 'x', {}, new Uint8Array(2)].map((value) => explain(value))).toEqual(
      ['undefined', 'null', 'a number', 'a string', 'a dict', 'binary'].map((kind) => `a message must be a list, not ${kind}`),
    );
    expect([[], [99], ['50'], [7], [-1], [1.5], ['__proto__']].map((value) => explain(value))).toEqual(
      ['undefined', '99', '"50"', '7', '-1', '1.5', '"__proto__"'].map(
        (code) => `a message must start with the code of a message type, not ${code}`,
      ),
    );
  });

  it('trap 6: 2^53 is an id, and 0, 2^53 + 2, fractions and text are none', () => {
    expect(explain([50, 2 ** 53, {}])).toBeUndefined();
    expect(explain([50, '7', {}])).toBe(`RESULT[1] request must be ${ID}, not "7"`);
    expect(explain([50, 0, {}])).toBe(`RESULT[1] request must be ${ID}, not 0`);
    expect(explain([50, 2 ** 53 + 2, {}])).toBe(`RESULT[1] request must be ${ID}, not 9007199254740994`);
    expect(explain([50, 7n, {}])).toBe(`RESULT[1] request must be ${ID}, not a bigint`);
  });

  it('M31: a number does not stand in for a boolean', () => {
    expect(explain([36, 1, 2, { retained: 1 }])).toBe('EVENT[3] details.retained must be a boolean, not 1');
    expect(explain([48, 1, { receive_progress: 'yes' }, 'a'])).toBe('CALL[2] options.receive_progress must be a boolean, not "yes"');
  });

  it('M33: ignores keys that it does not know, and those that another message knows', () => {
    expect(explain([36, 1, 2, { x_other: 1, _impl: 2, acknowledge: 3, constructor: 4 }])).toBeUndefined();
  });

  it('takes a key that is undefined for absent', () => {
    expect(explain([48, 1, { timeout: undefined }, 'a'])).toBeUndefined();
  });

  it('checks the types of all known keys', () => {
    const wrong: readonly (readonly [message: readonly unknown[], sentence: string])[] = [
      [[1, 'r', { roles, authmethods: 'ticket' }], 'HELLO[2] details.authmethods must be a list, not a string'],
      [[1, 'r', { roles, authmethods: ['ticket', 1] }], 'HELLO[2] details.authmethods[1] must be a string, not a number'],
      [[1, 'r', { roles, authextra: [] }], 'HELLO[2] details.authextra must be a dict, not a list'],
      [[2, 1, { roles, authid: 5 }], 'WELCOME[2] details.authid must be a string, not a number'],
      [[3, { message: {} }, 'a'], 'ABORT[1] details.message must be a string, not a dict'],
      [[16, 1, { exclude: [1, 'a'] }, 'a'], `PUBLISH[2] options.exclude[1] must be ${ID}, not "a"`],
      [[16, 1, { eligible_authrole: [5] }, 'a'], 'PUBLISH[2] options.eligible_authrole[0] must be a string, not a number'],
      [
        [16, 1, { forward_for: [{ session: 1, authid: 5 }] }, 'a'],
        'PUBLISH[2] options.forward_for[0].authid must be a string, not a number',
      ],
      [[16, 1, { forward_for: [{}] }, 'a'], 'PUBLISH[2] options.forward_for[0].session is missing'],
      [[16, 1, { ppt_scheme: 1 }, 'a'], 'PUBLISH[2] options.ppt_scheme must be a string, not a number'],
      [[36, 1, 2, { topic: 5 }], 'EVENT[3] details.topic must be a string, not a number'],
      [[36, 1, 2, { trustlevel: -1 }], 'EVENT[3] details.trustlevel must be an integer, 0 or more, not -1'],
      [[48, 1, { timeout: 0.5 }, 'a'], 'CALL[2] options.timeout must be an integer, 0 or more, not 0.5'],
      [[64, 1, { concurrency: 0 }, 'a'], 'REGISTER[2] options.concurrency must be an integer, 1 or more, not 0'],
      [[68, 1, 2, { caller: 'joe' }], `INVOCATION[3] details.caller must be ${ID}, not "joe"`],
      [[70, 1, { progress: null }], 'YIELD[2] options.progress must be a boolean, not null'],
    ];
    for (const [message, sentence] of wrong) expect(explain(message)).toBe(sentence);
  });

  it('names what match, invoke and mode may be', () => {
    expect(['exact', 'prefix', 'wildcard'].map((match) => explain([32, 1, { match }, 'a']))).toEqual([undefined, undefined, undefined]);
    expect(explain([32, 1, { match: 'regex' }, 'a'])).toBe(
      'SUBSCRIBE[2] options.match must be one of "exact", "prefix", "wildcard", not "regex"',
    );
    expect(explain([64, 1, { invoke: 'all' }, 'a'])).toBe(
      'REGISTER[2] options.invoke must be one of "single", "roundrobin", "random", "first", "last", not "all"',
    );
    for (const [code, name] of [
      [49, 'CANCEL'],
      [69, 'INTERRUPT'],
    ] as const) {
      expect(explain([code, 1, { mode: 'stop' }])).toBe(`${name}[2] options.mode must be one of "skip", "kill", "killnowait", not "stop"`);
    }
  });

  it('wants roles in HELLO and WELCOME, with features that are booleans', () => {
    expect(explain([1, 'r', {}])).toBe('HELLO[2] details.roles is missing');
    expect(explain([2, 1, {}])).toBe('WELCOME[2] details.roles is missing');
    expect(explain([1, 'r', { roles: { caller: { features: { call_canceling: 1 } } } }])).toBe(
      'HELLO[2] details.roles.caller.features.call_canceling must be a boolean, not 1',
    );
  });

  it('trap 4: request 0 is a revocation, which says what is revoked', () => {
    for (const [code, name, key] of [
      [35, 'UNSUBSCRIBED', 'subscription'],
      [67, 'UNREGISTERED', 'registration'],
    ] as const) {
      const both = `${name} has details if its request is 0, a revocation, and only then`;
      expect(explain([code, 0, { [key]: 5, reason: 'wamp.error.x' }])).toBeUndefined();
      expect(explain([code, 0])).toBe(both);
      expect(explain([code, 7, { [key]: 5 }])).toBe(both);
      expect(explain([code, 0, {}])).toBe(`${name}[2] details.${key} is missing`);
      expect(explain([code, 0, { [key]: true }])).toBe(`${name}[2] details.${key} must be ${ID}, not true`);
    }
  });

  it('M38: an ERROR answers a request, of the side that it goes to', () => {
    const error = (type: unknown) => [8, type, 1, {}, 'a'];
    const accepted = (from?: 'router' | 'client') =>
      Array.from({ length: 80 }, (_, type) => type).filter((type) => explain(error(type), from) === undefined);
    expect(accepted()).toEqual([16, 32, 34, 48, 64, 66, 68]);
    expect(accepted('client')).toEqual([68]);
    // 49 and 70: nexus answers a CANCEL and a YIELD so.
    expect(accepted('router')).toEqual([16, 32, 34, 48, 49, 64, 66, 70]);
  });

  it('M65: lets binary stand in the place of the arguments, which is an old form of Crossbar.io', () => {
    expect(explain([36, 1, 2, { enc_algo: 'cryptobox' }, Uint8Array.of(1)])).toBeUndefined();
    expect(explain([36, 1, 2, {}, 'a1666e'])).toBe('EVENT[4] args must be a list, not a string');
  });

  it('takes any text for a URI: a bad one is answered with an ERROR', () => {
    expect(explain([48, 1, {}, 'not a uri'])).toBeUndefined();
    expect(explain([48, 1, {}, 5])).toBe('CALL[3] procedure must be a URI, not 5');
  });

  it('cuts a long value, and shows no payload and no secret', () => {
    expect(explain([32, 1, { match: 'm'.repeat(100) }, 'a'])).toMatch(/not "m{40}…"$/);
    expect(explain([5, ['secret'], {}])).toBe('AUTHENTICATE[1] signature must be a string, not a list');
    expect(explain([5, 'x', 'secret'])).toBe('AUTHENTICATE[2] extra must be a dict, not a string');
    expect(explain([50, 1, {}, 'secret'])).toBe('RESULT[3] args must be a list, not a string');
  });
});
