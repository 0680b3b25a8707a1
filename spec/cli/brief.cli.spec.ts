// The commands that end by themselves, and their failures.
import { CALL, GOODBYE } from '../../src/protocol/messages.ts';
import type { Intercept } from '../../src/router/index.ts';
import { folder, ran, routerHere, started, tidy, until } from './rxwamp.ts';

describe('rxwamp', () => {
  afterEach(tidy);

  describe('call', () => {
    it('prints the result of a call with negative numbers', async () => {
      const { env, router } = await routerHere();
      const service = started(['register', 'com.example.add', '--exec', 'echo $(($1 + $2))'], { env });
      await until(() => router.counts().registrations === 1);
      expect(await ran(['call', 'com.example.add', '2', '-5'], { env })).toEqual({ code: 0, stdout: '-3\n', stderr: '' });
      expect(await service.interrupt()).toBe(0);
    });

    it('takes JSON for values, anything else for text, and kwargs as an object and one by one', async () => {
      const { env, router } = await routerHere();
      const service = started(['register', 'com.example.show', '--exec', 'cat'], { env });
      await until(() => router.counts().registrations === 1);
      const args = ['call', 'com.example.show', 'text', '"5"', '{"a":[1]}', '--kwargs', '{"x":1,"y":2}', '-k', 'y=three', '--json'];
      const { stdout, code } = await ran(args, { env });
      expect(code).toBe(0);
      expect(JSON.parse(stdout)).toEqual({
        value: { args: ['text', '5', { a: [1] }], kwargs: { x: 1, y: 'three' } },
        args: [{ args: ['text', '5', { a: [1] }], kwargs: { x: 1, y: 'three' } }],
        kwargs: {},
        details: {},
      });
      await service.interrupt();
    });

    it('fails with the sentence of the error and exit code 1 when the answer is an error', async () => {
      const { env } = await routerHere();
      expect(await ran(['call', 'com.example.nothing'], { env })).toEqual({
        code: 1,
        stdout: '',
        stderr: jasmine.stringMatching(/^rxwamp: call of com\.example\.nothing failed with wamp\.error\.no_such_procedure: .*\n$/),
      });
    });

    it('prints errors as JSON with --json', async () => {
      const { env } = await routerHere();
      const { code, stdout, stderr } = await ran(['call', 'com.example.nothing', '--json'], { env });
      expect([code, stdout]).toEqual([1, '']);
      expect(JSON.parse(stderr)).toEqual({
        error: jasmine.objectContaining({ name: 'ApplicationError', uri: 'wamp.error.no_such_procedure', exitCode: 1 }),
      });
    });

    it('fails at once with exit code 3 when there is no router, and says how to start one', async () => {
      const { server, router, env } = await routerHere();
      await router.close();
      const { code, stderr } = await ran(['call', 'com.example.add'], { env });
      expect([code, stderr]).toEqual([3, jasmine.stringContaining(`${server.url} cannot be reached`)]);
      expect(stderr).toContain('hint: `rxwamp router` starts one here');
    });

    it('goes on trying for as long as --wait says', async () => {
      const { server, router, env } = await routerHere();
      await router.close();
      const call = started(['call', 'com.example.later', '--wait', '20000', '--trace'], { env });
      await call.printed('lost: ');
      await routerHere({}, server.port);
      expect(await call.ended).toBe(1);
      expect(call.stderr).toContain('no_such_procedure');
    });

    it('fails with exit code 4 when the router refuses the session', async () => {
      const { env } = await routerHere();
      const { code, stderr } = await ran(['call', 'com.example.add', '--realm', 'nowhere'], { env });
      expect([code, stderr]).toEqual([4, jasmine.stringContaining('refused realm nowhere')]);
    });

    it('fails with exit code 5 when it takes longer than --timeout, and the command behind it is killed', async () => {
      const { env, router } = await routerHere();
      const service = started(['register', 'com.example.slow', '--exec', 'sleep 600'], { env });
      await until(() => router.counts().registrations === 1);
      expect((await ran(['call', 'com.example.slow', '--timeout', '200'], { env })).code).toBe(5);
      expect(router.counts().invocations).toBe(0);
      // With a child that still ran it could not end.
      expect(await service.interrupt()).toBe(0);
    });

    it('cancels, says GOODBYE and exits with 130 when it is interrupted', async () => {
      const { env, router } = await routerHere();
      const service = started(['register', 'com.example.slow', '--exec', 'echo begun >&2; sleep 600'], { env });
      await until(() => router.counts().registrations === 1);
      const call = started(['call', 'com.example.slow', '--trace'], { env });
      await service.printed('begun');
      expect(await call.interrupt()).toBe(130);
      expect(call.stderr).toMatch(/→ CANCEL[\s\S]*→ GOODBYE[\s\S]*← GOODBYE/);
      expect(router.counts().invocations).toBe(0);
      await service.interrupt();
    });
  });

  describe('usage', () => {
    const wrong: readonly (readonly [fact: string, args: readonly string[], told: string])[] = [
      ['an unknown command', ['cal'], "rxwamp: unknown command 'cal'\nhint: did you mean call?\n"],
      ['an unknown option', ['call', 'a.b', '--kwrgs', '{}'], "rxwamp: unknown option '--kwrgs'\nhint: did you mean --kwargs?\n"],
      ['a missing argument', ['call'], "rxwamp: missing required argument 'procedure'\nhint: rxwamp call --help shows how\n"],
      [
        'kwargs that are no object',
        ['call', 'a.b', '--kwargs', '5'],
        'rxwamp: --kwargs needs a JSON object, not 5\nhint: quote it for the shell: --kwargs \'{"name": "value"}\'\n',
      ],
      ['a wrong number', ['call', 'a.b', '--timeout', 'soon'], 'rxwamp: --timeout needs a whole number from 0, not soon\n'],
      [
        'a wrong URI',
        ['call', 'a b'],
        'rxwamp: call needs a URI like com.example.name, without spaces, # or empty parts, not the text "a b"\n',
      ],
      [
        'an authid with nothing to prove it',
        ['call', 'a.b', '--authid', 'ada'],
        'rxwamp: nothing to log in with for ada\nhint: give --secret or RXWAMP_SECRET (WAMP-CRA), or --ticket or RXWAMP_TICKET\n',
      ],
      [
        'register with no answer',
        ['register', 'a.b'],
        'rxwamp: register needs --exec with a shell command, or --value with the answer, and not both\n',
      ],
    ];
    for (const [fact, args, told] of wrong)
      it(`refuses ${fact} with exit code 2`, async () => {
        expect(await ran(args)).toEqual({ code: 2, stdout: '', stderr: told });
      });

    it('prints usage errors as JSON with --json', async () => {
      const { stderr } = await ran(['call', '--json']);
      expect(JSON.parse(stderr)).toEqual({
        error: {
          name: 'UsageError',
          message: "missing required argument 'procedure'",
          hint: 'rxwamp call --help shows how',
          exitCode: 2,
        },
      });
    });

    it('prints the help of a command, and the version', async () => {
      expect((await ran(['help', 'publish'])).stdout).toContain('Usage: rxwamp publish [options] <topic> [args...]');
      expect((await ran(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
    });
  });

  describe('settings', () => {
    it('come from the option, else the environment, else the file, else the default', async () => {
      const { env, url } = await routerHere({ realms: ['file.realm', 'env.realm', 'option.realm'] });
      const cwd = folder({ 'rxwamp.config.json': JSON.stringify({ url, realm: 'file.realm' }) });
      const realm = async (args: readonly string[], more: Readonly<Record<string, string>> = {}): Promise<string | undefined> => {
        const { stderr } = await ran(['publish', 'a.b', '--trace', ...args], { cwd, env: more });
        return /→ HELLO (\S+)/.exec(stderr)?.[1];
      };
      expect(await realm([])).toBe('file.realm');
      expect(await realm([], { RXWAMP_REALM: 'env.realm' })).toBe('env.realm');
      expect(await realm(['--realm', 'option.realm'], { ...env, RXWAMP_REALM: 'env.realm' })).toBe('option.realm');
    });

    it('come from the configuration of a Crossbar.io node', async () => {
      const { server } = await routerHere({ realms: ['crossbar.realm'] });
      const config = {
        version: 2,
        workers: [
          {
            type: 'router',
            realms: [{ name: 'crossbar.realm', roles: [] }],
            transports: [
              { type: 'web', endpoint: { type: 'tcp', port: server.port }, paths: { '/': { type: 'static' }, ws: { type: 'websocket' } } },
            ],
          },
        ],
      };
      const cwd = folder({ 'crossbar.json': JSON.stringify(config) });
      const { code, stderr } = await ran(['publish', 'a.b', '--config', 'crossbar.json', '--trace'], { cwd });
      expect([code, stderr]).toEqual([0, jasmine.stringContaining('→ HELLO crossbar.realm')]);
    });

    it('refuse a file with an unknown name, and never show a value of it', async () => {
      const cwd = folder({ 'a.json': '{"urll":"ws://x"}', 'b.json': '{"secret":5150}' });
      expect((await ran(['sessions', '--config', 'a.json'], { cwd })).stderr).toMatch(
        /^rxwamp: a\.json has an unknown name urll\nhint: it may have url, /,
      );
      expect((await ran(['sessions', '--config', 'b.json'], { cwd })).stderr).toBe('rxwamp: secret in b.json must be a text, not number\n');
    });

    it('log in by ticket and by WAMP-CRA, also with the variable of the Python library', async () => {
      const auth = { ticket: { ada: 'tick' }, wampcra: { bob: 'shh' } };
      const { env } = await routerHere({ realms: [{ name: 'realm1', auth }] });
      const code = async (args: readonly string[], more: Readonly<Record<string, string>> = {}): Promise<number> =>
        (await ran(['publish', 'a.b', ...args], { env: { ...env, ...more } })).code;
      expect(await code(['--authid', 'ada', '--ticket', 'tick'])).toBe(0);
      expect(await code([], { RXWAMP_AUTHID: 'bob', RXWAMP_SECRET: 'shh' })).toBe(0);
      expect(await code(['--authid', 'bob'], { WAMPYSECRET: 'shh' })).toBe(0);
      expect(await code(['--authid', 'bob', '--secret', 'wrong'])).toBe(4);
      expect(await code([])).toBe(4);
    });
  });

  describe('ping', () => {
    it('prints a round-trip time for each ping', async () => {
      const { env } = await routerHere();
      const { code, stdout, stderr } = await ran(['ping', '--count', '3', '--interval', '1'], { env });
      expect([code, stdout, stderr]).toEqual([0, jasmine.stringMatching(/^1: [\d.]+ ms\n2: [\d.]+ ms\n3: [\d.]+ ms\n$/), '']);
    });
  });

  describe('sessions', () => {
    it('lists who is there, but not itself, as a table and as JSON', async () => {
      const auth = { ticket: { ada: 'tick' } };
      const { env, router } = await routerHere({ realms: [{ name: 'realm1', auth }] });
      const login = { ...env, RXWAMP_AUTHID: 'ada', RXWAMP_TICKET: 'tick' };
      const other = started(['subscribe', 'a.b'], { env: login });
      await until(() => router.counts().subscriptions === 1);
      const { stdout } = await ran(['sessions'], { env: login });
      expect(stdout).toMatch(/^session +authid +authrole +authmethod\n\d+ +ada +\w+ +ticket\n$/);
      const listed = (await ran(['sessions', '--json'], { env: login })).stdout;
      expect(listed.split('\n').length).toBe(2);
      expect(JSON.parse(listed)).toEqual(jasmine.objectContaining({ authid: 'ada', authmethod: 'ticket' }));
      await other.interrupt();
    });

    it('says so where the router does not tell', async () => {
      const intercept: Intercept = (_direction, message) => (message[0] === CALL ? message.with(3, 'com.example.nothing') : message);
      const { env } = await routerHere({ intercept });
      const { code, stderr } = await ran(['sessions'], { env });
      expect([code, stderr]).toEqual([1, 'rxwamp: this router has no meta API, so it does not tell who is there\n']);
    });
  });

  describe('subscribe', () => {
    it('prints events until it has --count of them, with their topics where there are several', async () => {
      const { env, router } = await routerHere();
      const reader = started(['subscribe', 'com.example', '--match', 'prefix', '--count', '3'], { env });
      await until(() => router.counts().subscriptions === 1);
      await ran(['publish', 'com.example.a', 'text'], { env });
      await ran(['publish', 'com.example.b', '1', 'null', '-k', 'x=y'], { env });
      await ran(['publish', 'com.example.c'], { env });
      expect(await reader.ended).toBe(0);
      expect(reader.lines).toEqual(['com.example.a text', 'com.example.b 1 null {"x":"y"}', 'com.example.c']);
      expect(router.counts().sessions).toBe(0);
    });

    it('unsubscribes, says GOODBYE and exits with 0 at Ctrl-C', async () => {
      const { env, router } = await routerHere();
      const reader = started(['subscribe', 'com.example.a', '--trace'], { env });
      await until(() => router.counts().subscriptions === 1);
      expect(await reader.interrupt()).toBe(0);
      expect(reader.stderr).toMatch(/→ UNSUBSCRIBE[\s\S]*→ GOODBYE[\s\S]*← GOODBYE/);
      expect(reader.stdout).toBe('');
    });

    it('ends without an error when the reader of its output leaves', async () => {
      const { env, router } = await routerHere();
      const reader = started(['subscribe', 'com.example.a'], { env });
      await until(() => router.counts().subscriptions === 1);
      reader.child.stdout?.destroy();
      await ran(['publish', 'com.example.a', 'one'], { env });
      await ran(['publish', 'com.example.a', 'two'], { env });
      expect([await reader.ended, reader.stderr]).toEqual([0, '']);
    });

    it('ends at once at the second Ctrl-C', async () => {
      const intercept: Intercept = (_direction, message) => (message[0] === GOODBYE ? undefined : message);
      const { env, router } = await routerHere({ intercept });
      const reader = started(['subscribe', 'com.example.a', '--trace'], { env });
      await until(() => router.counts().subscriptions === 1);
      reader.child.kill('SIGINT');
      await reader.printed('→ GOODBYE');
      expect(await reader.interrupt()).toBe(130);
    });
  });

  describe('router', () => {
    it('prints where it listens, lets in who is named by --user, and frees the port at Ctrl-C', async () => {
      const router = started(['router', '--port', '0', '--realm', 'one', '--realm', 'two', '--user', 'ada:tick', '--json']);
      await router.printed('\n');
      const { url, port, realms } = JSON.parse(router.stdout) as { url: string; port: number; realms: string[] };
      expect([url, realms]).toEqual([`ws://127.0.0.1:${port}/`, ['one', 'two']]);
      const env = { RXWAMP_URL: url, RXWAMP_REALM: 'two' };
      expect((await ran(['publish', 'a.b', '--authid', 'ada', '--ticket', 'tick'], { env })).code).toBe(0);
      expect((await ran(['publish', 'a.b'], { env })).code).toBe(4);
      expect(await router.interrupt()).toBe(0);
      const next = started(['router', '--port', String(port)]);
      await next.printed(url);
      expect(await next.interrupt()).toBe(0);
    });

    it('says which option names another port when its port is taken', async () => {
      const { server } = await routerHere();
      const { code, stderr } = await ran(['router', '--port', String(server.port)]);
      expect([code, stderr]).toEqual([3, jasmine.stringContaining(`port ${server.port} of 127.0.0.1 is taken`)]);
      expect(stderr).toContain('hint: --port names another port');
    });
  });

  describe('completion', () => {
    it('completes commands, options and their values in bash', async () => {
      const { stdout: script } = await ran(['completion', 'bash']);
      expect(script).toContain("--invoke) COMPREPLY=($(compgen -W 'single roundrobin random first last'");
      expect(script).toContain('complete -o default -F _rxwamp rxwamp');
    });

    it('refuses a shell that it does not know, and names those that it does', async () => {
      const { code, stderr } = await ran(['completion', 'tcsh']);
      expect([code, stderr]).toEqual([2, jasmine.stringContaining('Allowed choices are bash, zsh, fish')]);
      expect(stderr).toContain('hint: rxwamp completion --help shows how\n');
    });
  });
});
