// The commands that documents name: npm's scripts are in package.json, rxwamp's among its commands.
import { readFileSync, readdirSync } from 'node:fs';
import { parse } from 'node:path';

/** @returns A sentence for each command in these documents that does not exist. */
export function unknownCommands(paths) {
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8'));
  const known = { 'npm run': Object.keys(scripts), 'npx rxwamp': readdirSync('src/cli/commands').map((file) => parse(file).name) };
  return paths.flatMap((path) =>
    [...readFileSync(path, 'utf8').matchAll(/\b(npm run|npx rxwamp) ([a-z][\w:-]*)/g)]
      .filter(([, program, command]) => !known[program].includes(command))
      .map(([whole]) => `${path}: \`${whole}\` does not exist`),
  );
}
