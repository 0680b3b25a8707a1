// Calls and their results: every kind of value there and back, in both directions, also between clients of different serializers.
import { result, type Result } from 'rxwamp';
import { map } from 'rxjs';
import { equal, type Context, type Scenario } from '../scenario.ts';

const VALUES: readonly unknown[] = [
  ...[0, false, '', null, 1, -1, 1.5, true],
  ...[2 ** 31, 2 ** 32, 2 ** 32 + 5, -(2 ** 31) - 1, Number.MAX_SAFE_INTEGER, -Number.MAX_SAFE_INTEGER],
  ...['naïve 漢字 🎉', '\u2028\u0007"\\', 'x'.repeat(70_000)],
  ...[[], [1, [2, [3]]], [[]], {}, { a: { b: [null, false] } }, { ключ: 'ß' }],
];

async function rpc(context: Context): Promise<void> {
  const [callee, caller] = [context.plain(), context.client()];
  const echo = context.uri('echo');
  await context.serve(
    callee.register(
      echo,
      map(({ value }) => value),
    ),
  );
  for (const value of VALUES) {
    const { value: answer } = await context.first('an echo', caller.call(echo, [value]));
    equal(answer, value, 'the echo');
  }

  const whole = context.uri('whole');
  await context.serve(
    callee.register(
      whole,
      map(({ args, kwargs }) => result(args, kwargs)),
    ),
  );
  const { args, kwargs } = await context.first('a whole answer', caller.call(whole, [1, 'two', null], { three: 3, no: false }));
  equal([args, kwargs], [[1, 'two', null], { three: 3, no: false }], 'args and kwargs');
  const empty = await context.first('an empty answer', caller.call(whole));
  equal([empty.value, empty.args, empty.kwargs], [undefined, [], {}], 'an empty answer');
  const named = await context.first('kwargs alone', caller.call(whole, [], { only: 'kwargs' }));
  equal([named.args, named.kwargs], [[], { only: 'kwargs' }], 'kwargs alone');

  const list = context.uri('list');
  await context.serve(
    callee.register(
      list,
      map(() => [1, 2, 3]),
    ),
  );
  const { args: one } = await context.first('a list', caller.call(list));
  equal(one, [[1, 2, 3]], 'a list that a pipeline emits');

  const all = await Promise.all(VALUES.map((value) => context.first('one of many', caller.call(echo, [value]))));
  equal(
    all.map(({ value }) => value),
    VALUES,
    'the answers to calls side by side',
  );
  const own = await context.first('a call of its own procedure', callee.call(echo, ['own']));
  equal(own.value, 'own', 'the answer to a call of its own procedure');
}

const BYTES = Uint8Array.from({ length: 300 }, (_, index) => index & 255);

async function binary(context: Context): Promise<void> {
  const [callee, caller] = [context.client(), context.client()];
  const echo = context.uri('echo');
  await context.serve(
    callee.register(
      echo,
      map(({ args, kwargs }) => result(args, kwargs)),
    ),
  );
  for (const bytes of [new Uint8Array(), BYTES]) {
    const { args, kwargs } = await context.first('bytes', caller.call(echo, [bytes, [bytes]], { deep: { bytes } }));
    const plain = [args, kwargs].flatMap((value) => collect(value));
    equal(
      plain.map((each) => [...each]),
      [1, 2, 3].map(() => [...bytes]),
      'the bytes',
    );
  }
}

/** All byte arrays in a value. Node's `Buffer`, a Uint8Array too, counts as one. */
function collect(value: unknown): Uint8Array[] {
  if (value instanceof Uint8Array) return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(collect) : [];
}

async function bothSerializers(context: Context): Promise<void> {
  const [callee, caller] = [context.client({}, 'json'), context.client({}, 'msgpack')];
  const [there, back] = [context.uri('there'), context.uri('back')];
  await context.serve(
    callee.register(
      there,
      map(({ value }) => value),
    ),
  );
  await context.serve(
    caller.register(
      back,
      map(({ value }) => value),
    ),
  );
  for (const value of VALUES) {
    for (const call of [caller.call(there, [value]), callee.call(back, [value])]) {
      equal((await context.first('an echo', call)).value, value, 'the echo of the other serializer');
    }
  }
  if (!context.target.convertsBytes) return;
  for (const call of [caller.call(there, [BYTES]), callee.call(back, [BYTES])] as const) {
    const { value } = (await context.first('bytes', call)) as Result<Uint8Array>;
    equal([...value], [...BYTES], 'bytes through the other serializer');
  }
}

export const scenarios: readonly Scenario[] = [
  { name: 'rpc', run: rpc },
  { name: 'rpc-binary', run: binary },
  { name: 'rpc-both-serializers', mixed: true, run: bothSerializers },
];
