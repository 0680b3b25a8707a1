// A page that only calls.
import { firstValueFrom } from 'rxjs';
import { Client } from 'rxwamp';

const client = new Client({ url: new URLSearchParams(location.search).get('router') });
const { value } = await firstValueFrom(client.call('com.example.add', [1, 2]));
document.title = String(value);
