import { ApplicationError, ConnectionError } from '../../src/protocol/errors.ts';
import {
  ABORT,
  AUTHENTICATE,
  CALL,
  CANCEL,
  ERROR,
  EVENT,
  GOODBYE,
  HELLO,
  INVOCATION,
  PUBLISH,
  RESULT,
  WELCOME,
  YIELD,
  type List,
} from '../../src/protocol/messages.ts';
import { Garbled, type Channel, type Sink } from '../../src/protocol/sink.ts';
import { intercept, type Intercept, type InterceptByName } from '../../src/transports/intercept.ts';
import { Recorder } from './contract.ts';

const NO = new ApplicationError('com.example.error.no', ['not here']);

function setup(see: Intercept | InterceptByName, more: Partial<Channel> = {}) {
  const sent: List[] = [];
  const near = new Recorder();
  let inner: Sink<List | Garbled, Channel> | undefined;
  let left = 0;
  const cancel = intercept(see)((sink) => {
    inner = sink;
    return { unsubscribe: () => left++ };
  })(near);
  inner!.open!({ send: (message) => sent.push(message), bufferedAmount: 7, protocol: 'wamp.2.json', ...more });
  return { sent, near, inner: inner!, cancel, left: () => left, send: (...message: List) => near.channel.send(message) };
}

const pass: Intercept = (_direction, message) => message;
const veto: Intercept = () => {
  throw NO;
};

describe('intercept', () => {
  it('sees every message, both ways, and what it returns goes on', () => {
    const seen: unknown[] = [];
    const link = setup((direction, message) => {
      seen.push([direction, message]);
      return [...message, direction];
    });
    link.send(CALL, 1, {}, 'a.b');
    link.inner.next([RESULT, 1, {}]);
    expect(seen).toEqual([
      ['out', [CALL, 1, {}, 'a.b']],
      ['in', [RESULT, 1, {}]],
    ]);
    expect([link.sent, link.near.messages]).toEqual([[[CALL, 1, {}, 'a.b', 'out']], [[RESULT, 1, {}, 'in']]]);
  });

  it('drops what it returns nothing for', () => {
    const link = setup(() => undefined);
    link.send(CALL, 1, {}, 'a.b');
    link.inner.next([EVENT, 1, 2, {}]);
    expect([link.sent, link.near.messages]).toEqual([[], []]);
  });

  it('throws what refuses a message that begins something, and nothing is sent', () => {
    const link = setup(veto);
    for (const code of [HELLO, AUTHENTICATE, CALL, PUBLISH, YIELD]) expect(() => link.send(code, 1, {}, 'a.b')).toThrow(NO);
    expect([link.sent, link.left()]).toEqual([[], 0]);
  });

  for (const code of [CANCEL, ERROR, GOODBYE, ABORT]) {
    it(`ends the link after refusing what ends something (${code}), but not before send has returned`, async () => {
      const link = setup(veto);
      link.send(code, {}, 'wamp.close.normal');
      expect(link.near.errors).toEqual([]);
      await Promise.resolve();
      const [error] = link.near.errors as [ConnectionError];
      expect([error instanceof ConnectionError, error.cause, link.left(), link.sent]).toEqual([true, NO, 1, []]);
      expect(error.message).toMatch(/^an interceptor refused (CANCEL|ERROR|GOODBYE|ABORT) to the router: com.example.error.no: not here$/);
    });
  }

  it('I5 treats a refused arrival like one that cannot be decoded, with its head', () => {
    const link = setup(veto);
    link.inner.next([RESULT, 7, {}, ['secret']]);
    link.inner.next([INVOCATION, 8, 71, {}, ['secret']]);
    const what = 'did not pass an interceptor';
    expect(link.near.messages).toEqual([new Garbled(NO, [RESULT, 7, {}], what), new Garbled(NO, [INVOCATION, 8, 71], what)] as never);
  });

  it('ends the link after refusing a message of the session itself', () => {
    const link = setup(veto);
    link.inner.next([WELCOME, 1, {}]);
    link.inner.next([EVENT, 1, 2, {}]);
    link.inner.error(new ConnectionError('late'));
    expect(link.near.errors.map((error) => (error as Error).message)).toEqual([
      'an interceptor refused WELCOME from the router: com.example.error.no: not here',
    ]);
    expect([link.left(), link.near.messages]).toEqual([1, []]);
  });

  it('says what is wrong with a function that forgets to return, or returns a Promise', () => {
    const forgetful = setup(() => undefined);
    expect(() => forgetful.send(HELLO, 'realm1', {})).toThrowError(
      TypeError,
      'an interceptor returned nothing for HELLO: return the message to let it pass',
    );
    const late = setup((async (_direction: string, message: List) => Promise.resolve(message)) as never);
    expect(() => late.send(CALL, 1, {}, 'a.b')).toThrowError(
      TypeError,
      'an interceptor must return a message or undefined for CALL, and at once, not a Promise',
    );
  });

  it('asks functions by the names of messages, and lets others pass', () => {
    const seen: unknown[] = [];
    const link = setup({
      EVENT: (message, direction) => {
        seen.push([message[0], direction]);
        return undefined;
      },
      CALL: ([code, request, options]) => [code, request, options, 'com.example.other'],
    });
    link.send(CALL, 1, {}, 'a.b');
    link.send(PUBLISH, 2, {}, 'a.b');
    link.inner.next([EVENT, 1, 2, {}]);
    link.inner.next([RESULT, 1, {}]);
    link.inner.next([99]);
    expect(link.sent).toEqual([
      [CALL, 1, {}, 'com.example.other'],
      [PUBLISH, 2, {}, 'a.b'],
    ]);
    expect(link.near.messages).toEqual([[RESULT, 1, {}], [99]]);
    expect(seen).toEqual([[EVENT, 'in']]);
  });

  for (const [fact, see, message] of [
    ['nothing', undefined, 'intercept needs a function, or an object with functions by the names of messages'],
    ['an empty object', {}, 'intercept needs a function, or an object with functions by the names of messages'],
    ['an unknown name', { EVENTS: pass }, /^intercept knows no message EVENTS: there are .*EVENT, /],
    ['no function', { EVENT: 1 }, 'intercept needs a function for EVENT'],
  ] as const) {
    it(`refuses ${fact}`, () => {
      expect(() => intercept(see as never)).toThrowError(TypeError, message as string);
    });
  }

  it('hands on what could not be decoded, the ends, and what a channel can', () => {
    const pongs: string[] = [];
    const link = setup(pass, { ping: (pong) => pong(), binding: new Uint8Array([1]) });
    const garbled = new Garbled('x');
    link.inner.next(garbled);
    link.near.channel.ping!(() => pongs.push('pong'));
    const { bufferedAmount, protocol, binding } = link.near.channel;
    expect([link.near.messages, pongs, bufferedAmount, protocol, binding]).toEqual([
      [garbled] as never,
      ['pong'],
      7,
      'wamp.2.json',
      new Uint8Array([1]),
    ]);
    expect(Object.keys(setup(pass).near.channel)).not.toContain('ping');
    link.inner.complete();
    link.cancel.unsubscribe();
    expect([link.near.heard, link.left()]).toEqual([[1, 1, 0, 1], 1]);
  });

  it('is the transport of a link that failed before it was there', () => {
    let left = 0;
    const near = new Recorder();
    intercept(pass)((sink) => {
      sink.error(NO);
      return { unsubscribe: () => left++ };
    })(near);
    expect([near.errors, left]).toEqual([[NO], 1]);
  });
});
