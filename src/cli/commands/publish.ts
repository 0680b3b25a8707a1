// `rxwamp publish`: one event, confirmed by the router.
import { tap } from 'rxjs';
import type { ConnectionFlags } from '../connection.ts';
import { type Context, follow } from '../context.ts';
import { kwargsOf, valuesOf } from '../values.ts';

export interface PublishFlags extends ConnectionFlags {
  readonly kwargs?: string;
  readonly kwarg?: readonly string[];
  readonly retain?: boolean;
  readonly discloseMe?: boolean;
  readonly timeout?: number;
}

export function publish(context: Context, topic: string, args: readonly string[], flags: PublishFlags): Promise<number> {
  const kwargs = kwargsOf(flags.kwargs, flags.kwarg);
  const options = {
    // Without it a refusal would go unheard.
    acknowledge: true,
    ...(flags.retain === true && { retain: true }),
    ...(flags.discloseMe === true && { disclose_me: true }),
    ...(flags.timeout !== undefined && { timeoutMs: flags.timeout }),
  } as const;
  const { output } = context;
  return follow(context, flags, 'brief', (client) =>
    client.publish(topic, valuesOf(args), kwargs, options).pipe(
      tap((publication) => {
        output.result({ topic, publication }, '');
        output.status(`published to ${topic} as ${publication}`);
      }),
    ),
  );
}
