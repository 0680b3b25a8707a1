// URIs: the loose and the strict rule, exact and as patterns.
import { isStrictUri, isUri, type Match } from '../../src/protocol/uris.ts';

const which = (uris: readonly unknown[], match?: Match, rule: typeof isUri = isUri) => uris.filter((uri) => rule(uri, match));

describe('isUri', () => {
  it('U10: no white space and no # in a component', () => {
    expect(which(['a b', 'a.b c.d', 'a\t', '\na', 'a\u00a0b', 'a\u2003b', 'a#b', '#', 'a.#'])).toEqual([]);
  });

  it('U10: a line end at the end is white space too', () => {
    for (const match of ['exact', 'prefix', 'wildcard'] as const) {
      expect(which(['com.example\n', 'com.example.\n', '\n'], match)).toEqual([]);
    }
  });

  it('U11: any other character of Unicode is loose', () => {
    const uris = ['a', 'com.example.news', 'Com.Example-1.Straße', 'com.例え.😀', 'a.b/c?d=e', '1.2.3', '$.*'];
    expect(which(uris)).toEqual(uris);
  });

  it('U11: an exact URI has no empty component', () => {
    expect(which(['', '.', 'a.', '.a', 'a..b', '..'])).toEqual([]);
  });

  it('U12: a wildcard pattern has empty components anywhere', () => {
    const patterns = ['', '.', '..', 'a.', '.a', 'a..b', 'com..news.', 'com.example.news'];
    expect(which(patterns, 'wildcard')).toEqual(patterns);
    expect(which(['a b', 'a.#.b', '. .'], 'wildcard')).toEqual([]);
  });

  it('U13: a strict URI has small letters, digits and the underscore only', () => {
    expect(which(['com.example_1.news', '0', 'Com.example', 'com.ex-ample', 'com.é', 'a..b', ''], 'exact', isStrictUri)).toEqual([
      'com.example_1.news',
      '0',
    ]);
  });

  it('U14: a strict wildcard pattern has empty components anywhere', () => {
    expect(which(['', '.', 'com..news', '.a.', 'Com..news'], 'wildcard', isStrictUri)).toEqual(['', '.', 'com..news', '.a.']);
  });

  it('U15: a prefix pattern may end in an empty component, and the empty one matches everything', () => {
    expect(which(['', 'com.', 'com.example', 'com.ex', '.', '.com', 'com..ex', 'com..'], 'prefix')).toEqual([
      '',
      'com.',
      'com.example',
      'com.ex',
    ]);
    expect(which(['', 'com.', 'com.ex', 'Com.', 'com..'], 'prefix', isStrictUri)).toEqual(['', 'com.', 'com.ex']);
  });

  it('U16: the match decides; exact and loose unless told', () => {
    expect([isUri('com..news'), isUri('com..news', 'prefix'), isUri('com..news', 'wildcard')]).toEqual([false, false, true]);
    expect([isUri('Com'), isStrictUri('Com')]).toEqual([true, false]);
  });

  it('U17: the reserved first component is a matter of permission, not of form', () => {
    expect(isUri('wamp.session.get')).toBeTrue();
  });

  it('is false for what is not text', () => {
    expect(which([undefined, null, 1, ['a'], { a: 1 }])).toEqual([]);
  });

  it('answers at once for a long text that is nearly a URI', () => {
    const start = performance.now();
    expect(isUri(`${'a.'.repeat(50_000)} `)).toBeFalse();
    expect(isUri(`${'a'.repeat(100_000)} `, 'wildcard')).toBeFalse();
    expect(performance.now() - start).toBeLessThan(1000);
  });
});
