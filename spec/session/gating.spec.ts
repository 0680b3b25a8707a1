// What a router did not announce and would misread is refused here.
import type { WampError } from '../../src/protocol/errors.ts';
import { FORCE, NO_OPTIONS } from '../../src/session/gating.ts';
import { expectNothingLeft, setup } from './setup.ts';

const URI = 'com.example.thing';
const NONE = { roles: { broker: {}, dealer: { features: { call_timeout: false } } } };
type Operation = 'topic' | 'register' | 'call' | 'publish';

const RULES: readonly (readonly [operation: Operation, option: string, role: 'broker' | 'dealer', feature: string])[] = [
  ['topic', 'match', 'broker', 'pattern_based_subscription'],
  ['register', 'match', 'dealer', 'pattern_based_registration'],
  ['register', 'invoke', 'dealer', 'shared_registration'],
  ['call', 'timeout', 'dealer', 'call_timeout'],
  ['publish', 'exclude_me', 'broker', 'publisher_exclusion'],
  ...['exclude', 'exclude_authid', 'exclude_authrole', 'eligible', 'eligible_authid', 'eligible_authrole'].map(
    (option) => ['publish', option, 'broker', 'subscriber_blackwhite_listing'] as const,
  ),
];

function ask(s: ReturnType<typeof setup>, operation: Operation, options: Record<string, unknown>): unknown {
  try {
    if (operation === 'call') s.call(URI, { options });
    else return s[operation](URI, options).errors[0];
  } catch (error) {
    return error;
  }
  return undefined;
}

describe('gating', () => {
  for (const [operation, option, role, feature] of RULES) {
    const options = { [option]: 'x' };

    it(`I3 ${operation} with ${option} needs ${feature}`, () => {
      const s = setup(NONE);
      const error = ask(s, operation, options) as WampError;
      expect(error.uri).toBe('wamp.error.feature_not_supported');
      expect(error.message).toBe(
        `the router did not announce ${feature}, which ${option} for ${URI} needs: force: true sends it all the same`,
      );
      expect([s.sent, s.core.nextRequest]).toEqual([[], 1]);
      expectNothingLeft(s);
    });

    it(`I3 ${operation} with ${option} goes out where it is announced, or forced`, () => {
      const announced = setup({ roles: { [role]: { features: { [feature]: true } } } });
      expect(ask(announced, operation, options)).toBeUndefined();
      const forced = setup(NONE);
      expect(ask(forced, operation, { ...options, [FORCE]: true })).toBeUndefined();
      expect([announced.sent[0]![2], JSON.stringify(forced.sent[0]![2])]).toEqual([options, JSON.stringify(options)]);
    });
  }

  it('what a router may ignore without misreading goes out', () => {
    const s = setup(NONE);
    ask(s, 'topic', { get_retained: true });
    ask(s, 'register', { concurrency: 2 });
    ask(s, 'call', { receive_progress: true, disclose_me: true });
    ask(s, 'publish', { retain: true, acknowledge: true });
    expect(s.sent.length).toBe(4);
  });

  it('a router that announces no role at all refuses nothing that has no options', () => {
    const s = setup({ roles: {} });
    expect((['topic', 'register', 'call', 'publish'] as const).map((operation) => ask(s, operation, NO_OPTIONS))).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
    expect([s.sent.length, Object.isFrozen(NO_OPTIONS)]).toEqual([4, true]);
  });

  it('UNSUBSCRIBE and UNREGISTER pass', () => {
    const s = setup(NONE);
    const [a, b] = [s.topic(URI), s.register(URI)];
    s.receive([33, 1, 77], [65, 2, 55]);
    a.unsubscribe();
    b.unsubscribe();
    expect(s.sent.slice(2)).toEqual([
      [34, 3, 77],
      [66, 4, 55],
    ]);
  });
});
