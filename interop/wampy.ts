// The Python library wampy as the other side: its own virtual environment in the cache, and its programs.
// Knows nothing of this library. Source: python/wampy_peer.py beside this file.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { cached, makeVenv, mustRun } from './routers.ts';

const WAMPY_VERSION = '1.1.0';
const PROGRAM = join(import.meta.dirname, 'python', 'wampy_peer.py');

/** @throws {Unavailable} There is no Python for it. */
async function wampyPython(): Promise<string> {
  const venv = await cached(`wampy-${WAMPY_VERSION}`, async (path) => {
    await makeVenv(path);
    const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', `wampy==${WAMPY_VERSION}`];
    await mustRun(join(path, 'bin', 'python'), pip, `wampy ${WAMPY_VERSION} could not be installed`);
  });
  return join(venv, 'bin', 'python');
}

/** A program of wampy's that runs. */
export interface WampyProgram {
  /** What it has said so far, one object a line. */
  readonly said: readonly unknown[];
  /** How it ended, and what went wrong; undefined while it runs. */
  readonly ended: { readonly code: number | null; readonly errors: string } | undefined;
  /** Ends its standard input, which asks it to end. */
  end(): void;
  kill(): void;
}

/** @param args As `python/wampy_peer.py` describes them. */
export async function wampy(...args: readonly string[]): Promise<WampyProgram> {
  const child = spawn(await wampyPython(), [PROGRAM, ...args], { stdio: ['pipe', 'pipe', 'pipe'] });
  const said: unknown[] = [];
  let errors = '';
  let ended: WampyProgram['ended'];
  createInterface(child.stdout).on('line', (line) => said.push(JSON.parse(line)));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  child.once('close', (code) => (ended = { code, errors }));
  return {
    said,
    get ended() {
      return ended;
    },
    end: () => child.stdin.end(),
    kill: () => child.kill('SIGKILL'),
  };
}
