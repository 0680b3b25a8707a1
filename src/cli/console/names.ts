// What is there in the console without an import: rxwamp, its entries and rxjs. Peers and clients made there go where the console goes,
// and are ended with it.
import * as rxwamp from 'rxwamp';
import * as auth from 'rxwamp/auth';
import * as msgpack from 'rxwamp/msgpack';
import * as peer from 'rxwamp/peer';
import * as router from 'rxwamp/router';
import * as rxjs from 'rxjs';

type Names = Readonly<Record<string, unknown>>;
type Constructor = new (...args: never[]) => object;

export interface ConsoleNames {
  /** For the global object. */
  readonly globals: Names;
  /** What an import of ours gives. */
  module(specifier: string): Names | undefined;
  /** Ends every peer and client. */
  close(): Promise<void>;
}

/** @param options Of the connection: what a peer or a client that is made without them has. */
export function consoleNames(options: rxwamp.ClientOptions): ConsoleNames {
  const ends = new Set<() => Promise<unknown>>();
  const Peer = here(peer.Peer, options, (made) => ends.add(() => (made as peer.Peer).stop()));
  const Client = here(rxwamp.Client, options, (made) => ends.add(() => (made as rxwamp.Client).close()));
  const modules: Readonly<Record<string, Names>> = {
    rxwamp: { ...rxwamp, Client },
    'rxwamp/auth': auth,
    'rxwamp/msgpack': msgpack,
    'rxwamp/peer': { ...peer, Peer },
    'rxwamp/router': router,
    rxjs,
  };
  return {
    globals: {
      ...rxjs,
      ...(Object.assign({}, ...Object.values(modules).filter((each) => each !== rxjs)) as Names),
      rxjs,
      client: new (Client as unknown as new () => rxwamp.Client)(),
    },
    module: (specifier) => modules[specifier],
    close: async () => {
      await Promise.all([...ends].map((end) => end()));
    },
  };
}

/** A class whose objects get these options under their own. It stays the same class: what extends it, and `instanceof`, notice nothing. */
function here(target: Constructor, options: rxwamp.ClientOptions, made: (object: object) => void): Constructor {
  return new Proxy(target, {
    construct: (base, [own = {}, ...rest]: unknown[], newTarget) => {
      const object = Reflect.construct(base, [typeof own === 'object' ? { ...options, ...own } : own, ...rest], newTarget) as object;
      made(object);
      return object;
    },
  });
}
