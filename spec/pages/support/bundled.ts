// A page of the specs' own: TypeScript from spec/pages through esbuild, with rxwamp from the sources.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';

const folders = new Set<string>();

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/**
 * Bundles scripts, each to one file of ES modules: `{ main: 'spec/pages/lifecycle/main.ts' }` becomes main.js.
 *
 * @returns A folder with them and an index.html that loads `main.js`; removed at the end of the run.
 */
export async function bundled(scripts: Readonly<Record<string, string>>): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'rxwamp-page-'));
  folders.add(folder);
  await build({
    entryPoints: scripts,
    outdir: folder,
    bundle: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    conditions: ['rxwamp-source'],
    logLevel: 'warning',
  });
  mkdirSync(folder, { recursive: true });
  const html =
    '<!doctype html><html lang="en"><meta charset="utf-8"><title>page</title><body><script type="module" src="main.js"></script>';
  writeFileSync(join(folder, 'index.html'), html);
  return folder;
}
