import type { Client } from 'rxwamp';
import { combineLatest, map, merge, type Observable, scan, withLatestFrom } from 'rxjs';

const values = (client: Client, topic: string): Observable<number> => client.topic<[number]>(topic).pipe(map(({ value }) => value));

/** Whenever either changes, once both are known. */
export function worth(client: Client): Observable<number> {
  return combineLatest([values(client, 'com.example.amount'), values(client, 'com.example.price')]).pipe(
    map(([amount, price]) => amount * price),
  );
}

/** What was sold at which price: the price alone changes nothing. */
export function sales(client: Client): Observable<string> {
  return values(client, 'com.example.sold').pipe(
    withLatestFrom(values(client, 'com.example.price')),
    map(([amount, price]) => `${amount} at ${price}`),
  );
}

/** Topics side by side; `topic` says which one it was. */
export function alarms(client: Client): Observable<string> {
  return merge(client.topic('com.example.fire'), client.topic('com.example.flood')).pipe(map(({ topic }) => topic));
}

/** Every room's latest temperature, by one subscription: `com.example.room.kitchen.temperature` and so on. */
export function temperatures(client: Client): Observable<Readonly<Record<string, number>>> {
  return client
    .topic<[number]>('com.example.room..temperature', { match: 'wildcard' })
    .pipe(scan((rooms, { topic, value }) => ({ ...rooms, [topic.split('.')[3] as string]: value }), {}));
}
