// `rxwamp completion`: what a shell needs to complete commands, options and their values; file names are left to the shell.
// Knows the program only as Commander tells it, so nothing here names a command.
import type { Command, Option } from 'commander';

export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

/** The script for one shell: it holds everything, so that completing starts no process. */
export function completion(shell: Shell, root: Command): string {
  return { bash, zsh, fish }[shell](root.commands.filter((command) => command.name() !== 'help'));
}

function bash(commands: readonly Command[]): string {
  const choices = new Map(commands.flatMap(({ options }) => options.flatMap((each) => values(each))));
  return `# bash completion for rxwamp: eval "$(rxwamp completion bash)"
_rxwamp() {
  local current="\${COMP_WORDS[COMP_CWORD]}" command="\${COMP_WORDS[1]}" flags='--help --version' words=''
  case "\${COMP_WORDS[COMP_CWORD-1]}" in
${[...choices].map(([option, all]) => `    ${option}) COMPREPLY=($(compgen -W '${all.join(' ')}' -- "$current")); return ;;`).join('\n')}
  esac
  if [ "$COMP_CWORD" -eq 1 ]; then words='${commands.map((each) => each.name()).join(' ')}'
  else
    case "$command" in
${commands.map((each) => `      ${each.name()}) flags='${flags(each).join(' ')}' words='${argumentChoices(each).join(' ')}' ;;`).join('\n')}
    esac
  fi
  # With no word that fits, bash takes file names.
  [[ "$current" == -* ]] && words=$flags
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _rxwamp rxwamp
`;
}

function zsh(commands: readonly Command[]): string {
  const quoted = (text: string): string => text.replaceAll("'", "'\\''").replaceAll(/[[\]:]/g, '\\$&');
  const option = (each: Option): string => {
    const value = each.required ? `:${each.attributeName()}:${each.argChoices ? `(${each.argChoices.join(' ')})` : '_files'}` : '';
    const repeated = each.variadic || each.long === '--kwarg' ? '*' : '';
    return `${repeated}${each.long ?? ''}[${quoted(each.description)}]${value}`;
  };
  return `#compdef rxwamp
# zsh completion for rxwamp: eval "$(rxwamp completion zsh)"
_rxwamp() {
  if (( CURRENT == 2 )); then
    local -a commands=(
${commands.map((each) => `      '${each.name()}:${quoted(each.description())}'`).join('\n')}
    )
    _describe command commands
    return
  fi
  local command=$words[2]
  shift words
  (( CURRENT-- ))
  case $command in
${commands.map((each) => `    ${each.name()}) _arguments ${[...each.options.map(option), rest(each)].map((spec) => `'${spec}'`).join(' ')} ;;`).join('\n')}
  esac
}
compdef _rxwamp rxwamp
`;
}

function fish(commands: readonly Command[]): string {
  const quoted = (text: string): string => `'${text.replaceAll(/['\\]/g, '\\$&')}'`;
  const lines = commands.flatMap((command) => {
    const seen = `complete -c rxwamp -n ${quoted(`__fish_seen_subcommand_from ${command.name()}`)}`;
    const choices = argumentChoices(command);
    return [
      `complete -c rxwamp -f -n __fish_use_subcommand -a ${command.name()} -d ${quoted(command.description())}`,
      ...(choices.length > 0 ? [`${seen} -f -a ${quoted(choices.join(' '))}`] : []),
      ...command.options.map((each) => {
        const value = each.argChoices ? ` -x -a ${quoted(each.argChoices.join(' '))}` : each.required ? ' -r' : '';
        return `${seen} -l ${(each.long ?? '').slice(2)} -d ${quoted(each.description)}${value}`;
      }),
    ];
  });
  return `# fish completion for rxwamp: rxwamp completion fish | source\n${lines.join('\n')}\n`;
}

function flags({ options }: Command): string[] {
  return [...options.flatMap(({ long }) => long ?? []), '--help'];
}

function values({ long, argChoices }: Option): (readonly [option: string, values: readonly string[]])[] {
  return long === undefined || argChoices === undefined ? [] : [[long, argChoices]];
}

function argumentChoices({ registeredArguments }: Command): readonly string[] {
  return registeredArguments.flatMap(({ argChoices }) => argChoices ?? []);
}

/** What follows the options: known words, or files. */
function rest(command: Command): string {
  const choices = argumentChoices(command);
  return choices.length > 0 ? `*:value:(${choices.join(' ')})` : '*:argument:_files';
}
