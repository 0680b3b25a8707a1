// `rxwamp run`: services in one process, until Ctrl-C. One that cannot start, or that the router turns away for good, ends them all.
import { concat, filter, firstValueFrom, map, NEVER } from 'rxjs';
import { clientOptions, type ConnectionFlags, stackOf } from '../connection.ts';
import type { Context } from '../context.ts';
import { EXIT } from '../failure.ts';
import type { Output } from '../output.ts';
import { prepare, type Service, serviceOf, targetOf } from '../services.ts';

export interface RunFlags extends ConnectionFlags {
  readonly watch?: boolean;
  readonly drain?: number;
}

export async function run(context: Context, texts: readonly string[], flags: RunFlags): Promise<number> {
  const { output, interruption } = context;
  const targets = texts.map(targetOf);
  if (flags.watch === true) return (await import('../watch.ts')).watch(context, targets);
  await prepare(targets);
  const options = clientOptions(flags, 'lasting', output);
  const made = await Promise.allSettled(targets.map((target) => serviceOf(target, options)));
  const codes = made.flatMap((each) => (each.status === 'rejected' ? told(output, each.reason) : []));
  const services = made.flatMap((each) => (each.status === 'fulfilled' ? each.value : []));
  if (codes[0] !== undefined) return codes[0];

  let ending = false;
  const failures = services.map(async (service) => {
    const error = await failure(service, flags.wait ?? Infinity, output);
    // One that is stopped while it starts has not failed.
    return ending ? new Promise<never>(() => undefined) : told(output, error);
  });
  const left = firstValueFrom(interruption.leave.pipe(map(() => EXIT.ok)), { defaultValue: EXIT.ok });
  const code = await Promise.race([left, ...failures]);
  ending = true;
  await Promise.all(services.map((service) => service.stop(flags.drain === undefined ? {} : { drainMs: flags.drain })));
  // A service may have left something that would keep the process: nobody waits for that.
  setTimeout(() => process.exit(), 500).unref();
  return code;
}

/** Starts a service and says how it fares. Resolves when it has failed, with the reason. */
async function failure(service: Service, timeoutMs: number, output: Output): Promise<unknown> {
  const { name, client } = service;
  const saying = client.status.subscribe({
    next: (status) => {
      if (status.state === 'open') output.note(`${name}: session ${status.session.id} in ${status.session.realm}`);
    },
    error: () => undefined,
  });
  try {
    await service.start({ timeoutMs });
    output.note(`${name}: ${offered(service)}`);
    const reasons = client.status.pipe(
      map((status) => (status.state === 'closed' ? status.reason : undefined)),
      filter((reason) => reason !== undefined),
    );
    // One that stops by itself has no reason, and has not failed: the others go on.
    return await firstValueFrom(concat(reasons, NEVER), { defaultValue: undefined });
  } catch (error) {
    return error;
  } finally {
    saying.unsubscribe();
  }
}

function offered({ registrations, subscriptions }: Service): string {
  const uris = (entries: readonly { readonly uri: string }[]): string => entries.map(({ uri }) => uri).join(', ');
  const parts = [
    ...(registrations.length > 0 ? [`registered ${uris(registrations)}`] : []),
    ...(subscriptions.length > 0 ? [`subscribed to ${uris(subscriptions)}`] : []),
  ];
  return parts.length > 0 ? parts.join('; ') : 'running';
}

/** Its sentence, and below it where the program's own code threw. */
function told(output: Output, error: unknown): number {
  const code = output.fail(error);
  const cause = error instanceof Error ? error.cause : undefined;
  const stack = cause instanceof Error && !('uri' in cause) ? stackOf(cause) : '';
  if (stack !== '') output.note(stack);
  return code;
}
