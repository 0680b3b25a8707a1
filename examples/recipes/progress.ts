import type { Client } from 'rxwamp';
import { map, type Observable, startWith, takeUntil } from 'rxjs';

export interface Progress {
  readonly percent: number;
  readonly result?: string;
}

/** 0, then what the service says, then 100 with the result. It ends early when `cancel` emits, and so does the work. */
export function exported(client: Client, report: string, cancel: Observable<unknown>): Observable<Progress> {
  return client.call<number | string>('com.example.export', [report], {}, { receive_progress: true }).pipe(
    map(({ value, details }) => (details['progress'] === true ? { percent: Number(value) } : { percent: 100, result: String(value) })),
    startWith({ percent: 0 }),
    takeUntil(cancel),
  );
}
