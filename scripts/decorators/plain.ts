// The same without a class: for tools that only strip types.
import { Client } from 'rxwamp';
import { serve } from 'rxwamp/peer';
import { Router } from 'rxwamp/router';
import { firstValueFrom, shareReplay } from 'rxjs';

const router = new Router({ realms: ['realm1'] });
const client = new Client({ transport: router.transport(), logger: false });
const served = serve(client, { procedures: { double: ({ args: [n] }: { args: [number] }) => 2 * n } }).pipe(shareReplay(1));
served.subscribe({ error: (error: unknown) => console.error(error) });
await firstValueFrom(served);
const { value } = await firstValueFrom(client.call<number>('double', [4]));
await client.close();
await router.close();
if (value === 8) console.log('served');
