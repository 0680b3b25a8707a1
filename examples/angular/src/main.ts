// Starts the page once it knows where the router is: `desk.json` lies beside index.html, so one build serves every place.
import { bootstrapApplication } from '@angular/platform-browser';
import { provideWamp } from 'rxwamp/angular';
import { App } from './app';
import { connection, type Place } from './connection';

async function start(): Promise<void> {
  const place = (await (await fetch('desk.json')).json()) as Place;
  await bootstrapApplication(App, { providers: [provideWamp(connection(place))] });
}

start().catch((error: unknown) => console.error(error));
