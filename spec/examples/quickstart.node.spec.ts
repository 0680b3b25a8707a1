// The quickstart as its users run it: a process of its own.
import { spawn } from 'node:child_process';
import { Router } from '../../src/router/index.ts';

interface Outcome {
  readonly code: number | null;
  readonly lines: readonly string[];
  readonly errors: readonly string[];
}

const linesOf = (text: string): string[] => text.split('\n').filter((line) => line !== '');

function quickstart(...args: string[]): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const command = ['--conditions=rxwamp-source', '--import', 'tsx', 'examples/quickstart/main.ts', ...args];
    const child = spawn(process.execPath, command, { stdio: ['ignore', 'pipe', 'pipe'], timeout: 20_000, killSignal: 'SIGKILL' });
    let [out, err] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
    child.once('error', reject).once('close', (code) => {
      resolve({ code, lines: linesOf(out), errors: linesOf(err) });
    });
  });
}

/** Without the numbers of the steps, and without spaces in front. */
const told = (lines: readonly string[]): string[] => lines.map((line) => line.trim().replace(/^\d+\. /, ''));

const STORY = [
  'A service registers two procedures',
  'service:  registered get_binary_number',
  'service:  registered countdown',
  'A second client calls get_binary_number with 100',
  'caller:   0b1100100',
  'A reader subscribes to news',
  'A publisher sends headlines as keyword arguments',
  'reader:   rxwamp is here',
  'reader:   It speaks WAMP',
  'A countdown from 9 shows its progress, and is cancelled by unsubscribing',
  'caller:   9',
  'caller:   8',
  'caller:   7',
  'service:  countdown was cancelled at 7',
];
const RETURN = [
  'The service answers again',
  'service:  registered get_binary_number',
  'service:  registered countdown',
  'caller:   0b1100100',
  'The reader is subscribed again',
  'It hears the news',
  'reader:   Nobody had to reconnect by hand',
  'Done.',
];

describe('quickstart', () => {
  it('tells the whole story, with a restart of its own router, and ends by itself with code 0', async () => {
    const { code, lines, errors } = await quickstart();
    const output = told(lines);
    expect(errors).toEqual([]);
    expect(output.slice(0, 2)).toEqual([
      'The router starts',
      jasmine.stringMatching(/^A client joins realm1 at ws:\/\/127\.0\.0\.1:\d+\/ws$/),
    ]);
    expect(output.slice(2, 2 + STORY.length)).toEqual(STORY);
    expect(output[2 + STORY.length]).toBe('The router is stopped and started again');
    expect(
      output
        .filter((line) => line.includes('wamp.close.system_shutdown'))
        .map((line) => line.split(':')[0])
        .sort(),
    ).toEqual(['caller', 'reader', 'service']);
    // Who comes back first is chance; that all come back is not.
    expect(output.slice(-RETURN.length).sort()).toEqual([...RETURN].sort());
    expect(code).toBe(0);
  }, 25_000);

  it('tells the story against another router, which it does not stop', async () => {
    const router = new Router({ realms: ['realm1', 'com.example.other'] });
    const { url } = await router.listen({ port: 0, path: '/ws' });
    const { code, lines, errors } = await quickstart('--url', url, '--realm', 'com.example.other');
    expect(errors).toEqual([]);
    expect(told(lines)).toEqual([
      `A client joins com.example.other at ${url}`,
      ...STORY,
      `The router is stopped and started again: skipped, because the router at ${url} is not ours to stop`,
      'Done.',
    ]);
    expect(code).toBe(0);
    expect(router.counts().sessions).toBe(0);
    await router.close();
  }, 25_000);

  it('ends with code 1 and one sentence where no router listens', async () => {
    const router = new Router({ realms: ['realm1'] });
    const { url } = await router.listen({ port: 0, path: '/ws' });
    await router.close();
    const { code, errors } = await quickstart('--url', url);
    expect(errors).toEqual([`The quickstart stopped: ${url} cannot be reached: nothing listens there; is the router running?`]);
    expect(code).toBe(1);
  }, 25_000);

  it('ends with code 1 and one sentence where the router does not have the realm', async () => {
    const router = new Router({ realms: ['realm1'] });
    const { url } = await router.listen({ port: 0, path: '/ws' });
    const { code, errors } = await quickstart('--url', url, '--realm', 'nowhere');
    expect(errors).toEqual([jasmine.stringMatching(/^The quickstart stopped: .* refused realm nowhere with wamp\.error\.no_such_realm/)]);
    expect(code).toBe(1);
    await router.close();
  }, 25_000);
});
