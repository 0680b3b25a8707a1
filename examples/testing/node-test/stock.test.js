// A service, tested with Node's own runner: `node --test`.
import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { CALL, ERROR, friendly, marbles, ScriptedRouter, testing } from 'rxwamp/testing';
import { Client } from 'rxwamp';
import { firstValueFrom, map } from 'rxjs';
import { Stock } from '../stock.js';

let kit;

beforeEach(async () => {
  kit = await testing({ client: { logger: false } });
  await kit.use(Stock);
});

afterEach(() => kit.close());

const ask = async (procedure, ...args) => (await firstValueFrom(kit.clients[0].call(procedure, args))).value;

test('counts what is put in and taken out', async () => {
  assert.equal(await ask('com.example.stock.add', 'pear', 2), 2);
  assert.equal(await ask('com.example.stock.take', 'pear'), 1);
  assert.deepEqual(kit.recordingOf(kit.clients[0]).sent('CALL').at(-1), [CALL, 2, {}, 'com.example.stock.take', ['pear']]);
});

test('refuses to take what is not there', async () => {
  await assert.rejects(ask('com.example.stock.take', 'pear'), { uri: 'com.example.stock.error.none_left' });
});

test('a router can be made to say anything', async () => {
  const router = new ScriptedRouter({
    reply: (link, message) => {
      if (message[0] === CALL) link.receive([ERROR, CALL, message[1], {}, 'com.example.error.closed']);
      else friendly(link, message);
    },
  });
  const client = new Client({ transport: router.transport });
  await assert.rejects(firstValueFrom(client.call('com.example.stock.take', ['pear'])), { uri: 'com.example.error.closed' });
  await client.close();
});

test('time is drawn: a call waits for a router that comes back after 20 seconds', () => {
  marbles((stage) => {
    stage.fates = ['refuse', 'join'];
    const answer = stage.client({ retryDelayMs: () => 20_000 }).call('com.example.stock.take', ['pear']);
    stage.expectObservable(answer.pipe(map(({ value }) => value))).toBe('20020ms (a|)', { a: 'pear' });
  });
});
