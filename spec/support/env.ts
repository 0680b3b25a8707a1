// Where a spec runs and where the harness listens: told by an environment variable in Node, by Karma's settings in a browser.
declare const __karma__: { readonly config: { readonly routerUrl: string } } | undefined;

export const inBrowser: boolean = typeof __karma__ !== 'undefined';

/** The URL of the test router, `ws://127.0.0.1:<port>/ws`. */
export function routerUrl(): string {
  const url = typeof __karma__ === 'undefined' ? process.env['RXWAMP_ROUTER_URL'] : __karma__.config.routerUrl;
  if (url === undefined) throw new Error('no test router: start the specs by `npm run test:node` or `npm run test:browser`');
  return url;
}
