// A page that installed rxwamp: calls itself through the router that its address names, and tells its server what came back.
import { firstValueFrom, map } from 'rxjs';
import { Client } from 'rxwamp';

const wamp = new Client({ url: new URLSearchParams(location.search).get('router')! });
wamp
  .register<[number, number]>(
    'com.example.add',
    map(({ args: [a, b] }) => a + b),
  )
  .subscribe(async () => {
    const { value } = await firstValueFrom(wamp.call<number>('com.example.add', [1, 2]));
    await fetch('/done', { method: 'POST', body: String(value) });
  });
