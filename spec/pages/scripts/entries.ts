// Uses every entry that is for pages, each once, on `?router=URL` with its `com.example.add`: `seen` has the sum by each of them, or what failed.
import { createElement, type FunctionComponent } from 'react';
import { createRoot } from 'react-dom/client';
import { firstValueFrom, map } from 'rxjs';
import { Client } from 'rxwamp';
import { wampcra } from 'rxwamp/auth';
import { contract, type Schema } from 'rxwamp/contract';
import { msgpack } from 'rxwamp/msgpack';
import { serve } from 'rxwamp/peer';
import * as react from 'rxwamp/react';
import { Router } from 'rxwamp/router';
import { testing } from 'rxwamp/testing';
import * as vue from 'rxwamp/vue';
import { createApp, defineComponent } from 'vue';

const ADD = 'com.example.add';
const add = map(({ args: [a, b] }: { args: unknown[] }) => Number(a) + Number(b));
const url = new URLSearchParams(location.search).get('router') ?? '';
const client = new Client({ url, logger: false });

const called = (by: Client): Promise<unknown> => firstValueFrom(by.call(ADD, [1, 2])).then(({ value }) => value);

/** What a component has shown, once it is a number. */
function shownIn(place: Element): Promise<number> {
  return new Promise((resolve) => {
    const look = (): void => {
      if (place.textContent !== '' && Number.isFinite(Number(place.textContent))) resolve(Number(place.textContent));
    };
    new MutationObserver(look).observe(place, { childList: true, subtree: true, characterData: true });
  });
}
const place = (): Element => document.body.appendChild(document.createElement('div'));

const schema = <T>(is: (value: unknown) => boolean): Schema<T> => ({
  '~standard': { version: 1, vendor: 'spec', validate: (value) => (is(value) ? { value: value as T } : { issues: [] }) },
});
const api = { procedures: { [ADD]: { args: schema<[number, number]>(Array.isArray), result: schema<number>(Number.isFinite) } } };

const uses: Readonly<Record<string, () => Promise<unknown>>> = {
  rxwamp: () => called(client),
  'rxwamp/msgpack': () => called(new Client({ url, logger: false, serializers: [msgpack()] })),
  'rxwamp/auth': async () => {
    const router = new Router({ realms: [{ name: 'realm1', auth: { wampcra: { ada: { secret: 'hers' } } } }] });
    const auth = [wampcra({ authid: 'ada', secret: 'hers' })];
    const ada = new Client({ transport: router.transport(), auth, logger: false });
    ada.register(ADD, add).subscribe({ error: reportError });
    return called(ada);
  },
  'rxwamp/router': async () => {
    const here = new Client({ transport: new Router({ realms: ['realm1'] }).transport(), logger: false });
    here.register(ADD, add).subscribe({ error: reportError });
    return called(here);
  },
  'rxwamp/contract': async () => contract(client, api).rpc.com.example.add(1, 2),
  'rxwamp/peer': async () => {
    const mine = 'com.example.add_here';
    const served = serve(client, { procedures: { [mine]: ({ args: [a, b] }) => Number(a) + Number(b) } });
    await new Promise((resolve, reject) => served.subscribe({ next: resolve, error: reject }));
    return firstValueFrom(client.call(mine, [1, 2])).then(({ value }) => value);
  },
  'rxwamp/testing': async () => {
    await using kit = await testing();
    kit.clients[0].register(ADD, add).subscribe({ error: reportError });
    await kit.registered(ADD);
    return await called(kit.clients[0]);
  },
  'rxwamp/react': () => {
    const Sum: FunctionComponent = () => String(react.useCall<number>(ADD, [1, 2]).latest?.value);
    const root = place();
    createRoot(root).render(createElement(react.WampProvider, { client }, createElement(Sum)));
    return shownIn(root);
  },
  'rxwamp/vue': () => {
    const app = createApp(
      defineComponent(() => {
        const { latest } = vue.useCall<number>(ADD, [1, 2]);
        return () => String(latest.value?.value);
      }),
    );
    vue.provideWamp(client, app);
    const root = place();
    app.mount(root);
    return shownIn(root);
  },
};

const seen: Record<string, unknown> = {};
for (const [entry, use] of Object.entries(uses)) seen[entry] = await use().catch(String);

export type EntriesPage = typeof globalThis & { readonly seen: typeof seen; isOver?: boolean };
Object.assign(globalThis, { seen, isOver: true });
