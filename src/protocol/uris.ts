// URIs: the loose and the strict rule, and the patterns with empty components.
// Checked before anything is sent: some routers close the link on a bad one.
// Source: WAMP basic profile, "URIs"; advanced profile, "Pattern-based Subscriptions".
import type { Uri } from './messages.ts';

/** How a subscription or a registration matches; a prefix may end in an empty component, a wildcard has them anywhere. */
export type Match = 'exact' | 'prefix' | 'wildcard';

const LOOSE: Readonly<Record<Match, RegExp>> = {
  exact: /^([^\s.#]+\.)*[^\s.#]+$/,
  prefix: /^([^\s.#]+\.)*[^\s.#]*$/,
  wildcard: /^([^\s.#]*\.)*[^\s.#]*$/,
};
const STRICT: Readonly<Record<Match, RegExp>> = {
  exact: /^([0-9a-z_]+\.)*[0-9a-z_]+$/,
  prefix: /^([0-9a-z_]+\.)*[0-9a-z_]*$/,
  wildcard: /^([0-9a-z_]*\.)*[0-9a-z_]*$/,
};

/** Whether a text is a URI by the loose rule: no white space, no `#`, no empty component but where the match allows one. */
export function isUri(uri: unknown, match: Match = 'exact'): uri is Uri {
  return typeof uri === 'string' && LOOSE[match].test(uri);
}

/** Whether a text is a URI by the strict rule: components of lower-case letters, digits and underscores. */
export function isStrictUri(uri: unknown, match: Match = 'exact'): uri is Uri {
  return typeof uri === 'string' && STRICT[match].test(uri);
}
