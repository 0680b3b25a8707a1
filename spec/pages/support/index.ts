// What drives real pages: Chromium, a static server, a router that can be killed, the examples built from the packed tarball.
//
//   npm run test:pages [-- spec/pages/x.page.ts] [--filter=TEXT] [--keep=FOLDER]
//
// A file `spec/pages/**/*.page.ts` imports everything from './support/index.ts' and reads like this:
//
//   describe('the React example', () => {
//     it('shows prices again after the router was killed', async () => {
//       const { dist } = await example('react');              // built by scripts/test-pages.mjs before the specs; ask by a literal
//       const router = await killableRouter();                // one port for its life; kill() cuts, restart() listens again
//       const site = await serve(dist);                       // { headers, rewrites, single } if needed
//       const page = await openPage(`${site.url}?router=${encodeURIComponent(router.url)}`, { expected: [ROUTER_DOWN] });
//       await until(page, () => document.querySelector('#price')?.textContent === '43', 'the price is shown');
//       await router.kill();
//       …
//     });
//   });
//
// - A page fails its spec by every console error and every uncaught exception that `expected` does not name.
// - Pages are closed after their spec, so open them in a spec or a `beforeEach`. Servers and routers may be shared: they end with the run.
// - What runs in the page sees nothing of the spec but its arguments: `until(page, (n) => window.count === n, 'n events', 3)`.
// - For conditions on this side: `untilHere(() => router.subscribers('com.example.x') === 1, 'the page has subscribed')`.
//   A spec has 30 s; a `beforeAll` that builds takes a longer limit itself.
// - `--keep=FOLDER` leaves the installed examples there and finds them again at the next run, which is then much faster.
export { heapBytes, type OpenOptions, openPage, type Page, ROUTER_DOWN, until, untilHere } from './page.ts';
export { bundled } from './bundled.ts';
export { type Example, example } from './example.ts';
export { KillableRouter, killableRouter, type KillableRouterOptions } from './router.ts';
export { serve, type ServeOptions, type Site } from './serve.ts';
