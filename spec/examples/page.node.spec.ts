import { readFileSync } from 'node:fs';
import { build, transform } from 'esbuild';

/** Every name that a module takes from rxjs. */
function fromRxjs(code: string): string[] {
  const lists = [...code.matchAll(/^import\s*\{([^}]*)\}\s*from\s*["']rxjs["']/gm)];
  return lists.flatMap(([, names]) => names!.split(',').map((name) => name.trim().split(' ')[0]!));
}

/** The modules of src that a browser loads for `import … from 'rxwamp'`, without their types. */
async function modules(): Promise<string[]> {
  const { metafile } = await build({
    entryPoints: ['src/index.ts'],
    bundle: true,
    format: 'esm',
    conditions: ['rxwamp-source', 'browser'],
    external: ['rxjs'],
    metafile: true,
    write: false,
  });
  const compilerOptions = { verbatimModuleSyntax: true };
  const plain = Object.keys(metafile.inputs).map((path) =>
    transform(readFileSync(path, 'utf8'), { loader: 'ts', tsconfigRaw: { compilerOptions } }),
  );
  return (await Promise.all(plain)).map(({ code }) => code);
}

describe('examples/page/rxjs.js', () => {
  it('hands out every name of rxjs that rxwamp and the page import', async () => {
    const imported = [...(await modules()), readFileSync('examples/page/main.js', 'utf8')].flatMap(fromRxjs);
    const handedOut = /^export const \{([^}]*)\} = globalThis\.rxjs;$/m.exec(readFileSync('examples/page/rxjs.js', 'utf8'));
    const names = new Set(handedOut?.[1]?.split(',').map((name) => name.trim()));
    expect(imported).toContain('noop');
    expect(imported.filter((name) => !names.has(name))).toEqual([]);
  });
});
