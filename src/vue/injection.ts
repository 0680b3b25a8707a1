// The client of an app, or of a component and all below it.
import { type App, inject, type InjectionKey, provide } from 'vue';
import type { Client } from '../client/client.ts';

const WAMP: InjectionKey<Client> = Symbol('rxwamp');

/**
 * Gives a client to an app, or in a component's `setup` to it and everything below, as for a second router.
 *
 * @param client Made once. It connects when a component asks for something, and leaves after the last one.
 * @param app Default: the component that is being set up.
 */
export function provideWamp(client: Client, app?: App): void {
  if (!app) provide(WAMP, client);
  else app.provide(WAMP, client);
}

/**
 * The client that was provided: for what happens in handlers, such as publishing.
 * @throws {TypeError} There is none.
 */
export function useWamp(): Client {
  const client = inject(WAMP, undefined);
  if (!client) throw new TypeError('no WAMP client here: provideWamp(client, app) gives one to the app');
  return client;
}
