// `npm start`: back end and page together, until one of them ends. What stands behind `--` goes to the back end: `npm start -- --url ws://…`
import { spawn } from 'node:child_process';

const backend = ['--import', 'tsx', 'server/main.ts', ...process.argv.slice(2)];
const page = ['node_modules/@angular/cli/bin/ng.js', 'serve'];
const running = [backend, page].map((args) => spawn(process.execPath, args, { cwd: import.meta.dirname, stdio: 'inherit' }));

function end(code) {
  for (const child of running) child.kill();
  process.exitCode ||= code ?? 0;
}

for (const child of running) child.once('exit', (code) => end(code));
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => end(0));
