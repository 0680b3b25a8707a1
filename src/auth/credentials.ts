// Who somebody is and what proves it: checked when the login is made if they are at hand, asked at every attempt if they are functions.
// Knows no method. A secret is never shown, whatever its type.
import { textOf, WampError } from '../protocol/errors.ts';
import type { Fresh } from '../protocol/fresh.ts';
import type { Dict } from '../protocol/messages.ts';
import { kindOf } from '../protocol/shapes.ts';

/** The two halves of a login with a secret: what it says in HELLO, and the secret that was asked together with it. */
export interface Credentials {
  readonly hello: () => Dict | Promise<Dict>;
  readonly secretOf: (hello: Dict) => string;
}

/**
 * @param method The function that the user called, for sentences.
 * @param name What the secret is called there.
 * @param options As a caller without types may give them.
 * @throws {TypeError} One of them is neither a text nor a function.
 */
export function credentials(method: string, name: string, options: object = {}): Credentials {
  const { authid: user, [name]: proof } = options as Readonly<Record<string, unknown>>;
  const authid = given(user, `${method} needs the option authid: the user's name, or a function that gives it`);
  const whose = typeof authid === 'string' ? JSON.stringify(authid) : 'its user';
  const secret = given(proof, `${method} needs the option ${name} for ${whose}: a text, or a function that gives it`);
  // One login may serve several clients at once, so an attempt finds its secret by what it said in HELLO.
  const secrets = new WeakMap<Dict, string>();
  const said = ([one, other]: readonly unknown[]): Dict => {
    const authid = text(one, `the function authid of ${method} must give the user's name`);
    const hello = { authid };
    secrets.set(hello, text(other, `the function ${name} of ${method} must give the ${name} of ${JSON.stringify(authid)}`));
    return hello;
  };
  return {
    hello: () => {
      const asked = ask([
        named(authid, `the function authid of the login ${method}`),
        named(secret, `the function ${name} of the login ${method} for ${whose}`),
      ]);
      return asked instanceof Promise ? asked.then(said) : said(asked);
    },
    secretOf: (hello) => secrets.get(hello) ?? '',
  };
}

/** The same, but its failure says whose it is. */
function named(fresh: Fresh<string>, what: string): Fresh<string> {
  if (typeof fresh !== 'function') return fresh;
  const fail = (cause: unknown): never => {
    throw new WampError('wamp.error.cannot_authenticate', `${what} failed: ${textOf(cause)}`, { cause });
  };
  return () => {
    try {
      const given = fresh();
      return later(given) ? Promise.resolve(given).catch(fail) : given;
    } catch (error) {
      return fail(error);
    }
  };
}

function ask(fresh: readonly Fresh<string>[]): readonly unknown[] | Promise<readonly unknown[]> {
  const asked: unknown[] = [];
  try {
    for (const one of fresh) asked.push(typeof one === 'function' ? one() : one);
  } catch (error) {
    // Nobody waits for the others any more; their failure must not end the process.
    Promise.all(asked).catch(() => undefined);
    throw error;
  }
  return asked.some(later) ? Promise.all(asked) : asked;
}

function later(value: unknown): value is Promise<string> {
  return typeof (value as Partial<PromiseLike<unknown>> | null | undefined)?.then === 'function';
}

function given(value: unknown, must: string): Fresh<string> {
  return typeof value === 'function' ? (value as () => string) : text(value, must);
}

function text(value: unknown, must: string): string {
  if (typeof value === 'string' && value !== '') return value;
  throw new TypeError(`${must}, not ${value === '' ? 'an empty text' : kindOf(value)}`);
}
