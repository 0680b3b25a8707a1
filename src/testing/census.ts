// Who is there and who holds what in a realm: asked of the embedded router itself, or of any router by its meta procedures.
// Knows no waiting and no test.
// Source: WAMP advanced profile, "Session Meta API", "Registration Meta API", "Subscription Meta API".
import { lastValueFrom } from 'rxjs';
import type { Client } from '../client/client.ts';
import type { Id, Uri } from '../protocol/messages.ts';
import type { Holding, Router } from '../router/index.ts';

export type Kind = 'registration' | 'subscription';

export interface Census {
  sessions(): Promise<readonly Id[]>;
  holdings(kind: Kind): Promise<readonly Holding[]>;
}

/** @param router Asked each time, since a restart makes another one. */
export function embeddedCensus(router: () => Router, realm: Uri): Census {
  return {
    sessions: () => Promise.resolve(router().sessions(realm)),
    holdings: (kind) => Promise.resolve(kind === 'registration' ? router().registrations(realm) : router().subscriptions(realm)),
  };
}

/** @param client Its own session is not counted. */
export function metaCensus(client: Client): Census {
  const ask = async <T>(procedure: Uri, args: readonly unknown[] = []): Promise<T> => {
    const { value } = await lastValueFrom(client.call<T>(`wamp.${procedure}`, args), { defaultValue: { value: undefined } });
    return value as T;
  };
  return {
    sessions: async () => (await ask<readonly Id[]>('session.list')).filter((id) => id !== client.inspect().session),
    holdings: async (kind) => {
      const lists = await ask<Readonly<Record<string, readonly Id[]>>>(`${kind}.list`);
      return Promise.all(
        Object.values(lists)
          .flat()
          .map(async (id) => {
            const { uri, match } = await ask<Holding>(`${kind}.get`, [id]);
            const sessions = await ask<readonly Id[]>(
              kind === 'registration' ? 'registration.list_callees' : 'subscription.list_subscribers',
              [id],
            );
            return { id, uri, match, sessions };
          }),
      );
    },
  };
}
