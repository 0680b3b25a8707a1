// Links between the project's documents: the file is there, and the heading too if the link names one.
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

/** The text without fenced blocks and inline code, which have brackets of their own. */
const prose = (text) => text.replace(/^ *```.*?^ *```\s*$/gms, '').replace(/`[^`\n]*`/g, (code) => code.replace(/[[\]()]/g, ' '));

/** The names that headings get on the usual hosts: small letters, dashes for blanks, no punctuation; a second one of a name is `name-1`. */
function anchors(text) {
  const seen = new Map();
  return text
    .replace(/^ *```.*?^ *```\s*$/gms, '')
    .split('\n')
    .flatMap((line) => /^#+ +(.*)$/.exec(line)?.[1] ?? [])
    .map((heading) => {
      const name = heading
        .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\s_-]/gu, '')
        .replace(/\s/g, '-');
      const earlier = seen.get(name) ?? 0;
      seen.set(name, earlier + 1);
      return earlier === 0 ? name : `${name}-${earlier}`;
    });
}

/** @returns A sentence for each link of these documents that leads nowhere; links to other hosts are not followed. */
export function brokenLinks(paths) {
  return paths.flatMap((path) =>
    [...prose(readFileSync(path, 'utf8')).matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, target]) => {
      if (/^[a-z]+:/.test(target)) return [];
      const [file, anchor] = target.split('#');
      const there = file === '' ? path : normalize(join(dirname(path), file));
      if (!existsSync(there)) return [`${path}: the link ${target} leads to no file`];
      if (anchor === undefined || statSync(there).isDirectory()) return [];
      return anchors(readFileSync(there, 'utf8')).includes(anchor) ? [] : [`${path}: the link ${target} leads to no heading`];
    }),
  );
}
