// Messages with a payload: empty lists and dictionaries are left out, keyword arguments stand behind a list.
// Knows no session.
import { type Dict, type Id, type List, type Uri, YIELD } from '../protocol/messages.ts';

/**
 * A request with a payload: empty lists and dictionaries are left out, keyword arguments stand behind a list.
 * Each is made at its full length: a list that grows takes room for sixteen more.
 */
export function withPayload(code: number, request: Id, options: Dict, uri: Uri, args: List | undefined, kwargs: Dict | undefined): List {
  if (kwargs !== undefined) return [code, request, options, uri, args ?? [], kwargs];
  return args === undefined ? [code, request, options, uri] : [code, request, options, uri, args];
}

/** The end of a message that is rare enough to be put together: as `withPayload`. */
export function tail(args: List | undefined, kwargs: Dict | undefined): List {
  if (kwargs !== undefined) return [args ?? [], kwargs];
  return args === undefined ? [] : [args];
}

/** A YIELD: as `withPayload`, without a URI. */
export function yieldOf(request: Id, options: Dict, args: List | undefined, kwargs: Dict | undefined): List {
  if (kwargs !== undefined) return [YIELD, request, options, args ?? [], kwargs];
  return args === undefined ? [YIELD, request, options] : [YIELD, request, options, args];
}
