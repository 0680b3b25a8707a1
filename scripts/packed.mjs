// The tarball that npm would get, and how a project installs it: for the checks that look at the package as a stranger does.
// Needs a build and the npm registry.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';

const shell = process.platform === 'win32';

/** Runs a program to its end. */
export function run(command, args, cwd, env = {}) {
  const done = spawnSync(command, args, {
    cwd,
    stdio: 'inherit',
    shell: shell && command !== process.execPath,
    env: { ...process.env, ...env },
  });
  if (done.status !== 0) throw new Error(`\`${command} ${args.join(' ')}\` failed`);
}

/** @returns The path of the tarball, in this folder. */
export function pack(folder) {
  const told = execFileSync('npm', ['pack', '--json', '--pack-destination', folder], { encoding: 'utf8', shell });
  return join(folder, JSON.parse(told)[0].filename);
}

/** Makes a project of a folder, of ES modules, and installs the packages there; a tarball by its path. */
export function project(folder, packages) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: basename(folder), private: true, type: 'module' }));
  install(folder, packages);
}

export function install(folder, packages) {
  run('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error', ...packages], folder);
}
