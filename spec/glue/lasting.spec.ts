import { firstValueFrom, type Subscription } from 'rxjs';
import { lasting } from '../../src/glue/lasting.ts';
import { ConnectionError } from '../../src/protocol/errors.ts';
import { testing } from '../../src/testing/index.ts';

describe('lasting', () => {
  it('tells the error of a topic, asks again with the next session, and tells that it is well again', async () => {
    await using kit = await testing({ client: { logger: false } });
    const [client] = kit.clients;
    const heard: unknown[] = [];
    const events = lasting(client, 'com.price', {}, (error) => heard.push((error as { uri?: string } | undefined)?.uri));
    const following = events.subscribe({ next: ({ value }) => heard.push(value), error: fail });
    const publish = (value: number): Promise<unknown> =>
      firstValueFrom(client.publish('com.price', [value], {}, { acknowledge: true, exclude_me: false }));
    const { sessions } = await kit.subscribed('com.price');
    await publish(1);
    kit.router.revokeSubscription('realm1', sessions[0]!, 'com.price', { reason: 'com.error.no_more' });
    await publish(2);
    expect(heard).toEqual([undefined, 1, 'com.error.no_more']);
    client.sessions.subscribe({ error: fail });
    await kit.cut();
    await kit.subscribed('com.price');
    await publish(3);
    expect(heard).toEqual([undefined, 1, 'com.error.no_more', undefined, 3]);
    expect(client.inspect().topics.map(({ subscribers }) => subscribers)).toEqual([1]);
    following.unsubscribe();
    expect(heard.slice(5)).toEqual([undefined]);
  });

  it('tells an error in place of a topic, and opens nothing; undefined is no topic', async () => {
    await using kit = await testing({ client: { logger: false } });
    const client = kit.client();
    const told: unknown[] = [];
    const wrong = new RangeError('which one?');
    const tell = (error?: Error): unknown => told.push(error);
    for (const topic of [wrong, undefined]) lasting(client, topic, {}, tell).subscribe({ error: fail }).unsubscribe();
    lasting(client, 'not a uri', {}, tell).subscribe({ error: fail }).unsubscribe();
    expect(told).toEqual([wrong, undefined, jasmine.any(TypeError), undefined]);
    expect(kit.recordingOf(client).sent()).toEqual([]);
  });

  it('does not end with the client: what it told stands until it is left', async () => {
    await using kit = await testing({ client: { logger: false } });
    const client = kit.client();
    const told: unknown[] = [];
    const follow = (topic: string): Subscription =>
      lasting(client, topic, {}, (error) => told.push(error?.constructor)).subscribe({ error: fail, complete: fail });
    const wrong = follow('not a uri');
    await client.close();
    const late = follow('com.price');
    expect(told).toEqual([TypeError, ConnectionError]);
    wrong.unsubscribe();
    late.unsubscribe();
    expect(told.slice(2)).toEqual([undefined, undefined]);
  });
});
