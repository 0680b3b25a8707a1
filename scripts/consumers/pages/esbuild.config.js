// `esbuild.config.js <page>`: as for a browser; `node.js` as for Node, with all that it needs in one file.
import { build } from 'esbuild';

const [, , page] = process.argv;
const node = { platform: 'node', format: 'cjs', outfile: 'dist/esbuild/node/main.cjs' };
const browser = { format: 'esm', outfile: `dist/esbuild/${page}/main.js` };
await build({ entryPoints: [`${page}.js`], bundle: true, minify: true, ...(page === 'node' ? node : browser) });
