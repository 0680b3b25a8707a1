'use client';
// The client of a tree of components.
import { createContext, createElement, type ReactElement, type ReactNode, useContext } from 'react';
import type { Client } from '../client/client.ts';

export interface WampProviderProps {
  /** Made once, outside of any component. It connects when a component below asks for something, and leaves after the last one. */
  readonly client: Client;
  readonly children?: ReactNode;
}

const Wamp = createContext<Client | undefined>(undefined);

/** Gives a client to everything below. One inside another is for a second router. */
export function WampProvider({ client, children }: WampProviderProps): ReactElement {
  return createElement(Wamp.Provider, { value: client }, children);
}

/**
 * The client of the nearest `WampProvider`: for what happens in handlers, such as publishing.
 * @throws {TypeError} There is none above.
 */
export function useWamp(): Client {
  const client = useContext(Wamp);
  if (!client) throw new TypeError('no WAMP client here: put <WampProvider client={client}> around this component');
  return client;
}
