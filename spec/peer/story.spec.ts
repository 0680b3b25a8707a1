// The whole story of the README of the Python library wampy, in its order.
/* eslint-disable @typescript-eslint/no-unsafe-call, @typescript-eslint/no-unsafe-member-access -- without a contract rpc is any */
import { getRegisteredEntrypoints, Peer, rpc, subscribe } from '../../src/peer/index.ts';
import { kept, noted, until } from './peers.ts';

class BinaryNumberService extends Peer {
  @rpc get_binary_number(n: number): string {
    return `0b${n.toString(2)}`;
  }
}

class NewsReader extends Peer {
  readonly read: string[] = [];
  @subscribe('news') handleNews(_args: unknown[], { headlines }: { headlines: string[] }): void {
    this.read.push(...headlines);
  }
}

describe('Peer, the story of wampy', () => {
  it('is told as in Python', async () => {
    const service = kept(new BinaryNumberService(noted()));
    expect(await service.start()).toBe(service);
    expect(service.session.id).toBeGreaterThan(0);
    const [entrypoint] = service.registrations;
    expect(getRegisteredEntrypoints()).toContain(entrypoint!);
    expect(entrypoint).toEqual({ id: entrypoint!.id, peer: service, method: 'get_binary_number', uri: 'get_binary_number' });
    expect(entrypoint!.peer.constructor).toBe(BinaryNumberService);
    {
      const client = kept(await new Peer(noted({ name: 'Binary Number Caller' })).start());
      expect(await client.rpc.get_binary_number(100)).toBe('0b1100100');
      await client.stop();
    }
    await service.stop();
    expect(getRegisteredEntrypoints().filter(({ peer }) => peer === service)).toEqual([]);

    const reader = kept(await new NewsReader(noted()).start());
    {
      await using client = new Peer(noted());
      await client.publish({ topic: 'news', headlines: ['rxwamp is great!', 'and short'] });
      await until(() => reader.read.length > 0);
    }
    expect(reader.read).toEqual(['rxwamp is great!', 'and short']);
  });
});
