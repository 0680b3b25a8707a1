// The public types on their own: a strict consumer without @types/node and without the newest libs, library files checked too.
import { map } from 'rxjs';
import { Client } from 'rxwamp';
import { Router } from 'rxwamp/router';

export const router: Router = new Router({ realms: ['realm1'] });
export const wamp: Client = new Client({ url: 'ws://localhost:8080/ws' });
wamp.call<number>('com.example.add', [1, 2]).subscribe(({ value }) => value.toFixed());
wamp
  .register<[number, number]>(
    'com.example.add',
    map(({ args: [a, b] }) => a + b),
  )
  .subscribe();
