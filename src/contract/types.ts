// What a contract says, as types: from an interface of procedures and topics to the arguments and results of each operation.
// Nothing here exists at run time.
import type { Observable, Observer, OperatorFunction } from 'rxjs';
import type { Registered, Subscribed } from '../client/operations.ts';
import type { CallOptions, PublishOptions, RegisterOptions, SubjectOptions, SubscribeOptions } from '../client/options.ts';
import type { Dict, Id, List } from '../protocol/messages.ts';
import type { Event, Invocation, Result } from '../session/result.ts';
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

/**
 * The operations of a client or a session, as a contract types them.
 *
 * `C` is what is given to be sent, `R` what arrives: the same, but where schemas change values on their way in. Patterns are for the
 * client itself: what matches one is not what the contract says of its name.
 */
export interface Typed<C extends Contract, R extends Contract = C> {
  /** @see {@link Operations.topic} */
  topic<U extends Uris<Topics<C>>>(
    topic: U,
    options?: SubscribeOptions & Exact,
  ): Observable<Event<ArgsOf<At<Topics<R>, U>>, KwargsOf<At<Topics<R>, U>>>>;
  /** @see {@link Operations.subscribed} */
  subscribed(topic: Uris<Topics<C>>, options?: SubscribeOptions & Exact): Observable<Subscribed>;
  /** Progressive values are among the results where `receive_progress` asks for them. @see {@link Operations.call} */
  call<U extends Uris<Procedures<C>>>(
    procedure: U,
    ...payload: Payload<At<Procedures<C>, U>, CallOptions & { readonly receive_progress?: false }>
  ): Observable<Result<ResultOf<At<Procedures<R>, U>>>>;
  call<U extends Uris<Procedures<C>>>(
    procedure: U,
    ...payload: Payload<At<Procedures<C>, U>, CallOptions>
  ): Observable<Result<AnsweredOf<At<Procedures<R>, U>>>>;
  /** @see {@link Operations.register} */
  register<U extends Uris<Procedures<C>>>(
    procedure: U,
    pipeline: OperatorFunction<
      Invocation<ArgsOf<At<Procedures<R>, U>>, KwargsOf<At<Procedures<R>, U>>>,
      Emission<AnsweredOf<At<Procedures<C>, U>>>
    >,
    options?: RegisterOptions & Exact,
  ): Observable<Registered>;
  /** @see {@link Operations.publish} */
  publish<U extends Uris<Topics<C>>>(topic: U, ...payload: Payload<At<Topics<C>, U>, PublishOptions>): Observable<Id | undefined>;
  /** @see {@link Operations.subject} */
  subject<U extends Single<Topics<C>>>(
    topic: U,
    options?: SubjectOptions & Exact,
  ): TypedSubject<ArgsOf<At<Topics<C>, U>>[0], ArgsOf<At<Topics<R>, U>>[0]>;
  /** Calls by name, each with its final value: `rpc.com.example.add(1, 2)`. */
  readonly rpc: Rpc<C, R>;
}

/** A topic as a Subject: takes values as they are given, emits them as they arrive. */
export type TypedSubject<Given, Arrived = Given> = Observable<Arrived> & Observer<Given> & { readonly dropped: number };

/** What a pipeline may emit: a value, or one with more values and keyword arguments beside it; nothing where there is no result. */
// eslint-disable-next-line @typescript-eslint/no-invalid-void-type -- `map(() => console.log())` gives no result
export type Emission<T> = T | Result<T, object> | (undefined extends T ? void : never);

export type Procedures<C> = C extends { procedures: infer P } ? P : {};
export type Topics<C> = C extends { topics: infer T } ? T : {};
export type Uris<M> = Extract<keyof M, string>;
/** The topics whose events may be one positional value and nothing else. */
export type Single<T> = {
  [U in Uris<T>]: [ArgsOf<T[U]>[0]] extends ArgsOf<T[U]> ? ({} extends KwargsOf<T[U]> ? U : never) : never;
}[Uris<T>];
export type At<M, U> = U extends keyof M ? M[U] : never;

/** Without `args` there are none. */
export type ArgsOf<S> = S extends { args: infer A extends List } ? A : [];
/** Without `kwargs` nothing is known of what arrives. */
export type KwargsOf<S> = S extends { kwargs: infer K extends object } ? K : Dict;
/** Without `result` there is no value. */
export type ResultOf<S> = S extends { result: infer R } ? R : undefined;
/** Results and progress together. */
export type AnsweredOf<S> = ResultOf<S> | (S extends { progress: infer P } ? P : never);

interface Exact {
  readonly match?: 'exact';
}
type NoKwargs = Record<string, never>;
/** What follows a URI: what must be given is required, what may be left out is optional. */
export type Payload<S, Options> = S extends { kwargs: infer K extends object }
  ? {} extends K
    ? [] extends ArgsOf<S>
      ? [args?: ArgsOf<S>, kwargs?: K, options?: Options]
      : [args: ArgsOf<S>, kwargs?: K, options?: Options]
    : [args: ArgsOf<S>, kwargs: K, options?: Options]
  : [] extends ArgsOf<S>
    ? [args?: ArgsOf<S>, kwargs?: NoKwargs, options?: Options]
    : [args: ArgsOf<S>, kwargs?: NoKwargs, options?: Options];

/**
 * Calls by name: `rpc.com.example.add(1, 2)` gives the final value.
 * Without a contract it is `any`: an index signature would make every name possibly undefined.
 */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- for the reason above
export type Rpc<C extends Contract, R extends Contract = C> = 0 extends 1 & C ? any : RpcTree<Procedures<C>, Procedures<R>>;

type Head<U> = U extends `${infer H}.${string}` ? H : U;
type Below<P, H extends string> = { [U in keyof P as U extends `${H}.${infer Rest}` ? Rest : never]: P[U] };
type RpcTree<P, Q> = {
  readonly [H in Head<Uris<P>>]: (H extends keyof P ? RpcCall<P[H], At<Q, H>> : unknown) &
    (keyof Below<P, H> extends never ? unknown : RpcTree<Below<P, H>, Below<Q, H>>);
};
type RpcCall<S, T> = (...args: RpcArgs<S>) => Answer<ResultOf<T>>;
type RpcArgs<S> = S extends { kwargs: infer K extends object }
  ? {} extends K
    ? [...ArgsOf<S>, kwargs?: KwargsMark<K>]
    : [...ArgsOf<S>, kwargs: KwargsMark<K>]
  : ArgsOf<S>;
