// A program for Node, bundled with all that it needs.
import { firstValueFrom } from 'rxjs';
import { Client } from 'rxwamp';

async function main() {
  const client = new Client({ url: process.argv[2] });
  const { value } = await firstValueFrom(client.call('com.example.add', [1, 2]));
  await client.close();
  process.exitCode = value === 3 ? 0 : 1;
}
main();
