// A service, tested with Jasmine: `npx jasmine --config=jasmine.json`.
/* global afterEach, beforeEach, describe, expect, expectAsync, it, jasmine */
import { CALL, eventually, testing } from 'rxwamp/testing';
import { firstValueFrom } from 'rxjs';
import { Stock } from '../stock.js';

describe('Stock', () => {
  let kit;

  beforeEach(async () => {
    kit = await testing({ client: { logger: false } });
    await kit.use(Stock);
  });

  afterEach(() => kit.close());

  const ask = async (procedure, ...args) => (await firstValueFrom(kit.clients[0].call(procedure, args))).value;

  it('counts what is put in and taken out', async () => {
    expect(await ask('com.example.stock.add', 'pear', 2)).toBe(2);
    expect(await ask('com.example.stock.take', 'pear')).toBe(1);
    const [first, second] = kit.recordingOf(kit.clients[0]).sent('CALL');
    expect(first).toEqual([CALL, 1, {}, 'com.example.stock.add', ['pear', 2]]);
    expect(second).toEqual([CALL, 2, {}, 'com.example.stock.take', ['pear']]);
  });

  it('refuses to take what is not there', async () => {
    const uri = 'com.example.stock.error.none_left';
    await expectAsync(ask('com.example.stock.take', 'pear')).toBeRejectedWith(jasmine.objectContaining({ uri }));
  });

  it('tells when the last one goes', async () => {
    const told = [];
    const subscription = kit.clients[0].topic('com.example.stock.sold_out').subscribe(({ value }) => told.push(value));
    await kit.subscribed('com.example.stock.sold_out');
    await ask('com.example.stock.add', 'pear', 1);
    await ask('com.example.stock.take', 'pear');
    await eventually(() => {
      if (told.length === 0) throw new TypeError('nothing was told');
    });
    expect(told).toEqual(['pear']);
    subscription.unsubscribe();
  });
});
