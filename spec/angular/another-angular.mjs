// Lets Node find Angular, and its rxjs, in another folder: that of RXWAMP_ANGULAR, if it is set.
import { register } from 'node:module';
import { pathToFileURL } from 'node:url';

const folder = process.env.RXWAMP_ANGULAR;
if (folder !== undefined) {
  const from = JSON.stringify(pathToFileURL(`${folder}/here.js`).href);
  const resolve = `export const resolve = (name, context, next) =>
    next(name, /^(@angular\\/|rxjs)/.test(name) && !context.parentURL?.includes('/rxwamp-angular/') ? { ...context, parentURL: ${from} } : context);`;
  register(`data:text/javascript,${encodeURIComponent(resolve)}`);
}
