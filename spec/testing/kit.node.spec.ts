import { firstValueFrom, map } from 'rxjs';
import { Client, ConnectionError } from '../../src/index.ts';
import { msgpack } from '../../src/msgpack.ts';
import { testing } from '../../src/testing/index.ts';

const DOUBLE = map(({ value }: { value: unknown }) => 2 * (value as number));

describe('testing by WebSocket', () => {
  it('listens at a free port of loopback, and others connect there', async () => {
    await using kit = await testing({ websocket: true, client: { serializers: [msgpack()] } });
    kit.clients[0].register('a.b', DOUBLE).subscribe({ error: fail });
    await kit.registered('a.b');
    await using other = new Client({ url: kit.url });
    expect((await firstValueFrom(other.call('a.b', [4]))).value).toBe(8);
    expect(kit.recording.received('INVOCATION').length).toBe(1);
  });

  it('keeps its URL across kill and restart, and all come back', async () => {
    await using kit = await testing({ websocket: true, client: { logger: false } });
    const { url } = kit;
    kit.clients[0].register('a.b', DOUBLE).subscribe({ error: fail });
    await kit.registered('a.b');
    await kit.kill();
    const refused = new Client({ url, waitMs: 0, logger: false });
    await expectAsync(firstValueFrom(refused.call('a.b'))).toBeRejectedWithError(ConnectionError);
    await refused.close();
    await kit.restart();
    expect(kit.url).toBe(url);
    await kit.registered('a.b');
    await kit.cut();
    await kit.registered('a.b');
  });

  it('hurts a link as in memory: a stalled client is missed by nobody, until its keep-alive misses the router', async () => {
    await using kit = await testing({ websocket: true, client: { keepAliveMs: 20, logger: false } });
    const { id } = await kit.session();
    kit.stall();
    expect(kit.router.sessions('realm1')).toEqual([id]);
    expect((await kit.sessions(2))[0]).toBe(id);
    await kit.heal();
    expect(kit.router.sessions('realm1')).not.toContain(id);
  });
});
