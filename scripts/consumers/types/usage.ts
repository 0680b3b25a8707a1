// The public types on their own: a strict consumer without @types/node and without the newest libs, library files checked too.
import { map } from 'rxjs';
import { Client } from 'rxwamp';
import { type Entrypoint, Peer, rpc, subscribe } from 'rxwamp/peer';
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

class Shop extends Peer {
  @rpc price(item: string): number {
    return item.length;
  }
  @subscribe('news', { match: 'prefix' }) onNews(_args: unknown[], _kwargs: { headlines?: string[] }): void {}
}
export const shop: Shop = new Shop({ name: 'Shop' });
export const entrypoints: readonly Entrypoint[] = shop.registrations;
export const typed: Peer<{ procedures: { price: { args: [item: string]; result: number } } }> = new Peer();
export const price: PromiseLike<number> = typed.rpc.price('apple');
// @ts-expect-error -- the contract has no such procedure
typed.rpc.prise;
