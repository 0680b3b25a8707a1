import { map } from 'rxjs';
import { Client } from '../../src/client/client.ts';
import { connect } from '../../src/client/connect.ts';
import type { ClientOptions } from '../../src/client/options.ts';
import { CALL, SUBSCRIBE } from '../../src/protocol/messages.ts';
import { hear, opened } from './opened.ts';

const URI = 'com.example.name';
const echo = map(({ value }: { readonly value: unknown }) => value);

describe('Options', () => {
  it('I1 throw at once for a wrong URI of any operation: nothing is sent', () => {
    const { client, sent } = opened();
    const needs = (of: string, uri: string): string =>
      `${of} needs a URI like com.example.name, without spaces, # or empty parts, not ${uri}`;
    for (const uri of ['', 'a b', 'a#b', 'a..b', '.a', 'a.', 'a\tb']) {
      const named = `the text ${JSON.stringify(uri)}`;
      expect(() => client.call(uri)).toThrowError(TypeError, needs('call', named));
      expect(() => client.publish(uri)).toThrowError(TypeError, needs('publish', named));
      expect(() => client.topic(uri)).toThrowError(TypeError, needs('topic', named));
      expect(() => client.subscribed(uri)).toThrowError(TypeError, needs('subscribed', named));
      expect(() => client.register(uri, echo)).toThrowError(TypeError, needs('register', named));
      expect(() => client.subject(uri)).toThrowError(TypeError, needs('subject', named));
    }
    expect(() => client.call(5 as never)).toThrowError(TypeError, needs('call', 'the number 5'));
    expect(() => client.call(undefined as never)).toThrowError(TypeError, needs('call', 'undefined'));
    expect(sent()).toEqual([]);
  });

  it('I1 take loose URIs, and patterns where match says so', () => {
    const { client } = opened();
    for (const uri of ['a', 'Über.Größe', 'com.example-2/x', 'a:b']) expect(() => client.call(uri)).not.toThrow();
    expect(() => client.topic('com.', { match: 'prefix' })).not.toThrow();
    expect(() => client.topic('com..name', { match: 'wildcard' })).not.toThrow();
    expect(() => client.register('com..name', echo, { match: 'wildcard' })).not.toThrow();
    expect(() => client.topic('com..name', { match: 'prefix' })).toThrowError(TypeError);
  });

  it('I1 throw at once for an unknown name, and say which there are', () => {
    const { client, sent } = opened();
    expect(() => client.call(URI, [], {}, { recieve_progress: true } as never)).toThrowError(
      TypeError,
      'unknown option recieve_progress of call: it has mode, receive_progress, timeout, disclose_me, waitMs, timeoutMs, force',
    );
    expect(() => client.topic(URI, { receive_progress: true } as never)).toThrowError(
      TypeError,
      'unknown option receive_progress of topic: it has match, get_retained, force',
    );
    expect(() => client.subscribed(URI, { mtch: 'prefix' } as never)).toThrowError(TypeError, /^unknown option mtch of subscribed/);
    expect(() => client.register(URI, echo, { acknowledge: true } as never)).toThrowError(
      TypeError,
      /^unknown option acknowledge of register/,
    );
    expect(() => client.publish(URI, [], {}, { ack: true } as never)).toThrowError(TypeError, /^unknown option ack of publish/);
    expect(() => client.subject(URI, { hold: 1 } as never)).toThrowError(TypeError, /^unknown option hold of subject/);
    expect(() => client.call(URI, [], {}, { __proto: 1 })).toThrowError(TypeError, /^unknown option __proto of call/);
    expect(sent()).toEqual([]);
  });

  it('I1 throw at once for a wrong value', () => {
    const { client } = opened();
    const wrong: [string, unknown, string][] = [
      ['mode', 'now', 'must be one of skip, kill, killnowait, not the text "now"'],
      ['receive_progress', 1, 'must be true or false, not the number 1'],
      ['timeout', 1.5, 'must be a whole number of milliseconds, 0 or more, not the number 1.5'],
      ['timeoutMs', -1, 'must be a number of milliseconds, 0 or more, not the number -1'],
      ['waitMs', null, 'must be a number of milliseconds, 0 or more, not null'],
      ['waitMs', NaN, 'must be a number of milliseconds, 0 or more, not the number NaN'],
    ];
    for (const [name, value, sentence] of wrong) {
      expect(() => client.call(URI, [], {}, { [name]: value })).toThrowError(TypeError, `option ${name} of call ${sentence}`);
    }
    expect(() => client.call(URI, [], {}, 5 as never)).toThrowError(TypeError, 'options of call must be an object, not the number 5');
    expect(() => client.register(URI, echo, { concurrency: 0 })).toThrowError(
      TypeError,
      'option concurrency of register must be a whole number from 1, not the number 0',
    );
    expect(() => client.subject(URI, { holdLast: 0.5 })).toThrowError(
      TypeError,
      'option holdLast of subject must be a whole number, 0 or more, not the number 0.5',
    );
  });

  it('I1 throw at once for an option in the place of keyword arguments', () => {
    const { client } = opened();
    expect(() => client.call(URI, [1], { receive_progress: true })).toThrowError(
      TypeError,
      'receive_progress is an option of call but stands in the place of kwargs: options come last, and {} there says that kwargs are meant',
    );
    for (const name of ['acknowledge', 'disclose_me', 'exclude_me', 'eligible', 'waitMs', 'timeoutMs'])
      expect(() => client.publish(URI, [1], { [name]: 1 })).toThrowError(TypeError, new RegExp(`^${name} is an option of publish but`));
    expect(() => client.call(URI, [1], { receive_progress: true }, {})).not.toThrow();
    expect(() => client.call(URI, [1], { timeout: 5, mode: 'fast' })).not.toThrow();
  });

  it('I1 are checked in the constructor of a client, and by connect', () => {
    const wrong: [ClientOptions, string][] = [
      [{ reaml: 'realm1' } as never, 'unknown option reaml of Client: it has url, realm, auth, details, '],
      [{ realm: 'a b' }, 'option realm of Client must be a URI or a function, not the text "a b"'],
      [{ url: [] }, 'option url of Client must be a URL, a list of URLs or a function, not a list'],
      [{ url: 'localhost:8080' }, 'url must begin with ws:// or wss://: localhost:8080; did you mean ws://localhost:8080?'],
      [
        { url: ['ws://localhost/ws', 'http://localhost/ws'] },
        'url must begin with ws:// or wss://: http://localhost/ws; did you mean ws://localhost/ws?',
      ],
      [{ lingerMs: '5' as never }, 'option lingerMs of Client must be a number of milliseconds, 0 or more, not the text "5"'],
      [{ maxAttempts: 0 }, 'option maxAttempts of Client must be a whole number from 1, or Infinity, not the number 0'],
      [{ maxMessageBytes: 0 }, 'option maxMessageBytes of Client must be a whole number from 1, not the number 0'],
      [{ logger: true as never }, 'option logger of Client must be a logger or false, not the boolean true'],
    ];
    for (const [options, sentence] of wrong) {
      expect(() => new Client(options)).toThrowMatching((error: Error) => error instanceof TypeError && error.message.startsWith(sentence));
    }
    expect(() => connect({ lingerMs: 5 } as never)).toThrowError(TypeError, /^unknown option lingerMs of connect: it has url, realm/);
    expect(() => connect({ url: 'localhost' })).toThrowError(TypeError, /did you mean ws:\/\/localhost\?$/);
  });

  it('I3 refuse an empty list of those who alone may get an event', () => {
    const { client } = opened();
    for (const name of ['eligible', 'eligible_authid', 'eligible_authrole']) {
      expect(() => client.publish(URI, [], {}, { [name]: [] })).toThrowError(
        TypeError,
        `option ${name} of publish must not be empty: routers take that for everyone; leave it out, or publish nothing`,
      );
    }
    expect(() => client.publish(URI, [], {}, { exclude: [], eligible: [2 ** 53] })).not.toThrow();
    expect(() => client.publish(URI, [], {}, { exclude: ['joe'] as never })).toThrowError(
      TypeError,
      'option exclude of publish must be a list of session ids, not a list',
    );
  });

  it('I2 drop undefined and what is local, and let attributes outside the specification through', () => {
    const { client, sent } = opened();
    hear(
      client.call(URI, [], {}, {
        _trace: 'a1',
        x_Tenant: 7,
        mode: 'kill',
        waitMs: 5,
        timeoutMs: 5,
        force: false,
        disclose_me: undefined,
      } as never),
    );
    hear(client.topic(URI, { match: 'exact', force: true }));
    expect(sent()).toEqual([
      [CALL, 1, { _trace: 'a1', x_Tenant: 7 }, URI],
      [SUBSCRIBE, 2, {}, URI],
    ]);
  });
});
