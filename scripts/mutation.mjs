// What `npm run test:mutation` runs for every mutant: `bundle` puts the specs of the session and the client into one file, once; without it
// that file is run until something fails.
import { readdirSync } from 'node:fs';
import { build } from 'esbuild';
import Jasmine from 'jasmine';

const BUNDLE = 'reports/mutation-specs.mjs';

if (process.argv[2] === 'bundle') {
  const files = ['spec/session', 'spec/client'].flatMap((folder) => readdirSync(folder).map((file) => `${folder}/${file}`));
  const contents = files
    .filter((file) => file.endsWith('.spec.ts') && !file.endsWith('.browser.spec.ts'))
    .map((file) => `import './${file}';`)
    .join('\n');
  await build({
    stdin: { contents, resolveDir: process.cwd() },
    outfile: BUNDLE,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    conditions: ['rxwamp-source'],
    ignoreAnnotations: true,
  });
} else {
  const runner = new Jasmine({ projectBaseDir: process.cwd() });
  runner.exitOnCompletion = false;
  runner.loadConfig({ spec_files: [BUNDLE], env: { random: false, stopOnSpecFailure: true, stopSpecOnExpectationFailure: true } });
  runner.clearReporters();
  const { overallStatus } = await runner.execute();
  process.exit(overallStatus === 'passed' ? 0 : 1);
}
