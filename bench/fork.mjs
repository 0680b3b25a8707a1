// Starts the far side as a process of its own.
import { fork } from 'node:child_process';
import { join } from 'node:path';

/** @param role `script` or `router`, see far-side.mjs. */
export function farSide(role) {
  const child = fork(join(import.meta.dirname, 'far-side.mjs'), [role]);
  return new Promise((resolve, reject) => {
    child.once('message', ({ url }) => resolve({ url, send: (message) => child.send(message), close: () => child.kill() }));
    child.once('exit', (code) => reject(new TypeError(`the far side ended with ${code} before it listened`)));
  });
}
