// One class with both decorators in every form, and what it must answer. Compiled by each tool as it is.
import { kwargs, Peer, rpc, subscribe } from 'rxwamp/peer';
import { Router } from 'rxwamp/router';

class Service extends Peer {
  readonly #factor = 2;
  heard: unknown[] = [];

  @rpc double(n: number) {
    return this.#factor * n;
  }
  @rpc('com.example.greet') async greet(name: string, { lang }: { lang: string }) {
    return `${lang}: ${name}`;
  }
  @rpc({ prefix: 'com.example', invoke: 'roundrobin' }) async *count(n: number) {
    for (let i = 0; i < n; i++) yield i;
  }
  @subscribe('news') @subscribe('com.example.news') onNews(args: unknown[]) {
    this.heard.push(...args);
  }
}
class Child extends Service {
  @rpc triple(n: number) {
    return 3 * n;
  }
}

/** Throws unless everything that is declared is served. */
export async function check(): Promise<void> {
  const router = new Router({ realms: ['realm1'] });
  const service = await new Child({ transport: router.transport(), logger: false }).start();
  const caller = new Peer({ transport: router.transport(), logger: false });
  const answers: unknown[] = [
    await caller.rpc.double(4),
    await caller.rpc.triple(4),
    await caller.rpc.com.example.greet('Ada', kwargs({ lang: 'en' })),
    (await caller.call('com.example.count', [3])).value,
  ];
  for (const topic of ['news', 'com.example.news']) await caller.client.publish(topic, [topic]).forEach(() => undefined);
  answers.push(...(await new Promise<unknown[]>((resolve) => look(service, resolve))));
  await Promise.all([caller.stop(), service.stop()]);
  await router.close();
  const expected = [8, 12, 'en: Ada', 2, 'news', 'com.example.news'];
  if (JSON.stringify(answers) !== JSON.stringify(expected)) throw new TypeError(`the service answered ${JSON.stringify(answers)}`);
}

function look(service: Service, resolve: (heard: unknown[]) => void): void {
  if (service.heard.length === 2) resolve(service.heard);
  else setTimeout(look, 1, service, resolve);
}
