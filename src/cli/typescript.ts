// What reads TypeScript and decorators, which Node alone does not: tsx, and the esbuild that it brings. It is the user's, so it is looked for
// in the project first, then beside rxwamp.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { UsageError } from './failure.ts';

export const INSTALL_TSX = 'npm install --save-dev tsx';

/** What of esbuild is used. */
export interface Transformer {
  transformSync(code: string, options: { readonly loader: 'ts'; readonly target: string }): { readonly code: string };
}

/**
 * Makes `import` and `require` take TypeScript, as `node --import tsx` does.
 * @throws {UsageError} There is no tsx.
 */
export async function registerTypeScript(what: string): Promise<void> {
  const tsx = found('tsx');
  if (tsx === undefined) throw new UsageError(`${what} is TypeScript, which needs the package tsx`, INSTALL_TSX);
  await imported(tsx);
}

/** esbuild, if tsx is there or the project has it itself. */
export async function transformer(): Promise<Transformer | undefined> {
  const tsx = found('tsx');
  const path = (tsx === undefined ? undefined : resolved(tsx, 'esbuild')) ?? found('esbuild');
  return path === undefined ? undefined : ((await imported(path)) as Transformer);
}

function found(name: string): string | undefined {
  return resolved(join(process.cwd(), 'any.js'), name) ?? resolved(import.meta.url, name);
}

function resolved(from: string, name: string): string | undefined {
  try {
    return createRequire(from).resolve(name);
  } catch {
    return undefined;
  }
}

async function imported(path: string): Promise<unknown> {
  return import(pathToFileURL(path).href);
}
