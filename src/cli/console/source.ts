// What is typed in the console, as JavaScript that Node's REPL can evaluate: imports become dynamic ones, TypeScript and decorators are lowered.
// Knows no REPL; that input is not complete yet is told by an error.
import type { Transformer } from '../typescript.ts';

/** The input is the beginning of something. */
export class Incomplete extends SyntaxError {}

const IMPORT = /^[ \t]*import\s+(type\s+)?([\w$*{},\s]+?)\s+from\s*(['"])([^'"]+)\3[ \t]*;?/gm;
const BARE_IMPORT = /^[ \t]*import\s*(['"])([^'"]+)\1[ \t]*;?/gm;
const UNFINISHED = /end of file|Unterminated template literal|Expected "\*\/" to terminate/;

/** Makes JavaScript of one input after the other. */
export class Source {
  readonly #transformer: Transformer | undefined;
  #inputs = 0;

  constructor(transformer: Transformer | undefined) {
    this.#transformer = transformer;
  }

  /** Whether it reads decorators and types. */
  get lowers(): boolean {
    return this.#transformer !== undefined;
  }

  /**
   * @throws {Incomplete} More lines belong to it.
   * @throws {SyntaxError} It is wrong; the message says where.
   */
  script(input: string): string {
    const code = withoutImports(input);
    if (this.#transformer === undefined) return code;
    // As in Node, what looks like a block is an object first.
    const isObject = /^\s*\{/.test(code) && !/;\s*$/.test(code);
    if (isObject) {
      try {
        return this.#lowered(`(${code.trim()})\n`);
      } catch (error) {
        if (error instanceof Incomplete) throw error;
      }
    }
    return this.#lowered(code);
  }

  #lowered(code: string): string {
    let lowered: string;
    try {
      lowered = (this.#transformer as Transformer).transformSync(code, { loader: 'ts', target: 'es2022' }).code;
    } catch (error) {
      throw wrong(error);
    }
    this.#inputs++;
    return redeclarable(code, renamed(code, lowered, this.#inputs));
  }
}

/**
 * Replaces `import { a as b } from 'c'` by an assignment to the global object, so that it can be typed twice.
 * `__module` is the console's, and has what is there already; anything else is found from the folder in which the console runs.
 */
function withoutImports(input: string): string {
  return input
    .replaceAll(IMPORT, (_all, isType: string | undefined, names: string, _quote, from: string) =>
      isType === undefined ? `void (${assignments(names, moduleOf(from))});` : '',
    )
    .replaceAll(BARE_IMPORT, (_all, _quote, from: string) => `void ${moduleOf(from)};`);
}

function moduleOf(from: string): string {
  const specifier = JSON.stringify(from);
  return `(__module(${specifier}) ?? (await import(${specifier})))`;
}

/** `a, { b, c as d }` or `* as e`, taken out of a module. */
function assignments(names: string, module: string): string {
  const [, braced = ''] = /\{([^}]*)\}/.exec(names) ?? [];
  const [, whole] = /\*\s*as\s+([\w$]+)/.exec(names) ?? [];
  const [, single] = /^\s*([\w$]+)/.exec(names) ?? [];
  const list = braced
    .split(',')
    .map((each) => each.trim().split(/\s+as\s+/))
    .filter(([name]) => name !== '' && name?.startsWith('type ') === false)
    .map(([name = '', local = name]) => `${name}: globalThis.${local}`);
  if (single !== undefined) list.push(`default: globalThis.${single}`);
  const parts = [
    ...(whole === undefined ? [] : [`globalThis.${whole} = ${module}`]),
    ...(list.length > 0 ? [`{ ${list.join(', ')} } = ${module}`] : []),
  ];
  return parts.join(', ');
}

/**
 * Gives the variables that lowering has added names of their own: all inputs share one scope, and a class asks for its variables whenever
 * one of its objects is made.
 */
function renamed(code: string, lowered: string, input: number): string {
  const declared = [...lowered.matchAll(/^var ([\w$, ]+);$/gm)].flatMap(([, names = '']) => names.split(', '));
  const added = declared.filter((name) => !new RegExp(`(?<![\\w$])${escaped(name)}(?![\\w$])`).test(code));
  return added.reduce(
    (text, name) => text.replaceAll(new RegExp(`(?<![.\\w$])${escaped(name)}(?![\\w$])`, 'g'), () => `${name}_${input}`),
    lowered,
  );
}

/** A class that is typed again, after a mistake, replaces the first one; what lowering computes behind it is not its value. */
function redeclarable(code: string, lowered: string): string {
  if (!/^\s*(?:@|(?:abstract\s+)?class\s)/.test(code)) return lowered;
  return `${lowered.replace(/^class ([\w$]+)/m, 'var $1 = class $1')};undefined;`;
}

function escaped(name: string): string {
  return name.replaceAll('$', '\\$');
}

function wrong(error: unknown): SyntaxError {
  const [first] =
    (error as { readonly errors?: readonly { readonly text: string; readonly location?: { readonly line: number } | null }[] }).errors ??
    [];
  const text = first?.text ?? String(error);
  return UNFINISHED.test(text) ? new Incomplete(text) : new SyntaxError(first?.location ? `${text} (line ${first.location.line})` : text);
}
