// What the compiler cannot hold: strict type-aware rules, observables that are not dropped, and the layers of src/.
import js from '@eslint/js';
import boundaries from 'eslint-plugin-boundaries';
import rxjs from 'eslint-plugin-rxjs-x';
import { defineConfig, globalIgnores } from 'eslint/config';
import ts from 'typescript-eslint';

// A folder imports only from the folders named here (and from itself), and only these packages.
const LAYERS = {
  protocol: { folders: [], packages: [] },
  serializers: { folders: ['protocol'], packages: [] },
  session: { folders: ['protocol'], packages: [] },
  transports: { folders: ['protocol', 'serializers'], packages: ['#ws', 'node:*'] },
  auth: { folders: ['protocol'], packages: [] },
  client: { folders: ['protocol', 'serializers', 'session', 'transports'], packages: ['rxjs'] },
  contract: { folders: ['protocol', 'session', 'client'], packages: ['rxjs'] },
  peer: { folders: ['protocol', 'session', 'client', 'contract', 'auth'], packages: ['rxjs'] },
  router: { folders: ['protocol', 'serializers', 'transports', 'auth'], packages: ['#ws', 'node:*'] },
  angular: {
    folders: ['glue', 'protocol', 'session', 'client', 'testing'],
    packages: ['rxjs', '@angular/core', '@angular/core/rxjs-interop'],
  },
  // A program like any other: it knows the package by its public entries only.
  cli: { folders: [], packages: ['rxwamp', 'rxwamp/*', 'rxjs', 'node:*', 'commander', 'chokidar'] },
  // Adapters: what they need of the client is its types, so that they weigh next to nothing.
  glue: { folders: ['client'], packages: [] },
  react: { folders: ['glue', 'client', 'session', 'protocol'], packages: ['react', 'rxjs'] },
  vue: { folders: ['glue', 'client', 'session', 'protocol'], packages: ['vue', 'rxjs'] },
  testing: { folders: ['protocol', 'transports', 'client', 'router', 'peer'], packages: ['rxjs', 'rxjs/testing'] },
};
// The same for single files, on top of their folder's: the entry points, and those that own a package.
const FILES = {
  'src/*.ts': { folders: Object.keys(LAYERS).filter((name) => name !== 'cli'), packages: [] },
  'src/serializers/msgpack.ts': { folders: [], packages: ['msgpack-lite'] },
  'src/transports/ws-node.ts': { folders: [], packages: ['ws'] },
  'src/router/listen.ts': { folders: [], packages: ['ws'] },
  'src/testing/crossbar/*.ts': { folders: [], packages: ['node:*', 'node:*/*'] },
};
// MessagePack is paid for by those who ask for it: only its own entry point and the router lead there.
const MSGPACK = { to: { file: { categories: 'src/serializers/msgpack.ts' } } };

const allow = (from, { folders, packages }) => [
  { from, allow: { to: { element: { types: { anyOf: folders } } } } },
  { from, allow: { dependency: { source: packages } } },
];

const layers = {
  files: ['src/**/*.ts'],
  plugins: { boundaries },
  settings: {
    'boundaries/elements': Object.keys(LAYERS).map((type) => ({ type, pattern: `src/${type}` })),
    'boundaries/files': [...Object.keys(FILES), 'src/msgpack.ts'].map((pattern) => ({ category: pattern, pattern })),
  },
  rules: {
    'boundaries/no-unknown-files': 'error',
    'boundaries/dependencies': [
      'error',
      {
        default: 'disallow',
        checkAllOrigins: true,
        checkUnknownLocals: true,
        policies: [
          ...Object.entries(LAYERS).flatMap(([type, rule]) => allow({ element: { type } }, rule)),
          ...Object.entries(FILES).flatMap(([pattern, rule]) => allow({ file: { categories: pattern } }, rule)),
          { disallow: MSGPACK },
          { from: { file: { categories: 'src/msgpack.ts' } }, allow: MSGPACK },
          { from: { element: { type: 'router' } }, allow: MSGPACK },
        ],
      },
    ],
  },
};

const BARE_ERROR = {
  selector: 'NewExpression[callee.name="Error"]',
  message: 'Throw one of the error classes of src/protocol/errors.ts, or TypeError for a wrong argument.',
};
const EXPORT_ALL = { selector: 'ExportAllDeclaration', message: 'Name what is exported: an entry point is a list that people read.' };
const ASYNC = {
  selector: ':function[async=true]',
  message: 'The session answers at once: whoever feeds it messages owns time and promises.',
};

export default defineConfig(
  // The consumers see the installed package, so their types are checked where they are installed (scripts/check-consumers.mjs); the
  // examples with a package.json of their own are checked by their builds (scripts/test-pages.mjs).
  globalIgnores(['dist/', 'reports/', 'coverage/', '.stryker-tmp/', 'scripts/consumers/*/', 'scripts/decorators/', 'examples/angular/']),
  globalIgnores(['page', 'react', 'svelte', 'vue'].map((name) => `examples/${name}/`)),
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [ts.configs.strictTypeChecked, ts.configs.stylisticTypeChecked, rxjs.configs.strict],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      // A number in a text is what the writer meant; objects and `undefined` stay forbidden.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // `() => socket.close()` reads better than a block, and the type says that nothing comes back.
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      // `for (;;)` and `while (true)` are how a loop that ends inside is written.
      '@typescript-eslint/no-unnecessary-condition': ['error', { allowConstantLoopConditions: 'only-allowed-literals' }],
      // WAMP's names on the wire (`receive_progress`) are keys like any other, and index signatures want brackets (tsconfig).
      '@typescript-eslint/dot-notation': 'off',
      // `readonly #entries: Map<Id, T> = new Map()` and `const ids = new Set<Id>()`: whichever reads better where it stands.
      '@typescript-eslint/consistent-generic-constructors': 'off',
      // It asks for `!` where its strict sister forbids `!`; a cast is seen, and is the one checked cast.
      '@typescript-eslint/non-nullable-type-assertion-style': 'off',
      // `Kwargs extends object = {}` in a public type means no keys at all.
      '@typescript-eslint/no-empty-object-type': ['error', { allowObjectTypes: 'always' }],
      '@typescript-eslint/no-generated-empty-object-type': 'off',
      // An interface keeps its name in hovers and messages; a Record shows its inside.
      '@typescript-eslint/consistent-indexed-object-style': 'off',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      // An unused parameter in front of a used one has no other way to be written.
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', ignoreRestSiblings: true }],
      eqeqeq: ['error', 'always'],
      'no-console': 'error',
    },
  },
  layers,
  { files: ['src/**/*.ts'], rules: { 'no-restricted-syntax': ['error', BARE_ERROR, EXPORT_ALL] } },
  {
    files: ['src/session/**/*.ts'],
    rules: {
      'no-restricted-syntax': ['error', BARE_ERROR, EXPORT_ALL, ASYNC],
      'no-restricted-globals': [
        'error',
        ...['setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask', 'Promise', 'WebSocket', 'console', 'process', 'globalThis'],
      ],
    },
  },
  {
    files: ['spec/**/*.ts', 'examples/**/*.ts', 'bench/**/*.ts', 'interop/**/*.ts'],
    rules: {
      'no-console': 'off',
      // A spec knows what it arranged, and spies are handed around without their object.
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/unbound-method': 'off',
      '@typescript-eslint/no-empty-function': 'off',
      'rxjs-x/no-ignored-error': 'off',
      'rxjs-x/no-exposed-subjects': 'off',
      // An empty stream is an error there, and `firstValueFrom` says so.
      'rxjs-x/no-ignored-default-value': 'off',
    },
  },
  {
    files: ['**/*.{js,mjs}'],
    languageOptions: {
      globals: Object.fromEntries(
        ['console', 'process', 'setTimeout', 'clearTimeout', 'URL', 'performance'].map((name) => [name, 'readonly']),
      ),
    },
  },
);
