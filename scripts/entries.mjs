// The public entries, as package.json has them.
import { readFileSync } from 'node:fs';

/**
 * @returns One for each key of `exports` that has types: `key` as there, `specifier` as in an import, `name` for files, and the paths of its
 * declarations and its module.
 */
export function entries() {
  const { name: self, exports } = JSON.parse(readFileSync('package.json', 'utf8'));
  return Object.entries(exports).flatMap(([key, { types, default: module }]) =>
    types === undefined
      ? []
      : [{ key, specifier: key.replace(/^\./, self), name: key === '.' ? self : key.slice(2).replaceAll('/', '-'), types, module }],
  );
}
