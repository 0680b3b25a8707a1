// Subscriber role: sharing, leaving in every state, siblings, delivery, revocation, sessions that come and go.
import type { Event } from '../../src/session/result.ts';
import { EVENT, SUBSCRIBE, SUBSCRIBED, UNSUBSCRIBE, UNSUBSCRIBED } from '../../src/protocol/messages.ts';
import { expectNothingLeft, LOST, setup } from './setup.ts';

const TICKS = 'com.example.ticks';
const PREFIX = { match: 'prefix' };
const RETAINED = { get_retained: true };
const ERROR = 8;
const event = (id: number, ...args: unknown[]): unknown[] => [EVENT, id, 9, {}, args];
const refusal = (type: number, request: number, uri: string): unknown[] => [ERROR, type, request, {}, uri];

describe('Topics', () => {
  describe('subscribe', () => {
    it('T1 sends one SUBSCRIBE for all its subscribers, and one UNSUBSCRIBE when the last one leaves', () => {
      const s = setup();
      const [a, b] = [s.topic(TICKS), s.topic(TICKS)];
      s.receive([SUBSCRIBED, 1, 77], event(77, 'x'));
      const c = s.topic(TICKS);
      s.receive(event(77, 'y'));
      a.unsubscribe();
      b.unsubscribe();
      expect(s.sent).toEqual([[SUBSCRIBE, 1, {}, TICKS]]);
      c.unsubscribe();
      s.receive([UNSUBSCRIBED, 2]);
      expect(s.sent).toEqual([
        [SUBSCRIBE, 1, {}, TICKS],
        [UNSUBSCRIBE, 2, 77],
      ]);
      expect([a.heard, b.heard]).toEqual([
        [
          ['open', 77],
          ['next', ['x']],
          ['next', ['y']],
        ],
        [
          ['open', 77],
          ['next', ['x']],
          ['next', ['y']],
        ],
      ]);
      expect(c.heard).toEqual([
        ['open', 77],
        ['next', ['y']],
      ]);
      expect(s.emptied).toEqual(['topics']);
      expectNothingLeft(s);
    });

    it('T1 lets go at the end of the turn where the table defers: a remount sends nothing', () => {
      const s = setup({ defers: true });
      const a = s.topic(TICKS);
      s.receive([SUBSCRIBED, 1, 77]);
      s.news();
      a.unsubscribe();
      const b = s.topic(TICKS);
      s.turn();
      expect(s.news()).toEqual([]);
      expect(b.heard).toEqual([['open', 77]]);
      b.unsubscribe();
      expect(s.news()).toEqual([]);
      s.turn();
      expect(s.news()).toEqual([[UNSUBSCRIBE, 2, 77]]);
      s.receive([UNSUBSCRIBED, 2]);
      expectNothingLeft(s);
    });

    it('T1 without a session a deferring table lets go at once', () => {
      const s = setup({ defers: true, bound: false });
      s.core.lose(LOST);
      s.topic(TICKS).unsubscribe();
      expect([s.topics.size, s.emptied]).toEqual([0, ['topics']]);
    });

    it('leaving twice is leaving once', () => {
      const s = setup();
      const [a, b] = [s.topic(TICKS), s.topic(TICKS)];
      s.receive([SUBSCRIBED, 1, 77]);
      a.unsubscribe();
      a.unsubscribe();
      expect(s.topics.list().topics).toEqual([{ topic: TICKS, subscribers: 1, id: 77 }]);
      b.unsubscribe();
      b.unsubscribe();
      s.receive([UNSUBSCRIBED, 2]);
      expect(s.sent.length).toBe(2);
      expectNothingLeft(s);
    });

    it('trap 11: leaving with one of two leaves the other alive', () => {
      const s = setup();
      const [a, b] = [s.topic(TICKS), s.topic(TICKS)];
      s.receive([SUBSCRIBED, 1, 77]);
      a.unsubscribe();
      s.receive(event(77, 1));
      expect([a.heard, b.heard]).toEqual([
        [['open', 77]],
        [
          ['open', 77],
          ['next', [1]],
        ],
      ]);
    });

    it('an exact topic and a pattern of the same text are two subscriptions', () => {
      const s = setup();
      const [a, b] = [s.topic(TICKS), s.topic(TICKS, PREFIX)];
      s.receive([SUBSCRIBED, 1, 77], [SUBSCRIBED, 2, 78], event(77, 'exact'), [EVENT, 78, 9, { topic: `${TICKS}.slow` }, ['prefix']]);
      expect([a.heard, b.heard]).toEqual([
        [
          ['open', 77],
          ['next', ['exact']],
        ],
        [
          ['open', 78],
          ['next', ['prefix']],
        ],
      ]);
      a.unsubscribe();
      b.unsubscribe();
      expect(s.sent.slice(2)).toEqual([
        [UNSUBSCRIBE, 3, 77],
        [UNSUBSCRIBE, 4, 78],
      ]);
      s.receive([UNSUBSCRIBED, 4], [UNSUBSCRIBED, 3]);
      expectNothingLeft(s);
    });

    it('I3 a pattern that the broker did not announce errors, sends nothing and takes no id', () => {
      const s = setup({ roles: { broker: {} } });
      const a = s.topic(TICKS, PREFIX);
      expect([a.heard, s.sent, s.topics.size, s.core.nextRequest]).toEqual([[['error', 'wamp.error.feature_not_supported']], [], 0, 1]);
      expectNothingLeft(s);
    });

    it('an error of the channel errors the topic, takes no id and gives the slot back', () => {
      const s = setup();
      const refused = new TypeError('cannot be encoded');
      s.channel.refuses = () => refused;
      const a = s.topic(TICKS);
      expect(a.errors as unknown[]).toEqual([refused]);
      s.channel.refuses = undefined;
      const b = s.topic(TICKS);
      expect(s.sent).toEqual([[SUBSCRIBE, 1, {}, TICKS]]);
      b.unsubscribe();
      s.receive([SUBSCRIBED, 1, 77], [UNSUBSCRIBED, 2]);
      expectNothingLeft(s);
    });

    it('lists what stands, for people', () => {
      const s = setup();
      s.topic(TICKS);
      s.topic(TICKS);
      s.topic(TICKS, RETAINED);
      s.topic('com.example.news');
      s.receive([SUBSCRIBED, 1, 77]);
      expect(s.topics.list().topics).toEqual([
        { topic: TICKS, subscribers: 2, id: 77 },
        { topic: TICKS, subscribers: 1, id: undefined },
        { topic: 'com.example.news', subscribers: 1, id: undefined },
      ]);
      expect(s.topics.size).toBe(2);
    });
  });

  describe('leaving', () => {
    it('T3 unsubscribes as soon as SUBSCRIBED arrives when the subscriber has already left', () => {
      const s = setup();
      const a = s.topic(TICKS);
      a.unsubscribe();
      expect(s.sent.length).toBe(1);
      s.receive([SUBSCRIBED, 1, 77]);
      expect(s.sent).toEqual([
        [SUBSCRIBE, 1, {}, TICKS],
        [UNSUBSCRIBE, 2, 77],
      ]);
      s.receive([UNSUBSCRIBED, 2]);
      expect(a.heard).toEqual([]);
      expectNothingLeft(s);
    });

    it('T3 trap 2: two subscribers that left before SUBSCRIBED send one UNSUBSCRIBE', () => {
      const s = setup();
      for (const one of [s.topic(TICKS), s.topic(TICKS)]) one.unsubscribe();
      s.receive([SUBSCRIBED, 1, 77], [UNSUBSCRIBED, 2]);
      expect(s.sent).toEqual([
        [SUBSCRIBE, 1, {}, TICKS],
        [UNSUBSCRIBE, 2, 77],
      ]);
      expectNothingLeft(s);
    });

    it('T3 a subscriber that arrives before SUBSCRIBED adopts what another one left', () => {
      const s = setup();
      s.topic(TICKS).unsubscribe();
      const b = s.topic(TICKS);
      s.receive([SUBSCRIBED, 1, 77], event(77, 1));
      expect([s.sent, b.heard]).toEqual([
        [[SUBSCRIBE, 1, {}, TICKS]],
        [
          ['open', 77],
          ['next', [1]],
        ],
      ]);
      b.unsubscribe();
      s.receive([UNSUBSCRIBED, 2]);
      expectNothingLeft(s);
    });

    it('T3 a refusal behind the last subscriber leaves nothing', () => {
      const s = setup();
      const a = s.topic(TICKS);
      a.unsubscribe();
      s.receive(refusal(SUBSCRIBE, 1, 'wamp.error.not_authorized'));
      expect([a.heard, s.sent.length]).toEqual([[], 1]);
      expectNothingLeft(s);
    });

    it('T3 trap 3: who arrives while UNSUBSCRIBE is unanswered waits for the answer', () => {
      const s = setup();
      const a = s.topic(TICKS);
      s.receive([SUBSCRIBED, 1, 77]);
      a.unsubscribe();
      const b = s.topic(TICKS);
      expect(s.sent.length).toBe(2);
      s.receive(event(77, 'late'));
      s.receive([UNSUBSCRIBED, 2]);
      expect(s.sent).toEqual([
        [SUBSCRIBE, 1, {}, TICKS],
        [UNSUBSCRIBE, 2, 77],
        [SUBSCRIBE, 3, {}, TICKS],
      ]);
      s.receive([SUBSCRIBED, 3, 77], event(77, 'new'));
      expect(b.heard).toEqual([
        ['open', 77],
        ['next', ['new']],
      ]);
      b.unsubscribe();
      s.receive([UNSUBSCRIBED, 4]);
      expectNothingLeft(s);
    });

    it('T3 trap 3: who arrives and leaves while UNSUBSCRIBE is unanswered sends nothing', () => {
      const s = setup();
      const a = s.topic(TICKS);
      s.receive([SUBSCRIBED, 1, 77]);
      a.unsubscribe();
      s.topic(TICKS).unsubscribe();
      s.receive([UNSUBSCRIBED, 2]);
      expect(s.sent.length).toBe(2);
      expectNothingLeft(s);
    });

    it('T3 trap 3: a pattern does not wait for the exact topic of the same text', () => {
      const s = setup();
      const a = s.topic(TICKS);
      s.receive([SUBSCRIBED, 1, 77]);
      a.unsubscribe();
      s.topic(TICKS, PREFIX);
      expect(s.sent[2]).toEqual([SUBSCRIBE, 3, PREFIX, TICKS]);
    });

    it('an UNSUBSCRIBE that the router refuses counts as answered', () => {
      const s = setup();
      const a = s.topic(TICKS);
      s.receive([SUBSCRIBED, 1, 77]);
      a.unsubscribe();
      const b = s.topic(TICKS);
      s.receive(refusal(UNSUBSCRIBE, 2, 'wamp.error.no_such_subscription'));
      expect(s.sent[2]).toEqual([SUBSCRIBE, 3, {}, TICKS]);
      b.unsubscribe();
      s.receive([SUBSCRIBED, 3, 77], [UNSUBSCRIBED, 4]);
      expectNothingLeft(s);
    });

    it('R9 an UNSUBSCRIBE that is lost is given up after 30 s, not repeated', () => {
      const s = setup();
      const a = s.topic(TICKS);
      s.receive([SUBSCRIBED, 1, 77]);
      a.unsubscribe();
      const b = s.topic(TICKS);
      s.seconds(29);
      expect(s.sent.length).toBe(2);
      s.seconds(1);
      expect(s.sent[2]).toEqual([SUBSCRIBE, 3, {}, TICKS]);
      s.receive([UNSUBSCRIBED, 2]);
      expect(b.heard).toEqual([]);
      b.unsubscribe();
      s.receive([SUBSCRIBED, 3, 78], [UNSUBSCRIBED, 4]);
      expectNothingLeft(s);
    });

    it('what is left while it waits for the window is never sent', () => {
      const s = setup();
      const fillers = Array.from({ length: 32 }, (_, index) => s.topic(`com.example.filler${index}`));
      const a = s.topic(TICKS);
      a.unsubscribe();
      const b = s.topic('com.example.news');
      expect(s.sent.length).toBe(32);
      expect(s.topics.size).toBe(34);
      s.receive([SUBSCRIBED, 1, 101]);
      expect(s.sent.slice(32)).toEqual([[SUBSCRIBE, 33, {}, 'com.example.news']]);
      expect(s.topics.size).toBe(33);
      for (let id = 2; id <= 33; id++) s.receive([SUBSCRIBED, id, 100 + id]);
      for (const one of [...fillers, b]) one.unsubscribe();
      for (let id = 34; id <= 66; id++) s.receive([UNSUBSCRIBED, id]);
      expectNothingLeft(s);
    });

    it('who comes back before its turn is sent once', () => {
      const s = setup();
      for (let i = 0; i < 32; i++) s.topic(`com.example.filler${i}`);
      s.topic(TICKS).unsubscribe();
      s.topic(TICKS);
      s.receive([SUBSCRIBED, 1, 101], [SUBSCRIBED, 2, 102]);
      expect(s.sent.slice(32)).toEqual([[SUBSCRIBE, 33, {}, TICKS]]);
    });
  });

  describe('siblings', () => {
    it('T2 two options of one topic have one id, and only the last of that id sends UNSUBSCRIBE', () => {
      const s = setup();
      const [a, b] = [s.topic(TICKS), s.topic(TICKS, RETAINED)];
      s.receive([SUBSCRIBED, 1, 77], [SUBSCRIBED, 2, 77]);
      expect(s.sent).toEqual([
        [SUBSCRIBE, 1, {}, TICKS],
        [SUBSCRIBE, 2, RETAINED, TICKS],
      ]);
      s.receive(event(77, 'both'));
      b.unsubscribe();
      s.receive(event(77, 'first'));
      expect(s.sent.length).toBe(2);
      a.unsubscribe();
      expect(s.sent.slice(2)).toEqual([[UNSUBSCRIBE, 3, 77]]);
      s.receive([UNSUBSCRIBED, 3]);
      expect([a.heard, b.heard]).toEqual([
        [
          ['open', 77],
          ['next', ['both']],
          ['next', ['first']],
        ],
        [
          ['open', 77],
          ['next', ['both']],
        ],
      ]);
      expectNothingLeft(s);
    });

    it('T2 it does not matter which of them leaves first', () => {
      const s = setup();
      const [a, b, c] = [s.topic(TICKS), s.topic(TICKS, RETAINED), s.topic(TICKS, { nkey: 'x' })];
      s.receive([SUBSCRIBED, 1, 77], [SUBSCRIBED, 2, 77], [SUBSCRIBED, 3, 77]);
      a.unsubscribe();
      s.receive(event(77, 1));
      c.unsubscribe();
      s.receive(event(77, 2));
      expect(b.heard).toEqual([
        ['open', 77],
        ['next', [1]],
        ['next', [2]],
      ]);
      b.unsubscribe();
      expect(s.sent.slice(3)).toEqual([[UNSUBSCRIBE, 4, 77]]);
      s.receive([UNSUBSCRIBED, 4]);
      expectNothingLeft(s);
    });

    it('T1 options of the same content are one topic, in whatever order they were written', () => {
      const s = setup();
      const [a, b] = [s.topic(TICKS, { nkey: 'x', get_retained: true }), s.topic(TICKS, { get_retained: true, nkey: 'x' })];
      expect(s.sent.length).toBe(1);
      s.receive([SUBSCRIBED, 1, 77]);
      a.unsubscribe();
      b.unsubscribe();
      s.receive([UNSUBSCRIBED, 2]);
      expectNothingLeft(s);
    });

    it('T2 a sibling that is still asked for holds the UNSUBSCRIBE back', () => {
      const s = setup();
      const a = s.topic(TICKS);
      s.receive([SUBSCRIBED, 1, 77]);
      const b = s.topic(TICKS, RETAINED);
      a.unsubscribe();
      expect(s.sent.length).toBe(2);
      s.receive([SUBSCRIBED, 2, 77], event(77, 1));
      expect([a.heard, b.heard]).toEqual([
        [['open', 77]],
        [
          ['open', 77],
          ['next', [1]],
        ],
      ]);
      b.unsubscribe();
      expect(s.sent.slice(2)).toEqual([[UNSUBSCRIBE, 3, 77]]);
      s.receive([UNSUBSCRIBED, 3]);
      expectNothingLeft(s);
    });

    it('T2 a sibling that is refused lets the UNSUBSCRIBE go', () => {
      const s = setup();
      const a = s.topic(TICKS);
      s.receive([SUBSCRIBED, 1, 77]);
      const b = s.topic(TICKS, RETAINED);
      a.unsubscribe();
      s.receive(refusal(SUBSCRIBE, 2, 'wamp.error.not_authorized'));
      expect(b.heard).toEqual([['error', 'wamp.error.not_authorized']]);
      expect(s.sent.slice(2)).toEqual([[UNSUBSCRIBE, 3, 77]]);
      s.receive([UNSUBSCRIBED, 3]);
      expectNothingLeft(s);
    });

    it('T2 the events of an id reach the sibling that stays, whichever was refused or left meanwhile', () => {
      const s = setup();
      const [a, , c] = [s.topic(TICKS), s.topic(TICKS, RETAINED), s.topic(TICKS, { nkey: 'x' })];
      s.receive([SUBSCRIBED, 3, 77], [SUBSCRIBED, 1, 77]);
      a.unsubscribe();
      s.receive(refusal(SUBSCRIBE, 2, 'wamp.error.not_authorized'), event(77, 1));
      expect(c.heard).toEqual([
        ['open', 77],
        ['next', [1]],
      ]);
      c.unsubscribe();
      s.receive([UNSUBSCRIBED, 4]);
      expectNothingLeft(s);
    });

    it('T3 trap 3: a sibling does not subscribe while their id is being unsubscribed', () => {
      const s = setup();
      const a = s.topic(TICKS);
      s.receive([SUBSCRIBED, 1, 77]);
      a.unsubscribe();
      const b = s.topic(TICKS, RETAINED);
      expect(s.sent.length).toBe(2);
      s.receive([UNSUBSCRIBED, 2]);
      expect(s.sent.slice(2)).toEqual([[SUBSCRIBE, 3, RETAINED, TICKS]]);
      b.unsubscribe();
      s.receive([SUBSCRIBED, 3, 78], [UNSUBSCRIBED, 4]);
      expectNothingLeft(s);
    });

    it('T2 where a router gives them ids of their own, each is unsubscribed, one after the other', () => {
      const s = setup({ defers: true });
      const [a, b] = [s.topic(TICKS), s.topic(TICKS, RETAINED)];
      s.receive([SUBSCRIBED, 1, 77], [SUBSCRIBED, 2, 78], event(77, 'a'), event(78, 'b'));
      expect([a.heard, b.heard]).toEqual([
        [
          ['open', 77],
          ['next', ['a']],
        ],
        [
          ['open', 78],
          ['next', ['b']],
        ],
      ]);
      a.unsubscribe();
      b.unsubscribe();
      s.turn();
      expect(s.sent.slice(2)).toEqual([[UNSUBSCRIBE, 3, 77]]);
      const c = s.topic(TICKS, { nkey: 'x' });
      s.receive([UNSUBSCRIBED, 3]);
      expect(s.sent.slice(3)).toEqual([[SUBSCRIBE, 4, { nkey: 'x' }, TICKS]]);
      s.receive([SUBSCRIBED, 4, 79]);
      expect(s.sent.slice(4)).toEqual([[UNSUBSCRIBE, 5, 78]]);
      s.receive([UNSUBSCRIBED, 5], event(79, 'c'));
      expect(c.heard).toEqual([
        ['open', 79],
        ['next', ['c']],
      ]);
      c.unsubscribe();
      s.turn();
      s.receive([UNSUBSCRIBED, 6]);
      expectNothingLeft(s);
    });

    it('T2 retained events go only to those who asked for them', () => {
      const s = setup();
      const [a, b] = [s.topic(TICKS), s.topic(TICKS, RETAINED)];
      s.receive([SUBSCRIBED, 1, 77], [SUBSCRIBED, 2, 77], [EVENT, 77, 9, { retained: true }, ['old']]);
      s.receive([EVENT, 77, 10, { retained: false }, ['new']]);
      expect([a.heard, b.heard]).toEqual([
        [
          ['open', 77],
          ['next', ['new']],
        ],
        [
          ['open', 77],
          ['next', ['old']],
          ['next', ['new']],
        ],
      ]);
      b.unsubscribe();
      expect(s.core.counters.dropped).toBe(0);
      s.receive([EVENT, 77, 11, { retained: true }, ['older']]);
      expect(s.core.counters.dropped).toBe(1);
    });
  });

  describe('confirmation', () => {
    it('T4 opens every subscriber at SUBSCRIBED, and late comers at once', () => {
      const s = setup();
      const heard: string[] = [];
      s.topic(TICKS, {}, { open: () => heard.push('a'), next: () => heard.push('a event') });
      s.topic(TICKS, {}, { open: () => heard.push('b') });
      s.receive([SUBSCRIBED, 1, 77], event(77));
      s.topic(TICKS, {}, { open: () => heard.push('c') });
      expect(heard).toEqual(['a', 'b', 'a event', 'c']);
    });

    it('T4 a sink without open is a subscriber too', () => {
      const s = setup();
      const heard: unknown[] = [];
      const sink = { next: (one: Event) => heard.push(one.value), error: fail, complete: fail };
      s.topics.claim(TICKS, {}, sink, true);
      s.receive([SUBSCRIBED, 1, 77], event(77, 1));
      s.topics.claim(TICKS, {}, sink, true);
      s.receive(event(77, 2));
      expect([heard, s.reported]).toEqual([[1, 2, 2], []]);
    });

    it('T4 who subscribes inside open is opened once', () => {
      const s = setup();
      const heard: string[] = [];
      let more = 0;
      const open = (): void => {
        if (more++ === 0) s.topic(TICKS, {}, { open: () => heard.push('late') });
      };
      s.topic(TICKS, {}, { open });
      s.topic(TICKS, {}, { open: () => heard.push('second') });
      s.receive([SUBSCRIBED, 1, 77]);
      expect(heard).toEqual(['late', 'second']);
    });

    it('T3 who leaves inside open, the last of all, unsubscribes', () => {
      const s = setup();
      const a = s.topic(TICKS, {}, { open: () => a.unsubscribe() });
      s.receive([SUBSCRIBED, 1, 77]);
      expect(s.sent).toEqual([
        [SUBSCRIBE, 1, {}, TICKS],
        [UNSUBSCRIBE, 2, 77],
      ]);
      s.receive([UNSUBSCRIBED, 2]);
      expectNothingLeft(s);
    });

    it('T3 one that open of another one made leave is not opened', () => {
      const s = setup();
      s.topic(TICKS, {}, { open: () => b.unsubscribe() });
      const b = s.topic(TICKS);
      s.receive([SUBSCRIBED, 1, 77]);
      expect([b.heard, s.sent.length]).toEqual([[], 1]);
    });

    it('T6 trap 13: a subscriber that throws in open harms nobody else', () => {
      const s = setup();
      const thrown = new TypeError('from open');
      const open = (): void => {
        throw thrown;
      };
      const a = s.topic(TICKS, {}, { open });
      const b = s.topic(TICKS);
      const left = s.topic(TICKS, RETAINED);
      left.unsubscribe();
      s.receive([SUBSCRIBED, 2, 77], [SUBSCRIBED, 1, 77], event(77, 1));
      expect([a.heard, b.heard]).toEqual([
        [
          ['open', 77],
          ['next', [1]],
        ],
        [
          ['open', 77],
          ['next', [1]],
        ],
      ]);
      expect(s.reported).toEqual([thrown]);
      a.unsubscribe();
      b.unsubscribe();
      s.receive([UNSUBSCRIBED, 3]);
      expectNothingLeft(s);
    });
  });

  describe('refusal', () => {
    it('T5 errors all its subscribers and forgets the topic', () => {
      const s = setup();
      const [a, b] = [s.topic(TICKS), s.topic(TICKS)];
      s.receive([ERROR, SUBSCRIBE, 1, { x: 1 }, 'wamp.error.not_authorized', ['no']]);
      expect([a.heard, b.heard]).toEqual([[['error', 'wamp.error.not_authorized']], [['error', 'wamp.error.not_authorized']]]);
      expect(a.errors[0]!.message).toBe(
        `subscribe to ${TICKS} failed with wamp.error.not_authorized: no; check what the router permits to this login`,
      );
      expect(a.errors[0]).toBe(b.errors[0]);
      a.unsubscribe();
      expect(s.emptied).toEqual(['topics']);
      expectNothingLeft(s);
    });

    it('T5 who subscribes again inside the error asks anew, and the others still hear of it', () => {
      const s = setup();
      const heard: unknown[] = [];
      s.topic(TICKS, {}, { error: () => heard.push(s.topic(TICKS)) });
      const b = s.topic(TICKS, {}, { error: () => heard.push('b') });
      s.receive(refusal(SUBSCRIBE, 1, 'wamp.error.not_authorized'));
      expect([heard.length, heard[1]]).toEqual([2, 'b']);
      expect(s.sent).toEqual([
        [SUBSCRIBE, 1, {}, TICKS],
        [SUBSCRIBE, 2, {}, TICKS],
      ]);
      b.unsubscribe();
      expect(s.topics.list().topics).toEqual([{ topic: TICKS, subscribers: 1, id: undefined }]);
    });

    it('T5 one that an error of another one made leave hears nothing', () => {
      const s = setup();
      s.topic(TICKS, {}, { error: () => b.unsubscribe() });
      const b = s.topic(TICKS);
      s.receive(refusal(SUBSCRIBE, 1, 'wamp.error.not_authorized'));
      expect(b.heard).toEqual([]);
      expectNothingLeft(s);
    });

    it('T6 trap 13: a subscriber that throws in error harms nobody else', () => {
      const s = setup();
      const thrown = new TypeError('from error');
      const error = (): void => {
        throw thrown;
      };
      s.topic(TICKS, {}, { error });
      const b = s.topic(TICKS);
      s.receive(refusal(SUBSCRIBE, 1, 'wamp.error.not_authorized'));
      expect([b.heard, s.reported]).toEqual([[['error', 'wamp.error.not_authorized']], [thrown]]);
      expectNothingLeft(s);
    });
  });

  describe('revocation', () => {
    it('T5 trap 4: UNSUBSCRIBED with request 0 errors the topic, telling why, and asks no more', () => {
      const s = setup();
      const [a, b] = [s.topic(TICKS), s.topic(TICKS)];
      s.receive([SUBSCRIBED, 1, 77], [UNSUBSCRIBED, 0, { subscription: 77, reason: 'com.example.closed' }]);
      expect([a.heard, b.heard]).toEqual([
        [
          ['open', 77],
          ['error', 'com.example.closed'],
        ],
        [
          ['open', 77],
          ['error', 'com.example.closed'],
        ],
      ]);
      expect(a.errors[0]!.message).toBe(`the router revoked the subscription to ${TICKS}: com.example.closed`);
      expect([s.sent.length, s.core.counters.dropped]).toEqual([1, 0]);
      s.receive(event(77));
      expect(s.core.counters.dropped).toBe(1);
      expectNothingLeft(s);
    });

    it('T5 a revocation without a reason says that it is one', () => {
      const s = setup();
      const a = s.topic(TICKS);
      s.receive([SUBSCRIBED, 1, 77], [UNSUBSCRIBED, 0, { subscription: 77 }]);
      expect(a.errors[0]!.message).toBe(`the router revoked the subscription to ${TICKS}`);
      expect(a.heard).toEqual([
        ['open', 77],
        ['error', 'wamp.error.subscription_revoked'],
      ]);
    });

    it('T5 takes all options of the topic that have the id, and no other', () => {
      const s = setup();
      const [a, b, c] = [s.topic(TICKS), s.topic(TICKS, RETAINED), s.topic(TICKS, { nkey: 'x' })];
      s.receive([SUBSCRIBED, 1, 77], [SUBSCRIBED, 2, 77], [SUBSCRIBED, 3, 78], [UNSUBSCRIBED, 0, { subscription: 77 }], event(78, 1));
      const error = ['error', 'wamp.error.subscription_revoked'];
      expect([a.heard, b.heard, c.heard]).toEqual([
        [['open', 77], error],
        [['open', 77], error],
        [
          ['open', 78],
          ['next', [1]],
        ],
      ]);
      c.unsubscribe();
      s.receive([UNSUBSCRIBED, 4]);
      expectNothingLeft(s);
    });

    it('T5 who subscribes again inside the error joins nothing that is revoked', () => {
      const s = setup();
      let back = setup().topic(TICKS);
      s.topic(TICKS, {}, { error: () => (back = s.topic(TICKS, RETAINED)) });
      s.topic(TICKS, RETAINED);
      s.receive([SUBSCRIBED, 1, 77], [SUBSCRIBED, 2, 77], [UNSUBSCRIBED, 0, { subscription: 77 }]);
      expect(s.sent.slice(2)).toEqual([[SUBSCRIBE, 3, RETAINED, TICKS]]);
      s.receive([SUBSCRIBED, 3, 78], event(78, 1));
      expect(back.heard).toEqual([
        ['open', 78],
        ['next', [1]],
      ]);
      back.unsubscribe();
      s.receive([UNSUBSCRIBED, 4]);
      expectNothingLeft(s);
    });

    it('T5 a revocation while UNSUBSCRIBE is unanswered is nobody’s: the answer still comes', () => {
      const s = setup();
      const a = s.topic(TICKS);
      s.receive([SUBSCRIBED, 1, 77]);
      a.unsubscribe();
      s.receive([UNSUBSCRIBED, 0, { subscription: 77 }]);
      expect([a.heard, s.core.counters.dropped]).toEqual([[['open', 77]], 1]);
      s.receive(refusal(UNSUBSCRIBE, 2, 'wamp.error.no_such_subscription'));
      expectNothingLeft(s);
    });

    it('T5 a revocation at the end of the turn in which all have left sends no UNSUBSCRIBE', () => {
      const s = setup({ defers: true });
      const a = s.topic(TICKS);
      s.receive([SUBSCRIBED, 1, 77]);
      a.unsubscribe();
      s.receive([UNSUBSCRIBED, 0, { subscription: 77 }]);
      s.turn();
      expect([s.sent.length, a.heard]).toEqual([1, [['open', 77]]]);
      expectNothingLeft(s);
    });

    it('a revocation of an id that nobody has is dropped', () => {
      const s = setup();
      s.receive([UNSUBSCRIBED, 0, { subscription: 5 }]);
      expect([s.core.counters.dropped, s.core.isOpen]).toEqual([1, true]);
    });
  });

  describe('deliver', () => {
    it('hands on one event object with everything that the EVENT says', () => {
      const s = setup();
      const events: unknown[] = [];
      const next = (one: unknown): void => {
        events.push(one);
      };
      s.topic(TICKS, {}, { next });
      s.topic(TICKS, {}, { next });
      s.receive([SUBSCRIBED, 1, 77], [EVENT, 77, 2 ** 53, { publisher: 5 }, ['x', 2], { a: 1 }]);
      expect(events).toEqual(
        new Array(2).fill({ value: 'x', args: ['x', 2], kwargs: { a: 1 }, topic: TICKS, publication: 2 ** 53, details: { publisher: 5 } }),
      );
      expect(events[0]).toBe(events[1]);
    });

    it('args and kwargs are there when the EVENT has none, and the concrete topic of a pattern is', () => {
      const s = setup();
      const events: unknown[] = [];
      s.topic(TICKS, PREFIX, { next: (one) => events.push(one) });
      s.receive([SUBSCRIBED, 1, 77], [EVENT, 77, 9, { topic: `${TICKS}.slow` }], [EVENT, 77, 10, {}]);
      expect(events).toEqual([
        { value: undefined, args: [], kwargs: {}, topic: `${TICKS}.slow`, publication: 9, details: { topic: `${TICKS}.slow` } },
        { value: undefined, args: [], kwargs: {}, topic: TICKS, publication: 10, details: {} },
      ]);
    });

    it('T6 delivers in wire order across all streams', () => {
      const s = setup();
      const heard: unknown[] = [];
      const next = (one: unknown): void => {
        heard.push((one as Event).value);
      };
      s.topic(TICKS, {}, { next });
      s.topic('com.example.news', {}, { next });
      s.call('com.example.add', {}, { next });
      s.receive([SUBSCRIBED, 1, 77], [SUBSCRIBED, 2, 78], event(78, 1), event(77, 2), [50, 3, {}, [3]], event(77, 4), event(78, 5));
      expect(heard).toEqual([1, 2, 3, 4, 5]);
    });

    it('T6 who leaves during a delivery gets nothing more of it', () => {
      const s = setup();
      s.topic(TICKS, {}, { next: () => b.unsubscribe() });
      const b = s.topic(TICKS);
      s.receive([SUBSCRIBED, 1, 77], event(77, 1));
      expect(b.heard).toEqual([['open', 77]]);
    });

    it('T6 who subscribes during a delivery gets nothing of it, and the next one', () => {
      const s = setup();
      const late: unknown[] = [];
      let more = 0;
      const next = (): void => {
        if (more++ === 0) s.topic(TICKS, {}, { next: (one) => late.push((one as Event).value) });
      };
      const [a, b] = [s.topic(TICKS, {}, { next }), s.topic(TICKS)];
      s.receive([SUBSCRIBED, 1, 77], event(77, 1), event(77, 2));
      expect([late, a.heard.length, b.heard.length]).toEqual([[2], 3, 3]);
    });

    it('T6 who subscribes during a delivery to one subscriber gets nothing of it', () => {
      const s = setup();
      const late: unknown[] = [];
      let more = 0;
      const next = (): void => {
        if (more++ === 0) s.topic(TICKS, {}, { next: (one) => late.push((one as Event).value) });
      };
      s.topic(TICKS, {}, { next });
      s.receive([SUBSCRIBED, 1, 77], event(77, 1), event(77, 2));
      expect(late).toEqual([2]);
    });

    it('T6 who subscribes with the other options during a delivery gets nothing of it', () => {
      const s = setup();
      const late: unknown[] = [];
      let more = 0;
      const next = (): void => {
        if (more++ === 0) s.topic(TICKS, RETAINED, { next: (one) => late.push((one as Event).value) });
      };
      s.topic(TICKS, {}, { next });
      const b = s.topic(TICKS, RETAINED);
      s.receive([SUBSCRIBED, 1, 77], [SUBSCRIBED, 2, 77], event(77, 1), event(77, 2));
      expect([late, b.heard]).toEqual([
        [2],
        [
          ['open', 77],
          ['next', [1]],
          ['next', [2]],
        ],
      ]);
    });

    it('T6 the last to leave during a delivery unsubscribes, and the rest of the delivery goes on', () => {
      const s = setup();
      const a = s.topic(
        TICKS,
        {},
        {
          next: () =>
            [a, b].forEach((one) => {
              one.unsubscribe();
            }),
        },
      );
      const b = s.topic(TICKS);
      s.receive([SUBSCRIBED, 1, 77], event(77, 1));
      expect(s.sent.slice(1)).toEqual([[UNSUBSCRIBE, 2, 77]]);
      s.receive([UNSUBSCRIBED, 2]);
      expectNothingLeft(s);
    });

    it('T6 trap 13: a subscriber that throws harms nobody else, and the next event comes', () => {
      const s = setup();
      const thrown = new TypeError('from next');
      const next = (): void => {
        throw thrown;
      };
      const [a, b] = [s.topic(TICKS, {}, { next }), s.topic(TICKS)];
      s.receive([SUBSCRIBED, 1, 77], event(77, 1), event(77, 2));
      expect([a.heard.length, b.heard]).toEqual([
        3,
        [
          ['open', 77],
          ['next', [1]],
          ['next', [2]],
        ],
      ]);
      expect(s.reported).toEqual([thrown, thrown]);
    });

    it('T6 trap 13: one that stands alone and throws harms nobody else either', () => {
      const s = setup();
      const thrown = new TypeError('from next');
      const next = (): void => {
        throw thrown;
      };
      s.topic(TICKS, {}, { next });
      const b = s.topic(TICKS, RETAINED);
      s.receive([SUBSCRIBED, 1, 77], event(77, 1), [SUBSCRIBED, 2, 77], event(77, 2));
      expect([b.heard, s.reported]).toEqual([
        [
          ['open', 77],
          ['next', [2]],
        ],
        [thrown, thrown],
      ]);
    });

    it('trap 8: a late EVENT behind UNSUBSCRIBE is dropped and counted', () => {
      const s = setup();
      const a = s.topic(TICKS);
      s.receive([SUBSCRIBED, 1, 77]);
      a.unsubscribe();
      s.receive(event(77, 1), [UNSUBSCRIBED, 2], event(77, 2));
      expect([a.heard, s.core.counters.dropped, s.core.isOpen]).toEqual([[['open', 77]], 2, true]);
    });

    it('trap 8: an event of the turn in which the last one left is dropped and counted', () => {
      const s = setup({ defers: true });
      const a = s.topic(TICKS);
      s.receive([SUBSCRIBED, 1, 77]);
      a.unsubscribe();
      s.receive(event(77, 1));
      expect([a.heard, s.core.counters.dropped]).toEqual([[['open', 77]], 1]);
    });

    it('trap 7: 0, false, empty text and null are values', () => {
      const s = setup();
      const a = s.topic(TICKS);
      s.receive([SUBSCRIBED, 1, 77], event(77, 0), event(77, false), event(77, ''), event(77, null));
      expect(a.heard.slice(1)).toEqual([
        ['next', [0]],
        ['next', [false]],
        ['next', ['']],
        ['next', [null]],
      ]);
    });
  });

  describe('sessions that come and go', () => {
    it('R3 what is not bound stays silent through a loss and is asked for again, with the new id', () => {
      const old = setup({ bound: false });
      const [a, b] = [old.topic(TICKS), old.topic('com.example.news')];
      old.receive([SUBSCRIBED, 1, 77]);
      old.core.lose(LOST);
      expect(old.topics.list().topics).toEqual([
        { topic: TICKS, subscribers: 1, id: undefined },
        { topic: 'com.example.news', subscribers: 1, id: undefined },
      ]);
      const s = setup({ bound: false, tables: old });
      expect(s.sent).toEqual([
        [SUBSCRIBE, 1, {}, TICKS],
        [SUBSCRIBE, 2, {}, 'com.example.news'],
      ]);
      s.receive([SUBSCRIBED, 1, 5], [SUBSCRIBED, 2, 6], event(5, 1), event(6, 2));
      expect([a.heard, b.heard]).toEqual([
        [
          ['open', 77],
          ['open', 5],
          ['next', [1]],
        ],
        [
          ['open', 6],
          ['next', [2]],
        ],
      ]);
      a.unsubscribe();
      b.unsubscribe();
      s.receive([UNSUBSCRIBED, 3], [UNSUBSCRIBED, 4]);
      expect(old.sent.length).toBe(2);
      expectNothingLeft(s);
    });

    it('R2 what is bound gets the error of its session', () => {
      const s = setup();
      const [a, b, c] = [s.topic(TICKS), s.topic(TICKS), s.topic('com.example.news')];
      s.receive([SUBSCRIBED, 1, 77]);
      s.core.lose(LOST);
      expect([a.heard, b.heard, c.heard]).toEqual([
        [
          ['open', 77],
          ['error', LOST.uri],
        ],
        [
          ['open', 77],
          ['error', LOST.uri],
        ],
        [['error', LOST.uri]],
      ]);
      expect([a, b, c].map(({ errors }) => errors[0] === LOST)).toEqual([true, true, true]);
      expect([s.topics.size, s.core.requests.size]).toEqual([0, 0]);
    });

    it('R3 what subscribes without a session waits for one', () => {
      const old = setup({ bound: false });
      old.core.lose(LOST);
      const a = old.topic(TICKS);
      const s = setup({ tables: old });
      s.receive([SUBSCRIBED, 1, 77]);
      expect([old.sent, s.sent, a.heard]).toEqual([[], [[SUBSCRIBE, 1, {}, TICKS]], [['open', 77]]]);
    });

    it('what was left before SUBSCRIBED does not come back after a loss', () => {
      const old = setup({ bound: false });
      old.topic(TICKS).unsubscribe();
      old.core.lose(LOST);
      expect([old.topics.size, old.emptied]).toEqual([0, ['topics']]);
      expect(setup({ tables: old }).sent).toEqual([]);
    });

    it('who waits for an UNSUBSCRIBE that the loss cut off is asked for on the next session', () => {
      const old = setup({ bound: false });
      const a = old.topic(TICKS);
      old.receive([SUBSCRIBED, 1, 77]);
      a.unsubscribe();
      old.topic(TICKS);
      old.core.lose(LOST);
      const s = setup({ tables: old });
      expect([old.sent.length, s.sent]).toEqual([2, [[SUBSCRIBE, 1, {}, TICKS]]]);
    });

    it('who waits for the window at a loss is sent on the next session only', () => {
      const old = setup({ bound: false });
      for (let i = 0; i < 40; i++) old.topic(`com.example.topic${i}`);
      old.core.lose(LOST);
      const s = setup({ tables: old });
      expect([old.sent.length, s.sent.length]).toEqual([32, 32]);
      for (let id = 1; id <= 8; id++) s.receive([SUBSCRIBED, id, id]);
      expect(s.sent.length).toBe(40);
    });

    it('who leaves at the end of the turn of a loss does not disturb the next session', () => {
      const old = setup({ bound: false, defers: true });
      const [a, b] = [old.topic(TICKS), old.topic('com.example.news')];
      old.receive([SUBSCRIBED, 1, 77]);
      a.unsubscribe();
      old.core.lose(LOST);
      const s = setup({ tables: old });
      old.turn();
      expect(s.sent).toEqual([[SUBSCRIBE, 1, {}, 'com.example.news']]);
      b.unsubscribe();
      s.receive([SUBSCRIBED, 1, 5]);
      old.turn();
      expect(s.sent.slice(1)).toEqual([[UNSUBSCRIBE, 2, 5]]);
    });

    it('T5 a refusal after a reconnect errors the topic and forgets it', () => {
      const old = setup({ bound: false });
      const a = old.topic(TICKS);
      old.receive([SUBSCRIBED, 1, 77]);
      old.core.lose(LOST);
      const s = setup({ tables: old });
      s.receive(refusal(SUBSCRIBE, 1, 'wamp.error.not_authorized'));
      expect(a.heard).toEqual([
        ['open', 77],
        ['error', 'wamp.error.not_authorized'],
      ]);
      expectNothingLeft(s);
    });

    it('R1 who subscribes again inside the error of a loss finds no session, and waits', () => {
      const s = setup();
      s.topic(TICKS, {}, { error: () => s.topics.claim(TICKS, {}, { next: fail, error: fail, complete: fail }, false) });
      s.core.lose(LOST);
      expect([s.sent.length, s.topics.size]).toEqual([1, 1]);
    });

    it('T6 trap 13: a subscriber that throws in the error of a loss harms nobody else', () => {
      const s = setup();
      const thrown = new TypeError('from error');
      const error = (): void => {
        throw thrown;
      };
      s.topic(TICKS, {}, { error });
      const b = s.topic(TICKS);
      s.core.lose(LOST);
      expect([b.heard, s.reported]).toEqual([[['error', LOST.uri]], [thrown]]);
    });

    it('L9 ends gives everyone of this moment, each with a task of its own', () => {
      const s = setup();
      const [a, b, c] = [s.topic(TICKS), s.topic(TICKS), s.topic(TICKS, PREFIX)];
      const ends = s.topics.ends();
      const d = s.topic(TICKS);
      expect(ends.length).toBe(3);
      c.unsubscribe();
      for (const end of ends) end();
      expect([a.heard, b.heard, c.heard, d.heard]).toEqual([[['complete']], [['complete']], [], []]);
      for (const end of s.topics.ends(LOST)) end();
      expect(d.errors).toEqual([LOST]);
      s.receive([SUBSCRIBED, 1, 77], [SUBSCRIBED, 2, 78], [UNSUBSCRIBED, 3], [UNSUBSCRIBED, 4]);
      expectNothingLeft(s);
    });
  });

  describe('overdue', () => {
    it('R9 SUBSCRIBE is sent once more after 10 s, and given up 30 s after the first', () => {
      const s = setup();
      const a = s.topic(TICKS);
      s.seconds(9);
      expect(s.sent.length).toBe(1);
      s.seconds(1);
      expect(s.sent.slice(1)).toEqual([[SUBSCRIBE, 2, {}, TICKS]]);
      s.seconds(19);
      expect([s.sent.length, a.heard]).toEqual([2, []]);
      s.seconds(1);
      expect(a.heard).toEqual([['error', 'wamp.error.timeout']]);
      expect(a.errors[0]!.message).toBe('the router did not answer request 1 within 30 s');
      s.seconds(30);
      expect(s.sent.length).toBe(2);
      expectNothingLeft(s);
    });

    it('R9 SUBSCRIBED that comes after that is given back, once', () => {
      const s = setup();
      s.topic(TICKS);
      s.seconds(30);
      s.receive([SUBSCRIBED, 1, 77], [SUBSCRIBED, 2, 77]);
      expect([s.sent.slice(2), s.core.counters.dropped]).toEqual([[[UNSUBSCRIBE, 3, 77]], 2]);
      s.receive([UNSUBSCRIBED, 3]);
      expectNothingLeft(s);
    });

    it('R9 SUBSCRIBED that comes while another topic is asked for is given back once that has its own id', () => {
      for (const answer of [
        [SUBSCRIBED, 3, 78],
        [ERROR, SUBSCRIBE, 3, {}, 'wamp.error.not_authorized'],
      ]) {
        const s = setup();
        s.topic(TICKS);
        s.seconds(25);
        s.topic('com.example.other');
        s.seconds(5);
        s.receive([SUBSCRIBED, 1, 77]);
        expect(s.sent.slice(3)).toEqual([]);
        s.receive(answer);
        expect(s.sent.slice(3)).toEqual([[UNSUBSCRIBE, 4, 77]]);
      }
    });

    it('R9 SUBSCRIBED that comes while another topic is asked for is given back also when that is given up', () => {
      const s = setup();
      s.topic(TICKS);
      s.seconds(25);
      s.topic('com.example.other');
      s.seconds(5);
      s.receive([SUBSCRIBED, 1, 77]);
      s.seconds(25);
      expect(s.sent.slice(4)).toEqual([[UNSUBSCRIBE, 5, 77]]);
    });

    it('R9 SUBSCRIBED that comes while the topic is asked for again is left: both have one id', () => {
      const s = setup();
      s.topic(TICKS);
      s.seconds(30);
      const b = s.topic(TICKS);
      s.receive([SUBSCRIBED, 1, 77], [SUBSCRIBED, 3, 77], [SUBSCRIBED, 2, 77], event(77, 1));
      expect([s.sent.slice(3), b.heard]).toEqual([
        [],
        [
          ['open', 77],
          ['next', [1]],
        ],
      ]);
    });

    it('R9 the first sending is confirmed late: the second confirmation is dropped, and both slots are free', () => {
      const s = setup();
      const a = s.topic(TICKS);
      s.seconds(10);
      s.receive([SUBSCRIBED, 1, 77], [SUBSCRIBED, 2, 77]);
      expect([a.heard, s.core.counters.dropped, s.sent.length]).toEqual([[['open', 77]], 1, 2]);
      a.unsubscribe();
      s.receive([UNSUBSCRIBED, 3]);
      expectNothingLeft(s);
    });

    it('R9 the second sending is confirmed first: the other confirmation is dropped, and both slots are free', () => {
      const s = setup();
      const a = s.topic(TICKS);
      s.seconds(10);
      s.receive([SUBSCRIBED, 2, 77], event(77, 1), [SUBSCRIBED, 1, 77]);
      expect([a.heard, s.core.counters.dropped]).toEqual([
        [
          ['open', 77],
          ['next', [1]],
        ],
        1,
      ]);
      a.unsubscribe();
      s.receive([UNSUBSCRIBED, 3]);
      expectNothingLeft(s);
    });

    it('R9 the second sending is refused: it counts for both', () => {
      const s = setup();
      const a = s.topic(TICKS);
      s.seconds(10);
      s.receive(refusal(SUBSCRIBE, 2, 'wamp.error.not_authorized'), refusal(SUBSCRIBE, 1, 'wamp.error.not_authorized'));
      expect(a.heard).toEqual([['error', 'wamp.error.not_authorized']]);
      expectNothingLeft(s);
    });

    it('R9 the session is lost with both unanswered: one error', () => {
      const s = setup();
      const a = s.topic(TICKS);
      s.seconds(10);
      s.core.lose(LOST);
      expect(a.heard).toEqual([['error', LOST.uri]]);
      expectNothingLeft(s);
    });

    it('R9 a second sending that waits for the window is not sent once the first is confirmed', () => {
      const s = setup();
      const all = Array.from({ length: 32 }, (_, index) => s.topic(`com.example.topic${index}`));
      s.seconds(10);
      expect(s.sent.length).toBe(32);
      s.receive([SUBSCRIBED, 1, 101]);
      expect(s.sent.slice(32)).toEqual([[SUBSCRIBE, 33, {}, 'com.example.topic1']]);
      s.receive([SUBSCRIBED, 2, 102]);
      expect(s.sent.slice(33)).toEqual([
        [SUBSCRIBE, 34, {}, 'com.example.topic2'],
        [SUBSCRIBE, 35, {}, 'com.example.topic3'],
      ]);
      for (let id = 3; id <= 32; id++) s.receive([SUBSCRIBED, id, 100 + id]);
      for (const one of all) one.unsubscribe();
      for (let id = 33; id <= 120; id++) if (s.core.requests.get(id) !== undefined) s.receive([UNSUBSCRIBED, id]);
      expectNothingLeft(s);
    });

    it('R9 T3 nobody waits any more: it is not sent again, and the late confirmation is still undone', () => {
      const s = setup();
      s.topic(TICKS).unsubscribe();
      s.seconds(11);
      expect(s.sent.length).toBe(1);
      s.receive([SUBSCRIBED, 1, 77]);
      expect(s.sent.slice(1)).toEqual([[UNSUBSCRIBE, 2, 77]]);
      s.receive([UNSUBSCRIBED, 2]);
      expectNothingLeft(s);
    });

    it('R9 nobody waited to the end: nothing is left, and nobody hears of it', () => {
      const s = setup();
      const a = s.topic(TICKS);
      a.unsubscribe();
      s.seconds(30);
      expect([a.heard, s.sent.length]).toEqual([[], 1]);
      expectNothingLeft(s);
    });

    it('R9 the channel refuses the second sending: the topic errors, the first confirmation is given back', () => {
      const s = setup();
      const a = s.topic(TICKS);
      s.channel.refuses = () => new TypeError('cannot be encoded');
      s.seconds(10);
      s.channel.refuses = undefined;
      expect(a.heard).toEqual([['error', undefined]]);
      s.receive([SUBSCRIBED, 1, 77]);
      expect(s.sent.slice(1)).toEqual([[UNSUBSCRIBE, 2, 77]]);
      s.receive([UNSUBSCRIBED, 2]);
      expectNothingLeft(s);
    });
  });
});
