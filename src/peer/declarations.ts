// The decorators, and what they have declared of an object: as standard decorators, and under `experimentalDecorators`.
// Knows no session. Source: the decorators of ECMAScript, and those of TypeScript before 5.0.
import {
  type Checks,
  checkOptions,
  checkUri,
  REGISTER_OPTIONS,
  type RegisterOptions,
  SUBSCRIBE_OPTIONS,
  type SubscribeOptions,
} from '../client/options.ts';
import type { Uri } from '../protocol/messages.ts';
import type { Peer } from './peer.ts';

export interface RpcOptions extends Omit<RegisterOptions, 'until'> {
  /** The procedure. Default: the method's name. */
  readonly uri?: Uri;
  /** Stands in front of the URI, with a dot between. Default: none. */
  readonly prefix?: Uri;
  /** Gives the method the whole `Invocation`, as its one argument. Default: positional arguments, then an object of keyword ones if any came. */
  readonly invocation?: boolean;
}

type Method = (this: never, ...args: never) => unknown;

/** Fits a standard decorator and one under `experimentalDecorators`. */
export interface MethodMark {
  (method: Method, context: ClassMethodDecoratorContext): void;
  (prototype: object, name: string | symbol, descriptor: PropertyDescriptor): void;
}

/** A method that stands for a procedure or a topic. */
export type Declaration = { readonly method: string; readonly uri: Uri } & (
  | { readonly kind: 'procedure'; readonly options: Omit<RpcOptions, 'uri' | 'prefix'> }
  | { readonly kind: 'topic'; readonly options: SubscribeOptions }
);

interface Entry {
  readonly declaration: Declaration;
  /** What tells a method from the one that it overrides. */
  readonly owner: object;
}

// Standard decorators declare on each object, the others once on its prototype.
const TABLE: WeakMap<object, Entry[]> = new WeakMap();
/** Objects that can serve what they declare. */
const PEERS: WeakSet<object> = new WeakSet();
/** What a peer has already; the compiler sees to it that none is missing. */
const TAKEN: Readonly<Record<Extract<keyof Peer, string>, true>> = {
  name: true,
  client: true,
  session: true,
  rpc: true,
  registrations: true,
  subscriptions: true,
  call: true,
  publish: true,
  start: true,
  stop: true,
};

const text = (value: unknown): string | undefined => (typeof value === 'string' ? undefined : 'must be a URI');
const RPC_OPTIONS: Checks = Object.freeze({
  ...Object.fromEntries(Object.entries(REGISTER_OPTIONS).filter(([name]) => name !== 'until')),
  uri: text,
  prefix: text,
  invocation: (value: unknown) => (typeof value === 'boolean' ? undefined : 'must be true or false'),
});

/**
 * Makes a method of a `Peer` a procedure: `@rpc`, `@rpc('com.example.add')`, or `@rpc({ prefix: 'com.example', invoke: 'roundrobin' })`.
 *
 * The method gets the positional arguments, and behind them an object of keyword arguments if the call had any. What it returns is the
 * result: a value or a promise; or an Observable or an async iterable, whose values before the last are progress.
 * @throws {TypeError} It stands on something else than a method with a public name, or an option is wrong.
 */
export const rpc: MethodMark & ((options?: Uri | RpcOptions) => MethodMark) = ((...args: unknown[]) => {
  if (args.length > 1) {
    mark('@rpc', args, procedure({}));
    return undefined;
  }
  const [given = {}] = args as [(Uri | RpcOptions)?];
  if (typeof given === 'object' && 'call' in given)
    throw new TypeError('this rpc is the decorator of rxwamp/peer: calls by name are peer.rpc, or rpc of rxwamp/contract');
  const options = typeof given === 'string' ? { uri: given } : given;
  checkOptions('@rpc', options, RPC_OPTIONS);
  return (...marked: unknown[]) => {
    mark('@rpc', marked, procedure(options));
  };
}) as MethodMark & ((options?: Uri | RpcOptions) => MethodMark);

/**
 * Subscribes a method of a `Peer` to a topic; it gets `(args, kwargs, event)`. An error of it is logged, and harms nothing else.
 *
 * @param topic A URI, or a pattern with `match`.
 * @throws {TypeError} It stands on something else than a method with a public name, or the topic or an option is wrong.
 */
export function subscribe(topic: Uri, options: SubscribeOptions = {}): MethodMark {
  if (typeof topic === 'function') throw new TypeError("@subscribe needs a topic: @subscribe('com.example.news')");
  checkOptions('@subscribe', options, SUBSCRIBE_OPTIONS);
  checkUri('@subscribe', topic, options.match);
  return ((...marked: unknown[]) => {
    mark('@subscribe', marked, (method) => ({ kind: 'topic', method, uri: topic, options }));
  }) as MethodMark;
}

/** What has been declared of an object, its own class before the classes above it; the nearest declaration of a name replaces others. */
export function declarationsOf(peer: Peer): readonly Declaration[] {
  const chain: object[] = [];
  for (let one = peer as object | null; one !== null; one = Object.getPrototypeOf(one) as object | null) chain.unshift(one);
  const found = new Map<string, Entry[]>();
  for (const entry of chain.flatMap((one) => TABLE.get(one) ?? [])) {
    const { method } = entry.declaration;
    const entries = found.get(method);
    if (entries?.[0]?.owner === entry.owner) entries.push(entry);
    else found.set(method, [entry]);
  }
  return [...found.values()].flat().map(({ declaration }) => declaration);
}

/**
 * Says that an object serves what it declares.
 * @throws {TypeError} A declared name is one of those that every peer has.
 */
export function admit(peer: Peer): void {
  PEERS.add(peer);
  for (const { kind, method } of declarationsOf(peer)) refuseTaken(peer, kind, method);
}

function procedure(options: RpcOptions): (method: string) => Declaration {
  return (method) => {
    const { uri = method, prefix, ...rest } = options;
    const whole = prefix === undefined ? uri : `${prefix.replace(/\.$/, '')}.${uri}`;
    checkUri('@rpc', whole, rest.match);
    return { kind: 'procedure', method, uri: whole, options: rest };
  };
}

function mark(decorator: string, marked: readonly unknown[], declare: (method: string) => Declaration): void {
  const [target, second] = marked;
  if (typeof second === 'object' && second !== null && 'kind' in second) {
    const context = second as ClassMethodDecoratorContext;
    const name = nameOf(decorator, context.kind, context.name, context.static, context.private);
    const declaration = declare(name);
    context.addInitializer(function (this: unknown) {
      const peer = this as Peer;
      if (!PEERS.has(peer)) {
        const { name: own } = peer.constructor;
        throw new TypeError(`${own} has the method ${name} with ${decorator} but is no Peer: class ${own} extends Peer`);
      }
      refuseTaken(peer, declaration.kind, name);
      add(peer, { declaration, owner: target as object });
    });
    return;
  }
  const descriptor = marked[2] as PropertyDescriptor | undefined;
  const isStatic = typeof target === 'function';
  const kind = typeof descriptor?.value === 'function' ? 'method' : 'field';
  if (typeof second !== 'string' && typeof second !== 'symbol')
    throw new TypeError(`${decorator} stands in front of a method of a Peer, like ${decorator} add(a, b) { … }`);
  const name = nameOf(decorator, kind, second, isStatic, false);
  add(target as object, { declaration: declare(name), owner: target as object });
}

function nameOf(decorator: string, kind: string, name: string | symbol, isStatic: boolean, isPrivate: boolean): string {
  const what = isStatic ? 'static' : isPrivate ? 'private' : typeof name === 'symbol' ? 'named by a symbol' : undefined;
  if (kind !== 'method') throw new TypeError(`${decorator} of ${String(name)} must stand on a method, not on a ${kind}`);
  if (what !== undefined || typeof name === 'symbol')
    throw new TypeError(`${decorator} of ${String(name)}: the method is ${String(what)}, and only public methods of objects are served`);
  return name;
}

function add(object: object, entry: Entry): void {
  const entries = TABLE.get(object);
  if (entries === undefined) TABLE.set(object, [entry]);
  else entries.push(entry);
}

function refuseTaken(peer: Peer, kind: Declaration['kind'], method: string): void {
  if (!Object.hasOwn(TAKEN, method)) return;
  const remedy = kind === 'procedure' ? `give the method another name and keep the procedure's: @rpc({ uri: '${method}' })` : 'rename it';
  throw new TypeError(`${peer.constructor.name} declares the method ${method}, which every Peer has: ${remedy}`);
}
