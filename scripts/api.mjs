// `npm run api`: writes the public types of every entry to etc/api, one file each, where a change of them shows in review.
// `npm run check:api` (`--check`): fails when a file there is not what the sources give. Needs a build.
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Extractor, ExtractorConfig, ExtractorLogLevel } from '@microsoft/api-extractor';
import { entries } from './entries.mjs';

const REPORTS = 'etc/api';
const check = process.argv.includes('--check');
const work = mkdtempSync(join(tmpdir(), 'rxwamp-api-'));
const folder = check ? join(work, 'api') : REPORTS;
const quiet = { default: { logLevel: ExtractorLogLevel.None, addToApiReportFile: false } };

function report({ types, name }) {
  const fileName = `${name}.api.md`;
  const config = ExtractorConfig.prepare({
    configObjectFullPath: resolve('api-extractor.json'),
    packageJsonFullPath: resolve('package.json'),
    configObject: {
      projectFolder: process.cwd(),
      mainEntryPointFilePath: resolve(types),
      compiler: {
        overrideTsconfig: {
          compilerOptions: { target: 'es2022', lib: ['es2023', 'dom'], module: 'nodenext', strict: true, skipLibCheck: true, types: [] },
          files: [resolve(types)],
        },
      },
      // What an entry mentions and does not export is part of what its users see.
      apiReport: {
        enabled: true,
        reportFileName: fileName,
        reportFolder: resolve(folder),
        reportTempFolder: join(work, 'temp'),
        includeForgottenExports: true,
      },
      newlineKind: 'lf',
      messages: { compilerMessageReporting: quiet, extractorMessageReporting: quiet, tsdocMessageReporting: quiet },
    },
  });
  let trouble;
  Extractor.invoke(config, {
    localBuild: true,
    messageCallback: (message) => {
      message.handled = true;
      if (message.logLevel === ExtractorLogLevel.Error) trouble = message.text;
    },
  });
  if (trouble !== undefined) throw new Error(`${types}: ${trouble}`);
  return fileName;
}

const NAME = /^(export )?(?:declare )?(?:abstract )?(?:class|interface|type|const|function|enum|namespace) (\w+)/m;

/** Leaves out notes on missing docstrings, which are not what this is for, and what an entry only mentions while another report has it. */
function tidy(names) {
  const reports = names.map((name) => [join(folder, name), readFileSync(join(folder, name), 'utf8')]);
  const known = new Set(
    reports.flatMap(([, text]) =>
      text
        .split('\n\n')
        .map((block) => NAME.exec(block))
        .filter((match) => match?.[1])
        .map((match) => match[2]),
    ),
  );
  for (const [path, text] of reports) {
    const blocks = text.split('\n\n').filter((block) => {
      const [, isExported, name] = NAME.exec(block) ?? [];
      if (name === undefined || isExported !== undefined) return true;
      const isNew = !known.has(name);
      known.add(name);
      return isNew;
    });
    writeFileSync(
      path,
      blocks
        .join('\n\n')
        .replace(/^ *\/\/ \(undocumented\)\n/gm, '')
        .replaceAll(' (undocumented)', ''),
    );
  }
}

/** The text, or nothing when there is none. */
function read(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/** Lines that only one of two texts has. */
function differences(committed, current) {
  const [old, now] = [committed.split('\n'), current.split('\n')];
  return [
    ...old.filter((line) => !now.includes(line)).map((line) => `    - ${line}`),
    ...now.filter((line) => !old.includes(line)).map((line) => `    + ${line}`),
  ];
}

let failed;
try {
  mkdirSync(folder, { recursive: true });
  const written = entries().map(report);
  tidy(written);
  const stray = readdirSync(REPORTS).filter((name) => !written.includes(name));
  for (const name of stray) {
    if (check) console.error(`api: ${REPORTS}/${name} is of no entry; \`npm run api\` deletes it`);
    else rmSync(join(REPORTS, name));
  }
  const changed = check ? written.filter((name) => read(join(REPORTS, name)) !== read(join(folder, name))) : [];
  for (const name of changed) {
    console.error(
      `api: ${REPORTS}/${name} is not what the sources give; if that is meant, \`npm run api\` writes it, and the change is reviewed`,
    );
    console.error(
      differences(read(join(REPORTS, name)), read(join(folder, name)))
        .slice(0, 40)
        .join('\n'),
    );
  }
  failed = check ? stray.length + changed.length : 0;
  console.log(`api: ${written.length - changed.length} passed, ${failed} failed`);
} finally {
  rmSync(work, { recursive: true, force: true });
}
process.exitCode = failed === 0 ? 0 : 1;
