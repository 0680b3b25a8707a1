import type { Match } from '../../src/protocol/uris.ts';
import { matches, PatternTable } from '../../src/router/match.ts';

function table(...patterns: readonly (readonly [match: Match, pattern: string])[]): PatternTable<string> {
  const made = new PatternTable<string>();
  for (const [match, pattern] of patterns) made.set(match, pattern, `${match} ${pattern}`);
  return made;
}

describe('PatternTable', () => {
  describe('best', () => {
    const specified = new PatternTable<number>();
    specified.set('exact', 'a1.b2.c3.d4.e55', 1);
    specified.set('prefix', 'a1.b2.c3', 2);
    specified.set('prefix', 'a1.b2.c3.d4', 3);
    specified.set('wildcard', 'a1.b2..d4.e5', 4);
    specified.set('wildcard', 'a1.b2.c33..e5', 5);
    specified.set('wildcard', 'a1.b2..d4.e5..g7', 6);
    specified.set('wildcard', 'a1.b2..d4..f6.g7', 7);
    const answers: readonly (readonly [uri: string, registration: number | undefined])[] = [
      ['a1.b2.c3.d4.e55', 1],
      ['a1.b2.c3.d98.e74', 2],
      ['a1.b2.c3.d4.e325', 3],
      ['a1.b2.c55.d4.e5', 4],
      ['a1.b2.c33.d4.e5', 5],
      ['a1.b2.c88.d4.e5.f6.g7', 6],
      ['a2.b2.c2.d2.e2', undefined],
    ];
    for (const [uri, registration] of answers) {
      it(`finds ${registration === undefined ? 'nothing' : `registration ${registration}`} for ${uri}, as the specification has it`, () => {
        expect(specified.best(uri)).toBe(registration);
      });
    }

    it('prefers the longest prefix, also where it ends inside a component, to a shorter one and to a wildcard', () => {
      expect(table(['prefix', 'a.b'], ['prefix', 'a.b.c'], ['wildcard', 'a.b.']).best('a.b.cd')).toBe('prefix a.b.c');
    });

    it('takes a prefix that ends inside a component where nothing else matches', () => {
      expect(table(['prefix', 'a.b'], ['wildcard', 'a..c']).best('a.bb')).toBe('prefix a.b');
    });

    it('takes an empty prefix for everything', () => {
      expect(table(['prefix', '']).best('any.thing')).toBe('prefix ');
    });
  });

  describe('all', () => {
    it('finds every exact, prefix and wildcard pattern that matches', () => {
      const patterns = table(
        ['exact', 'a.b.c'],
        ['prefix', 'a'],
        ['prefix', 'a.b.'],
        ['prefix', 'a.b.c.d'],
        ['wildcard', 'a..c'],
        ['wildcard', '..'],
      );
      expect(patterns.all('a.b.c')).toEqual(['exact a.b.c', 'prefix a', 'prefix a.b.', 'wildcard a..c', 'wildcard ..']);
    });

    it('lets a prefix end inside a component', () => {
      expect(table(['prefix', 'com.myapp.topic']).all('com.myapp.topic2')).toEqual(['prefix com.myapp.topic']);
    });

    it('lets an empty component stand for exactly one', () => {
      const patterns = table(['wildcard', 'a..c']);
      expect(['a.b.c', 'a.c', 'a.b.b.c', 'b.b.c'].map((uri) => patterns.all(uri).length)).toEqual([1, 0, 0, 0]);
    });
  });

  it('keeps one pattern apart by its match', () => {
    const patterns = table(['exact', 'a.b'], ['prefix', 'a.b'], ['wildcard', 'a.b']);
    patterns.delete('prefix', 'a.b');
    expect(patterns.all('a.b')).toEqual(['exact a.b', 'wildcard a.b']);
  });

  it('is empty again when each pattern is deleted', () => {
    const patterns = table(['exact', 'a.b'], ['prefix', 'a.'], ['wildcard', 'a.']);
    patterns.delete('exact', 'a.b');
    patterns.delete('prefix', 'a.');
    patterns.delete('wildcard', 'a.');
    patterns.delete('wildcard', 'a.');
    expect([patterns.size, patterns.all('a.b')]).toEqual([0, []]);
  });
});

describe('matches', () => {
  it('tells for each match whether a pattern fits', () => {
    expect([
      matches('exact', 'a.b', 'a.b'),
      matches('exact', 'a.b', 'a.bc'),
      matches('prefix', 'a.b', 'a.bc'),
      matches('wildcard', 'a.', 'a.b'),
      matches('wildcard', 'a.', 'a.b.c'),
    ]).toEqual([true, false, true, true, false]);
  });
});
