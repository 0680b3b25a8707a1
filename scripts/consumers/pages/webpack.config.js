// `webpack.config.js <page>`: what a project without a template would write.
import webpack from 'webpack';

const [, , page] = process.argv;
const config = {
  mode: 'production',
  entry: `./${page}.js`,
  output: { path: `${import.meta.dirname}/dist/webpack/${page}`, filename: 'main.js', module: true },
  experiments: { outputModule: true },
  performance: { hints: false },
};
webpack(config, (error, stats) => {
  if (error === null && !stats.hasErrors() && !stats.hasWarnings()) return;
  console.error(error ?? stats.toString());
  process.exitCode = 1;
});
