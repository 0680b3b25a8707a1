// A reader of the topic `news`, whose headlines come as keyword arguments.
import { map, type Observable } from 'rxjs';
import type { Client } from 'rxwamp';
import { say } from './step.ts';

/** The headlines of each event. Every subscriber of a topic shares one subscription at the router. */
export function headlines(client: Client): Observable<readonly string[]> {
  return client.topic<[], { headlines: string[] }>('news').pipe(map(({ kwargs }) => kwargs.headlines));
}

/** Prints headlines for as long as the client lives. */
export function startReader(client: Client): void {
  headlines(client).subscribe({
    next: (lines) => {
      for (const line of lines) say('reader', line);
    },
    error: (error: unknown) => {
      say('reader', `cannot read any more: ${String(error)}`);
    },
  });
}
