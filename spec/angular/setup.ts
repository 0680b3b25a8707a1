// Applications as they are in a page, zoneless or with zone.js as the run wants it, on the router of rxwamp/angular/testing.
// Whatever a spec leaves behind is destroyed after it, and what Angular's ErrorHandler was told fails it.
import {
  type ApplicationRef,
  Component,
  createComponent,
  type ComponentRef,
  type EnvironmentProviders,
  ErrorHandler,
  Injector,
  type Provider,
  provideZoneChangeDetection,
  provideZonelessChangeDetection,
  runInInjectionContext,
  type Type,
} from '@angular/core';
import { createApplication } from '@angular/platform-browser';
import { provideWampTesting, WAMP_KIT } from '../../src/angular/testing/index.ts';
import type { Kit, TestingOptions } from '../../src/testing/index.ts';

/** Whether this run has zone.js. */
export const ZONE = 'Zone' in globalThis;

const applications: ApplicationRef[] = [];
const errors: unknown[] = [];
let components = 0;

afterEach(() => {
  for (const application of applications.splice(0)) if (!application.destroyed) application.destroy();
  expect(errors.splice(0)).withContext('what the ErrorHandler was told').toEqual([]);
});

/** As this run wants it. */
export function changeDetection(): EnvironmentProviders {
  return ZONE ? provideZoneChangeDetection() : provideZonelessChangeDetection();
}

export async function application(...providers: (Provider | EnvironmentProviders)[]): Promise<ApplicationRef> {
  const made = await createApplication({
    providers: [
      changeDetection(),
      { provide: ErrorHandler, useValue: { handleError: (error: unknown) => errors.push(error) } },
      ...providers,
    ],
  });
  applications.push(made);
  return made;
}

/** An application whose `WAMP` is a client of a router in this process. */
export async function onKit(options: TestingOptions = {}): Promise<{ readonly app: ApplicationRef; readonly kit: Kit }> {
  const app = await application(provideWampTesting({ client: { logger: false }, ...options }));
  return { app, kit: app.injector.get(WAMP_KIT) };
}

/** Runs in the injection context of the application. */
export function inside<T>(app: ApplicationRef, run: () => T): T {
  return runInInjectionContext(app.injector.get(Injector), run);
}

/** A component without a build: Angular's compiler makes it here. */
export function component<T>(template: string, type: Type<T>): Type<T> {
  return Component({ selector: `spec-${++components}`, template })<Type<T>>(type);
}

/** Shows a component in the page, change detection included. */
export function mount<T>(app: ApplicationRef, type: Type<T>): ComponentRef<T> & { readonly text: () => string } {
  const ref = createComponent(type, { environmentInjector: app.injector, hostElement: document.createElement('div') });
  app.attachView(ref.hostView);
  app.tick();
  const host = ref.location.nativeElement as HTMLElement;
  return Object.assign(ref, { text: () => host.textContent });
}

/** What a function throws. */
export function thrown(run: () => unknown): Error {
  try {
    run();
  } catch (error) {
    return error as Error;
  }
  throw new TypeError('it did not throw');
}

/** Waits until something is so, at most for five seconds. */
export async function until(so: () => boolean): Promise<void> {
  const end = performance.now() + 5_000;
  while (!so() && performance.now() < end) await new Promise((resolve) => setTimeout(resolve, 1));
}

/** Expects values to be the same in the end. */
export async function becomes<T>(read: () => T, wanted: T): Promise<void> {
  await until(() => JSON.stringify(read()) === JSON.stringify(wanted));
  expect(read()).toEqual(wanted);
}
