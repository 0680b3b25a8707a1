// Components of React on a page; what a spec renders is gone behind it.
import { createElement, Fragment, type FunctionComponent, StrictMode } from 'react';
import { createRoot, hydrateRoot } from 'react-dom/client';
import { renderToString } from 'react-dom/server';
import type { Client } from '../../src/index.ts';
import { useCall, useTopic, WampProvider } from '../../src/react/index.ts';
import { behind, SLOW } from '../front-ends/stage.ts';

export const Topic: FunctionComponent<{ readonly uri?: string }> = ({ uri }) => {
  const { latest, error, isDone } = useTopic<[string]>(uri);
  return `${error?.name ?? latest?.value ?? 'nothing'}${isDone ? ', the end' : ''}.`;
};

export const Call: FunctionComponent<{ readonly inputs?: readonly unknown[]; readonly kwargs?: object }> = ({ inputs, kwargs }) => {
  // A new list and new objects at every render.
  const call = useCall<string>(inputs && SLOW, inputs && [...inputs], { ...kwargs }, { receive_progress: true });
  const text = `${call.error?.name ?? call.latest?.value ?? 'nothing'}${call.isDone ? ', the end' : ''}.`;
  return createElement('button', { onClick: call.reload }, text);
};

export interface Page<Props> {
  readonly text: () => string;
  /** Renders again, with other properties or another client. */
  show(props: Props, client?: Client): void;
  /** Clicks what there is to click. */
  click(): void;
  unmount(): void;
}

/** Renders a component below a provider, under StrictMode unless that is not wanted. */
export function page<Props extends object>(
  client: Client,
  component: FunctionComponent<Props>,
  props: Props,
  mode = StrictMode,
): Page<Props> {
  const place = document.body.appendChild(document.createElement('div'));
  const root = createRoot(place);
  let isMounted = true;
  const show = (given: Props, by = client): void => {
    root.render(createElement(mode, null, createElement(WampProvider, { client: by }, createElement(component, given))));
  };
  const unmount = (): void => {
    if (isMounted) root.unmount();
    isMounted = false;
    place.remove();
  };
  behind(unmount);
  show(props);
  return { text: () => place.textContent, show, click: () => place.querySelector('button')!.click(), unmount };
}

/** Several of one component. */
export function times<Props extends object>(count: number, component: FunctionComponent<Props>): FunctionComponent<Props> {
  return (props) => createElement(Fragment, null, ...Array.from({ length: count }, () => createElement(component, props)));
}

export interface TakenOver {
  /** What the server sent. */
  readonly html: string;
  readonly text: () => string;
  /** What React had to mend, such as a text that differs. */
  readonly mended: readonly unknown[];
}

/** Renders a component as a server does, with the server's client, and takes over the page that this gave. */
export function takenOver(server: Client, client: Client, component: FunctionComponent): TakenOver {
  const treeOf = (given: Client) => createElement(WampProvider, { client: given }, createElement(component));
  const html = renderToString(treeOf(server));
  const place = document.body.appendChild(document.createElement('div'));
  place.innerHTML = html;
  const mended: unknown[] = [];
  const root = hydrateRoot(place, treeOf(client), { onRecoverableError: (error) => mended.push(error) });
  behind(() => {
    root.unmount();
    place.remove();
  });
  return { html, text: () => place.textContent, mended };
}
