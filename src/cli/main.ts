#!/usr/bin/env node
// The entry of the command line: parses, runs one command, tells what went wrong, and sets the exit code.
import { readFileSync } from 'node:fs';
import { CommanderError } from 'commander';
import { EXIT, UsageError } from './failure.ts';
import { Output } from './output.ts';
import { program } from './program.ts';

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { readonly version: string };

try {
  await program(version, (exitCode) => (process.exitCode = exitCode)).parseAsync();
} catch (error) {
  const output = new Output({ json: process.argv.includes('--json') });
  if (!(error instanceof CommanderError)) process.exitCode = output.fail(error);
  // Help and the version were asked for; help alone was not.
  else if (error.exitCode === 0) process.exitCode = EXIT.ok;
  else process.exitCode = error.code === 'commander.help' ? EXIT.usage : output.fail(spoken(error));
}

/** Commander's sentence in the form of ours: `error: unknown option '--ur'\n(Did you mean --url?)`. */
function spoken({ message, command }: CommanderError & { readonly command?: string }): UsageError {
  const [sentence = message, guess] = message.replace(/^error: /, '').split('\n');
  const help = command === undefined ? 'rxwamp --help' : `rxwamp ${command} --help`;
  return new UsageError(sentence, guess?.replace(/^\(D(.*)\)$/, 'd$1') ?? `${help} shows how`);
}
