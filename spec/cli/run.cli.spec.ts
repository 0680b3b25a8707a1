// `rxwamp run`: services of a user's project, from starting to GOODBYE.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bareProject, folder, type Here, ran, routerHere, type Running, started, tidy, until } from './rxwamp.ts';

const SERVICES = {
  'services.ts': `
import { Peer, rpc, subscribe } from 'rxwamp/peer';

export class BinaryNumberService extends Peer {
  @rpc get_binary_number(n: number): string {
    return \`0b\${n.toString(2)}\`;
  }
}
export class NewsReader extends Peer {
  @subscribe('news') handleNews(_args: unknown[], { headlines }: { headlines: string[] }): void {
    console.log(headlines.join());
  }
}
export class Thief extends Peer {
  @rpc('get_binary_number') take(): string {
    return 'stolen';
  }
}
export class Broken extends Peer {
  @rpc start_it(): void {}
  constructor(options: object) {
    super(options);
    throw new RangeError('no disk');
  }
}
export const answer = 42;
`,
  'upper.js': `
import { Peer, rpc } from 'rxwamp/peer';

export default class Upper extends Peer {
  upper(text) {
    return text.toUpperCase();
  }
}
rpc(Upper.prototype, 'upper', Object.getOwnPropertyDescriptor(Upper.prototype, 'upper'));
`,
  'broken.ts': 'export const x: number = ;\n',
  'throws.js': "throw new RangeError('nothing here');\n",
};
const THREE = ['run', './services.ts:BinaryNumberService', './services.ts#NewsReader', './upper.js'];

describe('rxwamp run', () => {
  afterEach(tidy);

  /** Everything answers: a call of each kind of service, and an event. */
  async function allAnswer({ env }: Here, services: Running, headline: string): Promise<void> {
    expect((await ran(['call', 'get_binary_number', '100'], { env })).stdout).toBe('0b1100100\n');
    expect((await ran(['call', 'upper', 'shout'], { env })).stdout).toBe('SHOUT\n');
    expect((await ran(['publish', 'news', '-k', `headlines=["${headline}"]`], { env })).code).toBe(0);
    await services.printed(headline);
  }

  it('starts three services, which all answer again after their router was killed and restarted, and leaves no session behind', async () => {
    const here = await routerHere();
    const services = started(THREE, { env: here.env, cwd: folder(SERVICES) });
    await until(() => here.router.counts().registrations === 2 && here.router.counts().subscriptions === 1);
    await allAnswer(here, services, 'one');

    await here.server.kill();
    const again = await routerHere({}, here.server.port);
    await until(() => again.router.counts().registrations === 2 && again.router.counts().subscriptions === 1);
    await allAnswer(again, services, 'two');

    await until(() => again.router.counts().sessions === 3);
    expect(await services.interrupt()).toBe(0);
    expect(again.router.counts()).toEqual(jasmine.objectContaining({ sessions: 0, registrations: 0, subscriptions: 0 }));
    expect(services.lines).toEqual(['one', 'two']);
    expect(services.stderr).toMatch(/BinaryNumberService: session \d+ in realm1\n/);
    expect(services.stderr).toContain('NewsReader: subscribed to news\n');
  });

  it('waits for a router that is not there yet', async () => {
    const here = await routerHere();
    await here.router.close();
    const services = started(['run', './upper.js'], { env: here.env, cwd: folder(SERVICES) });
    await services.printed('(trying again)');
    const again = await routerHere({}, here.server.port);
    await services.printed('Upper: registered upper');
    expect(again.router.counts().registrations).toBe(1);
    expect(await services.interrupt()).toBe(0);
  });

  it('says which service cannot start and why, ends the others, and exits with 1', async () => {
    const here = await routerHere();
    const cwd = folder(SERVICES);
    const owner = started(['run', './services.ts:BinaryNumberService'], { env: here.env, cwd });
    await owner.printed('registered get_binary_number');
    const { code, stderr } = await ran(['run', './upper.js', './services.ts:Thief'], { env: here.env, cwd });
    expect([code, stderr]).toEqual([1, jasmine.stringContaining('rxwamp: Thief could not start: ')]);
    expect(stderr).toContain('procedure_already_exists');
    expect(here.router.counts().sessions).toBe(1);
    await owner.interrupt();
  });

  it('exits with 3 when no router comes within --wait', async () => {
    const here = await routerHere();
    await here.router.close();
    const { code, stderr } = await ran(['run', './upper.js', '--wait', '300'], { env: here.env, cwd: folder(SERVICES) });
    expect([code, stderr]).toEqual([3, jasmine.stringMatching(/rxwamp: Upper could not start within 300 ms: .* cannot be reached/)]);
  });

  it('starts again after a change with --watch, and says GOODBYE in between', async () => {
    const here = await routerHere();
    const cwd = folder({ ...SERVICES, 'package.json': '{"type":"module"}' });
    const services = started(['run', './upper.js', '--watch'], { env: here.env, cwd });
    await services.printed('Upper: registered upper');
    writeFileSync(join(cwd, 'upper.js'), SERVICES['upper.js'].replaceAll('toUpperCase', 'toLowerCase'));
    await services.printed('upper.js changed: starting again');
    await services.printed(/registered upper[\s\S]*registered upper/);
    expect((await ran(['call', 'upper', 'HUSH'], { env: here.env })).stdout).toBe('hush\n');
    expect(await services.interrupt()).toBe(0);
    expect(here.router.counts().sessions).toBe(0);
  });

  it('waits for the next change after a mistake with --watch', async () => {
    const here = await routerHere();
    const cwd = folder({ ...SERVICES, 'package.json': '{"type":"module"}' });
    const services = started(['run', './throws.js:Upper', '--watch'], { env: here.env, cwd });
    await services.printed('waiting for a change');
    writeFileSync(join(cwd, 'throws.js'), SERVICES['upper.js'].replace('default ', ''));
    await services.printed('Upper: registered upper');
    expect(await services.interrupt()).toBe(0);
  });

  const wrong: readonly (readonly [fact: string, target: string, code: number, told: string | RegExp])[] = [
    [
      'an export that is not there, with those that are',
      './services.ts:Foo',
      2,
      'rxwamp: ./services.ts has no export Foo; it has BinaryNumberService, Broken, NewsReader, Thief\n',
    ],
    [
      'a file without a name, when it has several services',
      './services.ts',
      2,
      /^rxwamp: \.\/services\.ts does not tell which service to run\nhint: it has .*: rxwamp run \.\/services\.ts:BinaryNumberService\n$/,
    ],
    [
      'an export that is no service',
      './services.ts:answer',
      2,
      /^rxwamp: answer of \.\/services\.ts is no service: export a class that extends Peer\n/,
    ],
    ['a file that is not there', './nothing.ts:Foo', 2, 'rxwamp: there is no file ./nothing.ts\n'],
    ['a file without its ending', './services:Thief', 2, 'rxwamp: there is no file ./services\nhint: did you mean ./services.ts:Thief?\n'],
    [
      'a file that does not compile',
      './broken.ts:Foo',
      1,
      /^rxwamp: \.\/broken\.ts cannot be loaded: .*broken\.ts:1:25: ERROR: Unexpected ";"\n$/,
    ],
    [
      'a file that throws',
      './throws.js:Foo',
      1,
      /^rxwamp: \.\/throws\.js cannot be loaded: nothing here\n.*RangeError: nothing here\n +at .*throws\.js/,
    ],
    ['a constructor that throws', './services.ts:Broken', 1, /^rxwamp: \.\/services\.ts:Broken cannot be made: no disk\n/],
  ];
  for (const [fact, target, code, told] of wrong)
    it(`refuses ${fact}`, async () => {
      const found = await ran(['run', target], { cwd: folder(SERVICES) });
      expect(found).toEqual({ code, stdout: '', stderr: typeof told === 'string' ? told : jasmine.stringMatching(told) });
    });

  it('takes a dotted path of a module for what it means', async () => {
    const cwd = folder({ 'date.js': SERVICES['upper.js'] });
    const name = cwd.slice(cwd.lastIndexOf('/') + 1);
    const { stderr } = await ran(['run', `${name}.date:Upper`]);
    expect(stderr).toBe(`rxwamp: there is no file ${name}.date\nhint: did you mean ./${name}/date.js:Upper?\n`);
  });

  it('prints errors as JSON with --json', async () => {
    const { stdout, stderr } = await ran(['run', './services.ts:Foo', '--json'], { cwd: folder(SERVICES) });
    expect(stdout).toBe('');
    expect(JSON.parse(stderr)).toEqual({ error: jasmine.objectContaining({ name: 'UsageError', exitCode: 2 }) });
  });

  it('prints what a service throws, and the loss of the router, as JSON with --json', async () => {
    const here = await routerHere();
    const cwd = folder({ 'faulty.js': SERVICES['upper.js'].replace('return', 'if (text === "") throw new RangeError("no text"); return') });
    const services = started(['run', './faulty.js', '--json'], { env: here.env, cwd });
    await until(() => here.router.counts().registrations === 1);
    expect((await ran(['call', 'upper', ''], { env: here.env })).code).toBe(1);
    await services.printed('\n');
    const warnings = (): unknown[] =>
      services.stderr
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line) as unknown);
    expect(warnings()).toEqual([
      { warning: { message: jasmine.stringContaining('upper'), stack: jasmine.stringMatching(/^RangeError: no text\n +at .*faulty\.js/) } },
    ]);
    await here.router.close();
    await services.printed('(trying again)');
    expect(warnings()[1]).toEqual({ warning: { message: jasmine.stringContaining('(trying again)') } });
    expect(await services.interrupt()).toBe(0);
    expect(services.stdout).toBe('');
  });

  it('serves TypeScript in a project of CommonJS too', async () => {
    const here = await routerHere();
    const cwd = folder({ ...SERVICES, 'package.json': '{}' });
    const services = started(['run', './services.ts:BinaryNumberService'], { env: here.env, cwd });
    await services.printed('registered get_binary_number');
    expect((await ran(['call', 'get_binary_number', '5'], { env: here.env })).stdout).toBe('0b101\n');
    expect(await services.interrupt()).toBe(0);
  });

  it('says how to get tsx where it is missing, and runs JavaScript without it', async () => {
    const here = await routerHere();
    const { cwd, bin } = bareProject(SERVICES);
    expect(await ran(['run', './services.ts:NewsReader'], { cwd, bin })).toEqual({
      code: 2,
      stdout: '',
      stderr: 'rxwamp: ./services.ts is TypeScript, which needs the package tsx\nhint: npm install --save-dev tsx\n',
    });
    const services = started(['run', './upper.js'], { env: here.env, cwd, bin });
    await services.printed('Upper: registered upper');
    expect(await services.interrupt()).toBe(0);
  });
});
