// The ready configurations of the testing kit with a real Crossbar.io: each starts, lets a kit in as it says, and its meta procedures answer.
// Knows no scenario.
import { firstValueFrom, map } from 'rxjs';
import { type ClientOptions } from 'rxwamp';
import { ticket } from 'rxwamp/auth';
import { testing } from 'rxwamp/testing';
import { crossbar, LOGINS, type Crossbar, type ReadyConfig } from 'rxwamp/testing/crossbar';

const CLIENTS: Readonly<Record<ReadyConfig, (router: Crossbar) => Omit<ClientOptions, 'url'>>> = {
  default: () => ({}),
  'static-auth': () => ({ auth: [ticket(LOGINS.ticket)] }),
  tls: ({ certificate }) => ({ socket: { ca: certificate } }),
  ipv6: () => ({}),
  timeout: () => ({}),
};

/** One configuration. @throws What does not hold. */
async function check(command: string, config: ReadyConfig): Promise<void> {
  await using router = await crossbar({ command, config });
  await using kit = await testing({ url: router.url, clients: 2, limitMs: 5_000, client: { logger: false, ...CLIENTS[config](router) } });
  const [callee, caller] = kit.clients;
  callee
    .register(
      'com.example.double',
      map(({ value }) => 2 * (value as number)),
    )
    .subscribe({ error: () => undefined });
  callee.topic('com.example.news').subscribe({ error: () => undefined });
  const { sessions } = await kit.registered('com.example.double');
  await kit.subscribed('com.example.news', { match: 'exact' });
  const { value } = await firstValueFrom(caller.call('com.example.double', [4]));
  if (value !== 8) throw new TypeError(`4 doubled is ${String(value)}`);
  const ids = await kit.sessions(2);
  if (!ids.includes(sessions[0]!)) throw new TypeError(`session ${String(sessions[0])} is not among ${ids.join(', ')}`);
  await kit.cut(callee);
  await kit.registered('com.example.double');
}

/** All of them. @returns A line for each, and whether it held. */
export async function checkReady(command: string): Promise<readonly (readonly [line: string, passed: boolean])[]> {
  const lines: (readonly [string, boolean])[] = [];
  for (const config of Object.keys(CLIENTS) as ReadyConfig[]) {
    const since = performance.now();
    const problem = await check(command, config).then(
      () => undefined,
      (error: unknown) => String(error).split('\n').join(' '),
    );
    const label = `crossbar ready configuration ${config}`;
    const took = `${Math.round(performance.now() - since)} ms`;
    lines.push(problem === undefined ? [`ok ${label} ${took}`, true] : [`FAILED ${label}: ${problem}`, false]);
  }
  return lines;
}
