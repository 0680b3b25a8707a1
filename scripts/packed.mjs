// The tarball that npm would get, and how a project installs it: for the checks that look at the package as a stranger does.
// Needs a build and the npm registry.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
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

/** The same without blocking and without its output, which is in the error if it fails or takes more than five minutes. */
export function exec(command, args, cwd, env = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      timeout: 300_000,
      shell: shell && command !== process.execPath,
      env: { ...process.env, ...env },
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text));
    child.once('error', reject);
    child.once('close', (status) => {
      if (status === 0) resolve(output);
      else reject(new Error(`\`${command} ${args.join(' ')}\` failed:\n${output.slice(-5_000)}`));
    });
  });
}

/** Packs what was built; npm's own build before packing is left out. Returns the path of the tarball, in this folder. */
export function pack(folder) {
  const told = execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], { encoding: 'utf8', shell });
  return join(folder, JSON.parse(told)[0].filename);
}

/** Makes a project of a folder, of ES modules, and installs the packages there; a tarball by its path. */
export function project(folder, packages) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: basename(folder), private: true, type: 'module' }));
  return install(folder, packages);
}

export function install(folder, packages) {
  return exec('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error', ...packages], folder);
}
