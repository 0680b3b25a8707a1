// The news room's back end: a headline every four seconds, and a procedure with progress.
// By itself it is the router too, at ws://localhost:8080/ws; with `--url ws://…` it joins one that runs.
import { parseArgs } from 'node:util';
import { interval, map, switchMap, take, timer } from 'rxjs';
import { Client } from 'rxwamp';
import { Router } from 'rxwamp/router';

const HEADLINES = ['Harbour reopens', 'Rain until Friday', 'Library extends its hours', 'Tram line 4 is back', 'Bakery wins a prize'];

const { url } = parseArgs({ options: { url: { type: 'string' } } }).values;

async function ownRouter() {
  const server = await new Router({ realms: ['realm1'] }).listen({ port: 8080 });
  console.log(`router: ${server.url}`);
  return server.url;
}

const wamp = new Client({ url: url ?? (await ownRouter()) });

// Every emission is progress, the last one the result. Whoever cancels stops the press: the interval is unsubscribed.
const print = switchMap(({ args: [copies] }) =>
  interval(100).pipe(
    take(copies),
    map((i) => i + 1),
  ),
);
wamp.register('com.example.news.print', print).subscribe({ next: () => console.log('the press is ready'), error: console.error });

// A subject drops what is said while there is no router.
timer(0, 4_000)
  .pipe(map((i) => ({ text: `${HEADLINES[i % HEADLINES.length]} (no. ${i + 1})`, by: 'agency' })))
  .subscribe(wamp.subject('com.example.news'));
