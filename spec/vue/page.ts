// Components of Vue on a page; what a spec mounts is gone behind it.
import { type App, type Component, createApp, createSSRApp, effectScope, h, shallowReactive, type VNode } from 'vue';
import { renderToString } from 'vue/server-renderer';
import type { Client } from '../../src/index.ts';
import { provideWamp, useCall, useTopic } from '../../src/vue/index.ts';
import { behind, SLOW } from '../front-ends/stage.ts';

interface Props {
  readonly uri?: string;
  readonly inputs?: readonly unknown[];
  readonly kwargs?: object;
}

/** A component that renders a text, or an element; its setup gives the function that makes it. */
export function reading(setup: (props: Props) => () => string | VNode): Component {
  return { props: ['uri', 'inputs', 'kwargs'], setup: (props: Props) => setup(props) } as Component;
}

export const Topic: Component = reading((props) => {
  const { latest, error, isDone } = useTopic<[string]>(() => props.uri);
  return () => `${error.value?.name ?? latest.value?.value ?? 'nothing'}${isDone.value ? ', the end' : ''}.`;
});

export const Call: Component = reading((props) => {
  const { latest, error, isDone, reload } = useCall<string>(
    () => props.inputs && SLOW,
    () => props.inputs,
    () => ({ ...props.kwargs }),
    { receive_progress: true },
  );
  const text = () => `${error.value?.name ?? latest.value?.value ?? 'nothing'}${isDone.value ? ', the end' : ''}.`;
  return () => h('button', { onClick: reload }, text());
});

export interface Page {
  readonly text: () => string;
  /** Sets properties of the component. */
  show(props: object): void;
  /** Clicks what there is to click. */
  click(): void;
  unmount(): void;
}

/** Mounts a component, or several of it, in an app with this client. */
export function page(client: Client, component: Component, props: object = {}, count = 1): Page {
  const place = document.body.appendChild(document.createElement('div'));
  const given = shallowReactive<Record<string, unknown>>({ ...props });
  const app = createApp({ render: () => Array.from({ length: count }, () => h(component, given)) });
  let isMounted = true;
  const unmount = (): void => {
    if (isMounted) app.unmount();
    isMounted = false;
    place.remove();
  };
  behind(unmount);
  provideWamp(client, app);
  app.config.warnHandler = (message) => fail(message);
  app.mount(place);
  return {
    text: () => place.textContent,
    show: (changed) => Object.assign(given, changed),
    click: () => place.querySelector('button')!.click(),
    unmount,
  };
}

/** What a store of its own, which outlives components, makes of this. */
export function scoped<T>(ask: () => T): T {
  const scope = effectScope(true);
  behind(() => scope.stop());
  return scope.run(ask)!;
}

export interface TakenOver {
  /** What the server sent. */
  readonly html: string;
  readonly text: () => string;
  /** What Vue said of it, such as of two texts that differ. */
  readonly warnings: readonly string[];
}

/** Renders a component as a server does, with the server's client, and takes over the page that this gave. */
export async function takenOver(server: Client, client: Client, component: Component): Promise<TakenOver> {
  const warnings: string[] = [];
  const appOf = (given: Client): App => {
    const app = createSSRApp({ render: () => h(component) });
    provideWamp(given, app);
    app.config.warnHandler = (message) => warnings.push(message);
    return app;
  };
  const html = await renderToString(appOf(server));
  const place = document.body.appendChild(document.createElement('div'));
  place.innerHTML = html;
  const app = appOf(client);
  behind(() => {
    app.unmount();
    place.remove();
  });
  app.mount(place);
  return { html, text: () => place.textContent, warnings };
}
