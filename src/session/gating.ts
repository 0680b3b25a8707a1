// What a router did not announce and would misread is refused here: an ignored `match` or `eligible` is not less, it is something else.
// Knows no role; `force` is what says otherwise, and never goes on the wire.
// Source: WAMP basic profile, "Feature Announcement": an unknown option is ignored in silence.
import { WampError } from '../protocol/errors.ts';
import type { Dict, Id, List, Uri } from '../protocol/messages.ts';
import { CALL, PUBLISH, REGISTER, SUBSCRIBE } from '../protocol/messages.ts';
import type { SessionCore } from './session.ts';

/** Marks options that are sent whatever the router announced. A symbol is no key for any serializer. */
export const FORCE: unique symbol = Symbol('force');

/** Options without any: most requests share them. */
export const NO_OPTIONS: Dict = Object.freeze({});

/** The feature that an option needs, by the code of its request and its name. */
const FEATURES: Readonly<Record<string, string>> = {
  [`${SUBSCRIBE} match`]: 'pattern_based_subscription',
  [`${REGISTER} match`]: 'pattern_based_registration',
  [`${REGISTER} invoke`]: 'shared_registration',
  [`${CALL} timeout`]: 'call_timeout',
  [`${PUBLISH} exclude_me`]: 'publisher_exclusion',
};
const LISTS = new RegExp(`^${PUBLISH} (exclude|eligible)`);

/**
 * Refuses a request with an option that this router would misread.
 * @param message The request; its options stand at the third place.
 * @throws {WampError} `wamp.error.feature_not_supported`
 */
export function checkAnnounced(core: SessionCore, message: List): void {
  const [code, , options, uri] = message as readonly [number, Id, Dict, Uri];
  if (options === NO_OPTIONS) return;
  // UNSUBSCRIBE and UNREGISTER have an id in the place of options, and no key.
  for (const option in options) {
    const key = `${code} ${option}`;
    const feature = FEATURES[key] ?? (LISTS.test(key) ? 'subscriber_blackwhite_listing' : undefined);
    if (feature !== undefined && !(FORCE in options) && !core.announces(code < CALL ? 'broker' : 'dealer', feature))
      throw new WampError(
        'wamp.error.feature_not_supported',
        `the router did not announce ${feature}, which ${option} for ${uri} needs: force: true sends it all the same`,
      );
  }
}
