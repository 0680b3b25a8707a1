// Schemas of other libraries, by the interface that they share, and contracts made of them.
// Knows no library: zod, valibot and arktype fit, and so does an object of one's own.
// Source: Standard Schema, version 1 (https://standardschema.dev).
import type { List, Uri } from '../protocol/messages.ts';
import { isDict } from '../protocol/shapes.ts';
import type { ContractIssue } from './error.ts';

/** The part of Standard Schema that is used here. */
export interface Schema<Input = unknown, Output = Input> {
  readonly '~standard': {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => SchemaResult<Output> | PromiseLike<SchemaResult<Output>>;
    /** Exists for the compiler only. */
    readonly types?: { readonly input: Input; readonly output: Output } | undefined;
  };
}
export type SchemaResult<Output> = { readonly value: Output; readonly issues?: undefined } | { readonly issues: readonly SchemaIssue[] };
export interface SchemaIssue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

/** What goes to a procedure and what comes back; a part without a schema is not checked. */
export interface ProcedureSchemas {
  /** Of all positional arguments, as one list. */
  readonly args?: Schema<List>;
  /** Of all keyword arguments, as one object. */
  readonly kwargs?: Schema<object>;
  /** Of the first value of each progressive result. Default: as `result`. */
  readonly progress?: Schema;
  /** Of the first value of the result. */
  readonly result?: Schema;
}
/** What an event carries; a part without a schema is not checked. */
export interface TopicSchemas {
  /** Of all positional arguments, as one list. */
  readonly args?: Schema<List>;
  /** Of all keyword arguments, as one object. */
  readonly kwargs?: Schema<object>;
}
/** A contract as schemas. */
export interface Schemas {
  readonly procedures?: { readonly [procedure: Uri]: ProcedureSchemas };
  readonly topics?: { readonly [topic: Uri]: TopicSchemas };
}

/** The contract that schemas stand for: as they take values, `input`, or as they give them, `output`. */
export type ContractOf<S, Side extends 'input' | 'output'> = {
  readonly [Kind in keyof S]: {
    readonly [U in keyof S[Kind]]: { readonly [Part in keyof S[Kind][U]]: TypeOf<S[Kind][U][Part], Side> };
  };
};
type TypeOf<S, Side extends 'input' | 'output'> = S extends { readonly '~standard': { readonly types?: infer T } }
  ? NonNullable<T> extends { readonly [Name in Side]: infer V }
    ? V
    : unknown
  : never;

/** A value and its schema, by the name that it has in sentences. */
export interface Part {
  readonly name: 'args' | 'kwargs' | 'progress' | 'result';
  readonly schema: Schema | undefined;
  readonly value: unknown;
}
/** What the schemas made of the values, and what they found wrong, part by part. */
export interface Verdict {
  readonly values: readonly unknown[];
  readonly issues: readonly (readonly ContractIssue[])[];
}

/** Asks the schemas; at once, where all of them answer at once. */
export function examine(parts: readonly Part[]): Verdict | Promise<Verdict> {
  const answers = parts.map(({ schema, value }) => (schema === undefined ? { value } : schema['~standard'].validate(value)));
  if (answers.every((answer): answer is SchemaResult<unknown> => !isPromise(answer))) return verdictOf(parts, answers);
  return Promise.all(answers.map(async (answer) => answer)).then((results) => verdictOf(parts, results));
}

/** By `then` and not by class: under zone.js there are two of them. */
function isPromise<T extends object>(answer: T | PromiseLike<T>): answer is PromiseLike<T> {
  return 'then' in answer;
}

function verdictOf(parts: readonly Part[], results: readonly SchemaResult<unknown>[]): Verdict {
  return {
    values: results.map((result) => ('value' in result ? result.value : undefined)),
    issues: results.map(({ issues = [] }, index) =>
      issues.map(({ message, path }) => ({ path: placed(parts[index]?.name ?? '', path), message })),
    ),
  };
}

function placed(name: string, path: SchemaIssue['path'] = []): string {
  return path.reduce<string>((place, step) => {
    const key = typeof step === 'object' ? step.key : step;
    if (typeof key === 'number') return `${place}[${key}]`;
    return /^[\w$]+$/.test(String(key)) ? `${place}.${String(key)}` : `${place}[${JSON.stringify(String(key))}]`;
  }, name);
}

const PARTS: Readonly<Record<string, readonly string[]>> = {
  procedures: ['args', 'kwargs', 'progress', 'result'],
  topics: ['args', 'kwargs'],
};

/**
 * Looks at schemas before anything is done with them.
 * @throws {TypeError} A misspelt name, or something that is no schema.
 */
export function checkSchemas(schemas: Schemas): void {
  for (const [kind, entries] of entriesOf(schemas, 'schemas', 'procedures and topics')) {
    const names = Object.hasOwn(PARTS, kind) ? PARTS[kind] : undefined;
    if (names === undefined) throw new TypeError(`contract: unknown name ${kind}: schemas have procedures and topics`);
    for (const [uri, parts] of entriesOf(entries, kind, 'URIs')) {
      for (const [name, schema] of entriesOf(parts, uri, names.join(', '))) {
        if (!names.includes(name)) throw new TypeError(`contract: unknown name ${name} of ${uri}: ${kind} have ${names.join(', ')}`);
        if (schema !== undefined && !isSchema(schema))
          throw new TypeError(
            `contract: ${name} of ${uri} is no Standard Schema: use zod, valibot, arktype, or an object with "~standard"`,
          );
      }
    }
  }
}

function entriesOf(value: unknown, name: string, content: string): [string, unknown][] {
  if (isDict(value)) return Object.entries(value);
  throw new TypeError(`contract: ${name} must be an object of ${content}`);
}

/** Some libraries' schemas are functions. */
function isSchema(value: unknown): boolean {
  return typeof (value as Partial<Schema> | null)?.['~standard']?.validate === 'function';
}
