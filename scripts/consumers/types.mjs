// Strict projects that installed the tarball: every entry on its own, library files checked too, without @types/node and without the newest
// libs; `DOM` and `ES2022` are what rxjs's own types need. Oldest and newest compiler, at both resolutions.
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { entries } from '../entries.mjs';
import { exec, project } from '../packed.mjs';
import { check } from './tally.mjs';
import { FRAMEWORKS, RXJS, TYPESCRIPTS } from './versions.mjs';

const RESOLUTIONS = { node16: 'node16', bundler: 'es2022' };
const newest = TYPESCRIPTS.at(-1);
const ofFramework = ({ key }) => key.split('/')[1] in FRAMEWORKS;

function configure(folder, resolution, file) {
  mkdirSync(folder, { recursive: true });
  const compilerOptions = {
    target: 'es2022',
    lib: ['es2022', 'dom'],
    module: RESOLUTIONS[resolution],
    moduleResolution: resolution,
    types: [],
    strict: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: false,
    noEmit: true,
  };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: [file] }));
}

export async function types(tarball, work) {
  const folder = join(work, 'types');
  const compilers = TYPESCRIPTS.map((version) => `typescript-${version}@npm:typescript@${version}`);
  cpSync(join(import.meta.dirname, 'types'), folder, { recursive: true });
  await project(folder, [tarball, `rxjs@${RXJS.newest}`, ...compilers, ...Object.values(FRAMEWORKS).flat()]);

  const compiles = (version, resolution, name, text) =>
    check(`TypeScript ${version}, ${resolution}: ${name}`, async () => {
      const place = join(folder, `${version}-${resolution}-${name.replace(/\W+/g, '-')}`);
      configure(place, resolution, 'main.ts');
      writeFileSync(join(place, 'main.ts'), text);
      await exec(process.execPath, [join(folder, `node_modules/typescript-${version}/bin/tsc`), '-p', place], folder);
    });

  const all = entries();
  for (const resolution of Object.keys(RESOLUTIONS)) {
    for (const version of TYPESCRIPTS) {
      const served = all.filter((entry) => version === newest || !ofFramework(entry));
      const text = served.map(({ specifier }, index) => `export * as e${index} from '${specifier}';\n`).join('');
      await compiles(version, resolution, 'all entries, in use', `${text}export * from '../usage.js';\n`);
    }
    // Alone, an entry must bring the libs that it needs.
    for (const { specifier } of all) await compiles(newest, resolution, specifier, `export * from '${specifier}';\n`);
  }
}
