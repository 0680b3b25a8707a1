// When a page may have a network again: it came online, it is visible again, it was restored from the back/forward cache; and when it is left.
// Elsewhere than on a page nothing ever comes.
import { Observable } from 'rxjs';

interface Source {
  addEventListener?(type: string, listener: () => void): void;
  removeEventListener?(type: string, listener: () => void): void;
}
interface Page extends Source {
  readonly document?: Source & { readonly visibilityState: string };
}

/** Emits when waiting for the next attempt has lost its reason. */
export function wakeUps(page: Page = globalThis): Observable<void> {
  return new Observable((subscriber) => {
    const { document } = page;
    const awake = (): void => {
      subscriber.next();
    };
    const seen = (): void => {
      if (document?.visibilityState === 'visible') awake();
    };
    const sources = [
      [page, 'online', awake],
      [page, 'pageshow', awake],
      [document, 'visibilitychange', seen],
    ] as const;
    if (page.addEventListener === undefined) subscriber.complete();
    for (const [source, type, listener] of sources) source?.addEventListener?.(type, listener);
    return () => {
      for (const [source, type, listener] of sources) source?.removeEventListener?.(type, listener);
    };
  });
}

/**
 * Runs a task when the page is closed, or kept for going back, where its socket would stand open and nobody read it.
 * @returns Ends it.
 */
export function whenLeft(task: () => void, page: Page = globalThis): () => void {
  page.addEventListener?.('pagehide', task);
  return () => page.removeEventListener?.('pagehide', task);
}
