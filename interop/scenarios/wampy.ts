// With the Python library wampy on the other side: its service called from here, ours from there, and events both ways.
import type { Invocation } from 'rxwamp';
import { Peer, rpc, subscribe } from 'rxwamp/peer';
import { type Context, equal, Failure, type Scenario } from '../scenario.ts';
import { wampy, type WampyProgram } from '../wampy.ts';

class BinaryNumberService extends Peer {
  readonly heard: unknown[] = [];
  // Called with positional arguments, and by keywords as in Python.
  @rpc({ invocation: true }) get_binary_number({ args, kwargs }: Invocation<[number?], { integer?: number }>): string {
    return `0b${(args[0] ?? kwargs.integer ?? 0).toString(2)}`;
  }
  @subscribe('news') onNews(_args: unknown[], kwargs: object): void {
    this.heard.push(kwargs);
  }
}

interface Binary {
  procedures: {
    get_binary_number: { args: [number?]; kwargs: { integer?: number }; result: string };
  };
}

/** Runs one program to its end; what it said. */
async function python(context: Context, ...args: string[]): Promise<readonly unknown[]> {
  const program = await wampy(...args);
  await context.until(`the end of wampy ${args[0]!}`, () => program.ended !== undefined).finally(() => program.kill());
  if (program.ended?.code !== 0)
    throw new Failure(`wampy ${args[0]!} ended with ${program.ended?.errors.trimEnd().split('\n').at(-1) ?? ''}`);
  return program.said;
}

async function said(context: Context, program: WampyProgram, count: number): Promise<void> {
  await context.until(`${count} lines of wampy`, () => program.said.length >= count || program.ended !== undefined);
  if (program.said.length < count) throw new Failure(`wampy ended with ${program.ended?.errors.trimEnd().split('\n').at(-1) ?? ''}`);
}

async function pythonService(context: Context): Promise<void> {
  const service = await wampy('serve', context.target.legacyUrl);
  try {
    await said(context, service, 1);
    await using peer = new Peer<Binary>(context.options(context.target.legacyUrl, 'json'));
    equal(await peer.rpc.get_binary_number(100), '0b1100100', 'the answer of the Python service');
    await peer.publish({ topic: 'news', headlines: ['from TypeScript'], price: 0 });
    await said(context, service, 2);
    equal(service.said[1], { event: { headlines: ['from TypeScript'], price: 0 } }, 'the event in Python');
    service.end();
    await context.until('the end of the Python service', () => service.ended !== undefined);
    equal(service.ended?.code, 0, 'how the Python service ended');
  } finally {
    service.kill();
  }
}

async function pythonCaller(context: Context): Promise<void> {
  await using service = new BinaryNumberService(context.options(context.target.legacyUrl, 'json'));
  await service.start();
  const call = (args: string): Promise<readonly unknown[]> => python(context, 'call', context.target.legacyUrl, 'get_binary_number', args);
  equal(await call('[100]'), [{ result: '0b1100100' }], 'the answer to positional arguments');
  equal(await call('{"integer": 5}'), [{ result: '0b101' }], 'the answer to keyword arguments');
  await python(context, 'publish', context.target.legacyUrl, 'news', '{"headlines": ["from Python"]}');
  await context.until('the event from Python', () => service.heard.length > 0);
  equal(service.heard, [{ headlines: ['from Python'] }], 'the event from Python');
}

export const scenarios: readonly Scenario[] = [
  { name: 'wampy-service', mixed: true, limitMs: () => 60_000, run: pythonService },
  { name: 'wampy-caller', mixed: true, limitMs: () => 60_000, run: pythonCaller },
];
