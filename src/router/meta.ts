// The meta API of one realm: procedures that tell who is there and what stands, and end sessions; events when that changes.
// Knows no link and no message code; the realm asks it instead of the dealer, and it publishes through the broker.
// Source: WAMP advanced profile, "Session Meta API", "Registration Meta API", "Subscription Meta API".
import { ApplicationError } from '../protocol/errors.ts';
import { isId } from '../protocol/ids.ts';
import type { Dict, Id, List, Uri } from '../protocol/messages.ts';
import type { Sink } from '../protocol/sink.ts';
import { isUri } from '../protocol/uris.ts';
import { isReserved, payload } from './operations.ts';
import type { Answer, Change, Entry, Holding, Member } from './operations.ts';

/** What WELCOME announces beside the features of a realm without this API. */
export const META_FEATURES: Readonly<Record<'broker' | 'dealer', Dict>> = {
  broker: { session_meta_api: true, subscription_meta_api: true },
  dealer: { session_meta_api: true, registration_meta_api: true },
};

/** A table of the broker or the dealer. */
interface Table {
  list(): readonly Holding[];
  entry(id: Id): Entry | undefined;
  /** Whom an event or a call of this URI reaches. */
  matching(uri: Uri): readonly Id[];
}

/** What it tells of a realm, and how. */
export interface MetaGround {
  readonly members: ReadonlyMap<Id, Member>;
  readonly subscriptions: Table;
  readonly registrations: Table;
  announce(topic: Uri, args: List): void;
}

type Procedure = (args: List, kwargs: Dict, caller: Member) => unknown;

const EVENTS: Readonly<Record<'subscription' | 'registration', Readonly<Record<Change, string>>>> = {
  subscription: { created: 'on_create', entered: 'on_subscribe', left: 'on_unsubscribe', deleted: 'on_delete' },
  registration: { created: 'on_create', entered: 'on_register', left: 'on_unregister', deleted: 'on_delete' },
};

export class Meta {
  readonly #ground: MetaGround;
  readonly #procedures: ReadonlyMap<Uri, Procedure>;
  #isSilent = false;

  constructor(ground: MetaGround) {
    this.#ground = ground;
    this.#procedures = new Map([
      ...this.#sessions(),
      ...standing('subscription', 'subscribers', ground.subscriptions, (ids) => (ids.length > 0 ? ids : null)),
      ...standing('registration', 'callees', ground.registrations, ([id = null]) => id),
    ]);
  }

  /** Answers at once, whatever the options of the call are. Returns whether there is such a procedure. */
  call(caller: Member, procedure: Uri, args: List | undefined, kwargs: Dict | undefined, sink: Sink<Answer>): boolean {
    const answer = this.#procedures.get(procedure);
    if (answer === undefined) return false;
    try {
      const value = answer(args ?? [], kwargs ?? {}, caller);
      sink.next([{}, ...payload(value === undefined ? undefined : [value], undefined)]);
      sink.complete();
    } catch (error) {
      sink.error(error);
    }
    return true;
  }

  joined(member: Member): void {
    this.#ground.announce('wamp.session.on_join', [detailsOf(member)]);
  }

  left({ id, authid, authrole }: Member): void {
    if (!this.#isSilent) this.#ground.announce('wamp.session.on_leave', [id, authid, authrole]);
  }

  /** Who follows these very events is no news: telling it would make more of them. */
  changed(kind: 'subscription' | 'registration', change: Change, session: Id, entry: Entry): void {
    if (this.#isSilent || isReserved(entry.uri)) return;
    this.#ground.announce(`wamp.${kind}.${EVENTS[kind][change]}`, [session, change === 'created' ? entry : entry.id]);
  }

  #sessions(): readonly (readonly [Uri, Procedure])[] {
    const { members } = this.#ground;
    const others = (caller: Member, which: (member: Member) => boolean): readonly Member[] =>
      [...members.values()].filter((member) => member.id !== caller.id && which(member));
    const found = ([filter]: List): readonly Member[] => {
      const all = [...members.values()];
      if (filter === undefined || filter === null) return all;
      if (!Array.isArray(filter)) throw wrong('the filter must be a list of authroles');
      return all.filter(({ authrole }) => filter.includes(authrole));
    };
    const one = (id: unknown): Member => {
      if (!isId(id)) throw wrong('a session id is needed');
      return members.get(id) ?? unknown('session', id);
    };
    return [
      ['wamp.session.count', (args) => found(args).length],
      ['wamp.session.list', (args) => found(args).map(({ id }) => id)],
      ['wamp.session.get', ([id]) => detailsOf(one(id))],
      [
        'wamp.session.kill',
        ([id], kwargs, caller) => {
          const member = one(id);
          if (member.id === caller.id) unknown('session', member.id);
          kill([member], kwargs);
        },
      ],
      ['wamp.session.kill_by_authid', ([authid], kwargs, caller) => kill(others(caller, named('authid', authid)), kwargs)],
      ['wamp.session.kill_by_authrole', ([authrole], kwargs, caller) => kill(others(caller, named('authrole', authrole)), kwargs).length],
      [
        'wamp.session.kill_all',
        (_, kwargs, caller) => {
          this.#isSilent = true;
          try {
            return kill(
              others(caller, () => true),
              kwargs,
            ).length;
          } finally {
            this.#isSilent = false;
          }
        },
      ],
    ];
  }
}

/** The procedures about subscriptions or registrations. */
function standing(
  kind: 'subscription' | 'registration',
  whose: 'subscribers' | 'callees',
  table: Table,
  matched: (ids: readonly Id[]) => unknown,
): readonly (readonly [Uri, Procedure])[] {
  const ids = (match: unknown): readonly Id[] =>
    table
      .list()
      .filter((holding) => holding.match === match)
      .map(({ id }) => id);
  const known = (id: unknown): Id => {
    if (isId(id)) return id;
    throw wrong(`a ${kind} id is needed`);
  };
  const entry = (id: Id): Entry => table.entry(id) ?? unknown(kind, id);
  const sessions = (id: Id): readonly Id[] => table.list().find((holding) => holding.id === id)?.sessions ?? unknown(kind, id);
  return [
    [`wamp.${kind}.list`, () => ({ exact: ids('exact'), prefix: ids('prefix'), wildcard: ids('wildcard') })],
    [
      `wamp.${kind}.lookup`,
      ([uri, options]) => {
        const { match = 'exact' } = (options ?? {}) as Dict;
        const wanted = text(uri, 'a URI');
        return table.list().find((holding) => holding.uri === wanted && holding.match === match)?.id ?? null;
      },
    ],
    [`wamp.${kind}.match`, ([uri]) => matched(table.matching(text(uri, 'a URI')))],
    [`wamp.${kind}.get`, ([id]) => entry(known(id))],
    [`wamp.${kind}.list_${whose}`, ([id]) => sessions(known(id))],
    [`wamp.${kind}.count_${whose}`, ([id]) => sessions(known(id)).length],
  ];
}

/** Ends sessions; returns which. */
function kill(members: readonly Member[], { reason = 'wamp.close.killed', message = 'killed by another session' }: Dict): readonly Id[] {
  if (!isUri(reason)) throw new ApplicationError('wamp.error.invalid_uri', ['the reason is not a URI']);
  const said = text(message, 'a text as message');
  for (const member of members) member.end(reason, said);
  return members.map(({ id }) => id);
}

function named(key: 'authid' | 'authrole', value: unknown): (member: Member) => boolean {
  const wanted = text(value, `an ${key}`);
  return (member) => member[key] === wanted;
}

function detailsOf({ id, authid, authrole, authmethod, authprovider }: Member): Dict {
  return { session: id, authid, authrole, authmethod, authprovider };
}

function text(value: unknown, what: string): string {
  if (typeof value === 'string') return value;
  throw wrong(`${what} is needed`);
}

function wrong(sentence: string): ApplicationError {
  return new ApplicationError('wamp.error.invalid_argument', [sentence]);
}

function unknown(kind: 'session' | 'subscription' | 'registration', id: Id): never {
  throw new ApplicationError(`wamp.error.no_such_${kind}`, [`there is no ${kind} ${String(id)}`]);
}
