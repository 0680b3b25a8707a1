// Where everything goes: results to stdout, everything else to stderr. Colours only on a terminal.
// Knows no command. A reader that left, as `| head -1` does, is the end of the command and no error.
import { inspect } from 'node:util';
import { type Failure, failureOf } from './failure.ts';

export interface OutputOptions {
  /** One JSON text a line, errors and warnings too. */
  readonly json?: boolean | undefined;
  /** Nothing but results and errors. */
  readonly quiet?: boolean | undefined;
}

/** What of a message is shown. */
export interface Payload {
  readonly args: readonly unknown[];
  readonly kwargs: object;
}

const STYLES = { dim: [2, 22], bold: [1, 22], red: [31, 39], green: [32, 39], yellow: [33, 39], cyan: [36, 39] } as const;
export type Style = keyof typeof STYLES;

/** A text in a colour, if the stream is a terminal that has any; `NO_COLOR` is heard. */
export function styled(stream: NodeJS.WriteStream, style: Style, text: string): string {
  const [on, off] = STYLES[style];
  return hasColours(stream) ? `\x1b[${on}m${text}\x1b[${off}m` : text;
}

export function hasColours(stream: NodeJS.WriteStream): boolean {
  return stream.isTTY && stream.hasColors();
}

/** A value as JSON, with what JSON lacks as text: integers above 2^53, and binary as WAMP writes it (U+0000 and base64). */
export function jsonOf(value: unknown): string {
  return JSON.stringify(value, (_key, each: unknown) => {
    if (typeof each === 'bigint') return String(each);
    return each instanceof Uint8Array ? `\0${Buffer.from(each).toString('base64')}` : each;
  });
}

export class Output {
  readonly json: boolean;
  readonly #quiet: boolean;

  constructor({ json = false, quiet = false }: OutputOptions = {}) {
    this.json = json;
    this.#quiet = quiet || json;
  }

  /** A line for stdout: as JSON these fields, else this text. An empty text is no line. */
  result(fields: object, text: string): void {
    if (this.json) this.#write(jsonOf(fields));
    else if (text !== '') this.#write(text);
  }

  /** A payload as text: one text as it is, anything else so that its kind is seen; coloured on a terminal, JSON in a pipe. */
  payload({ args, kwargs }: Payload): string {
    const named = Object.keys(kwargs).length > 0;
    if (args.length === 1 && !named && typeof args[0] === 'string') return args[0];
    const parts: unknown[] = named ? [...args, kwargs] : [...args];
    return parts.map((part) => this.#value(part)).join(' ');
  }

  /** Something that a person would like to know: a line for stderr, unless that is no terminal. */
  status(text: string): void {
    if (process.stderr.isTTY) this.note(text);
  }

  /** Something that a log should have too: a line for stderr. */
  note(text: string): void {
    if (!this.#quiet) process.stderr.write(`${styled(process.stderr, 'dim', text)}\n`);
  }

  /** Something is amiss, and the command goes on. The stack is where a program threw; empty if none did. */
  warn(message: string, stack: string): void {
    if (this.json) process.stderr.write(`${jsonOf({ warning: { message, ...(stack !== '' && { stack }) } })}\n`);
    else process.stderr.write(`${styled(process.stderr, 'yellow', 'rxwamp:')} ${message}\n`);
    if (stack !== '') this.note(stack);
  }

  /** The error that a command ends with, or one of several. Returns the exit code. */
  fail(error: unknown, what = ''): number {
    const failure = failureOf(error);
    process.stderr.write(this.json ? `${jsonOf({ error: failure })}\n` : sentence(failure, what));
    return failure.exitCode;
  }

  #value(value: unknown): string {
    if (!process.stdout.isTTY) return jsonOf(value);
    return inspect(value, { colors: hasColours(process.stdout), depth: null, breakLength: process.stdout.columns, maxArrayLength: null });
  }

  #write(line: string): void {
    process.stdout.write(`${line}\n`);
  }
}

function sentence({ message, hint }: Failure, what: string): string {
  const { stderr } = process;
  const line = `${styled(stderr, 'red', 'rxwamp:')} ${what}${message}\n`;
  return hint === undefined ? line : `${line}${styled(stderr, 'cyan', 'hint:')} ${hint}\n`;
}
