// Remote calls by name: a proxy that gathers a URI from property names, and calls it.
// Knows no contract at run time: names are checked by the compiler only.
import { map } from 'rxjs';
import type { Operations } from '../client/operations.ts';
import type { Uri } from '../protocol/messages.ts';
import { answer } from './answer.ts';
import { KwargsMark } from './kwargs.ts';
import type { Contract, Rpc } from './types.ts';

/** What calls: a client, a session, or one of them seen through a contract. */
export type Calls = Pick<Operations, 'call'>;

/**
 * Remote calls by name: `rpc(client).com.example.add(1, 2)` calls `com.example.add`. Every name but `then` is a part of the URI.
 *
 * @returns Of each call: an Observable of the result's first value that can also be awaited. Cold, like `call`. Keyword arguments are
 *   `kwargs({ … })`, in the last place. Without a contract as type argument it is `any`.
 */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- see Rpc
export function rpc<C extends Contract = any>(operations: Calls): Rpc<C> {
  return named(operations, '') as Rpc<C>;
}

function named(operations: Calls, uri: Uri): unknown {
  // The target has to be a function to be called; an arrow has no property that a proxy must not hide.
  return new Proxy(() => undefined, {
    // Asked for `then` when it is awaited, and for symbols when it is printed or iterated: it is neither a promise nor a list.
    get: (_, name) => (name === 'then' || typeof name === 'symbol' ? undefined : named(operations, uri === '' ? name : `${uri}.${name}`)),
    set: () => false,
    defineProperty: () => false,
    apply: (_, _this, args: unknown[]) => called(operations, uri, args),
  });
}

function called(operations: Calls, uri: Uri, args: readonly unknown[]): unknown {
  if (uri === '') throw new TypeError('rpc needs the name of a procedure: rpc.com.example.add(1, 2)');
  const last = args.at(-1);
  const marked = last instanceof KwargsMark;
  const positional = marked ? args.slice(0, -1) : args;
  const misplaced = positional.findIndex((arg) => arg instanceof KwargsMark);
  if (misplaced !== -1) throw new TypeError(`kwargs(…) is argument ${misplaced + 1} of ${args.length} of ${uri}: it comes last, and once`);
  return answer(operations.call(uri, positional, marked ? (last.kwargs as object) : undefined).pipe(map(({ value }) => value)));
}
