// Where the options of a subject go: to its SUBSCRIBE, to its PUBLISH, or nowhere.
import { PUBLISH, SUBSCRIBE } from '../../src/protocol/messages.ts';
import { hear, opened } from './opened.ts';

describe('Client', () =>
  describe('subject', () => {
    it('publishes what the router did not announce if force says so (I3)', () => {
      const { client, errors, sent } = opened({}, { roles: { broker: {}, dealer: {} } });
      client.subject('com.example.tick', { exclude_me: false }).next(1);
      client.subject('com.example.tick', { exclude_me: false, force: true }).next(2);
      expect(sent()).toEqual([[PUBLISH, 1, { exclude_me: false }, 'com.example.tick', [2]]]);
      expect(errors.map(({ uri }) => uri)).toEqual(['wamp.error.feature_not_supported']);
    });

    it('gives each message its own options', () => {
      const { client, sent } = opened();
      const ticks = client.subject('com.example.tick', { exclude_me: false, retain: true, get_retained: true });
      hear(ticks);
      ticks.next(1);
      expect(sent()).toEqual([
        [SUBSCRIBE, 1, { get_retained: true }, 'com.example.tick'],
        [PUBLISH, 2, { exclude_me: false, retain: true }, 'com.example.tick', [1]],
      ]);
    });
  }));
