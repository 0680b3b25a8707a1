import { mergeMap, throwError } from 'rxjs';
import { ApplicationError, ConnectionError, isWampError, type WampError } from '../../src/protocol/errors.ts';
import { CALL, ERROR, GOODBYE, INVOCATION, REGISTERED } from '../../src/protocol/messages.ts';
import { drawn } from './answers.ts';
import { hear, opened } from './opened.ts';

describe('Client.errors', () => {
  it('G4 tells of handlers that failed, to everyone who listens, and completes at close()', async () => {
    const { client, link, errors } = opened();
    const other = hear(client.errors);
    hear(
      client.register(
        'com.example.work',
        mergeMap(({ value }) => throwError(() => (value === 1 ? new ApplicationError('com.example.error.no') : new TypeError('broken')))),
      ),
    );
    link.receive([REGISTERED, 1, 71], [INVOCATION, 1, 71, {}, [0]], [INVOCATION, 2, 71, {}, [1]]);
    expect(errors.map(({ uri, message }) => [uri, message])).toEqual([
      ['wamp.error.runtime_error', 'the handler of com.example.work failed: broken'],
      ['com.example.error.no', 'com.example.error.no'],
    ]);
    expect(other.values).toEqual(errors);
    await client.close();
    expect(other.completions).toBe(1);
  });

  it('neither opens nor holds a connection', () => {
    drawn(({ client, router, at }) => {
      const listening = client().errors.subscribe();
      at(100, () => {
        expect(router.links).toEqual([]);
        listening.unsubscribe();
      });
    });
  });

  it('G4 hides the reason of a nested call from callers with maskErrors', () => {
    const { client, link, sent } = opened({ maskErrors: true });
    hear(
      client.register(
        'com.example.work',
        mergeMap(() => throwError(() => new ConnectionError('ws://secret is gone'))),
      ),
    );
    link.receive([REGISTERED, 1, 71], [INVOCATION, 1, 71, {}]);
    expect(sent().at(-1)).toEqual([ERROR, INVOCATION, 1, {}, 'wamp.error.runtime_error']);
  });
});

describe('Errors of streams', () => {
  it('C5 are recognised by class and by URI', () => {
    const { client, link } = opened();
    const call = hear(client.call('com.example.add'));
    link.receive([ERROR, CALL, 1, {}, 'wamp.error.cancelled']);
    const [error] = call.errors;
    expect([isWampError(error), isWampError(error, 'wamp.error.canceled'), isWampError(error, 'wamp.error.timeout')]).toEqual([
      true,
      true,
      false,
    ]);
    expect([isWampError(new TypeError('no')), isWampError(undefined)]).toEqual([false, false]);
  });

  it('L2 are the reason with which the router ended the session, the same for all of them', () => {
    const { client, session, link } = opened();
    const streams = [hear<unknown>(client.call('com.example.add')), hear<unknown>(session.topic('com.example.tick'))];
    link.receive([GOODBYE, { message: 'maintenance' }, 'wamp.close.system_shutdown']);
    const [first, second] = streams.map(({ errors: [error] }) => error as WampError);
    expect(first).toBe(second);
    expect([first!.uri, first!.message]).toEqual([
      'wamp.close.system_shutdown',
      'the router at the other end closed the session with wamp.close.system_shutdown: maintenance',
    ]);
  });
});
