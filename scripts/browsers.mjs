// What the browsers of the specs have in common: how an installed one is found, and how Debian installs one.
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

export function runnable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Where programs of these names would be found. */
export function onPath(names) {
  const suffix = process.platform === 'win32' ? '.exe' : '';
  return (process.env.PATH ?? '').split(delimiter).flatMap((folder) => names.map((name) => join(folder, name + suffix)));
}

export function run(command, args) {
  // A shell finds npx.cmd on Windows; all arguments are ours.
  return spawnSync(command, args, { stdio: 'inherit', shell: process.platform === 'win32' }).status === 0;
}

/** @returns Whether the package was installed, for which this must be Debian and root. */
export function installForDebian(name) {
  if (process.platform !== 'linux' || process.getuid() !== 0 || !existsSync('/etc/debian_version')) return false;
  console.log(`${name}: no browser found; installing the Debian package (apt-get install ${name})`);
  process.env.DEBIAN_FRONTEND = 'noninteractive';
  return run('apt-get', ['update', '-qq']) && run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', name]);
}
