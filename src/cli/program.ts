// The command line as it is typed: commands, arguments, options and their help. What a command does stands in `commands/`, and is loaded
// when it is asked for.
import { Argument, Command, Option } from 'commander';
import { completion, type Shell, SHELLS } from './commands/completion.ts';
import type { CallFlags } from './commands/call.ts';
import type { PingFlags } from './commands/ping.ts';
import type { PublishFlags } from './commands/publish.ts';
import type { RegisterFlags } from './commands/register.ts';
import type { RouterFlags } from './commands/router.ts';
import type { RunFlags } from './commands/run.ts';
import type { SubscribeFlags } from './commands/subscribe.ts';
import { type ConnectionFlags, DEFAULT_REALM, DEFAULT_URL } from './connection.ts';
import type { Context } from './context.ts';
import { EXIT } from './failure.ts';
import { interruption } from './interruption.ts';
import { Output, type OutputOptions } from './output.ts';
import { CONFIG_FILE } from './settings.ts';
import { gathered, numberOf } from './values.ts';

const SYNOPSIS = `
Examples:
  rxwamp router                                          a router for development
  rxwamp run ./service.ts:DateService                    start a service
  rxwamp call com.example.add 2 -5                       call a procedure
  rxwamp subscribe com.example.news                      print events until Ctrl-C
  rxwamp publish com.example.news hello -k author=Ada    publish an event
  rxwamp register com.example.date --exec date           answer with a shell command
  rxwamp console                                         an interactive session

Arguments are JSON where they are JSON, else text: 5 is a number, '"5"' a text, '{"a":1}' an object.

Settings: an option goes before its environment variable (RXWAMP_URL, RXWAMP_REALM, RXWAMP_AUTHID, RXWAMP_TICKET, RXWAMP_SECRET,
RXWAMP_CA, RXWAMP_CERT, RXWAMP_KEY), that before the file (--config, else ${CONFIG_FILE} where you are), that before the default.

Exit codes: 0 done; 1 an error was the answer; 2 wrong usage; 3 no connection; 4 the router refused the session; 5 it took too long;
130 interrupted.`;

const CONNECTION = 'Connection:';
const OUTPUT = 'Output:';
const MATCH = ['exact', 'prefix', 'wildcard'];
const INVOKE = ['single', 'roundrobin', 'random', 'first', 'last'];

/**
 * The program; `parseAsync` runs one command.
 *
 * @param version Of the package.
 * @param ended Gets the exit code of the command.
 */
export function program(version: string, ended: (exitCode: number) => void): Command {
  const root = new Command('rxwamp')
    .description('Calls, events and services on a WAMP router.')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [command]', 'print the help of a command')
    .addHelpText('after', SYNOPSIS)
    .configureHelp({ helpWidth: process.stdout.columns || 120 })
    // What is wrong is said by whoever catches it, in the form of all other errors.
    .configureOutput({ outputError: () => undefined })
    .exitOverride();

  /** Adds a command; its `run` gets the arguments in their order, then the options. */
  const add = (made: Command, run: (context: Context, ...given: never[]) => Promise<number>): Command => {
    made
      .addOption(new Option('--json', 'print one JSON text a line, errors and warnings too').helpGroup(OUTPUT))
      .addOption(new Option('--quiet', 'print nothing but results and errors').helpGroup(OUTPUT))
      .action(async (...given: unknown[]) => {
        const output = new Output(made.opts<OutputOptions>());
        const leaving = (): void => {
          output.status('leaving; Ctrl-C again ends at once');
        };
        // Commander's last argument is the command itself.
        ended(await run({ output, interruption: interruption(leaving) }, ...(given.slice(0, -1) as never[])));
      });
    return made;
  };
  const command = (usage: string, description: string): Command => {
    const made = root.command(usage).description(description).helpOption('-h, --help', 'print this help');
    return made.exitOverride((error) => {
      throw Object.assign(error, { command: made.name() });
    });
  };

  add(
    connecting(command('run <services...>', 'start services, as ./service.ts:DateService, until Ctrl-C'))
      .option('--watch', 'start again when a file of the project changes')
      .option('--drain <ms>', 'how long running invocations may take when it ends; default: 5000', numberOf('--drain', 0)),
    async (context, services: readonly string[], flags: RunFlags) => (await import('./commands/run.ts')).run(context, services, flags),
  );

  add(
    payload(connecting(command('call <procedure> [args...]', 'call a procedure and print its result')))
      .option('--progress', 'ask for progressive results, and print each')
      .option('--disclose-me', 'ask the router to tell the callee who calls')
      .option('--timeout <ms>', 'give up after so many milliseconds', numberOf('--timeout', 0)),
    async (context, procedure: string, args: readonly string[], flags: CallFlags) =>
      (await import('./commands/call.ts')).call(context, procedure, args, flags),
  );

  add(
    payload(connecting(command('publish <topic> [args...]', 'publish an event, and have the router confirm it')))
      .option('--retain', 'have the router keep it for later subscribers')
      .option('--disclose-me', 'ask the router to tell subscribers who publishes')
      .option('--timeout <ms>', 'give up after so many milliseconds', numberOf('--timeout', 0)),
    async (context, topic: string, args: readonly string[], flags: PublishFlags) =>
      (await import('./commands/publish.ts')).publish(context, topic, args, flags),
  );

  add(
    connecting(command('subscribe <topics...>', 'print the events of topics, until Ctrl-C'))
      .addOption(new Option('--match <how>', 'how the topics match').choices(MATCH).default('exact'))
      .option('--count <n>', 'end after so many events', numberOf('--count', 1))
      .option('--retained', 'ask for the event that the router keeps, if there is one'),
    async (context, topics: readonly string[], flags: SubscribeFlags) =>
      (await import('./commands/subscribe.ts')).subscribe(context, topics, flags),
  );

  add(
    connecting(command('register <procedure>', 'answer calls with a shell command or a fixed value, until Ctrl-C'))
      .option('--exec <command>', 'a shell command: arguments are $1, $2, … and JSON on stdin, its stdout is the answer')
      .option('--value <json>', 'the answer')
      .addOption(new Option('--match <how>', 'how the procedure matches').choices(MATCH))
      .addOption(new Option('--invoke <how>', 'how several services share it').choices(INVOKE))
      .option('--concurrency <n>', 'how many invocations at once; Crossbar.io only', numberOf('--concurrency', 1)),
    async (context, procedure: string, flags: RegisterFlags) =>
      (await import('./commands/register.ts')).register(context, procedure, flags),
  );

  add(
    command('router', 'run a router for development on this machine, until Ctrl-C')
      .option('-p, --port <port>', 'the port; 0 is any free one', numberOf('--port', 0), 8080)
      .option('--host <address>', 'the address to listen at; default: 127.0.0.1, which nobody reaches from outside')
      .option('--path <path>', 'the only path that is answered; default: every path')
      .option('--realm <uri>', `a realm; may be given several times; default: ${DEFAULT_REALM}`, gathered)
      .option('--user <authid:secret>', 'let in this user, by ticket or WAMP-CRA, and nobody without a login; several times', gathered)
      .option(
        '--origin <origin>',
        'a web origin whose pages may connect; may be given several times; default: those of localhost',
        gathered,
      ),
    async (context, flags: RouterFlags) => (await import('./commands/router.ts')).router(context, flags),
  );

  add(
    connecting(command('console', 'an interactive session: JavaScript, TypeScript with tsx, and top-level await')),
    async (context, flags: ConnectionFlags) => (await import('./commands/console.ts')).openConsole(context, flags),
  );

  add(
    connecting(command('ping', 'measure round trips through the router'))
      .option('-c, --count <n>', 'how many', numberOf('--count', 1), 4)
      .option('--interval <ms>', 'milliseconds between them', numberOf('--interval', 0), 1000)
      .option('--timeout <ms>', 'milliseconds to wait for each', numberOf('--timeout', 1), 5000),
    async (context, flags: PingFlags) => (await import('./commands/ping.ts')).ping(context, flags),
  );

  add(connecting(command('sessions', 'list who is there, where the router tells')), async (context, flags: ConnectionFlags) =>
    (await import('./commands/sessions.ts')).sessions(context, flags),
  );

  // A script for a shell, so it has none of the options for output.
  command('completion', 'print what makes a shell complete rxwamp')
    .addArgument(new Argument('<shell>', 'like eval "$(rxwamp completion bash)" in ~/.bashrc').choices(SHELLS))
    .action((shell: Shell) => {
      process.stdout.write(completion(shell, root));
      ended(EXIT.ok);
    });

  return root;
}

function connecting(command: Command): Command {
  const options = [
    new Option('--url <url>', `the router; default: ${DEFAULT_URL}`),
    new Option('--realm <uri>', `the realm; default: ${DEFAULT_REALM}`),
    new Option('--authid <name>', 'who logs in'),
    new Option('--ticket <text>', 'log in with a ticket; rather in RXWAMP_TICKET, as others see what runs'),
    new Option('--secret <text>', 'log in with WAMP-CRA; rather in RXWAMP_SECRET'),
    new Option('--ca <file>', 'trust the certificates of this file (PEM)'),
    new Option('--cert <file>', 'a client certificate (PEM)'),
    new Option('--key <file>', 'its key (PEM)'),
    new Option('--config <file>', `settings from a file, also of a Crossbar.io node; default: ${CONFIG_FILE}`),
    new Option('--wait <ms>', 'go on trying for so long while there is no router').argParser(numberOf('--wait', 0)),
    new Option('--trace', 'print every message to stderr, secrets masked'),
  ];
  for (const option of options) command.addOption(option.helpGroup(CONNECTION));
  return command;
}

function payload(command: Command): Command {
  return command
    .option('--kwargs <json>', 'keyword arguments, a JSON object')
    .option('-k, --kwarg <name=value>', 'one keyword argument; may be given several times', gathered);
}
