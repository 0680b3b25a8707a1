import { finalize, map, mergeMap, NEVER } from 'rxjs';
import type { ApplicationError } from '../../src/protocol/errors.ts';
import { ERROR, INVOCATION, REGISTER, REGISTERED, UNREGISTER, UNREGISTERED, YIELD } from '../../src/protocol/messages.ts';
import { Garbled } from '../../src/protocol/sink.ts';
import { drawn } from './answers.ts';
import { hear, joined, opened } from './opened.ts';

const ADD = 'com.example.add';
const never = (): typeof NEVER => NEVER;
const echo = map(({ value }: { readonly value: unknown }) => value);

describe('Client.register', () => {
  it('G1 sends one REGISTER for each subscription, and emits at REGISTERED', () => {
    const { client, session, link, sent } = opened();
    const add = client.register(ADD, echo, { invoke: 'roundrobin', match: 'exact' });
    expect(sent()).toEqual([]);
    const [first, second] = [hear(add), hear(add)];
    link.receive([REGISTERED, 1, 71], [REGISTERED, 2, 72]);
    expect(sent()).toEqual([
      [REGISTER, 1, { invoke: 'roundrobin' }, ADD],
      [REGISTER, 2, { invoke: 'roundrobin' }, ADD],
    ]);
    expect(first.values).toEqual([{ id: 71, procedure: ADD, session }]);
    expect(second.values).toEqual([{ id: 72, procedure: ADD, session }]);
    expect([first.completions, first.errors.length]).toEqual([0, 0]);
  });

  it('G1 emits again at each REGISTERED, with its session', async () => {
    const { client, link, router, rejoin } = opened();
    const add = hear(client.register(ADD, echo));
    link.receive([REGISTERED, 1, 71]);
    await rejoin();
    router.link.receive([REGISTERED, 1, 81], [INVOCATION, 1, 81, {}, ['a']]);
    expect(add.values.map(({ id, session }) => [id, session.id])).toEqual([
      [71, 1001],
      [81, 1002],
    ]);
    expect(router.link.sent.at(-1)).toEqual([YIELD, 1, {}, ['a']]);
  });

  it('G1 errors when the router refuses it, and forgets it', () => {
    const { client, link } = opened();
    const add = hear(client.register(ADD, echo));
    link.receive([ERROR, REGISTER, 1, {}, 'wamp.error.procedure_already_exists', ['taken'], { by: 3 }]);
    const [error] = add.errors as [ApplicationError];
    expect([error.message, error.uri, error.args, error.kwargs]).toEqual([
      'register of com.example.add failed with wamp.error.procedure_already_exists: taken; another callee has it: end that one first, or give both the same option invoke, like roundrobin',
      'wamp.error.procedure_already_exists',
      ['taken'],
      { by: 3 },
    ]);
    expect(client.inspect().registrations).toEqual([]);
  });

  it('G1 errors when the router revokes it, cancels what runs, and does not register again (trap 4)', () => {
    const { client, link, sent } = opened();
    const add = hear(client.register(ADD, never));
    link.receive([REGISTERED, 1, 71], [INVOCATION, 1, 71, {}], [UNREGISTERED, 0, { registration: 71, reason: 'com.example.banned' }]);
    expect(add.errors.map(String)).toEqual([
      'ApplicationError: the router revoked the registration of com.example.add: com.example.banned',
    ]);
    expect(sent()).toEqual([
      [REGISTER, 1, {}, ADD],
      [ERROR, INVOCATION, 1, {}, 'wamp.error.canceled'],
    ]);
    expect(client.inspect().registrations).toEqual([]);
  });

  it('G5 sends UNREGISTER when it is left, and cancels what runs', () => {
    const { client, link, sent } = opened();
    let stopped = 0;
    const running = NEVER.pipe(finalize(() => stopped++));
    const add = hear(client.register(ADD, () => running));
    link.receive([REGISTERED, 1, 71], [INVOCATION, 1, 71, {}], [INVOCATION, 2, 71, {}]);
    expect(client.inspect().registrations).toEqual([{ procedure: ADD, running: 2, id: 71 }]);
    add.leave();
    expect(sent()).toEqual([
      [REGISTER, 1, {}, ADD],
      [ERROR, INVOCATION, 1, {}, 'wamp.error.canceled'],
      [ERROR, INVOCATION, 2, {}, 'wamp.error.canceled'],
      [UNREGISTER, 2, 71],
    ]);
    expect(stopped).toBe(2);
    link.receive([UNREGISTERED, 2]);
    expect(client.inspect().registrations).toEqual([]);
  });

  it('G5 answers INVOCATIONs before UNREGISTERED with unavailable', () => {
    const { client, link, sent } = opened();
    const add = hear(client.register(ADD, echo));
    link.receive([REGISTERED, 1, 71]);
    add.leave();
    link.receive([INVOCATION, 1, 71, {}, ['late']]);
    expect(sent().at(-1)).toEqual([ERROR, INVOCATION, 1, {}, 'wamp.error.unavailable', ['the procedure is being unregistered']]);
  });

  it('G5 sends UNREGISTER after the confirmation when it was left before it (trap 2)', () => {
    const { client, link, sent } = opened();
    hear(client.register(ADD, echo)).leave();
    expect(sent()).toEqual([[REGISTER, 1, {}, ADD]]);
    link.receive([REGISTERED, 1, 71]);
    expect(sent()).toEqual([[UNREGISTER, 2, 71]]);
  });

  it('G5 sends nothing at all when it was left before there was a session', () => {
    drawn(({ client, requests, at, expectObservable }) => {
      const wamp = client();
      expectObservable(wamp.register(ADD, echo), '^ 5ms !').toBe('');
      at(50, () => {
        expect(requests()).toEqual([]);
      });
    });
  });

  it('G5 unsubscribes pipelines on a lost session, and sends nothing', () => {
    const { client, link, sent } = opened();
    let stopped = 0;
    hear(
      client.register(
        ADD,
        mergeMap(() => NEVER.pipe(finalize(() => stopped++))),
      ),
    );
    link.receive([REGISTERED, 1, 71], [INVOCATION, 1, 71, {}]);
    link.fail();
    expect(client.inspect().registrations).toEqual([{ procedure: ADD, running: 0, id: undefined }]);
    expect([stopped, sent().length]).toEqual([1, 1]);
  });

  it('G6 answers an INVOCATION for no registration of its own', () => {
    const { client, link, sent } = opened();
    expect(client.inspect().registrations).toEqual([]);
    link.receive([INVOCATION, 1, 99, {}]);
    expect(sent()).toEqual([[ERROR, INVOCATION, 1, {}, 'wamp.error.no_such_registration', ['there is no such registration']]]);
  });

  it('I5 answers an INVOCATION that cannot be decoded, if its head can be read', () => {
    const { client, link, sent } = opened();
    hear(client.register(ADD, echo));
    link.receive([REGISTERED, 1, 71], new Garbled(new TypeError('NaN'), [INVOCATION, 4, 71]));
    expect(sent().at(-1)).toEqual([ERROR, INVOCATION, 4, {}, 'wamp.error.invalid_payload', ['the arguments could not be decoded']]);
    expect(client.inspect().counters.dropped).toBe(1);
  });

  it('tells the concrete procedure of a pattern', () => {
    const { client, link, sent } = opened();
    hear(
      client.register(
        'com.example.',
        map(({ procedure }) => procedure),
        { match: 'prefix' },
      ),
    );
    link.receive([REGISTERED, 1, 71], [INVOCATION, 1, 71, { procedure: ADD }]);
    expect(sent()).toEqual([
      [REGISTER, 1, { match: 'prefix' }, 'com.example.'],
      [YIELD, 1, {}, [ADD]],
    ]);
  });

  it('throws at once for what is no operator', () => {
    const { client } = opened();
    expect(() => client.register(ADD, 5 as never)).toThrowError(
      TypeError,
      'register of com.example.add needs an operator, like map(({ args }) => …)',
    );
  });
});

describe('Session.register', () => {
  it('G1 errors with its session', () => {
    const { session, link } = joined();
    const add = hear(session.register(ADD, echo));
    link.receive([REGISTERED, 1, 71]);
    link.fail();
    expect(add.values).toEqual([{ id: 71, procedure: ADD, session }]);
    expect(add.errors.map(String)).toEqual(['ConnectionError: the link broke']);
    const late = hear(session.register(ADD, echo));
    expect(late.errors.map(String)).toEqual(['ConnectionError: the link broke']);
  });
});
