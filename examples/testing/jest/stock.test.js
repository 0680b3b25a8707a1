// A service, tested with Jest, whose ES modules want `NODE_OPTIONS=--experimental-vm-modules npx jest`.
import { CALL, testing } from 'rxwamp/testing';
import { firstValueFrom } from 'rxjs';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { Stock } from '../stock.js';

let kit;

beforeEach(async () => {
  kit = await testing({ client: { logger: false } });
  await kit.use(Stock);
});

afterEach(() => kit.close());

const ask = async (procedure, ...args) => (await firstValueFrom(kit.clients[0].call(procedure, args))).value;

test('counts what is put in and taken out', async () => {
  expect(await ask('com.example.stock.add', 'pear', 2)).toBe(2);
  expect(await ask('com.example.stock.take', 'pear')).toBe(1);
  expect(kit.recordingOf(kit.clients[0]).sent('CALL')).toEqual([
    [CALL, 1, {}, 'com.example.stock.add', ['pear', 2]],
    [CALL, 2, {}, 'com.example.stock.take', ['pear']],
  ]);
});

test('refuses to take what is not there', async () => {
  await expect(ask('com.example.stock.take', 'pear')).rejects.toMatchObject({ uri: 'com.example.stock.error.none_left' });
});

test('tells when the last one goes', async () => {
  const told = firstValueFrom(kit.clients[0].topic('com.example.stock.sold_out'));
  await kit.subscribed('com.example.stock.sold_out');
  await ask('com.example.stock.add', 'pear', 1);
  await ask('com.example.stock.take', 'pear');
  expect((await told).value).toBe('pear');
});

test('serves again after the router has crashed', async () => {
  await ask('com.example.stock.add', 'pear', 2);
  await kit.kill();
  await kit.restart();
  await kit.registered('com.example.stock.take');
  expect(await ask('com.example.stock.take', 'pear')).toBe(1);
});
