// A command in a terminal of its own, as a person has it: the program `script` of util-linux makes the pty, keys go in, the screen comes out.
import { type ChildProcess, spawn } from 'node:child_process';
import { stripVTControlCharacters } from 'node:util';
import { BIN, type Options, PROJECT, running } from './rxwamp.ts';

export class Terminal {
  readonly #child: ChildProcess;
  readonly #heard = new Set<() => void>();
  /** Everything that was printed, with its colours. */
  raw = '';
  #read = 0;
  /** The exit code, when the command has ended. */
  readonly ended: Promise<number | null>;

  constructor(command: string, { env = {}, cwd = PROJECT, bin = BIN }: Options = {}) {
    const { PATH = '' } = process.env;
    // Nobody would wrap lines at column 80 and compare them.
    const inside = `stty cols 200 rows 50; exec ${bin} ${command}`;
    this.#child = spawn('script', ['--quiet', '--return', '--flush', '--command', inside, '/dev/null'], {
      cwd,
      env: { PATH, HOME: cwd, TERM: 'xterm-256color', RXWAMP_HISTORY: '', ...env },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    running.push(this.#child);
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.raw += text;
      for (const look of this.#heard) look();
    });
    this.ended = new Promise((resolve) => {
      this.#child.on('close', (code) => {
        for (const look of this.#heard) look();
        resolve(code);
      });
    });
  }

  /** Presses keys. */
  keys(text: string): void {
    this.#child.stdin?.write(text);
  }

  /** Types a line, and waits for a text behind it: by default for the next prompt. */
  async type(line: string, awaited: string | RegExp = /^rxwamp> $/m): Promise<string> {
    this.#read = this.raw.length;
    this.keys(`${line}\r`);
    return this.shows(awaited);
  }

  /** Resolves with what has been printed since the last line was typed, as soon as that has this text. */
  shows(awaited: string | RegExp): Promise<string> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        const text = seen(this.raw.slice(this.#read));
        if (typeof awaited === 'string' ? text.includes(awaited) : awaited.test(text)) {
          this.#heard.delete(look);
          resolve(text);
        } else if (this.#child.exitCode !== null) {
          reject(new Error(`the terminal was closed, and had not shown ${String(awaited)}: ${text}`));
        }
      };
      this.#heard.add(look);
      look();
    });
  }
}

/** What stands on the screen: without colours, and without the lines that were erased to be written anew. */
function seen(raw: string): string {
  // eslint-disable-next-line no-control-regex -- that is how a terminal is told
  return stripVTControlCharacters(raw.replaceAll(/[^\n]*\x1b\[1G\x1b\[(?:2K|0J)/g, '')).replaceAll('\r', '');
}
