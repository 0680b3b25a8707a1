// Publisher role: PUBLISH, and its acknowledgement where one is asked for.
import { ERROR, PUBLISH, PUBLISHED } from '../../src/protocol/messages.ts';
import { expectNothingLeft, LOST, setup } from './setup.ts';

const NEWS = 'com.example.news';
const ACKNOWLEDGE = { acknowledge: true };

describe('publish', () => {
  it('P1 emits undefined and completes when the transport took it', () => {
    const s = setup();
    const a = s.publish(NEWS, {}, ['x'], { a: 1 });
    expect(s.sent).toEqual([[PUBLISH, 1, {}, NEWS, ['x'], { a: 1 }]]);
    expect([a.heard, a.handle, s.core.requests.size]).toEqual([[['next', undefined], ['complete']], undefined, 0]);
    expectNothingLeft(s);
  });

  it('P1 acknowledged, emits the publication id once and completes', () => {
    const s = setup();
    const a = s.publish(NEWS, ACKNOWLEDGE, ['x']);
    expect([s.sent, a.heard]).toEqual([[[PUBLISH, 1, ACKNOWLEDGE, NEWS, ['x']]], []]);
    s.receive([PUBLISHED, 1, 2 ** 53]);
    expect(a.heard).toEqual([['next', 2 ** 53], ['complete']]);
    s.receive([PUBLISHED, 1, 5]);
    expect([a.heard.length, s.core.counters.dropped]).toEqual([2, 1]);
    expectNothingLeft(s);
  });

  it('trap 7: acknowledge: false and exclude_me: false reach the wire, and nothing is waited for', () => {
    const s = setup();
    const a = s.publish(NEWS, { acknowledge: false, exclude_me: false }, [0, false, '', null]);
    expect(s.sent).toEqual([[PUBLISH, 1, { acknowledge: false, exclude_me: false }, NEWS, [0, false, '', null]]]);
    expect([a.heard.length, s.core.requests.size]).toEqual([2, 0]);
  });

  it('P1 a refusal errors it, naming the topic', () => {
    const s = setup();
    const a = s.publish(NEWS, ACKNOWLEDGE);
    s.receive([ERROR, PUBLISH, 1, {}, 'wamp.error.invalid_uri', ['no']]);
    expect(a.heard).toEqual([['error', 'wamp.error.invalid_uri']]);
    expect(a.errors[0]!.message).toContain(`publish to ${NEWS} failed with wamp.error.invalid_uri: no`);
    expectNothingLeft(s);
  });

  it('P1 who leaves hears nothing, and the late answer is dropped', () => {
    const s = setup();
    const a = s.publish(NEWS, ACKNOWLEDGE);
    a.unsubscribe();
    a.unsubscribe();
    s.receive([PUBLISHED, 1, 5]);
    expect([a.heard, s.sent.length, s.core.counters.dropped]).toEqual([[], 1, 1]);
    expectNothingLeft(s);
  });

  it('R9 an acknowledgement is given up after 30 s, and PUBLISH never repeated', () => {
    const s = setup();
    s.seconds(5);
    const a = s.publish(NEWS, ACKNOWLEDGE);
    s.seconds(29);
    expect([a.heard, s.sent.length]).toEqual([[], 1]);
    s.seconds(1);
    expect([a.heard, s.sent.length]).toEqual([[['error', 'wamp.error.timeout']], 1]);
    expectNothingLeft(s);
  });

  it('R2 what waits for its acknowledgement errors with the session', () => {
    const s = setup();
    const a = s.publish(NEWS, ACKNOWLEDGE);
    s.core.lose(LOST);
    expect(a.errors).toEqual([LOST]);
    expectNothingLeft(s);
  });

  it('trap 13: a sink that throws leaves no entry', () => {
    const s = setup();
    const thrown = new TypeError('from next');
    const next = (): void => {
      throw thrown;
    };
    s.publish(NEWS, ACKNOWLEDGE, [], {}, { next });
    s.receive([PUBLISHED, 1, 5]);
    expect(s.reported).toEqual([thrown]);
    expectNothingLeft(s);
  });

  it('trap 5: what cannot be sent throws, and takes no id', () => {
    const s = setup();
    s.channel.refuses = () => new TypeError('cannot be encoded');
    expect(() => s.publish(NEWS, ACKNOWLEDGE)).toThrowError(TypeError);
    s.channel.refuses = undefined;
    expect([s.core.nextRequest, s.core.requests.size]).toEqual([1, 0]);
  });
});
