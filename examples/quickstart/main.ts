// The quickstart: `npm start`, or `npm start -- --url ws://… --realm …` with a router of your own.
import { parseArgs } from 'node:util';
import { filter, firstValueFrom, ignoreElements, map, merge, type Observable, retry, Subject, take } from 'rxjs';
import { Client, type Session } from 'rxwamp';
import { Router } from 'rxwamp/router';
import { headlines, startReader } from './reader.ts';
import { startService } from './service.ts';
import { say, skipped, step } from './step.ts';

const RESTART = 'The router is stopped and started again';

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { url: { type: 'string' }, realm: { type: 'string', default: 'realm1' } } });
  if (values.url !== undefined) {
    await story(values.url, values.realm, () => {
      skipped(RESTART, `because the router at ${String(values.url)} is not ours to stop`);
      return Promise.resolve();
    });
    return;
  }
  let router = new Router({ realms: [values.realm] });
  // Port 0 is any free one.
  const { url, port } = await step('The router starts', () => router.listen({ port: 0, path: '/ws' }));
  try {
    await story(url, values.realm, async (service, reader, caller) => {
      await step(RESTART, async () => {
        const noticed = [lost(service, 'service'), lost(reader, 'reader'), lost(caller, 'caller')];
        await router.close();
        await Promise.all(noticed);
        router = new Router({ realms: [values.realm] });
        return router.listen({ port, path: '/ws' });
      });
      // A call is cold, so `retry` sends it again: the caller may be back before the service.
      await step('The service answers again', () => binaryNumber(caller).pipe(retry({ delay: 100 })));
      await step('The reader is subscribed again', () => reader.subscribed('news'));
      await step('It hears the news', () => publish(caller, reader, ['Nobody had to reconnect by hand']));
    });
  } finally {
    await router.close();
  }
}

async function story(url: string, realm: string, restart: (...clients: [Client, Client, Client]) => Promise<void>): Promise<void> {
  const options = { url, realm, logger: false } as const;
  const [service, reader, caller] = [new Client(options), new Client(options), new Client(options)];
  const countdowns = new Subject<number>();
  try {
    await step(`A client joins ${realm} at ${url}`, () => joined(service));
    await step('A service registers two procedures', () => startService(service, countdowns));
    await step('A second client calls get_binary_number with 100', () => binaryNumber(caller));
    await step('A reader subscribes to news', () => {
      startReader(reader);
      return reader.subscribed('news');
    });
    await step('A publisher sends headlines as keyword arguments', () => publish(caller, reader, ['rxwamp is here', 'It speaks WAMP']));
    await step('A countdown from 9 shows its progress, and is cancelled by unsubscribing', () => countdown(caller, countdowns));
    await restart(service, reader, caller);
  } finally {
    await Promise.all([service.close(), reader.close(), caller.close()]);
  }
}

/** The first session; a first attempt that fails is an error here, though the client would try again. */
function joined(client: Client): Observable<Session> {
  const failed = client.status.pipe(
    map((status) => {
      if (status.state === 'waiting') throw status.reason;
      return status;
    }),
    ignoreElements(),
  );
  return merge(client.sessions, failed);
}

function binaryNumber(client: Client): Observable<string> {
  return client.call<string>('get_binary_number', [100]).pipe(
    map(({ value }) => {
      say('caller', value);
      return value;
    }),
  );
}

/** Publishes, and waits until the reader has it. */
async function publish(publisher: Client, reader: Client, lines: readonly string[]): Promise<void> {
  const heard = firstValueFrom(headlines(reader));
  await Promise.all([heard, firstValueFrom(publisher.publish('news', [], { headlines: lines }, { acknowledge: true }))]);
}

/** Takes three numbers and leaves: `take` unsubscribes, which sends CANCEL. Waits until the service has stopped counting. */
async function countdown(client: Client, countdowns: Observable<number>): Promise<void> {
  const stopped = firstValueFrom(countdowns);
  const results = client.call<number>('countdown', [9], undefined, { receive_progress: true });
  await results.pipe(take(3)).forEach(({ value }) => {
    say('caller', String(value));
  });
  if ((await stopped) === 0) throw new Error('the countdown ran to its end, although its caller had left');
}

/** Waits for a client to notice that its session is gone. */
async function lost(client: Client, name: string): Promise<void> {
  const { reason } = await firstValueFrom(client.status.pipe(filter((status) => status.state === 'waiting')));
  say(name, `lost its session (${reason.uri}) and tries again by itself`);
}

main().then(
  () => {
    console.log('Done.');
  },
  (error: unknown) => {
    console.error(`The quickstart stopped: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  },
);
