// `rxwamp call`: one call, its results on stdout.
import { tap } from 'rxjs';
import type { ConnectionFlags } from '../connection.ts';
import { type Context, follow } from '../context.ts';
import { kwargsOf, valuesOf } from '../values.ts';

export interface CallFlags extends ConnectionFlags {
  readonly kwargs?: string;
  readonly kwarg?: readonly string[];
  readonly progress?: boolean;
  readonly discloseMe?: boolean;
  readonly timeout?: number;
}

export function call(context: Context, procedure: string, args: readonly string[], flags: CallFlags): Promise<number> {
  const kwargs = kwargsOf(flags.kwargs, flags.kwarg);
  const options = {
    ...(flags.progress === true && { receive_progress: true }),
    ...(flags.discloseMe === true && { disclose_me: true }),
    ...(flags.timeout !== undefined && { timeoutMs: flags.timeout }),
  };
  const { output } = context;
  return follow(context, flags, 'brief', (client) =>
    client.call(procedure, valuesOf(args), kwargs, options).pipe(
      tap((result) => {
        output.result(result, output.payload(result));
      }),
    ),
  );
}
