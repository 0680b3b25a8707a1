// The decorators as standard ones, and called as `experimentalDecorators` calls them.
import type { Invocation } from '../../src/index.ts';
import { type MethodMark, Peer, rpc, subscribe } from '../../src/peer/index.ts';
import { declarationsOf } from '../../src/peer/declarations.ts';

const quiet = { logger: false } as const;
const said = (peer: Peer): unknown[] => declarationsOf(peer).map(({ kind, method, uri, options }) => [kind, method, uri, options]);
const sorted = (peer: Peer): unknown[] => said(peer).sort();

/** What a compiler makes of decorators under `experimentalDecorators`. */
function legacy(type: { readonly prototype: object }, marks: readonly (readonly [name: string | symbol, mark: MethodMark])[]): void {
  for (const [name, mark] of marks) mark(type.prototype, name, Object.getOwnPropertyDescriptor(type.prototype, name) as PropertyDescriptor);
}

class Standard extends Peer {
  @rpc plain(): void {}
  @rpc() called(): void {}
  @rpc('com.example.named') named(): void {}
  @rpc({ prefix: 'com.example', invoke: 'roundrobin', concurrency: 2 }) prefixed(): void {}
  @rpc({ prefix: 'com.example.', uri: 'other', match: 'prefix', invocation: true }) both(_: Invocation): void {}
  @subscribe('com.example.news', { match: 'prefix' }) @subscribe('com.example.mail') heard(): void {}
}

class Legacy extends Peer {
  plain(): void {}
  called(): void {}
  named(): void {}
  prefixed(): void {}
  both(): void {}
  heard(): void {}
}
legacy(Legacy, [
  ['plain', rpc],
  ['called', rpc()],
  ['named', rpc('com.example.named')],
  ['prefixed', rpc({ prefix: 'com.example', invoke: 'roundrobin', concurrency: 2 })],
  ['both', rpc({ prefix: 'com.example.', uri: 'other', match: 'prefix', invocation: true })],
  ['heard', subscribe('com.example.mail')],
  ['heard', subscribe('com.example.news', { match: 'prefix' })],
]);

describe('@rpc and @subscribe', () => {
  for (const type of [Standard, Legacy]) {
    it(`declare procedures and topics (${type.name})`, () => {
      const both = [
        ['procedure', 'plain', 'plain', {}],
        ['procedure', 'called', 'called', {}],
        ['procedure', 'named', 'com.example.named', {}],
        ['procedure', 'prefixed', 'com.example.prefixed', { invoke: 'roundrobin', concurrency: 2 }],
        ['procedure', 'both', 'com.example.other', { match: 'prefix', invocation: true }],
        ['topic', 'heard', 'com.example.mail', {}],
        ['topic', 'heard', 'com.example.news', { match: 'prefix' }],
      ];
      expect(said(new type(quiet))).toEqual(both);
      expect(said(new type(quiet)))
        .withContext('of a second object')
        .toEqual(both);
    });
  }

  it('are inherited; the nearest declaration of a method replaces those above it, and an undecorated one overrides only the code', () => {
    class Child extends Standard {
      override plain(): void {}
      @rpc('com.example.renamed') override named(): void {}
      @subscribe('com.example.sport') override heard(): void {}
      @rpc more(): void {}
    }
    const child = sorted(new Child(quiet)) as string[][];
    expect(child.filter(([, method]) => ['plain', 'named', 'heard', 'more'].includes(method!))).toEqual([
      ['procedure', 'more', 'more', {}],
      ['procedure', 'named', 'com.example.renamed', {}],
      ['procedure', 'plain', 'plain', {}],
      ['topic', 'heard', 'com.example.sport', {}],
    ] as never);
    class Later extends Legacy {
      override named(): void {}
    }
    legacy(Later, [['named', rpc('com.example.renamed')]]);
    expect(sorted(new Later(quiet)).filter((one) => (one as string[])[1] === 'named')).toEqual([
      ['procedure', 'named', 'com.example.renamed', {}],
    ]);
    expect(said(new Standard(quiet)).length)
      .withContext('the parent')
      .toBe(7);
  });

  it('refuse a name that every peer has, when the object is made, and name the remedy', () => {
    class Standards extends Peer {
      // @ts-expect-error -- the compiler refuses it too
      @rpc override call(): void {}
    }
    class Legacies extends Peer {
      // @ts-expect-error -- as above
      override start(): void {}
    }
    legacy(Legacies, [['start', rpc]]);
    class Hearing extends Peer {
      // @ts-expect-error -- as above
      @subscribe('news') override publish(): void {}
    }
    const remedy = "which every Peer has: give the method another name and keep the procedure's: @rpc({ uri: ";
    expect(() => new Standards(quiet)).toThrowError(TypeError, `Standards declares the method call, ${remedy}'call' })`);
    expect(() => new Legacies(quiet)).toThrowError(TypeError, `Legacies declares the method start, ${remedy}'start' })`);
    expect(() => new Hearing(quiet)).toThrowError(TypeError, 'Hearing declares the method publish, which every Peer has: rename it');
  });

  it('refuse static, private and symbol methods, fields and accessors, when the class is made', () => {
    const only = 'and only public methods of objects are served';
    expect(() => {
      class Wrong extends Peer {
        @rpc static add(): void {}
      }
      return Wrong;
    }).toThrowError(TypeError, `@rpc of add: the method is static, ${only}`);
    expect(() => {
      class Wrong extends Peer {
        @rpc #add(): void {}
        use(): void {
          this.#add();
        }
      }
      return Wrong;
    }).toThrowError(TypeError, `@rpc of #add: the method is private, ${only}`);
    expect(() => {
      class Wrong extends Peer {
        @subscribe('news') [Symbol.iterator](): void {}
      }
      return Wrong;
    }).toThrowError(TypeError, `@subscribe of Symbol(Symbol.iterator): the method is named by a symbol, ${only}`);
    expect(() => {
      class Wrong extends Peer {
        // @ts-expect-error -- the compiler refuses it too
        @rpc add = (): number => 1;
      }
      return Wrong;
    }).toThrowError(TypeError, '@rpc of add must stand on a method, not on a field');
    class Plain extends Peer {
      static add(): void {}
    }
    const descriptor = Object.getOwnPropertyDescriptor(Plain, 'add') as PropertyDescriptor;
    expect(() => rpc(Plain, 'add', descriptor)).toThrowError(TypeError, `@rpc of add: the method is static, ${only}`);
    expect(() => rpc(Plain.prototype, Symbol('add'), descriptor)).toThrowError(TypeError, /named by a symbol/);
    expect(() => rpc(Plain.prototype, 'add', undefined as never)).toThrowError(TypeError, /must stand on a method, not on a field/);
  });

  it('say so when they are used like calls by name, or without a topic', () => {
    expect(() => rpc(new Peer(quiet).client as never)).toThrowError(
      TypeError,
      /^this rpc is the decorator of rxwamp\/peer: calls by name are/,
    );
    const bare = subscribe as unknown as (method: unknown, context: unknown) => void;
    expect(() => {
      bare(() => undefined, { kind: 'method', name: 'hear' });
    }).toThrowError(TypeError, "@subscribe needs a topic: @subscribe('com.example.news')");
  });

  it('refuse a class that is no Peer, and wrong options and URIs, at once', () => {
    class Stranger {
      @rpc add(): void {}
    }
    expect(() => new Stranger()).toThrowError(
      TypeError,
      'Stranger has the method add with @rpc but is no Peer: class Stranger extends Peer',
    );
    expect(() => rpc({ invok: 'first' } as never)).toThrowError(TypeError, /^unknown option invok of @rpc: it has /);
    expect(() => rpc({ until: 1 } as never)).toThrowError(TypeError, /^unknown option until of @rpc/);
    expect(() => rpc({ uri: 1 } as never)).toThrowError(TypeError, 'option uri of @rpc must be a URI');
    expect(() => rpc({ invocation: 1 } as never)).toThrowError(TypeError, 'option invocation of @rpc must be true or false');
    expect(() => {
      class Wrong extends Peer {
        @rpc('not a uri') add(): void {}
      }
      return Wrong;
    }).toThrowError(TypeError, /^@rpc needs a URI/);
    expect(() => subscribe(undefined as never)).toThrowError(TypeError, /^@subscribe needs a URI/);
    expect(() => subscribe('news', { get_retaind: true } as never)).toThrowError(TypeError, /^unknown option get_retaind of @subscribe/);
    expect(() => (rpc('add') as (...args: unknown[]) => void)()).toThrowError(TypeError, /stands in front of a method/);
  });
});
