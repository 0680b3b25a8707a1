// The join: HELLO, CHALLENGE, WELCOME, ABORT, and leaving before any of them.
import { ConnectionError, JoinError, ProtocolError } from '../../src/protocol/errors.ts';
import type { List } from '../../src/protocol/messages.ts';
import { ABORT, AUTHENTICATE, CHALLENGE, HELLO, WELCOME } from '../../src/protocol/messages.ts';
import type { Channel, Sink } from '../../src/protocol/sink.ts';
import { Garbled } from '../../src/protocol/sink.ts';
import { ROLES } from '../../src/session/features.ts';
import type { JoinOptions } from '../../src/session/join.ts';
import { join, type SessionCore } from '../../src/session/session.ts';
import { LOST, URL } from './setup.ts';

const DETAILS = { agent: 'spec', authmethods: ['ticket'], roles: ROLES };
const OFFERED = { authmethod: 'ticket', extra: {} };

function setup(options: Partial<JoinOptions> = {}) {
  const sent: List[] = [];
  const heard: unknown[] = [];
  const errors: (JoinError | ConnectionError)[] = [];
  let transportSink: Sink<List | Garbled, Channel> | undefined;
  let closed = 0;
  const channel: Channel & { refuses: ((message: List) => unknown) | undefined } = {
    bufferedAmount: 0,
    protocol: 'wamp.2.json',
    refuses: undefined,
    send: (message) => {
      const error = channel.refuses?.(message);
      if (error !== undefined) throw error as Error;
      sent.push(message);
    },
  };
  const transport = (sink: Sink<List | Garbled, Channel>): { unsubscribe(): void } => {
    transportSink = sink;
    return { unsubscribe: () => closed++ };
  };
  const reported: unknown[] = [];
  const host = { defer: fail, report: (error: unknown) => reported.push(error) };
  const cores: SessionCore[] = [];
  const joining = join(transport, { url: URL, realm: 'realm1', details: DETAILS, ...options }, host, {
    open: (core) => {
      cores.push(core);
      heard.push('open');
    },
    next: fail,
    error: (error) => {
      errors.push(error as JoinError);
      heard.push('error');
    },
    complete: () => heard.push('complete'),
  });
  return {
    sent,
    heard,
    errors,
    cores,
    channel,
    joining,
    open: () => transportSink!.open!(channel),
    receive: (...messages: (List | Garbled)[]): void => {
      for (const message of messages) transportSink!.next(message);
    },
    link: () => transportSink!,
    closed: () => closed,
  };
}

describe('join', () => {
  it('L3 HELLO says the realm and the details as they are', () => {
    const j = setup();
    expect(j.sent).toEqual([]);
    j.open();
    expect(j.sent).toEqual([[HELLO, 'realm1', DETAILS]]);
  });

  it('L3 HELLO announces exactly what is implemented', () => {
    expect(ROLES).toEqual({
      publisher: { features: { publisher_identification: true, subscriber_blackwhite_listing: true, publisher_exclusion: true } },
      subscriber: { features: { publisher_identification: true, pattern_based_subscription: true, subscription_revocation: true } },
      caller: { features: { caller_identification: true, progressive_call_results: true, call_canceling: true, call_timeout: true } },
      callee: {
        features: {
          caller_identification: true,
          pattern_based_registration: true,
          shared_registration: true,
          progressive_call_results: true,
          call_canceling: true,
          registration_revocation: true,
        },
      },
    });
  });

  it('L4 WELCOME without realm, authid or authextra is a session', () => {
    const j = setup();
    j.open();
    j.receive([WELCOME, 2 ** 53, { roles: {} }]);
    expect(j.heard).toEqual(['open']);
    expect(j.cores[0]!.welcomed).toEqual({ id: 2 ** 53, realm: 'realm1', details: { roles: {} }, url: URL });
    expect(j.cores[0]!.channel).toBe(j.channel);
    j.cores[0]!.leave();
    j.receive([6, {}, 'wamp.close.goodbye_and_out']);
    expect([j.heard, j.closed()]).toEqual([['open', 'complete'], 1]);
  });

  it('L2 after WELCOME the end of the link is the end of the session', () => {
    const j = setup();
    j.open();
    j.receive([WELCOME, 1, { roles: {} }]);
    j.link().error(LOST);
    expect([j.errors, j.closed()]).toEqual([[LOST], 1]);
  });

  it('L2 a transport that completes has ended too', () => {
    const [j, k] = [setup(), setup()];
    j.open();
    j.receive([WELCOME, 1, { roles: {} }]);
    j.link().complete();
    k.link().complete();
    expect([...j.errors, ...k.errors].map(({ message }) => message)).toEqual(['the link ended', 'the link ended']);
    expect((k.errors[0] as ConnectionError).url).toBe(URL);
  });

  it('L5 leaving before the link is open, and before WELCOME, closes it and sends nothing', () => {
    const [j, k] = [setup(), setup()];
    j.joining.unsubscribe();
    j.open();
    k.open();
    k.joining.unsubscribe();
    k.receive([WELCOME, 1, { roles: {} }], [CHALLENGE, 'ticket', {}], [99]);
    k.link().error(LOST);
    expect([j.sent, j.heard, j.closed(), k.sent.length, k.heard, k.closed()]).toEqual([[], [], 1, 1, [], 1]);
  });

  it('a link that fails before WELCOME errors with what it said', () => {
    const [j, k, l] = [setup(), setup(), setup()];
    j.link().error(LOST);
    k.link().error(new TypeError('x'));
    l.link().error('x');
    expect(j.errors).toEqual([LOST]);
    expect([k, l].map(({ errors: [error] }) => [error!.message, (error as ConnectionError).url])).toEqual([
      ['x', URL],
      ['the link failed', URL],
    ]);
    expect([k.errors[0]!.cause, l.errors[0]!.cause]).toEqual([new TypeError('x'), 'x']);
    expect(k.errors[0]).toBeInstanceOf(ConnectionError);
    j.link().error(LOST);
    expect([j.errors.length, j.closed()]).toEqual([1, 1]);
  });

  it('a HELLO that cannot be sent errors, and closes the link', () => {
    const j = setup();
    const refused = new TypeError('cannot be encoded');
    j.channel.refuses = () => refused;
    j.open();
    expect([j.errors[0]!.message, j.errors[0]!.cause, j.closed()]).toEqual(['cannot be encoded', refused, 1]);
  });

  it('a transport that fails at once is closed when it returns', () => {
    let closed = 0;
    const errors: unknown[] = [];
    const transport = (sink: Sink<List | Garbled, Channel>): { unsubscribe(): void } => {
      sink.error(LOST);
      return { unsubscribe: () => closed++ };
    };
    const sink = { next: fail, error: (error: unknown) => errors.push(error), complete: fail };
    join(transport, { url: URL, realm: 'realm1', details: DETAILS }, { defer: fail, report: fail }, sink);
    expect([errors, closed]).toEqual([[LOST], 1]);
  });

  describe('ABORT', () => {
    for (const [uri, remedy] of [
      ['wamp.error.no_such_realm', '; check the option realm'],
      ['wamp.error.no_auth_method', '; give a login that the realm takes in the option auth'],
      ['wamp.error.no_matching_auth_method', '; give a login that the realm takes in the option auth'],
      ['wamp.error.authentication_required', '; give a login that the realm takes in the option auth'],
      ['wamp.error.not_authorized', '; check the user and the secret in the option auth'],
      ['wamp.error.authentication_failed', '; check the user and the secret in the option auth'],
      ['wamp.error.authorization_failed', '; check the user and the secret in the option auth'],
      ['wamp.error.no_such_role', '; check the user and the secret in the option auth'],
      ['wamp.error.no_such_principal', '; check the user and the secret in the option auth'],
      ['wamp.close.system_shutdown', ''],
    ] as const) {
      it(`names the realm, ${uri} and what to do`, () => {
        const j = setup();
        j.open();
        j.receive([ABORT, { message: 'no' }, uri]);
        expect(j.errors[0]).toBeInstanceOf(JoinError);
        expect(j.errors[0]!.message).toBe(`${URL} refused realm realm1 with ${uri}: no${remedy}`);
        expect([j.errors[0]!.uri, (j.errors[0] as JoinError).details, j.sent.length, j.closed()]).toEqual([uri, { message: 'no' }, 1, 1]);
      });
    }

    it('names the user, if HELLO does', () => {
      const j = setup({ details: { ...DETAILS, authid: 'joe' } });
      j.open();
      j.receive([ABORT, { message: 'no' }, 'wamp.error.not_authorized']);
      expect(j.errors[0]!.message).toBe(
        `${URL} refused joe in realm realm1 with wamp.error.not_authorized: no; check the user and the secret in the option auth`,
      );
    });

    it('has a sentence without a text and without a URL', () => {
      const j = setup({ url: undefined });
      j.open();
      j.receive([ABORT, {}, 'wamp.error.no_such_realm']);
      expect(j.errors[0]!.message).toBe('the router refused realm realm1 with wamp.error.no_such_realm; check the option realm');
    });
  });

  describe('violations', () => {
    for (const [message, sentence] of [
      [[36, 1, 2, {}], 'message type 36 must not come before WELCOME'],
      [[WELCOME, 0, { roles: {} }], 'WELCOME[1] session must be an id (an integer from 1 to 2^53), not 0'],
      [new Garbled('x'), 'a frame before WELCOME cannot be decoded'],
    ] as const) {
      it(`I5 are answered with ABORT: ${sentence}`, () => {
        const j = setup();
        j.open();
        j.receive(message, message);
        expect(j.sent.slice(1)).toEqual([[ABORT, { message: sentence }, 'wamp.error.protocol_violation']]);
        const error = j.errors[0] as ConnectionError;
        expect([error.uri, error.message, error.url]).toEqual([
          'wamp.error.protocol_violation',
          `the router at ${URL} broke the protocol: ${sentence}`,
          URL,
        ]);
        expect(error.cause).toBeInstanceOf(ProtocolError);
        expect([(error.cause as Error).message, (error.cause as Error).cause]).toEqual([
          sentence,
          message instanceof Garbled ? 'x' : undefined,
        ]);
        expect([j.heard, j.closed()]).toEqual([['error'], 1]);
      });
    }
  });

  describe('CHALLENGE', () => {
    it('is answered with AUTHENTICATE, and a second one too', () => {
      const asked: unknown[] = [];
      const j = setup({
        answer: (authmethod, extra, done) => {
          asked.push([authmethod, extra]);
          done(undefined, 'secret', { x: 1 });
        },
      });
      j.open();
      j.receive([CHALLENGE, 'ticket', { a: 1 }], [CHALLENGE, 'ticket', {}], [WELCOME, 1, { roles: {} }]);
      expect(asked).toEqual([
        ['ticket', { a: 1 }],
        ['ticket', {}],
      ]);
      expect([j.sent.slice(1), j.heard]).toEqual([new Array(2).fill([AUTHENTICATE, 'secret', { x: 1 }]), ['open']]);
    });

    for (const [name, options] of [
      ['nobody can answer', {}],
      ['it was not offered', { answer: fail, details: { authmethods: ['wampcra'] } }],
      ['nothing was offered', { answer: fail, details: {} }],
    ] as const) {
      it(`ends the attempt where ${name}, with the remedy`, () => {
        const j = setup(options);
        j.open();
        j.receive([CHALLENGE, 'ticket', {}]);
        const message = 'the router asks for a login by ticket, which was not offered: give it in the option auth';
        expect(j.sent.slice(1)).toEqual([[ABORT, { message }, 'wamp.error.cannot_authenticate']]);
        expect([j.errors[0]!.uri, j.errors[0]!.message, j.closed()]).toEqual(['wamp.error.cannot_authenticate', message, 1]);
        expect(j.errors[0]).toBeInstanceOf(JoinError);
      });
    }

    it('ends the attempt where the login cannot answer', () => {
      const cause = new TypeError('no token');
      const j = setup({ answer: (_method, _extra, done) => done(cause, '', {}) });
      j.open();
      j.receive([CHALLENGE, OFFERED.authmethod, OFFERED.extra]);
      const message = 'the login by ticket could not answer the challenge to realm realm1';
      expect(j.sent.slice(1)).toEqual([[ABORT, { message }, 'wamp.error.cannot_authenticate']]);
      expect([j.errors[0]!.message, j.errors[0]!.cause]).toEqual([`${message}: no token`, cause]);
    });

    it('ends the attempt where the login cannot answer, naming the user', () => {
      const answer: Required<JoinOptions>['answer'] = (_method, _extra, done) => done('x', '', {});
      const j = setup({ answer, details: { ...DETAILS, authid: 'joe' } });
      j.open();
      j.receive([CHALLENGE, 'ticket', {}]);
      expect(j.errors[0]!.message).toBe('the login by ticket could not answer the challenge to joe in realm realm1');
    });

    it('ends the attempt where the answer cannot be sent', () => {
      const cause = new TypeError('cannot be encoded');
      const j = setup({ answer: (_method, _extra, done) => done(undefined, 'secret', { x: 1n }) });
      j.open();
      j.channel.refuses = (message: List) => (message[0] === AUTHENTICATE ? cause : undefined);
      j.receive([CHALLENGE, 'ticket', {}]);
      expect([j.sent[1]![0], j.errors[0]!.cause, j.heard, j.closed()]).toEqual([ABORT, cause, ['error'], 1]);
    });

    it('an answer that comes after leaving is not sent', () => {
      const answers: ((error: unknown, signature: string, extra: object) => void)[] = [];
      const j = setup({ answer: (_method, _extra, done) => answers.push(done as (typeof answers)[number]) });
      j.open();
      j.receive([CHALLENGE, 'ticket', {}]);
      j.joining.unsubscribe();
      answers[0]!(undefined, 'secret', {});
      answers[0]!(new TypeError('x'), '', {});
      expect([j.sent.length, j.heard]).toEqual([1, []]);
    });
  });

  describe('verify', () => {
    function verifying() {
      const asked: unknown[] = [];
      const answers: ((error: unknown) => void)[] = [];
      const j = setup({
        answer: (_method, _extra, done) => done(undefined, 'secret', {}),
        verify: (details, done) => {
          asked.push(details);
          answers.push(done);
        },
      });
      j.open();
      return { ...j, asked, answers };
    }

    it('L4 is asked before the session is there', () => {
      const j = verifying();
      j.receive([CHALLENGE, 'ticket', {}], [WELCOME, 1, { roles: {}, authextra: {} }]);
      expect([j.asked, j.heard]).toEqual([[{ roles: {}, authextra: {} }], []]);
      j.answers[0]!(undefined);
      expect(j.heard).toEqual(['open']);
    });

    it('L4 is not asked where no login was', () => {
      const j = verifying();
      j.receive([WELCOME, 1, { roles: {} }]);
      expect([j.asked, j.heard]).toEqual([[], ['open']]);
    });

    it('L4 what it refuses ends the attempt', () => {
      const j = verifying();
      j.receive([CHALLENGE, 'ticket', {}], [WELCOME, 1, { roles: {} }]);
      const cause = new TypeError('wrong signature');
      j.answers[0]!(cause);
      const message = 'the router did not prove itself for ticket';
      expect(j.sent.slice(2)).toEqual([[ABORT, { message }, 'wamp.error.cannot_authenticate']]);
      expect([j.errors[0]!.message, j.errors[0]!.cause, j.heard]).toEqual([`${message}: wrong signature`, cause, ['error']]);
    });

    it('L4 a second WELCOME meanwhile makes no second session, and leaving makes none', () => {
      const [j, k] = [verifying(), verifying()];
      j.receive([CHALLENGE, 'ticket', {}], [WELCOME, 1, { roles: {} }], [WELCOME, 2, { roles: {} }]);
      for (const answer of j.answers) answer(undefined);
      k.receive([CHALLENGE, 'ticket', {}], [WELCOME, 1, { roles: {} }]);
      k.joining.unsubscribe();
      k.answers[0]!(undefined);
      k.answers[0]!(new TypeError('x'));
      expect([j.heard, k.heard, k.sent.length]).toEqual([['open'], [], 2]);
    });
  });
});
