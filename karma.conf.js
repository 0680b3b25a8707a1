// The specs in a headless Chromium, or Firefox: all files as one esbuild bundle, run by Jasmine 7, with the test harness in Karma's process.
// `npm run test:browser -- [--filter=TEXT] [spec/file.spec.ts | spec/folder ...]`; scripts/test-angular.mjs and scripts/test-oldest.mjs
// run it for the specs of adapters.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import * as esbuild from 'esbuild';
import { specFiles } from './spec/support/spec-files.mjs';

const require = createRequire(import.meta.url);
// The runner of the command line passes these on: Karma keeps arguments after `--` for the client only.
const {
  runtime = 'browser',
  name = 'browser',
  paths = [],
  filter,
  seed,
  angular,
  elsewhere,
} = JSON.parse(process.env.RXWAMP_SPECS ?? '{}');
const bundle = join(import.meta.dirname, `node_modules/.cache/rxwamp/${name}.js`);

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-dev-shm-usage',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  '--disable-quic',
  ...(angular === undefined ? [] : ['--js-flags=--expose-gc --jitless', '--enable-precise-memory-info']),
];

/** Jasmine 7 installs its globals by itself, so karma-jasmine gives only the adapter: its own boot.js needs Jasmine 6 or less. */
function jasmine7(files) {
  const core = join(dirname(require.resolve('jasmine-core')), 'jasmine-core', 'jasmine.js');
  const adapter = join(dirname(require.resolve('karma-jasmine')), 'adapter.js');
  for (const path of [adapter, core]) files.unshift({ pattern: path, included: true, served: true, watched: false });
}
jasmine7.$inject = ['config.files'];

/** Gives Karma the bundle's source map, so that stacks name the TypeScript lines. */
function sourceMap() {
  return (content, file, done) => {
    file.sourceMap = JSON.parse(readFileSync(`${bundle}.map`, 'utf8'));
    done(null, content);
  };
}
sourceMap.$inject = [];

/** One line for people and scripts, whatever the other reporter prints, and the same counts in reports/<name>.json. */
function Summary() {
  let skipped = 0;
  const names = [];
  this.adapters = [];
  this.onSpecComplete = (_browser, { suite, description, success, skipped: pending }) => {
    if (pending) skipped++;
    else if (success) names.push([...suite, description].join(' '));
  };
  this.onRunComplete = (_browsers, { success, failed, error }) => {
    // An error outside of any spec (or a browser that went away) is a failure without a spec.
    const counts = { passed: success, failed: failed === 0 && error ? 1 : failed, skipped };
    mkdirSync('reports', { recursive: true });
    writeFileSync(`reports/${name}.json`, JSON.stringify({ ...counts, names: names.sort() }, null, 2));
    const tail = skipped > 0 ? `, ${skipped} skipped` : '';
    process.stdout.write(`${name === 'browser' ? 'karma' : name}: ${counts.passed} passed, ${counts.failed} failed${tail}\n`);
  };
}
Summary.$inject = [];

/** Finds some packages in another folder, where they are of another version. */
function found({ folder, packages }) {
  const plugin = {
    name: 'elsewhere',
    setup({ onResolve, resolve }) {
      onResolve({ filter: new RegExp(packages) }, ({ path, kind, pluginData }) =>
        pluginData === plugin ? undefined : resolve(path, { kind, resolveDir: folder, pluginData: plugin }),
      );
    },
  };
  return { plugins: [plugin] };
}

/** zone.js sees no native async function, so Angular's builder lowers them. */
function asAngularBuilds({ version, zone }) {
  const supported = zone ? { 'async-await': false, 'async-generator': false, 'for-await': false } : {};
  return { supported, define: { ANGULAR_VERSION: JSON.stringify(version) } };
}

async function build(specs, watch) {
  const context = await esbuild.context({
    stdin: {
      contents: [...(angular?.before ?? []), ...specs.map((path) => `./${path}`)].map((path) => `import '${path}';`).join('\n'),
      resolveDir: import.meta.dirname,
    },
    ...(angular !== undefined && asAngularBuilds(angular)),
    ...(elsewhere !== undefined && found(elsewhere)),
    bundle: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    sourcemap: 'linked',
    // From here on Jasmine alone hears of errors: Karma's handler would end the run, although a spec may expect the error.
    banner: { js: 'window.onerror = null;' },
    outfile: bundle,
    conditions: ['rxwamp-source'],
    // package.json says `sideEffects: false`, and a spec file is nothing but side effects.
    ignoreAnnotations: true,
    logLevel: 'warning',
  });
  await context.rebuild();
  await (watch ? context.watch() : context.dispose());
}

export default async function configure(config) {
  await build(specFiles(runtime, paths), !config.singleRun);
  const { tsImport } = await import('tsx/esm/api');
  const { startHarness } = await tsImport('./spec/support/harness.ts', import.meta.url);
  const harness = await startHarness();
  config.set({
    frameworks: ['jasmine7'],
    plugins: [
      'karma-chrome-launcher',
      'karma-firefox-launcher',
      {
        'framework:jasmine7': ['factory', jasmine7],
        'preprocessor:sourcemap': ['factory', sourceMap],
        'reporter:summary': ['type', Summary],
      },
    ],
    files: [{ pattern: bundle, type: 'module' }],
    preprocessors: { [bundle]: ['sourcemap'] },
    client: {
      routerUrl: harness.url,
      args: filter === undefined ? [] : ['--grep', filter],
      jasmine: { random: true, ...(seed && { seed }), failSpecWithNoExpectations: true, timeoutInterval: 10_000 },
    },
    reporters: [config.singleRun ? 'dots' : 'progress', 'summary'],
    browsers: [name === 'firefox' ? 'FirefoxHeadless' : 'HeadlessChromium'],
    customLaunchers: { HeadlessChromium: { base: 'ChromeHeadless', flags: FLAGS } },
    hostname: '127.0.0.1',
    listenAddress: '127.0.0.1',
    failOnEmptyTestSuite: true,
  });
}
