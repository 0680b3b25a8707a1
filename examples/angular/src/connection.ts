// How the desk connects: where to, as whom, and when it gives up.
// The options run in an injection context, so the login asks a service at every attempt.
import { inject, Injectable } from '@angular/core';
import { JoinError, type ClientOptions } from 'rxwamp';
import { ticket } from 'rxwamp/auth';

export interface Place {
  readonly url: string;
  readonly realm: string;
}

/** Who is at the desk, in memory only: a page that is loaded again asks again. */
@Injectable({ providedIn: 'root' })
export class Credentials {
  user = '';
  ticket = '';
}

const REFUSED = /not_authorized|authentication|authorization|no_such_principal/;

export function connection({ url, realm }: Place): () => ClientOptions {
  return () => {
    const credentials = inject(Credentials);
    return {
      url,
      realm,
      auth: [ticket({ authid: () => credentials.user, ticket: () => credentials.ticket })],
      // A wrong ticket stays wrong, so that ends at once; a router that only just starts is worth another attempt.
      isFatal: (error) => error instanceof JoinError && REFUSED.test(error.uri),
      // Who logs out has left, not in a second.
      lingerMs: 0,
      logger: false,
    };
  };
}
