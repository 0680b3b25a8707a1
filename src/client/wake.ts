// When a page may have a network again: it came online, it is visible again, it was restored from the back/forward cache.
// Elsewhere than on a page nothing ever comes.
import { EMPTY, filter, fromEvent, map, merge, type Observable } from 'rxjs';

interface Page {
  readonly addEventListener?: unknown;
  readonly document?: { readonly visibilityState: string };
}

/** Emits when waiting for the next attempt has lost its reason. */
export function wakeUps(page: Page = globalThis): Observable<void> {
  if (typeof page.addEventListener !== 'function') return EMPTY;
  const target = page as unknown as EventTarget;
  const document = page.document;
  const seen =
    document === undefined
      ? EMPTY
      : fromEvent(document as unknown as EventTarget, 'visibilitychange').pipe(filter(() => document.visibilityState === 'visible'));
  return merge(fromEvent(target, 'online'), fromEvent(target, 'pageshow'), seen).pipe(map(() => undefined));
}
