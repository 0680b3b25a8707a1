// The public types on their own: a strict consumer without @types/node and without the newest libs, library files checked too.
import { map } from 'rxjs';
import { Client } from 'rxwamp';
import { Router } from 'rxwamp/router';
import { CALL, type Kit, type Recorded, testing } from 'rxwamp/testing';
import { crossbar } from 'rxwamp/testing/crossbar';

export const router: Router = new Router({ realms: ['realm1'] });
export const wamp: Client = new Client({ url: 'ws://localhost:8080/ws' });
wamp.call<number>('com.example.add', [1, 2]).subscribe(({ value }) => value.toFixed());
wamp
  .register<[number, number]>(
    'com.example.add',
    map(({ args: [a, b] }) => a + b),
  )
  .subscribe();

export const recorded = (kit: Kit): readonly Recorded[] => kit.recording.messages.filter(({ message }) => message[0] === CALL);
export const both = testing({ clients: 2 }).then(({ clients: [one, other] }) => [one.inspect(), other.inspect()]);
export const url: Promise<string> = crossbar({ config: 'tls' }).then((router) => router.url);
