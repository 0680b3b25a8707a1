// `rxwamp console`: Node's REPL with rxwamp and rxjs in it, top-level await, TypeScript and decorators, and Observables that print.
import { homedir } from 'node:os';
import { join } from 'node:path';
import { Recoverable, type REPLEval, type REPLServer, start } from 'node:repl';
import { firstValueFrom, fromEvent, race } from 'rxjs';
import { clientOptions, type ConnectionFlags, loggerOf } from '../connection.ts';
import { consoleNames } from '../console/names.ts';
import { Screen } from '../console/screen.ts';
import { shown, Streams } from '../console/shown.ts';
import { Incomplete, Source } from '../console/source.ts';
import type { Context } from '../context.ts';
import { EXIT } from '../failure.ts';
import { styled } from '../output.ts';
import { INSTALL_TSX, transformer } from '../typescript.ts';

/** Names of the global object that stay what they are; rxjs's operator `window` would make Node look like a browser. */
const TAKEN: readonly string[] = ['window', ...Object.getOwnPropertyNames(globalThis)];

export async function openConsole({ output, interruption }: Context, flags: ConnectionFlags): Promise<number> {
  const screen = new Screen();
  const logger = loggerOf((sentence, stack) => {
    screen.print(stack === '' ? sentence : `${sentence}\n${stack}`);
  });
  const options = { ...clientOptions(flags, 'lasting', output), logger };
  const names = consoleNames(options);
  const lowering = await transformer();
  output.status(
    `${options.realm} at ${options.url}. Peer, rpc, subscribe, client, Client, Router and rxjs are there; .exit or Ctrl-D ends.`,
  );
  if (lowering === undefined) output.status(`Decorators and types need tsx: ${INSTALL_TSX}`);
  for (const [name, value] of Object.entries(names.globals)) if (!TAKEN.includes(name)) define(name, value);
  define('console', screen.console);
  define('__module', (specifier: string) => names.module(specifier));

  const streams = new Streams(screen);
  const server = start({
    prompt: process.stdin.isTTY ? styled(process.stdout, 'bold', 'rxwamp> ') : '',
    useGlobal: true,
    ignoreUndefined: true,
    writer: shown,
  });
  screen.attach(server);
  Object.assign(server, { eval: evaluation(server.eval, new Source(lowering), screen, streams) });
  server.on('SIGINT', () => {
    const left = streams.leave();
    if (left > 0) screen.print(`left ${left} ${left === 1 ? 'stream' : 'streams'}`);
  });
  if (process.stdin.isTTY) server.setupHistory(process.env['RXWAMP_HISTORY'] ?? join(homedir(), '.rxwamp_history'), () => undefined);

  try {
    await firstValueFrom(race(fromEvent(server, 'exit'), interruption.leave), { defaultValue: undefined });
    server.close();
    streams.leave();
  } finally {
    await names.close();
    // Whatever was typed may still be at work.
    setTimeout(() => process.exit(), 500).unref();
  }
  return EXIT.ok;
}

/** How the REPL evaluates an input: Node's way, on what the source makes of it. */
function evaluation(evaluate: REPLEval, source: Source, screen: Screen, streams: Streams): REPLEval {
  return function (this: REPLServer, input, context, file, done) {
    screen.busy = true;
    const ended = (error: Error | null, value?: unknown): void => {
      screen.busy = false;
      if (error instanceof SyntaxError && !(error instanceof Recoverable) && !source.lowers && input.includes('@'))
        error.message = `Node cannot read decorators by itself: ${INSTALL_TSX}, then start again`;
      done(error, error === null && streams.follow(value) ? undefined : value);
    };
    try {
      evaluate.call(this, source.script(input), context, file, ended);
    } catch (error) {
      ended(error instanceof Incomplete ? new Recoverable(error) : (error as Error));
    }
  };
}

function define(name: string, value: unknown): void {
  Object.defineProperty(globalThis, name, { value, writable: true, configurable: true, enumerable: false });
}
