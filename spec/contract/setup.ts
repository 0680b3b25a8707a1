// Schemas of a spec's own, which need no library: they look at one thing, at once or when the spec says so.
import type { Schema, SchemaResult } from '../../src/contract/index.ts';

/** A schema of one function that gives the value, or throws what is wrong; `path` is where. */
export function schema<Input, Output = Input>(
  read: (value: unknown) => Output | Promise<Output>,
  path: readonly PropertyKey[] = [],
): Schema<Input, Output> {
  const failed = (error: unknown): SchemaResult<Output> => ({ issues: [{ message: (error as Error).message, path }] });
  const validate = (value: unknown): SchemaResult<Output> | Promise<SchemaResult<Output>> => {
    try {
      const output = read(value);
      return output instanceof Promise ? output.then((later) => ({ value: later }), failed) : { value: output };
    } catch (error) {
      return failed(error);
    }
  };
  return { '~standard': { version: 1, vendor: 'spec', validate } };
}

/** A list of numbers. */
export const numbers = schema<readonly number[]>((value) => {
  if (Array.isArray(value) && value.every((each) => typeof each === 'number')) return value;
  throw new TypeError('numbers are needed');
});

/** A number, as text on the wire. */
export const written = schema<string, number>((value) => {
  const read = Number(value);
  if (typeof value === 'string' && !Number.isNaN(read)) return read;
  throw new TypeError('a number as text is needed');
});

/** Something that answers when the spec says so, in any order. */
export function deferred<T>(): { readonly asked: T[]; readonly schema: Schema<T>; answer: (value: T, error?: Error) => Promise<void> } {
  const asked: T[] = [];
  const waiting = new Map<T, (error?: Error) => void>();
  return {
    asked,
    schema: schema<T>((value) => {
      asked.push(value as T);
      return new Promise<T>((resolve, reject) => {
        waiting.set(value as T, (error) => {
          if (error === undefined) resolve(value as T);
          else reject(error);
        });
      });
    }),
    answer: (value, error) => {
      waiting.get(value)!(error);
      return new Promise((resolve) => setTimeout(resolve));
    },
  };
}
