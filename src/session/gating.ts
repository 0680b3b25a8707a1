// What a router did not announce and would misread is refused here: an ignored `match` or `eligible` is not less, it is something else.
// Knows no role; `force` is what says otherwise, and never goes on the wire.
// Source: WAMP basic profile, "Feature Announcement": an unknown option is ignored in silence.
import { WampError } from '../protocol/errors.ts';
import type { Dict, Id, List, Uri } from '../protocol/messages.ts';
import { CALL, SUBSCRIBE } from '../protocol/messages.ts';
import type { SessionCore } from './session.ts';

/** Marks options that are sent whatever the router announced. A symbol is no key for any serializer. */
export const FORCE: unique symbol = Symbol('force');

/** Options without any: most requests share them. */
export const NO_OPTIONS: Dict = Object.freeze({});

const LISTS = 'subscriber_blackwhite_listing';
/** The feature that an option needs, by its name; that of a pattern is the broker's or the dealer's. */
const FEATURES: Readonly<Record<string, string>> = {
  match: 'pattern_based_',
  invoke: 'shared_registration',
  timeout: 'call_timeout',
  exclude_me: 'publisher_exclusion',
  exclude: LISTS,
  exclude_authid: LISTS,
  exclude_authrole: LISTS,
  eligible: LISTS,
  eligible_authid: LISTS,
  eligible_authrole: LISTS,
};

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
    let feature = FEATURES[option];
    if (feature === undefined || FORCE in options) continue;
    if (option === 'match') feature += code === SUBSCRIBE ? 'subscription' : 'registration';
    if (!core.announces(code < CALL ? 'broker' : 'dealer', feature))
      throw new WampError(
        'wamp.error.feature_not_supported',
        `the router did not announce ${feature}, which ${option} for ${uri} needs: force: true sends it all the same`,
      );
  }
}
