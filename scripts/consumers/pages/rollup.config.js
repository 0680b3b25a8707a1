import commonjs from '@rollup/plugin-commonjs';
import { nodeResolve } from '@rollup/plugin-node-resolve';

// rxwamp needs nodeResolve alone. The package under rxwamp/msgpack is CommonJS, and asks for `this` outside of functions.
export default {
  context: 'globalThis',
  plugins: [nodeResolve({ browser: true }), commonjs({ ignoreGlobal: true, strictRequires: false })],
  output: { format: 'es' },
};
