#!/usr/bin/env node
// Stands in for the program `crossbar` where there is none: reads the configuration of the folder it works in, listens where that says, and
// says so. Knows no WAMP.
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';

const { workers, fake } = JSON.parse(readFileSync('config.json', 'utf8'));
console.log(process.argv.slice(2).join(' '));
if (fake === 'dies') {
  console.log('the configuration is wrong');
  process.exit(1);
}
if (fake?.files) console.log(fake.directory, existsSync('server.key'), ...(fake.ca_certificates ?? []));
process.on('SIGTERM', () => (fake === 'deaf' ? undefined : process.exit(0)));
if (fake === 'slow') setTimeout(() => undefined, 60_000);
else {
  const transports = workers.flatMap((worker) => worker.transports);
  let left = transports.length;
  for (const { endpoint } of transports) {
    createServer().listen(endpoint.port, endpoint.interface, () => {
      if (--left === 0) console.log('NODE_BOOT_COMPLETE');
    });
  }
}
