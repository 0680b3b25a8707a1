// A folder as a site of its own, at a free port of loopback.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import sirv from 'sirv';

export interface ServeOptions {
  /** Go with every answer, like `{ 'content-security-policy': "script-src 'self'" }`. Default: none. */
  readonly headers?: Readonly<Record<string, string>>;
  /** What a path is answered with instead of a file: `{ '/config.json': JSON.stringify({ url }) }`. The type follows from the ending. */
  readonly rewrites?: Readonly<Record<string, string>>;
  /** Paths without a file get index.html, as routes of an app. Default: false. */
  readonly single?: boolean;
}

export interface Site {
  /** `http://127.0.0.1:<port>/`. */
  readonly url: string;
  /** Ends it before the run does. */
  close(): Promise<void>;
}

const TYPES: Readonly<Record<string, string>> = { json: 'application/json', js: 'text/javascript', css: 'text/css', html: 'text/html' };
const servers = new Set<Server>();

afterAll(async () => {
  await Promise.all([...servers].map(stop));
});

/** Serves a folder; files are read at every request. */
export async function serve(folder: string, { headers = {}, rewrites = {}, single = false }: ServeOptions = {}): Promise<Site> {
  // With no-store a page would never be kept for going back.
  const files = sirv(folder, { dev: true, etag: true, single });
  const server = createServer((request, response) => {
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    const path = new URL(request.url ?? '/', 'http://here').pathname;
    const body = rewrites[path];
    if (body !== undefined) response.setHeader('content-type', TYPES[path.split('.').at(-1) ?? ''] ?? 'text/html').end(body);
    // Every browser asks for it, and no example has one.
    else if (path === '/favicon.ico') response.writeHead(204).end();
    else
      files(request, response, () => {
        response.writeHead(404).end(`nothing at ${path}`);
      });
  });
  servers.add(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${String(port)}/`, close: () => stop(server) };
}

function stop(server: Server): Promise<void> {
  servers.delete(server);
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
