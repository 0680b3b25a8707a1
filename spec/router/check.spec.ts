import {
  ABORT,
  AUTHENTICATE,
  CALL,
  CANCEL,
  ERROR,
  GOODBYE,
  HELLO,
  INVOCATION,
  PUBLISH,
  REGISTER,
  SUBSCRIBE,
  UNREGISTER,
  UNSUBSCRIBE,
  WELCOME,
  YIELD,
  type List,
} from '../../src/protocol/messages.ts';
import { violation } from '../../src/router/check.ts';

const ROLES = { caller: {} };

describe('violation', () => {
  const legal: readonly (readonly [fact: string, message: List])[] = [
    [
      'a HELLO with features',
      [HELLO, 'realm1', { roles: { caller: { features: { call_canceling: true } }, callee: {} }, authextra: { a: null } }],
    ],
    ['an ABORT', [ABORT, {}, 'wamp.error.canceled']],
    ['an AUTHENTICATE', [AUTHENTICATE, '', {}]],
    ['a GOODBYE', [GOODBYE, { message: 'bye' }, 'wamp.close.normal']],
    ['an ERROR for an INVOCATION', [ERROR, INVOCATION, 1, {}, 'com.example.error', [null], { a: null }]],
    ['a PUBLISH with an option that nobody knows', [PUBLISH, 1, { exclude_me: false, eligible: [2 ** 53], x_mine: 7 }, 'a.b', [], {}]],
    ['a SUBSCRIBE', [SUBSCRIBE, 2 ** 53, { match: 'wildcard' }, 'a..b']],
    ['a CALL with null among its arguments', [CALL, 1, { timeout: 0, progress: false }, 'a.b', [null], { __proto: null }]],
    ['a CANCEL', [CANCEL, 1, { mode: 'kill' }]],
    ['a REGISTER', [REGISTER, 1, { invoke: 'roundrobin' }, 'a.b']],
    ['an UNREGISTER', [UNREGISTER, 1, 1]],
    ['a YIELD without arguments', [YIELD, 1, {}]],
  ];
  for (const [fact, message] of legal) {
    it(`has nothing against ${fact}`, () => {
      expect(violation(message)).toBeUndefined();
    });
  }

  const illegal: readonly (readonly [sentence: string, message: List])[] = [
    ['a message must begin with its type, an integer', []],
    ['a message must begin with its type, an integer', ['16', 1, {}, 'a.b']],
    ['a router takes no message of type 999', [999]],
    ['a router takes no message of type 2', [WELCOME, 1, {}]],
    ['HELLO has 2 elements, which is none of its lengths', [HELLO, 'realm1']],
    ['HELLO.Realm must be a string', [HELLO, null, { roles: ROLES }]],
    ['HELLO.Details.roles must name a role', [HELLO, 'realm1', {}]],
    ['HELLO.Details.roles must name a role', [HELLO, 'realm1', { roles: {} }]],
    ['HELLO.Details.roles must be a dict', [HELLO, 'realm1', { roles: ['caller'] }]],
    ['HELLO.Details.roles.broker is no role of a client', [HELLO, 'realm1', { roles: { broker: {} } }]],
    ['HELLO.Details.roles.caller must be a dict', [HELLO, 'realm1', { roles: { caller: true } }]],
    ['HELLO.Details.roles.caller.features must be a dict', [HELLO, 'realm1', { roles: { caller: { features: [] } } }]],
    ['HELLO.Details.roles.caller.features.x must be a boolean', [HELLO, 'realm1', { roles: { caller: { features: { x: 1 } } } }]],
    ['HELLO.Details.authmethods must be a list of strings', [HELLO, 'realm1', { roles: ROLES, authmethods: 'ticket' }]],
    ['GOODBYE.Reason must be a URI', [GOODBYE, {}, 'good bye']],
    ['ERROR.REQUEST.Type must be 68', [ERROR, CALL, 1, {}, 'a.b']],
    ['ERROR.Error must be a URI', [ERROR, INVOCATION, 1, {}, 'TypeError: x']],
    ['PUBLISH.Request must be an integer from 1 to 2^53', [PUBLISH, 0, {}, 'a.b']],
    ['PUBLISH.Request must be an integer from 1 to 2^53', [PUBLISH, 1.5, {}, 'a.b']],
    ['PUBLISH.Request must be an integer from 1 to 2^53', [PUBLISH, 2 ** 53 + 2, {}, 'a.b']],
    ['PUBLISH.Options must be a dict', [PUBLISH, 1, [], 'a.b']],
    ['PUBLISH.Options.acknowledge must be a boolean', [PUBLISH, 1, { acknowledge: 1 }, 'a.b']],
    ['PUBLISH.Options.exclude must be a list of ids', [PUBLISH, 1, { exclude: ['1'] }, 'a.b']],
    ['PUBLISH.Options.eligible_authrole must be a list of strings', [PUBLISH, 1, { eligible_authrole: [1] }, 'a.b']],
    ['PUBLISH.Options.x_mine must not be null', [PUBLISH, 1, { x_mine: null }, 'a.b']],
    ['PUBLISH.Arguments must be a list', [PUBLISH, 1, {}, 'a.b', null]],
    ['PUBLISH.ArgumentsKw must be a dict', [PUBLISH, 1, {}, 'a.b', [], []]],
    ['PUBLISH has 7 elements, which is none of its lengths', [PUBLISH, 1, {}, 'a.b', [], {}, 1]],
    [
      'PUBLISH.Options.ppt_scheme must be absent, because the router does not announce payload_passthru_mode',
      [PUBLISH, 1, { ppt_scheme: 'x_a' }, 'a.b'],
    ],
    ['SUBSCRIBE.Options.match must be one of exact, prefix, wildcard', [SUBSCRIBE, 1, { match: 'regex' }, 'a.b']],
    ['SUBSCRIBE.Topic must be a string', [SUBSCRIBE, 1, {}, 7]],
    ['UNSUBSCRIBE.SUBSCRIBED.Subscription must be an integer from 1 to 2^53', [UNSUBSCRIBE, 1, 0]],
    ['CALL.Options.timeout must be an integer from 0', [CALL, 1, { timeout: -1 }, 'a.b']],
    ['CALL.Options.timeout must be an integer from 0', [CALL, 1, { timeout: 1.5 }, 'a.b']],
    [
      'CALL.Options.progress must be absent or false, because the router does not announce progressive_call_invocations',
      [CALL, 1, { progress: true }, 'a.b'],
    ],
    ['CANCEL.Options.mode must be one of skip, kill, killnowait', [CANCEL, 1, { mode: 'abort' }]],
    ['REGISTER.Options.invoke must be one of single, roundrobin, random, first, last', [REGISTER, 1, { invoke: 'all' }, 'a.b']],
    ['YIELD.Options.progress must be a boolean', [YIELD, 1, { progress: 0 }]],
  ];
  for (const [sentence, message] of illegal) {
    it(`says "${sentence}" of ${JSON.stringify(message)}`, () => {
      expect(violation(message)).toBe(sentence);
    });
  }

  it('does not take a binary for a dict', () => {
    expect(violation([PUBLISH, 1, new Uint8Array(2), 'a.b'])).toBe('PUBLISH.Options must be a dict');
  });
});
