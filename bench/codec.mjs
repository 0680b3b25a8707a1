// What the serializers cost beside JSON.stringify and JSON.parse, which every message in JSON has to pay.
import { json } from 'rxwamp';
import { msgpack } from 'rxwamp/msgpack';
import { inBatches, median, ratios, spread } from './measure.mjs';

const ID = 4_503_599_627_370_497;
const row = (_, number) => ({
  id: number,
  name: `sensor ${number}`,
  value: number * 1.25,
  unit: 'C',
  ok: number % 7 !== 0,
  at: 1_700_000_000_000 + number,
});
const TEXT = 'The quick brown fox jumps over the lazy dog. '.repeat(45).slice(0, 2_000);

/** With how many a batch takes long enough for the clock. */
const MESSAGES = {
  'EVENT, small': { message: [36, ID, ID + 1, {}, [42, 'on']], batch: 200 },
  CALL: { message: [48, 1_234, {}, 'com.example.add', [1, 2], { precise: true }], batch: 200 },
  'RESULT, 50 rows': { message: [50, 1_234, {}, [Array.from({ length: 50 }, row)]], batch: 5 },
  'RESULT, text of 2 kB': { message: [50, 1_235, {}, [TEXT]], batch: 100 },
};

function tasksOf(message, batch, serializers) {
  let kept;
  const keep = (value) => {
    kept = value;
  };
  const text = JSON.stringify(message);
  const many = (work) => () => {
    for (let each = 0; each < batch; each++) work();
    if (kept === undefined) throw new TypeError('nothing came of it');
  };
  const tasks = { 'plain encode': many(() => keep(JSON.stringify(message))), 'plain decode': many(() => keep(JSON.parse(text))) };
  for (const [name, serializer] of Object.entries(serializers)) {
    const frame = serializer.encode(message);
    tasks[`${name} encode`] = many(() => keep(serializer.encode(message)));
    tasks[`${name} decode`] = many(() => serializer.decode(frame, keep));
    serializer.decode(frame, (decoded) => {
      if (JSON.stringify(decoded) !== text) throw new TypeError(`${name} changed a message`);
    });
  }
  return tasks;
}

export function codec({ quick }) {
  const serializers = { json: json(), msgpack: msgpack() };
  const rows = [];
  for (const [name, { message, batch }] of Object.entries(MESSAGES)) {
    const found = inBatches(tasksOf(message, batch, serializers), { rounds: quick ? 3 : 11, milliseconds: quick ? 30 : 60, batch });
    const bytes = [JSON.stringify(message).length, serializers.msgpack.encode(message).length];
    for (const way of ['encode', 'decode']) {
      const plain = found[`plain ${way}`];
      rows.push([
        name,
        bytes.map((length) => length.toLocaleString('en-US')).join(' / '),
        way,
        spread(plain, median(plain) < 1000 ? 0 : undefined),
        ...['json', 'msgpack'].map((serializer) => spread(ratios(found[`${serializer} ${way}`], plain), 2)),
      ]);
    }
  }
  return [
    {
      title: 'Serializers',
      about:
        'The time of `json()` and `msgpack()` as ratios to plain `JSON.stringify` and `JSON.parse` of the same message; text or bytes at both ends.',
      head: ['message', 'bytes, JSON / MessagePack', 'way', 'plain JSON, ns', 'json()', 'msgpack()'],
      rows,
    },
  ];
}
