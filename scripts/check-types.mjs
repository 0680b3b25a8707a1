// `npm run check:types`: what must not compile does not. The compiler ignores any error at a `@ts-expect-error`; here the directives are
// blanked out, and each must leave an error at its line.
import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import ts from 'typescript';

const DIRECTIVE = /^\s*\/\/ @ts-expect-error/;
/** As many lines there must be, so that the check cannot run dry. */
const LEAST = { 'spec/contract/': 40 };

const blanked = (text) => text.replace(/\/\/ @ts-expect-error/g, '// …');
/** The 0-based numbers of the lines that must not compile: the first one behind each directive that is no comment. */
function linesOf(text) {
  const lines = text.split('\n');
  return lines.flatMap((line, at) => {
    if (!DIRECTIVE.test(line)) return [];
    let next = at + 1;
    while (/^\s*\/\//.test(lines[next])) next++;
    return [next];
  });
}

const files = readdirSync('spec', { recursive: true })
  .map((name) => `spec/${name.replaceAll('\\', '/')}`)
  .filter((name) => name.endsWith('.ts') && /^\s*\/\/ @ts-expect-error/m.test(readFileSync(name, 'utf8')))
  .sort();

const { options } = ts.parseJsonConfigFileContent(ts.readConfigFile('tsconfig.json', ts.sys.readFile).config, ts.sys, process.cwd());
const host = ts.createCompilerHost(options);
const wanted = new Set(files.map((name) => resolve(name)));
const read = host.readFile.bind(host);
host.getSourceFile = (name, language) => {
  const text = read(name);
  return text && ts.createSourceFile(name, wanted.has(resolve(name)) ? blanked(text) : text, language);
};
const program = ts.createProgram(files, options, host);

let passed = 0;
let failed = 0;
const fail = (sentence) => {
  failed++;
  console.error(`types: ${sentence}`);
};
for (const name of files) {
  const source = program.getSourceFile(name);
  const errors = new Set(
    [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)].map(
      ({ start }) => source.getLineAndCharacterOfPosition(start).line,
    ),
  );
  const lines = linesOf(readFileSync(name, 'utf8'));
  for (const line of lines) {
    if (errors.has(line)) passed++;
    else fail(`${name}:${line + 1} compiles, and must not`);
  }
  for (const line of errors) if (!lines.includes(line)) fail(`${name}:${line + 1} does not compile, and must`);
}
for (const [folder, least] of Object.entries(LEAST)) {
  const count = files.filter((name) => name.startsWith(folder)).reduce((sum, name) => sum + linesOf(readFileSync(name, 'utf8')).length, 0);
  if (count < least) fail(`${folder} has ${count} lines that must not compile, not ${least}`);
}
console.log(`types: ${passed} passed, ${failed} failed`);
process.exit(failed === 0 && passed > 0 ? 0 : 1);
