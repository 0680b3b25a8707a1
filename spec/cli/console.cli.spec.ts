// `rxwamp console`, typed into terminals: the story of the README, and what a person does beside it.
import { bareProject, folder, routerHere, tidy, until } from './rxwamp.ts';
import { Terminal } from './terminal.ts';

describe('rxwamp console', () => {
  afterEach(tidy);

  it('tells the whole story in two terminals', async () => {
    const { router, env } = await routerHere();
    const first = new Terminal('console', { env });
    await first.shows(/^rxwamp> $/m);
    await first.type('class BinaryNumberService extends Peer {', '... ');
    await first.type('  @rpc', '... ');
    await first.type('  get_binary_number(n: number) {', '... ');
    await first.type('    return `0b${n.toString(2)}`;', '... ');
    await first.type('  }', '... ');
    await first.type('}');
    await first.type('const service = await new BinaryNumberService().start();');
    const [id] = router.sessions('realm1');
    await first.type('service.session.id', String(id));
    const entrypoints = await first.type('getRegisteredEntrypoints()', /\]\nrxwamp> $/);
    expect(entrypoints).toMatch(/id: \d+,\s+peer: BinaryNumberService \{.*\},\s+method: 'get_binary_number',\s+uri: 'get_binary_number'/);
    await first.type("const client = await new Peer({ name: 'Binary Number Caller' }).start();");
    await first.type('client.rpc.get_binary_number(100)', "'0b1100100'");
    await first.type('await client.stop();');
    await until(() => router.counts().sessions === 1);
    await first.type('await service.stop();');
    await until(() => router.counts().sessions === 0);

    const second = new Terminal('console', { env });
    await second.shows(/^rxwamp> $/m);
    await second.type('class NewsReader extends Peer {', '... ');
    await second.type("  @subscribe('news')", '... ');
    await second.type('  handleNews(_args, { headlines }) {', '... ');
    await second.type('    for (const headline of headlines) console.log(headline);', '... ');
    await second.type('  }', '... ');
    await second.type('}');
    await second.type('const reader = await new NewsReader().start();');

    await first.type('{', '... ');
    await first.type('  await using publisher = await new Peer().start();', '... ');
    await first.type("  await publisher.publish({ topic: 'news', headlines: ['rxwamp is great!', 'It speaks WAMP'] });", '... ');
    await first.type('}');
    await second.shows(/rxwamp is great!\n[^]*It speaks WAMP\n/);
    await until(() => router.counts().sessions === 1);

    second.keys('\x04');
    first.keys('\x04');
    expect([await first.ended, await second.ended]).toEqual([0, 0]);
    expect(router.counts().sessions).toBe(0);
  });

  it('prints what an Observable emits, until Ctrl-C', async () => {
    const { router, env } = await routerHere();
    const terminal = new Terminal('console', { env });
    await terminal.shows(/^rxwamp> $/m);
    await terminal.type("client.topic('com.example.ticks')");
    await until(() => router.counts().subscriptions === 1);
    await terminal.type(
      "client.publish('com.example.ticks', [1, 'two'], { three: 3 }, { exclude_me: false })",
      "com.example.ticks 1 'two' { three: 3 }",
    );
    terminal.keys('\x03');
    await terminal.shows('left 1 stream');
    await until(() => router.counts().subscriptions === 0);
    terminal.keys('\x04');
    expect(await terminal.ended).toBe(0);
  });

  it('shows an rpc proxy, which has a subscribe like an Observable, and ends after it', async () => {
    const { router, env } = await routerHere();
    const terminal = new Terminal('console', { env });
    await terminal.shows(/^rxwamp> $/m);
    await terminal.type('const peer = await new Peer().start();');
    expect(await terminal.type('peer.rpc', /^\[Function.*\nrxwamp> $/m)).not.toContain('Uncaught');
    await terminal.type('40 + 2', '42');
    await terminal.type('.exit', '');
    expect(await terminal.ended).toBe(0);
    expect(router.counts().sessions).toBe(0);
  });

  it('takes imports, again too, and classes with mistakes a second time', async () => {
    const { env } = await routerHere();
    const terminal = new Terminal('console', { env, cwd: folder({ 'own.js': 'export const own = 7; export default 8;' }) });
    await terminal.shows(/^rxwamp> $/m);
    await terminal.type("import { Peer as Base, rpc as procedure } from 'rxwamp/peer';");
    await terminal.type("import fallback, { own } from './own.js'");
    await terminal.type("import fallback, { own } from './own.js'");
    await terminal.type('[own, fallback, Base === Peer]', '[ 7, 8, true ]');
    await terminal.type("class Service extends Base { @procedure one() { return 'wrong'; } }");
    await terminal.type('class Service extends Base { @procedure one() { return 1; } @procedure two() { return 2; } }');
    await terminal.type('class Other extends Base { @procedure three() { return 3; } }');
    await terminal.type('const service = await new Service().start(); const other = await new Other().start();');
    await terminal.type('await Promise.all([service.rpc.one(), service.rpc.two(), service.rpc.three()])', '[ 1, 2, 3 ]');
    terminal.keys('\x04');
    expect(await terminal.ended).toBe(0);
  });

  it('shows errors in one line, and goes on', async () => {
    const { env } = await routerHere();
    const terminal = new Terminal('console', { env });
    await terminal.shows(/^rxwamp> $/m);
    await terminal.type(
      "client.call('com.example.nothing')",
      /^Uncaught ApplicationError: call of com\.example\.nothing failed with .*\n/m,
    );
    await terminal.type(
      "await client.call('com.example.nothing')",
      /^Uncaught ApplicationError: call of com\.example\.nothing failed with .*\n/m,
    );
    await terminal.type('1 +* 2', /^Uncaught SyntaxError: Unexpected "\*" \(line 1\)\n/m);
    await terminal.type('{ a: 1 }', /^\{ a: 1 \}\n/m);
    terminal.keys('\x04');
    expect(await terminal.ended).toBe(0);
  });

  it('is coloured on a terminal, unless NO_COLOR is set', async () => {
    const { env } = await routerHere();
    const coloured = new Terminal('console', { env });
    await coloured.shows(/^rxwamp> $/m);
    await coloured.type('40 + 2', '42');
    expect(coloured.raw).toContain('\x1b[33m42\x1b[39m');
    const plain = new Terminal('console', { env: { ...env, NO_COLOR: '1' } });
    await plain.shows(/^rxwamp> $/m);
    await plain.type('40 + 2', '42');
    expect(plain.raw).not.toContain('\x1b[33m');
    expect(plain.raw).not.toContain('\x1b[1m');
    for (const terminal of [coloured, plain]) {
      terminal.keys('\x04');
      expect(await terminal.ended).toBe(0);
    }
  });

  it('says how to get decorators where tsx is missing', async () => {
    const { env } = await routerHere();
    const { cwd, bin } = bareProject();
    const terminal = new Terminal('console', { env, cwd, bin });
    await terminal.shows('Decorators and types need tsx: npm install --save-dev tsx');
    await terminal.shows(/^rxwamp> $/m);
    await terminal.type(
      'class A extends Peer { @rpc b() {} }',
      'SyntaxError: Node cannot read decorators by itself: npm install --save-dev tsx',
    );
    await terminal.type('await Promise.resolve(40 + 2)', '42');
    terminal.keys('\x04');
    expect(await terminal.ended).toBe(0);
  });
});
