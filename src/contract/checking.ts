// The operations with schemas in front: what is given is checked before it is sent, what arrives before anybody sees it.
// Knows no session: what is right goes on to the operations as it is.
import {
  catchError,
  concat,
  concatMap,
  defer,
  ignoreElements,
  isObservable,
  map,
  Observable,
  of,
  type OperatorFunction,
  Subject,
} from 'rxjs';
import type { Operations } from '../client/operations.ts';
import type { CallOptions, PublishOptions, RegisterOptions, SubjectOptions, SubscribeOptions } from '../client/options.ts';
import type { TopicSubject } from '../client/subject.ts';
import type { List, Uri } from '../protocol/messages.ts';
import type { Invocation } from '../session/result.ts';
import { emissions, events, given, invocations, results } from './checks.ts';
import type { ProcedureSchemas, Schemas, TopicSchemas } from './schema.ts';

/** The operations of a contract that has schemas. */
export function checking(operations: Operations, { procedures = {}, topics = {} }: Schemas): Operations {
  const topicOf = (uri: Uri): TopicSchemas => entryOf('topic', topics, uri);
  const procedureOf = (uri: Uri): ProcedureSchemas => entryOf('procedure', procedures, uri);
  return {
    topic: (topic: Uri, options?: SubscribeOptions) => {
      const schemas = topicOf(topic);
      return operations.topic(topic, options).pipe(events(schemas, topic));
    },
    subscribed: (topic: Uri, options?: SubscribeOptions) => {
      topicOf(topic);
      return operations.subscribed(topic, options);
    },
    call: (procedure: Uri, args?: List, kwargs?: object, options?: CallOptions) => {
      const schemas = procedureOf(procedure);
      const call = operations.call(procedure, args, kwargs, options).pipe(results(schemas, procedure));
      return behind(() => given(schemas, `call of ${procedure}`, args, kwargs), call);
    },
    register: (procedure: Uri, pipeline: OperatorFunction<Invocation, unknown>, options?: RegisterOptions) => {
      const schemas = procedureOf(procedure);
      // What is no operator is refused as it always is.
      if (typeof pipeline !== 'function') return operations.register(procedure, pipeline, options);
      const checked = (source: Observable<Invocation>): Observable<unknown> => {
        const answers: unknown = pipeline(source.pipe(invocations(schemas)));
        return typeof answers === 'object' && isObservable(answers)
          ? answers.pipe(emissions(schemas, procedure))
          : (answers as Observable<unknown>);
      };
      return operations.register(procedure, checked, options);
    },
    publish: (topic: Uri, args?: List, kwargs?: object, options?: PublishOptions) => {
      const schemas = topicOf(topic);
      return behind(() => given(schemas, `publish to ${topic}`, args, kwargs), operations.publish(topic, args, kwargs, options));
    },
    subject: (topic: Uri, options?: SubjectOptions) => subject(operations, topicOf(topic), topic, options),
  } as Operations;
}

function entryOf<T extends object>(kind: string, entries: Readonly<Record<Uri, T>>, uri: Uri): T {
  const entry = Object.hasOwn(entries, uri) ? entries[uri] : undefined;
  if (entry === undefined) throw new TypeError(`the contract has no ${kind} ${uri}`);
  return entry;
}

/** Checks first, at every subscription. */
function behind<T>(check: () => Observable<unknown>, operation: Observable<T>): Observable<T> {
  return concat(defer(check).pipe(ignoreElements()), operation);
}

function subject(operations: Operations, schemas: TopicSchemas, topic: Uri, options: SubjectOptions = {}): TopicSubject<unknown> {
  const publisher = operations.subject(topic, options);
  const values = new Subject<unknown>();
  const checked = (value: unknown): Observable<unknown> =>
    defer(() => given(schemas, `publish to ${topic}`, value === undefined ? [] : [value])).pipe(
      map(() => value),
      catchError((error: unknown) => of(refused(error))),
    );
  values.pipe(concatMap(checked)).subscribe(publisher);
  const { holdLast: _, exclude_me: _own, retain: _retain, ...subscribing } = options;
  const arriving = operations.topic(topic, subscribing).pipe(events(schemas, topic));
  const both = Object.assign(new Observable((subscriber) => arriving.pipe(map(({ value }) => value)).subscribe(subscriber)), {
    next: (value: unknown) => {
      values.next(value);
    },
    error: () => {
      values.complete();
    },
    complete: () => {
      values.complete();
    },
  });
  return Object.defineProperty(both, 'dropped', { get: () => publisher.dropped, enumerable: true }) as unknown as TopicSubject<unknown>;
}

/** Goes the way of every value of a subject that cannot be sent, in its order: to the client's `errors`. */
function refused(error: unknown): object {
  return {
    toJSON: () => {
      throw error;
    },
  };
}
