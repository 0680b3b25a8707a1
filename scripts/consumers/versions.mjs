// Every version that a consumer of the tarball installs, in one place.

/** Node lines: the oldest that package.json admits, and the newest of those after it. */
export const NODES = ['20.19.0', '22.23.3', '24.21.0', '26.10.0'];
export const RXJS = { newest: '7.8.2', oldest: '7.4.0' };
/** The oldest TypeScript whose users are served, the newest with a compiler in JavaScript, and the newest of all. */
export const TYPESCRIPTS = ['5.2.2', '6.0.3', '7.0.2'];
export const BUNDLERS = [
  'vite@8.3.8',
  'webpack@5.112.2',
  'esbuild@0.28.2',
  'rollup@4.68.7',
  '@rollup/plugin-node-resolve@16.0.3',
  '@rollup/plugin-commonjs@29.0.3',
];

/**
 * What the entries for frameworks need beside rxwamp and rxjs. Their own declarations want a newer compiler than the oldest one here.
 * Key: the first part of the entry.
 */
export const FRAMEWORKS = {
  angular: ['@angular/core@21.2.24', '@angular/compiler@21.2.24'],
  react: ['react@19.3.1', '@types/react@19.3.0'],
  vue: ['vue@3.5.45'],
};
