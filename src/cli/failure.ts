// What went wrong, for people and for scripts: one sentence, a hint where there is a remedy, and the exit code.
// Errors are told apart by name and `uri`, not by class: a service may bring a copy of rxwamp of its own.

/** The exit codes, as docs/cli.md lists them. */
export const EXIT = { ok: 0, failed: 1, usage: 2, connection: 3, refused: 4, timeout: 5, interrupted: 130 } as const;

/** A failure of the command line itself. */
export class CommandError extends Error {
  override readonly name: string = 'CommandError';
  readonly exitCode: number;
  readonly hint: string | undefined;
  constructor(message: string, options: ErrorOptions & { readonly hint?: string | undefined; readonly exitCode?: number } = {}) {
    super(message, options);
    this.exitCode = options.exitCode ?? EXIT.failed;
    this.hint = options.hint;
  }
}

/** What was typed, or stands in a file or the environment, cannot be used. */
export class UsageError extends CommandError {
  override readonly name = 'UsageError';
  constructor(message: string, hint?: string, options?: ErrorOptions) {
    super(message, { ...options, hint, exitCode: EXIT.usage });
  }
}

/** A failure as it is shown. Its fields are what `--json` prints. */
export interface Failure {
  readonly name: string;
  readonly message: string;
  readonly uri?: string;
  readonly args?: unknown;
  readonly kwargs?: unknown;
  readonly hint?: string;
  readonly exitCode: number;
}

const CODES: Readonly<Record<string, number>> = {
  ApplicationError: EXIT.failed,
  JoinError: EXIT.refused,
  ConnectionError: EXIT.connection,
  ProtocolError: EXIT.connection,
  CallTimeoutError: EXIT.timeout,
  // A TypeError is the library's word for a wrong URI, option or payload; here somebody typed it.
  TypeError: EXIT.usage,
};

const LOGIN = 'log in with --authid and --ticket or --secret';
const HINTS: Readonly<Record<string, string>> = {
  'wamp.error.network_failure': '`rxwamp router` starts one here; --url names another',
  'wamp.error.no_serializer': 'is the path right? --url names another',
  'wamp.error.no_such_realm': '--realm names another',
  'wamp.error.not_authorized': LOGIN,
  'wamp.error.no_matching_auth_method': LOGIN,
};

/** How an error is told. */
export function failureOf(error: unknown): Failure {
  const { name, message, uri, args, kwargs, hint, exitCode } = (error ?? {}) as Partial<Failure>;
  if (!(error instanceof Error) || typeof name !== 'string' || typeof message !== 'string')
    return { name: 'Error', message: String(error), exitCode: EXIT.failed };
  const wamp = typeof uri === 'string' ? uri : undefined;
  const remedy = hint ?? (wamp === undefined ? undefined : HINTS[wamp]);
  return {
    name,
    message,
    ...(wamp !== undefined && { uri: wamp }),
    ...(Array.isArray(args) && args.length > 0 && { args }),
    ...(typeof kwargs === 'object' && kwargs !== null && Object.keys(kwargs).length > 0 && { kwargs }),
    ...(remedy !== undefined && { hint: remedy }),
    exitCode: exitCode ?? codeOf(error),
  };
}

/** The code of the error, or of what caused it. */
function codeOf(error: Error): number {
  const { name, cause } = error;
  return CODES[name] ?? (cause instanceof Error ? (CODES[cause.name] ?? EXIT.failed) : EXIT.failed);
}
