// The bundle that a page gets, and its bytes: the built package through esbuild as for a browser, minified, then gzip -9.
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

/** What is measured, by name: what a page imports, what comes from elsewhere, and the most that it may weigh (gzipped, in bytes). */
export const BUNDLES = [
  { name: 'rxwamp, without rxjs', imports: "export { Client } from 'rxwamp';", external: ['rxjs'], limit: 20_700, aim: 10_000 },
  { name: 'rxwamp, with rxjs', imports: "export { Client } from 'rxwamp';", external: [], limit: 24_300, aim: 16_000 },
  { name: 'rxwamp, all names, without rxjs', imports: "export * from 'rxwamp';", external: ['rxjs'] },
  { name: 'rxwamp/auth', imports: "export { anonymous, ticket, wampcra } from 'rxwamp/auth';", external: ['rxjs'], limit: 2_200 },
  { name: 'rxwamp/msgpack', imports: "export { msgpack } from 'rxwamp/msgpack';", external: ['rxjs'] },
  { name: 'rxwamp/router', imports: "export { Router } from 'rxwamp/router';", external: ['rxjs'] },
  { name: 'rxwamp/testing', imports: "export { testing } from 'rxwamp/testing';", external: ['rxjs', 'rxjs/testing'] },
  { name: 'rxwamp/contract', imports: "export * from 'rxwamp/contract';", external: ['rxjs'] },
  { name: 'rxwamp/peer', imports: "export * from 'rxwamp/peer';", external: ['rxjs'] },
];

/**
 * Bundles the built package.
 *
 * @returns Bytes minified and gzipped, and what each file has of the minified ones, largest first.
 */
export async function bundle({ imports, external }) {
  const { outputFiles, metafile } = await build({
    stdin: { contents: imports, resolveDir: process.cwd() },
    external,
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    write: false,
    outdir: 'bundle',
    metafile: true,
    logLevel: 'warning',
  });
  const files = Object.values(metafile.outputs).flatMap(({ inputs }) => Object.entries(inputs));
  return {
    minified: outputFiles.reduce((sum, { contents }) => sum + contents.length, 0),
    gzipped: outputFiles.reduce((sum, { contents }) => sum + gzipSync(contents, { level: 9 }).length, 0),
    files: files
      .map(([file, { bytesInOutput }]) => ({ file, bytes: bytesInOutput }))
      .filter(({ bytes }) => bytes > 0)
      .sort((one, other) => other.bytes - one.bytes),
  };
}
