// Serves the built page beside an embedded router, opens it in Chromium and waits for its word.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join, resolve } from 'node:path';
import { Router } from 'rxwamp/router';

const LIMIT_MS = 30_000;

async function listen(server) {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server.address().port;
}

const probe = createServer();
const routerPort = await listen(probe);
await new Promise((resolve) => probe.close(resolve));
await new Router({ realms: ['realm1'] }).listen({ port: routerPort });

let answered;
const answer = new Promise((resolve) => (answered = resolve));
const site = createServer(async (request, response) => {
  const path = new URL(request.url, 'http://localhost').pathname;
  if (path === '/done') {
    let body = '';
    for await (const chunk of request) body += chunk;
    answered(body);
    response.end();
    return;
  }
  const name = path === '/' ? 'index.html' : path.slice(1);
  try {
    response.setHeader('content-type', name.endsWith('.js') ? 'text/javascript' : 'text/html');
    response.end(readFileSync(join('dist', name)));
  } catch {
    response.writeHead(404).end();
  }
});
const page = `http://127.0.0.1:${await listen(site)}/?router=${encodeURIComponent(`ws://127.0.0.1:${routerPort}/ws`)}`;

const flags = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-dev-shm-usage',
  '--no-first-run',
  `--user-data-dir=${resolve('profile')}`,
];
const browser = spawn(process.env.CHROME_BIN, [...flags, page], { stdio: 'ignore' });
const value = await Promise.race([answer, new Promise((resolve) => setTimeout(resolve, LIMIT_MS, 'nothing'))]);
browser.kill();
await once(browser, 'close');

if (value !== '3') console.error(`consumers: the page answered ${value} instead of 3`);
else console.log('consumers: a Vite page ok');
process.exit(value === '3' ? 0 : 1);
