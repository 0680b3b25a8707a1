// Lets Node find some packages in another folder: RXWAMP_ELSEWHERE, if it is set, has that `folder` and the `packages`, a regular expression.
import { register } from 'node:module';
import { pathToFileURL } from 'node:url';

const { folder, packages } = JSON.parse(process.env.RXWAMP_ELSEWHERE ?? '{}');
if (folder !== undefined) {
  const there = JSON.stringify(pathToFileURL(`${folder}/`).href);
  const resolve = `export const resolve = (name, context, next) =>
    next(name, new RegExp(${JSON.stringify(packages)}).test(name) && !context.parentURL?.startsWith(${there})
      ? { ...context, parentURL: ${there} + 'here.js' } : context);`;
  register(`data:text/javascript,${encodeURIComponent(resolve)}`);
}
