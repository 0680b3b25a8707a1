// `rxwamp run --watch`: the services in a process of their own, which is started again after a change. A module that was loaded stays loaded,
// so nothing less than a new process would do.
import { type ChildProcess, fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import chokidar from 'chokidar';
import { concatMap, debounceTime, lastValueFrom, Observable, takeUntil } from 'rxjs';
import type { Context } from './context.ts';
import { EXIT } from './failure.ts';
import type { Target } from './services.ts';

const SOURCES = /\.(?:[cm]?[jt]sx?|json)$/;
/** A service that takes longer to stop is ended. */
const PATIENCE_MS = 10_000;

export async function watch({ output, interruption }: Context, targets: readonly Target[]): Promise<number> {
  const folders = [...new Set(targets.map(({ path }) => projectOf(resolve(path))))];
  let child = start();
  const restart = async (path: string): Promise<void> => {
    output.note(`${path} changed: starting again`);
    await stop(child);
    child = start();
  };
  await lastValueFrom(
    changes(folders).pipe(
      debounceTime(100),
      concatMap((path) => restart(path)),
      takeUntil(interruption.leave),
    ),
    { defaultValue: undefined },
  );
  await stop(child);
  return EXIT.ok;

  function start(): ChildProcess {
    const args = process.argv.slice(2).filter((each) => each !== '--watch');
    // The channel tells it to leave: at Ctrl-C it hears the signal too, and two signals would be two times Ctrl-C.
    const made = fork(new URL('./main.js', import.meta.url), args, { stdio: 'inherit' });
    made.on('exit', (code) => {
      if (code !== null && code !== EXIT.ok) output.note(`ended with exit code ${code}; waiting for a change`);
    });
    return made;
  }
}

/** The paths that change, in these folders and below. */
function changes(folders: readonly string[]): Observable<string> {
  return new Observable((subscriber) => {
    const watcher = chokidar.watch([...folders], {
      ignoreInitial: true,
      ignored: (path, stats) => {
        const below = folders.map((folder) => relative(folder, path)).find((each) => !each.startsWith('..')) ?? '';
        const foreign = below.split(sep).some((part) => part === 'node_modules' || part.startsWith('.'));
        return foreign || (stats?.isFile() === true && !SOURCES.test(path));
      },
    });
    watcher.on('all', (_event, path) => {
      subscriber.next(path);
    });
    watcher.on('error', (error) => {
      subscriber.error(error);
    });
    return () => {
      void watcher.close();
    };
  });
}

/** The folder of the package to which a file belongs; else the file's own. */
function projectOf(path: string): string {
  for (let folder = dirname(path); folder !== dirname(folder); folder = dirname(folder))
    if (existsSync(join(folder, 'package.json'))) return folder;
  return dirname(path);
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  if (child.connected) child.disconnect();
  const clock = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS);
  await ended;
  clearTimeout(clock);
}
