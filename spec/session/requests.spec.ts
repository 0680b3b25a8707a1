// The ring of pending requests, and what it evicts to.
import { Requests } from '../../src/session/requests.ts';

interface Numbered {
  readonly request: number;
}

function setup(...ids: number[]) {
  const requests = new Requests<Numbered>();
  const add = (request: number): Numbered => {
    const entry = { request };
    requests.add(entry);
    return entry;
  };
  return { requests, add, entries: ids.map(add) };
}

describe('Requests', () => {
  it('finds an entry by its id, and no other', () => {
    const { requests, entries } = setup(1, 2);
    expect([0, 1, 2, 3, 257].map((id) => requests.get(id))).toEqual([undefined, entries[0], entries[1], undefined, undefined]);
    expect(requests.size).toBe(2);
  });

  it('removes an entry once', () => {
    const { requests, entries } = setup(1);
    expect([requests.remove(entries[0]!), requests.remove(entries[0]!)]).toEqual([true, false]);
    expect([requests.size, requests.get(1)]).toEqual([0, undefined]);
  });

  it('does not remove another entry of the same slot or of the same id', () => {
    const { requests, add } = setup(1);
    expect(requests.remove({ request: 257 })).toBeFalse();
    expect(requests.remove({ request: 1 })).toBeFalse();
    add(257);
    expect(requests.remove({ request: 1 })).toBeFalse();
    expect(requests.remove({ request: 513 })).toBeFalse();
    expect(requests.size).toBe(2);
  });

  it('evicts an older entry whose slot is taken, and finds and removes both', () => {
    const { requests, entries, add } = setup(1, 257, 513);
    expect([1, 257, 513, 769].map((id) => requests.get(id))).toEqual([...entries, undefined]);
    expect(entries.map((entry) => requests.remove(entry))).toEqual([true, true, true]);
    expect(requests.size).toBe(0);
    expect(add(769)).toBe(requests.get(769)!);
    expect(requests.get(1)).toBeUndefined();
  });

  it('an evicted entry stays after the one that took its slot has gone', () => {
    const { requests, entries } = setup(1, 257);
    requests.remove(entries[1]!);
    expect([requests.get(1), requests.get(257), requests.size]).toEqual([entries[0], undefined, 1]);
    expect(requests.remove(entries[0]!)).toBeTrue();
    expect(requests.size).toBe(0);
  });

  it('keeps one long request beside 10,000 short ones', () => {
    const { requests, entries, add } = setup(1);
    for (let id = 2; id <= 10_001; id++) {
      const short = add(id);
      expect(requests.get(id) === short && requests.remove(short) && requests.size === 1).toBeTrue();
    }
    expect(requests.get(1)).toBe(entries[0]);
    expect(requests.list()).toEqual([{ request: 1 }]);
    expect(requests.remove(entries[0]!)).toBeTrue();
    expect(requests.size).toBe(0);
  });

  it('takes 10,000 at once', () => {
    const { requests, entries } = setup(...Array.from({ length: 10_000 }, (_, index) => index + 1));
    expect(requests.size).toBe(10_000);
    expect(requests.list()).toEqual(entries);
    expect(entries.every((entry) => requests.get(entry.request) === entry && requests.remove(entry))).toBeTrue();
    expect(requests.size).toBe(0);
  });

  it('lists the oldest first, evicted or not, and keeps them', () => {
    const { requests } = setup(300, 2, 258, 44, 3);
    expect(requests.list().map(({ request }) => request)).toEqual([2, 3, 44, 258, 300]);
    expect(requests.size).toBe(5);
  });

  it('detaches all, oldest first, and keeps none', () => {
    const { requests, entries, add } = setup(300, 2, 258);
    expect(requests.detach().map(({ request }) => request)).toEqual([2, 258, 300]);
    expect([requests.size, requests.list(), requests.get(2), requests.get(258), requests.get(300)]).toEqual([
      0,
      [],
      undefined,
      undefined,
      undefined,
    ]);
    expect(entries.map((entry) => requests.remove(entry))).toEqual([false, false, false]);
    const again = add(2);
    expect([requests.size, requests.get(2)]).toEqual([1, again]);
  });

  it('trap 6: 2^53 and ids above 2^32 have their place', () => {
    const { requests, entries } = setup(2 ** 53, 2 ** 32 + 1, 2 ** 40);
    expect(entries.map(({ request }) => requests.get(request))).toEqual(entries);
    expect(entries.map((entry) => requests.remove(entry))).toEqual([true, true, true]);
  });
});
