// What a contract says, as types: from an interface of procedures and topics to the arguments and results of each operation.
// Nothing here exists at run time.
import type { Dict, List } from '../protocol/messages.ts';
import type { Answer } from './answer.ts';
import type { KwargsMark } from './kwargs.ts';

/**
 * `{ procedures: { 'a.b': { args: [x: number]; kwargs: { … }; progress: number; result: string } }; topics: { 'c.d': { args: […] } } }`;
 * each part may be left out.
 */
export interface Contract {
  readonly procedures?: object;
  readonly topics?: object;
}

export type Procedures<C> = C extends { procedures: infer P } ? P : {};
export type Topics<C> = C extends { topics: infer T } ? T : {};
export type Uris<M> = Extract<keyof M, string>;

/** Without `args` there are none. */
export type ArgsOf<S> = S extends { args: infer A extends List } ? A : [];
/** Without `kwargs` nothing is known of what arrives. */
export type KwargsOf<S> = S extends { kwargs: infer K extends object } ? K : Dict;
/** Without `result` there is no value. */
export type ResultOf<S> = S extends { result: infer R } ? R : undefined;

/**
 * Remote calls by name: `rpc.com.example.add(1, 2)` gives the final value.
 * Without a contract it is `any`: an index signature would make every name possibly undefined.
 */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- for the reason above
export type Rpc<C extends Contract> = 0 extends 1 & C ? any : RpcTree<Procedures<C>>;

type Head<U> = U extends `${infer H}.${string}` ? H : U;
type Below<P, H extends string> = { [U in keyof P as U extends `${H}.${infer Rest}` ? Rest : never]: P[U] };
type RpcTree<P> = {
  readonly [H in Head<Uris<P>>]: (H extends keyof P ? RpcCall<P[H]> : unknown) &
    (keyof Below<P, H> extends never ? unknown : RpcTree<Below<P, H>>);
};
type RpcCall<S> = (...args: RpcArgs<S>) => Answer<ResultOf<S>>;
type RpcArgs<S> = S extends { kwargs: infer K extends object }
  ? {} extends K
    ? [...ArgsOf<S>, kwargs?: KwargsMark<K>]
    : [...ArgsOf<S>, kwargs: KwargsMark<K>]
  : ArgsOf<S>;
