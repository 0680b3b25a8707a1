import { WampError } from '../../src/index.ts';
import { eventually } from '../../src/testing/index.ts';
import { Waiters } from '../../src/testing/waiters.ts';

describe('eventually', () => {
  it('tries until it no longer throws, and gives what the attempt returned', async () => {
    let attempts = 0;
    const value = await eventually(() => {
      attempts++;
      if (attempts < 3) throw new TypeError('not yet');
      return Promise.resolve('now');
    });
    expect([value, attempts]).toEqual(['now', 3]);
  });

  it('throws what the last attempt threw', async () => {
    let attempts = 0;
    const never = eventually(() => Promise.reject(new TypeError(`attempt ${++attempts}`)), { limitMs: 20, everyMs: 1 });
    await expectAsync(never).toBeRejectedWithError(TypeError, /^attempt \d+$/);
    expect(attempts).toBeGreaterThan(1);
  });
});

describe('Waiters', () => {
  it('look again when something has happened, and not before', async () => {
    const waiters = new Waiters();
    let [there, looks] = [false, 0];
    const found = waiters.until(
      () => {
        looks++;
        return there || undefined;
      },
      () => 'it is not there',
    );
    await Promise.resolve();
    there = true;
    expect(looks).toBe(1);
    waiters.look();
    expect([await found, looks]).toEqual([true, 2]);
  });

  it('hear what happens while they look', async () => {
    const waiters = new Waiters();
    let looks = 0;
    const found = waiters.until(
      () => {
        if (++looks === 1) waiters.look();
        return looks === 2 ? 'second' : undefined;
      },
      () => 'it is not there',
    );
    expect(await found).toBe('second');
  });

  it('look by themselves where they are told how often', async () => {
    let looks = 0;
    const found = new Waiters(1).until(
      () => (++looks === 5 ? looks : undefined),
      () => '',
    );
    expect(await found).toBe(5);
  });

  it('give up with a sentence, and hand on what looking throws', async () => {
    const waiters = new Waiters();
    const late = waiters.until(
      () => undefined,
      () => Promise.resolve('it is not there'),
      5,
    );
    await expectAsync(late).toBeRejectedWith(new WampError('wamp.error.timeout', 'it is not there (waited for 5 ms)'));
    const broken = waiters.until(
      () => Promise.reject(new TypeError('broken')),
      () => '',
    );
    await expectAsync(broken).toBeRejectedWithError(TypeError, 'broken');
  });
});
