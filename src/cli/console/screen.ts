// The terminal under the console: what comes from elsewhere while a line is being typed is printed above it.
import { Console } from 'node:console';
import { clearLine, cursorTo } from 'node:readline';
import type { REPLServer } from 'node:repl';
import { Writable } from 'node:stream';
import { hasColours } from '../output.ts';

export class Screen {
  /** Whether an input is being evaluated: then there is no prompt to protect. */
  busy = false;
  /** For whatever is typed, in the place of Node's. */
  readonly console: Console;
  #server: REPLServer | undefined;

  constructor() {
    const stream = new Writable({
      decodeStrings: false,
      write: (text: string, _encoding, done) => {
        this.print(text.replace(/\n$/, ''));
        done();
      },
    });
    this.console = new Console({ stdout: stream, stderr: stream, inspectOptions: { colors: hasColours(process.stdout) } });
  }

  /** From now on there is a prompt. */
  attach(server: REPLServer): void {
    this.#server = server;
  }

  /** Prints a line, or several. */
  print(text: string): void {
    const { stdout } = process;
    const protects = stdout.isTTY && !this.busy && this.#server !== undefined;
    if (protects) {
      cursorTo(stdout, 0);
      clearLine(stdout, 0);
    }
    stdout.write(`${text}\n`);
    if (protects) this.#server?.displayPrompt(true);
  }
}
