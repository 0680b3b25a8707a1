// Who somebody is and what proves it: checked when the login is made if they are at hand, asked at every attempt if they are functions.
// Knows no method. A secret is never shown, whatever its type.
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
 * @throws {TypeError} One of them is neither a text nor a function.
 */
export function credentials(method: string, name: string, authid: Fresh<string>, secret: Fresh<string>): Credentials {
  if (typeof authid !== 'function') text(authid, `${method} needs the option authid: the user's name, or a function that gives it`);
  const whose = typeof authid === 'string' ? JSON.stringify(authid) : 'its user';
  if (typeof secret !== 'function') text(secret, `${method} needs the option ${name} for ${whose}: a text, or a function that gives it`);
  // One login may serve several clients at once, so an attempt finds its secret by what it said in HELLO.
  const secrets = new WeakMap<Dict, string>();
  const said = (given: readonly unknown[]): Dict => {
    const user = text(given[0], `the function authid of ${method} must give the user's name`);
    const hello = { authid: user };
    secrets.set(hello, text(given[1], `the function ${name} of ${method} must give the ${name} of ${JSON.stringify(user)}`));
    return hello;
  };
  return {
    hello: () => {
      const given = ask([authid, secret]);
      return given instanceof Promise ? given.then(said) : said(given);
    },
    secretOf: (hello) => secrets.get(hello) ?? '',
  };
}

function ask(fresh: readonly Fresh<string>[]): readonly unknown[] | Promise<readonly unknown[]> {
  const given: unknown[] = [];
  try {
    for (const one of fresh) given.push(typeof one === 'function' ? one() : one);
  } catch (error) {
    // Nobody waits for the others any more; their failure must not end the process.
    Promise.all(given).catch(() => undefined);
    throw error;
  }
  const later = given.some((one) => typeof (one as Partial<PromiseLike<unknown>> | undefined)?.then === 'function');
  return later ? Promise.all(given) : given;
}

function text(value: unknown, must: string): string {
  if (typeof value === 'string' && value !== '') return value;
  throw new TypeError(`${must}, not ${value === '' ? 'an empty text' : kindOf(value)}`);
}
