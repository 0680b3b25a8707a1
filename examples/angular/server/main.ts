// The back end: `tsx server/main.ts` brings its own router, `tsx server/main.ts --url ws://…` goes to another one as a client.
import { parseArgs } from 'node:util';
import { Client } from 'rxwamp';
import { ticket } from 'rxwamp/auth';
import { Router } from 'rxwamp/router';
import { bufferCount } from 'rxjs';
import { Market } from './market.ts';
import { Orders } from './orders.ts';
import { random } from './random.ts';
import { service } from './service.ts';
import { SERVICE, USERS } from './users.ts';

const { values } = parseArgs({
  options: {
    url: { type: 'string' },
    realm: { type: 'string', default: 'desk' },
    port: { type: 'string', default: '8080' },
    seed: { type: 'string', default: String(Date.now()) },
    'tick-ms': { type: 'string', default: '60' },
  },
});
function whole(name: 'port' | 'seed' | 'tick-ms', from: number): number {
  const number = Number(values[name]);
  if (Number.isInteger(number) && number >= from) return number;
  console.error(`desk: --${name} must be a whole number from ${from}, not ${values[name]}`);
  process.exit(2);
}
const [port, seed, tickMs] = [whole('port', 0), whole('seed', 0), whole('tick-ms', 1)];

/** Ends the process with one sentence, like "port 8080 of 127.0.0.1 is taken …". */
function fail(error: unknown): never {
  console.error(`desk: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
}

let url = values.url;
if (url === undefined) {
  const router = new Router({ realms: [{ name: values.realm, auth: { ticket: USERS } }] });
  ({ url } = await router.listen({ port }).catch(fail));
}

const client = new Client({ url, realm: values.realm, auth: [ticket(SERVICE)] });
const draw = random(seed);
const market = new Market(draw, tickMs);
service(client, market, new Orders(market, random(seed + 1)), random(seed + 2))
  .pipe(bufferCount(3))
  .subscribe({
    next: () => console.log(`desk: open at ${url}, realm ${values.realm}, seed ${seed}`),
    error: fail,
  });

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    void client.close().then(() => process.exit());
  });
}
