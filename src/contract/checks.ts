// The schemas of one procedure or topic as operators: what they let through goes on, changed where they change it, in its order.
// Knows no client.
import { concatMap, defaultIfEmpty, from, map, type Observable, of, type OperatorFunction } from 'rxjs';
import { ApplicationError } from '../protocol/errors.ts';
import type { List, Uri } from '../protocol/messages.ts';
import { type Event, type Invocation, Result } from '../session/result.ts';
import { ContractError, type ContractIssue, sentence } from './error.ts';
import { examine, type Part, type ProcedureSchemas, type TopicSchemas, type Verdict } from './schema.ts';

type Payload = readonly [args: List, kwargs: object];

type Refusal = (issues: readonly ContractIssue[]) => Error;

/** Emits once, what the schemas say; at once, where all of them answer at once. */
function verdictOn(parts: readonly Part[]): Observable<Verdict> {
  const verdict = examine(parts);
  return 'then' in verdict ? from(verdict) : of(verdict);
}

/** Emits once, what the schemas made of it. */
function checked(parts: readonly Part[], refusal: Refusal): Observable<readonly unknown[]> {
  return verdictOn(parts).pipe(
    map(({ values, issues }) => {
      const wrong = issues.flat();
      if (wrong.length > 0) throw refusal(wrong);
      return values;
    }),
  );
}

function payloadOf({ args, kwargs }: TopicSchemas, values: Payload, refusal: Refusal) {
  const parts: readonly Part[] = [
    { name: 'args', schema: args, value: values[0] },
    { name: 'kwargs', schema: kwargs, value: values[1] },
  ];
  return checked(parts, refusal) as unknown as Observable<Payload>;
}

/** What is given to be sent; it is sent as it is given. */
export function given(schemas: TopicSchemas, what: string, args: List = [], kwargs: object = {}): Observable<Payload> {
  return payloadOf(schemas, [args, kwargs], (issues) => new ContractError('wamp.error.invalid_argument', what, issues));
}

/** Events as the schemas give them. */
export function events(schemas: TopicSchemas, topic: Uri): OperatorFunction<Event, Event> {
  const refusal = arrived(`event of ${topic}`);
  return concatMap((event) => payloadOf(schemas, [event.args, event.kwargs], refusal).pipe(map((payload) => withPayload(event, payload))));
}

/** Invocations as the schemas give them; their callers are told what is wrong. */
export function invocations(schemas: ProcedureSchemas): OperatorFunction<Invocation, Invocation> {
  const refusal = (issues: readonly ContractIssue[]): Error =>
    new ApplicationError('wamp.error.invalid_argument', [sentence(issues)], { issues });
  return concatMap((invocation) =>
    payloadOf(schemas, [invocation.args, invocation.kwargs], refusal).pipe(map((payload) => withPayload(invocation, payload))),
  );
}

/** Results as the schemas give them. */
export function results({ result, progress = result }: ProcedureSchemas, procedure: Uri): OperatorFunction<Result, Result> {
  const refusal = arrived(`result of ${procedure}`);
  return concatMap((answer) => {
    const part: Part =
      answer.details['progress'] === true
        ? { name: 'progress', schema: progress, value: answer.value }
        : { name: 'result', schema: result, value: answer.value };
    return checked([part], refusal).pipe(
      map(([value]) => (value === answer.value ? answer : new Result([value, ...answer.args.slice(1)], answer.kwargs, answer.details))),
    );
  });
}

/** What a handler emits: whether it is progress or the result shows only later, so it has to fit one of them. It is sent as it is. */
export function emissions({ result, progress }: ProcedureSchemas, procedure: Uri): OperatorFunction<unknown, unknown> {
  const refusal = arrived(`handler of ${procedure}`);
  const fits = (emission: unknown): Observable<unknown> => {
    const value: unknown = emission instanceof Result ? (emission as Result).value : emission;
    const parts: Part[] = [{ name: 'result', schema: result, value }];
    if (progress !== undefined) parts.push({ name: 'progress', schema: progress, value });
    return verdictOn(parts).pipe(
      map(({ issues }) => {
        const [wrong = []] = issues;
        if (issues.every(({ length }) => length > 0)) throw refusal(wrong);
        return emission;
      }),
    );
  };
  // An empty answer is a value too, as its caller sees it.
  return (source) => source.pipe(defaultIfEmpty(undefined), concatMap(fits));
}

function arrived(what: string): Refusal {
  return (issues) => new ContractError('wamp.error.invalid_payload', what, issues);
}

function withPayload<T extends Event | Invocation>(received: T, [args, kwargs]: Payload): T {
  return { ...received, value: args[0], args, kwargs };
}
