// The examples, as scripts/test-pages.mjs has built them from the packed tarball before the specs.
export interface Example {
  /** The copy of examples/<name>, with its node_modules. */
  readonly folder: string;
  /** Where its build has left index.html. */
  readonly dist: string;
}

type Prepared = Readonly<Record<string, Example | { readonly failure: string }>>;

/**
 * What an example was built to. The name must stand there as a literal: the script reads the files that it runs.
 *
 * @throws {Error} Its installation or its build failed; the message has what npm said.
 */
export function example(name: string): Promise<Example> {
  const prepared = JSON.parse(process.env['RXWAMP_PAGES_EXAMPLES'] ?? '{}') as Prepared;
  const found = prepared[name];
  if (found === undefined)
    return Promise.reject(new Error(`examples/${name} was not built: write its name as a literal, example('${name}'), in the page spec`));
  return 'failure' in found ? Promise.reject(new Error(found.failure)) : Promise.resolve(found);
}
