// Programs that installed the tarball: as ES modules and by `require`, on every Node line, with the newest rxjs and the oldest.
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { exec, install, project } from '../packed.mjs';
import { nodes } from './nodes.mjs';
import { check } from './tally.mjs';
import { FRAMEWORKS, RXJS } from './versions.mjs';

export async function programs(tarball, work) {
  const folder = join(work, 'node');
  cpSync(join(import.meta.dirname, 'node'), folder, { recursive: true });
  const [lines] = await Promise.all([nodes(), project(folder, [tarball, `rxjs@${RXJS.newest}`, ...Object.values(FRAMEWORKS).flat()])]);
  for (const { version, path } of lines) {
    for (const [file, how] of [
      ['main.mjs', 'import'],
      ['main.cjs', 'require'],
    ])
      await check(`Node ${version}, ${how}`, () => exec(path, [file], folder));
  }
  await install(folder, [`rxjs@${RXJS.oldest}`]);
  await check(`rxjs ${RXJS.oldest}`, () => exec(process.execPath, ['main.mjs'], folder));
}
