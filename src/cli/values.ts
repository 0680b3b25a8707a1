// What was typed, as values: JSON where it is JSON, else text.
import { UsageError } from './failure.ts';

/** An argument: JSON if it is JSON, else the text itself. `5` is a number, `'"5"'` a text. */
export function valueOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

export function valuesOf(texts: readonly string[]): unknown[] {
  return texts.map(valueOf);
}

/** `--kwargs '{"a": 1}'` and each `--kwarg a=1`, the latter last. */
export function kwargsOf(json: string | undefined, pairs: readonly string[] = []): Record<string, unknown> {
  return { ...(json === undefined ? {} : objectOf(json)), ...Object.fromEntries(pairs.map(pairOf)) };
}

function objectOf(json: string): object {
  const value = valueOf(json);
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw new UsageError(`--kwargs needs a JSON object, not ${json}`, `quote it for the shell: --kwargs '{"name": "value"}'`);
}

function pairOf(text: string): [string, unknown] {
  const at = text.indexOf('=');
  if (at < 1) throw new UsageError(`--kwarg needs name=value, not ${text}`);
  return [text.slice(0, at), valueOf(text.slice(at + 1))];
}

/** A number of an option, from `least`. */
export function numberOf(option: string, least: number, whole = true): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() !== '' && value >= least && (!whole || Number.isInteger(value))) return value;
    throw new UsageError(`${option} needs a ${whole ? 'whole ' : ''}number from ${least}, not ${text}`);
  };
}

/** Gathers an option that may be given several times. */
export function gathered(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, text];
}
