import { firstValueFrom, map } from 'rxjs';
import { Client } from '../../src/index.ts';
import {
  AUTHENTICATE,
  CALL,
  CHALLENGE,
  GOODBYE,
  HELLO,
  PUBLISH,
  Recording,
  RESULT,
  ScriptedRouter,
  testing,
  WELCOME,
} from '../../src/testing/index.ts';

async function login(recording: Recording): Promise<void> {
  const router = new ScriptedRouter({
    reply: (link, [code]) => {
      if (code === HELLO) link.receive([CHALLENGE, 'ticket', { challenge: 'riddle' }]);
      if (code === AUTHENTICATE) link.welcome({ authextra: { proof: 'x' } });
      if (code === CALL) link.receive([RESULT, 1, {}, [{ token: 'abc', name: 'Ada' }]]);
      if (code === GOODBYE) link.receive([GOODBYE, {}, 'wamp.close.goodbye_and_out']);
    },
  });
  const client = new Client({
    transport: recording.around(router.transport),
    auth: [{ authmethod: 'ticket', hello: () => ({ authid: 'ada' }), answer: () => 'hush' }],
  });
  await firstValueFrom(client.call('com.example.token', [], { password: 'hush', times: 0 }));
  await client.close();
}

describe('Recording', () => {
  it('keeps whole messages of both directions in order, with names and sessions, and masks secrets', async () => {
    const recording = new Recording();
    await login(recording);
    const told = recording.messages.map(({ direction, name, session }) => [direction, name, session]);
    expect(told).toEqual([
      ['sent', 'HELLO', undefined],
      ['received', 'CHALLENGE', undefined],
      ['sent', 'AUTHENTICATE', undefined],
      ['received', 'WELCOME', 1001],
      ['sent', 'CALL', 1001],
      ['received', 'RESULT', 1001],
      ['sent', 'GOODBYE', 1001],
      ['received', 'GOODBYE', 1001],
    ]);
    expect(recording.received('CHALLENGE')).toEqual([[CHALLENGE, 'ticket', { challenge: '***' }]]);
    expect(recording.sent('AUTHENTICATE')).toEqual([[AUTHENTICATE, '***', {}]]);
    expect(recording.received('WELCOME')[0]![2]['authextra']).toBe('***');
    expect(recording.sent('CALL')).toEqual([[CALL, 1, {}, 'com.example.token', [], { password: '***', times: 0 }]]);
    expect(recording.received('RESULT')).toEqual([[RESULT, 1, {}, [{ token: '***', name: 'Ada' }]]]);
  });

  it('keeps secrets when it is asked to', async () => {
    const recording = new Recording({ mask: false });
    await login(recording);
    expect(recording.sent('AUTHENTICATE')).toEqual([[AUTHENTICATE, 'hush', {}]]);
    expect(recording.received('WELCOME')[0]![2]['authextra']).toEqual({ proof: 'x' });
  });

  it('is a type for each name', async () => {
    await using kit = await testing();
    const session = await kit.session();
    const [welcome] = kit.recording.received('WELCOME');
    const id: number = welcome![1];
    // @ts-expect-error -- the second element of a WELCOME is an id
    const text: string = welcome![1];
    expect([id, text as unknown, welcome![0]]).toEqual([session.id, session.id, WELCOME]);
    // @ts-expect-error -- there is no such message
    expect(kit.recording.sent('SHOUT')).toEqual([]);
  });

  it('keeps each client of a kit apart, and all together', async () => {
    await using kit = await testing({ clients: 2 });
    const [alice, bob] = kit.clients;
    alice
      .register(
        'a.b',
        map(() => 1),
      )
      .subscribe({ error: fail });
    await kit.registered('a.b');
    await firstValueFrom(bob.call('a.b'));
    expect(kit.recordingOf(alice).sent('CALL')).toEqual([]);
    expect(kit.recordingOf(bob).sent('CALL')).toEqual([[CALL, 1, {}, 'a.b']]);
    expect(kit.recording.messages.length).toBe(kit.recordingOf(alice).messages.length + kit.recordingOf(bob).messages.length);
    kit.recordingOf(bob).clear();
    expect([kit.recordingOf(bob).messages.length, kit.recording.sent('CALL').length]).toEqual([0, 1]);
    expect(() => kit.recordingOf(new Client())).toThrowError(TypeError, /was not made by the kit/);
  });

  it('waits for messages to come, and says what came instead', async () => {
    await using kit = await testing({ clients: 2 });
    const [alice, bob] = kit.clients;
    alice.topic('a.b').subscribe({ error: fail });
    await kit.subscribed('a.b');
    const two = kit.recordingOf(alice).until('EVENT', { count: 2 });
    bob.publish('a.b', ['one']).subscribe();
    bob.publish('a.b', ['two']).subscribe();
    expect((await two).map(([, , , , args]) => args)).toEqual([['one'], ['two']]);
    const late = kit.recordingOf(alice).until('EVENT', { count: 3, limitMs: 0 });
    await expectAsync(late).toBeRejectedWithError(
      '2 of 3 EVENT messages went over the link, beside HELLO, WELCOME, SUBSCRIBE, SUBSCRIBED, 2 × EVENT (waited for 0 ms)',
    );
    const sent = kit.recordingOf(bob).until(({ message }) => message[0] === PUBLISH, { count: 3, limitMs: 0 });
    await expectAsync(sent).toBeRejectedWithError(/^2 of 3 messages that were waited for went over the link/);
  });
});
