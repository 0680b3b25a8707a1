// A page with a topic, and what its specs look at: the events, the states of the client, the events of the page itself.
// `?router=URL` and, if asked for, `&delay=MS` between attempts, `&format=msgpack`, `&keepAlive=MS`.
import { lastValueFrom } from 'rxjs';
import { Client } from 'rxwamp';
import { msgpack } from 'rxwamp/msgpack';

const given = new URLSearchParams(location.search);
const [delay, keepAlive] = [given.get('delay'), given.get('keepAlive')];
const client = new Client({
  url: given.get('router') ?? '',
  logger: false,
  ...(delay !== null && { retryDelayMs: () => Number(delay) }),
  ...(keepAlive !== null && { keepAliveMs: Number(keepAlive) }),
  ...(given.get('format') === 'msgpack' && { serializers: [msgpack()] }),
});
const seen = { events: [] as unknown[], states: [] as string[], reasons: [] as string[], page: [] as string[] };

client.status.subscribe((status) => {
  seen.states.push(status.state);
  if (status.state === 'waiting') seen.reasons.push(status.reason.message);
});
client.topic('com.example.news').subscribe(({ args: [text] }) => seen.events.push(text));
for (const type of ['online', 'offline', 'pageshow', 'pagehide', 'freeze', 'resume']) {
  for (const target of [window, document]) {
    target.addEventListener(type, (event) => seen.page.push('persisted' in event && event.persisted === true ? `${type} persisted` : type));
  }
}

const call = (uri: string, ...args: unknown[]): Promise<unknown> => lastValueFrom(client.call(uri, args)).then(({ value }) => value);

export type LifecyclePage = typeof globalThis & { readonly seen: typeof seen; readonly call: typeof call; readonly client: Client };
Object.assign(globalThis, { seen, call, client });
