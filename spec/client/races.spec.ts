// Races that a review found: each was red before it was mended.
import { finalize, map, mergeMap, NEVER } from 'rxjs';
import { type CallTimeoutError, ConnectionError } from '../../src/protocol/errors.ts';
import { CALL, ERROR, INVOCATION, REGISTER, REGISTERED, RESULT, SUBSCRIBE, UNREGISTER, UNREGISTERED } from '../../src/protocol/messages.ts';
import { hear, opened } from './opened.ts';
import { marbles, words } from './setup.ts';

const ADD = 'com.example.add';

describe('A registration that is mounted again', () => {
  it('trap 2: before REGISTERED: the second is asked for once the first is gone', () => {
    const { client, link, sent } = opened();
    client
      .register(
        ADD,
        map(() => 1),
      )
      .subscribe()
      .unsubscribe();
    const second = hear(
      client.register(
        ADD,
        map(() => 2),
      ),
    );
    link.receive([REGISTERED, 1, 77], [UNREGISTERED, 2], [REGISTERED, 3, 78]);
    expect(sent()).toEqual([
      [REGISTER, 1, {}, ADD],
      [UNREGISTER, 2, 77],
      [REGISTER, 3, {}, ADD],
    ]);
    expect(second.values.map(({ id }) => id)).toEqual([78]);
  });

  it('trap 3: while UNREGISTER is unanswered: it waits for the answer', () => {
    const { client, link, sent } = opened();
    const first = hear(
      client.register(
        ADD,
        map(() => 1),
      ),
    );
    link.receive([REGISTERED, 1, 77]);
    first.leave();
    const second = hear(
      client.register(
        ADD,
        map(() => 2),
      ),
    );
    expect(sent().at(-1)).toEqual([UNREGISTER, 2, 77]);
    link.receive([UNREGISTERED, 2], [REGISTERED, 3, 77], [INVOCATION, 1, 77, {}]);
    expect(second.values.length).toBe(1);
    expect(sent().at(-1)).toEqual([70, 1, {}, [2]]);
  });

  it('trap 2: a refusal of the first, which nobody hears, lets the second be asked for', () => {
    const { client, link, sent } = opened();
    client
      .register(
        ADD,
        map(() => 1),
      )
      .subscribe()
      .unsubscribe();
    hear(
      client.register(
        ADD,
        map(() => 2),
      ),
    );
    link.receive([ERROR, REGISTER, 1, {}, 'wamp.error.not_authorized']);
    expect(sent().at(-1)).toEqual([REGISTER, 2, {}, ADD]);
  });
});

describe('Client.close while confirmations are under way', () => {
  it('L9 completes topics and registrations, confirmed or not', () => {
    const { client } = opened();
    const topic = hear(client.topic('com.example.news'));
    const registration = hear(
      client.register(
        ADD,
        map(() => 1),
      ),
    );
    void client.close();
    expect([topic.errors, topic.completions, registration.errors, registration.completions]).toEqual([[], 1, [], 1]);
  });
});

describe('A loss in which a pipeline is torn down', () => {
  it('R3 what is subscribed inside waits for the next session', () => {
    const { client, link, sent } = opened();
    const inside: ReturnType<typeof hear>[] = [];
    const work = () =>
      NEVER.pipe(
        finalize(() =>
          inside.push(
            hear(client.topic('com.example.news')),
            hear(
              client.register(
                ADD,
                map(() => 1),
              ),
            ),
          ),
        ),
      );
    hear(client.register('com.example.work', work));
    link.receive([REGISTERED, 1, 77], [INVOCATION, 1, 77, {}]);
    link.fail();
    expect(inside.map(({ errors }) => errors)).toEqual([[], []]);
    expect(sent().filter(([code]) => code === SUBSCRIBE)).toEqual([]);
    expect(client.inspect().topics.length).toBe(1);
  });
});

describe('A payload in the older form', () => {
  it('I5 errors its call, and answers its invocation', () => {
    const { client, link, sent } = opened();
    const call = hear(client.call(ADD));
    hear(
      client.register(
        'com.example.work',
        map(() => 1),
      ),
    );
    link.receive([REGISTERED, 2, 77], [RESULT, 1, {}, new Uint8Array(3)], [INVOCATION, 5, 77, {}, new Uint8Array(3)]);
    expect(call.errors.map((error) => (error as ConnectionError).uri)).toEqual(['wamp.error.invalid_payload']);
    expect(sent().at(-1)?.slice(0, 5)).toEqual([ERROR, INVOCATION, 5, {}, 'wamp.error.invalid_payload']);
  });
});

describe('Client rounds and limits', () => {
  it('R5 counts a session that dies young as a round: maxAttempts ends it', () => {
    marbles((stage) => {
      const wamp = stage.client({ logger: false, lingerMs: 0, maxAttempts: 3, retryDelayMs: () => 10 });
      const ends: string[] = [];
      wamp.sessions.subscribe({ error: (error: unknown) => ends.push((error as Error).message) });
      for (const frame of [12, 34, 56]) stage.at(frame, () => stage.router.link.fail());
      stage.at(1000, () => {
        expect(ends).toEqual(['the link broke']);
        expect(stage.router.links.length).toBe(3);
      });
    });
  });

  it('R5 takes a retryDelayMs that gives no number for none', () => {
    marbles((stage) => {
      stage.fates = ['refuse', 'join'];
      const wamp = stage.client({ logger: false, lingerMs: 0, retryDelayMs: () => NaN });
      const held = wamp.sessions.subscribe();
      stage.at(1000, () => {
        expect(stage.router.links.length).toBe(2);
        held.unsubscribe();
      });
    });
  });

  it('R4 lets a call with waitMs 0 wait while a session only sends what comes first', () => {
    marbles((stage) => {
      const wamp = stage.client({ lingerMs: 0 });
      const errors: unknown[] = [];
      for (let i = 0; i < 40; i++) wamp.topic(`com.example.t${i}`).subscribe();
      const calls = wamp.sessions.pipe(mergeMap((session) => wamp.call(ADD, [session.id], {}, { waitMs: 0 })));
      calls.subscribe({ error: (error: unknown) => errors.push(error) });
      stage.at(100, () => {
        expect(errors).toEqual([]);
        expect(stage.router.link.requests.filter(([code]) => code === CALL).length).toBe(1);
        void wamp.close();
      });
    });
  });

  it('C4 says of a call that was never sent why, and that it was not', () => {
    marbles((stage) => {
      stage.fates = ['refuse'];
      const wamp = stage.client({ logger: false, lingerMs: 0, callTimeoutMs: 50 });
      const errors: CallTimeoutError[] = [];
      wamp.call(ADD).subscribe({ error: (error: unknown) => errors.push(error as CallTimeoutError) });
      stage.at(400, () => {
        expect(errors.map(({ message, sent }) => [message, sent])).toEqual([
          [`call of ${ADD} was not sent within 50 ms: nobody listens`, false],
        ]);
        expect(errors[0]?.cause).toBeInstanceOf(ConnectionError);
      });
    });
  });

  it('L10 no stream of the session that reconnect() ends finds it open', () => {
    marbles(({ client, at, expectObservable }) => {
      const wamp = client({ lingerMs: 0 });
      expectObservable(words(wamp)).toBe('c 9ms o 89ms c 9ms o 94ms (z|)', {
        c: jasmine.stringMatching('connecting'),
        o: jasmine.stringMatching('open'),
        z: 'closed',
      });
      let seen = '';
      const look = (): void => wamp.status.subscribe({ next: ({ state }) => (seen ||= state) }).unsubscribe();
      wamp.sessions.pipe(mergeMap((session) => session.topic('com.example.news'))).subscribe({ error: look });
      wamp.sessions.subscribe();
      at(100, () => wamp.reconnect());
      at(150, () => expect(seen).toBe('waiting'));
      at(200, () => void wamp.close());
    });
  });
});

describe('A payload that sends something itself', () => {
  it('trap 5: a call inside its toJSON gets an id of its own', () => {
    const { client, sent } = opened();
    const value = {
      toJSON: () => {
        hear(client.call('com.example.inner'));
        return 1;
      },
    };
    hear(client.call(ADD, [value]));
    hear(client.publish('com.example.news', [value]));
    const messages = sent();
    expect(messages.map(([, id]) => id)).toEqual([1, 2, 3, 4].slice(0, messages.length));
    expect(new Set(messages.map(([, , , uri]) => uri))).toEqual(new Set(['com.example.inner', ADD, 'com.example.news']));
  });
});
