// `npm run build`: src to dist, from nothing, so that no file of an earlier build goes to npm.
// The library is one file per module (tsc); the command line is bundled with the libraries that only it uses (esbuild).
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

rmSync('dist', { recursive: true, force: true });
const tsc = spawnSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json'], { stdio: 'inherit' });
if (tsc.status === 0) await commandLine();
process.exitCode = tsc.status ?? 1;

/** rxwamp itself and rxjs stay outside: a service that the command line loads must meet the very same modules. */
async function commandLine() {
  const { metafile } = await build({
    entryPoints: ['src/cli/main.ts'],
    outdir: 'dist/cli',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    external: ['rxwamp', 'rxwamp/*', 'rxjs', 'tsx', 'tsx/*'],
    chunkNames: '[name]-[hash]',
    metafile: true,
    logLevel: 'warning',
    // What is CommonJS among them asks for Node's own modules.
    banner: {
      js: "import { createRequire as createRequireHere } from 'node:module';\nconst require = createRequireHere(import.meta.url);",
    },
  });
  writeFileSync('dist/cli/LICENSES.txt', licences(Object.keys(metafile.inputs)));
}

/** The licences of what is bundled, which ask to go along. */
function licences(files) {
  const names = new Set(files.map((file) => /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1]).filter(Boolean));
  return [...names]
    .sort()
    .map((name) => {
      const folder = join('node_modules', name);
      const path = ['LICENSE', 'LICENSE.md', 'license'].map((file) => join(folder, file)).find(existsSync);
      if (path === undefined) throw new Error(`${name} is bundled and has no licence file`);
      return `${name}\n${'='.repeat(name.length)}\n\n${readFileSync(path, 'utf8').trim()}\n`;
    })
    .join('\n\n');
}
