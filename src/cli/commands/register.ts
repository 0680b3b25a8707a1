// `rxwamp register`: a procedure that answers with a shell command's output or with a fixed value, until Ctrl-C.
import { spawn } from 'node:child_process';
import { ApplicationError, type Client, type Invocation, type RegisterOptions } from 'rxwamp';
import { map, mergeMap, Observable, of, type OperatorFunction, tap } from 'rxjs';
import type { ConnectionFlags } from '../connection.ts';
import { type Context, follow } from '../context.ts';
import { UsageError } from '../failure.ts';
import { jsonOf } from '../output.ts';
import { valueOf } from '../values.ts';

export interface RegisterFlags extends ConnectionFlags, Pick<RegisterOptions, 'match' | 'invoke' | 'concurrency'> {
  readonly exec?: string;
  readonly value?: string;
}

/** What runs at Ctrl-C may come to its end for so long; then it is killed. */
const DRAIN_MS = 5000;

export function register(context: Context, procedure: string, flags: RegisterFlags): Promise<number> {
  const { match, invoke, concurrency, exec, value } = flags;
  const { output, interruption } = context;
  const given = Object.entries({ match, invoke, concurrency }).filter(([, value]) => value !== undefined);
  const options = { ...Object.fromEntries(given), until: interruption.leave };
  const answers = answersOf(exec, value);
  const shown: OperatorFunction<Invocation, unknown> = (invocations) =>
    invocations.pipe(
      tap((invocation) => {
        output.result(invocation, '');
        output.status(`${invocation.procedure} ${output.payload(invocation)}`.trimEnd());
      }),
      answers,
    );
  const registered = (client: Client): Observable<unknown> =>
    client.register(procedure, shown, options).pipe(
      tap(({ session }) => {
        output.status(`registered ${procedure}, session ${session.id}`);
      }),
    );
  return follow(context, flags, 'lasting', registered, DRAIN_MS);
}

function answersOf(exec: string | undefined, value: string | undefined): OperatorFunction<Invocation, unknown> {
  if ((exec === undefined) === (value === undefined))
    throw new UsageError('register needs --exec with a shell command, or --value with the answer, and not both');
  if (exec !== undefined) return mergeMap((invocation) => outputOf(exec, invocation));
  const answer = valueOf(value as string);
  return map(() => answer);
}

/**
 * Runs a command for one invocation: the positional arguments are its `$1`, `$2`, …, and stdin is `{"args":…,"kwargs":…}`.
 * Its stdout is the answer, as JSON if it is JSON. Leaving kills it and what it started.
 */
function outputOf(command: string, { args, kwargs, procedure }: Invocation): Observable<unknown> {
  return new Observable((subscriber) => {
    const texts = args.map((arg) => (typeof arg === 'string' ? arg : jsonOf(arg)));
    const windows = process.platform === 'win32';
    // The arguments come from somewhere else: they are parameters of the command and never part of its text.
    const child = windows
      ? spawn(command, { shell: true, stdio: ['pipe', 'pipe', 'inherit'] })
      : spawn('/bin/sh', ['-c', command, procedure, ...texts], { stdio: ['pipe', 'pipe', 'inherit'], detached: true });
    let output = '';
    let running = true;
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
    // A command that does not read is none the worse for it.
    child.stdin.on('error', () => undefined).end(jsonOf({ args, kwargs }));
    child.on('error', (error) => {
      subscriber.error(error);
    });
    child.on('close', (code, signal) => {
      running = false;
      if (code === 0) {
        const text = output.trimEnd();
        (text === '' ? of() : of(valueOf(text))).subscribe(subscriber);
        return;
      }
      const how = code === null ? `was ended by ${String(signal)}` : `ended with exit code ${code}`;
      subscriber.error(new ApplicationError('wamp.error.runtime_error', [`the command behind ${procedure} ${how}`]));
    });
    return () => {
      if (!running || child.pid === undefined) return;
      try {
        if (windows) child.kill();
        else process.kill(-child.pid);
      } catch {
        // It ended in this very moment.
      }
    };
  });
}
