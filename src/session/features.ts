// What HELLO announces: exactly the features that stand in the roles beside this file.
// Source: WAMP basic profile, "HELLO"; advanced profile, "Feature Announcement".
import type { Dict } from '../protocol/messages.ts';

/** HELLO.Details.roles. */
export const ROLES: Dict = {
  publisher: { features: { publisher_identification: true, subscriber_blackwhite_listing: true, publisher_exclusion: true } },
  subscriber: { features: { publisher_identification: true, pattern_based_subscription: true, subscription_revocation: true } },
  caller: { features: { caller_identification: true, progressive_call_results: true, call_canceling: true, call_timeout: true } },
  callee: {
    features: {
      caller_identification: true,
      pattern_based_registration: true,
      shared_registration: true,
      progressive_call_results: true,
      call_canceling: true,
      registration_revocation: true,
    },
  },
};
