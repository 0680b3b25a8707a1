// What a router did not announce and would misread is refused here: an ignored `match` or `eligible` is not less, it is something else.
// Knows no role; `force` is what says otherwise, and never goes on the wire.
// Source: WAMP basic profile, "Feature Announcement": an unknown option is ignored in silence.
import { WampError } from '../protocol/errors.ts';
import type { Dict, List } from '../protocol/messages.ts';
import { CALL, PUBLISH, REGISTER, SUBSCRIBE } from '../protocol/messages.ts';
import type { SessionCore } from './session.ts';

/** Marks options that are sent whatever the router announced. A symbol is no key for any serializer. */
export const FORCE: unique symbol = Symbol('force');

/** Options without any: most requests share them. */
export const NO_OPTIONS: Dict = Object.freeze({});

type Rule = readonly [option: string, role: 'broker' | 'dealer', feature: string];

const LISTS: readonly Rule[] = ['', '_authid', '_authrole'].flatMap((by) =>
  ['exclude', 'eligible'].map((list): Rule => [list + by, 'broker', 'subscriber_blackwhite_listing']),
);
const RULES: Readonly<Record<number, readonly Rule[]>> = {
  [SUBSCRIBE]: [['match', 'broker', 'pattern_based_subscription']],
  [REGISTER]: [
    ['match', 'dealer', 'pattern_based_registration'],
    ['invoke', 'dealer', 'shared_registration'],
  ],
  [CALL]: [['timeout', 'dealer', 'call_timeout']],
  [PUBLISH]: [['exclude_me', 'broker', 'publisher_exclusion'], ...LISTS],
};

/**
 * Refuses a request with an option that this router would misread.
 * @param message The request; its options stand at the third place.
 * @throws {WampError} `wamp.error.feature_not_supported`
 */
export function checkAnnounced(core: SessionCore, message: List): void {
  const rules = RULES[message[0] as number];
  // UNSUBSCRIBE and UNREGISTER have an id in the place of options.
  if (rules === undefined) return;
  const options = message[2] as Dict;
  if (options === NO_OPTIONS || FORCE in options) return;
  for (const [option, role, feature] of rules) {
    if (option in options && !core.announces(role, feature)) {
      const name = String(message[3]);
      throw new WampError(
        'wamp.error.feature_not_supported',
        `the router did not announce ${feature}, which ${option} for ${name} needs: force: true sends it all the same`,
      );
    }
  }
}
