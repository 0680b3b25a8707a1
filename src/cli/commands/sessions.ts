// `rxwamp sessions`: who is on the realm, asked of the router's meta API.
// Source: WAMP advanced profile, "Session Meta API".
import { type Client, type Dict, type Id, isWampError } from 'rxwamp';
import { catchError, forkJoin, map, type Observable, of, switchMap, take, tap } from 'rxjs';
import type { ConnectionFlags } from '../connection.ts';
import { type Context, follow } from '../context.ts';
import { CommandError } from '../failure.ts';
import { styled } from '../output.ts';

const COLUMNS = ['session', 'authid', 'authrole', 'authmethod'] as const;

export function sessions(context: Context, flags: ConnectionFlags): Promise<number> {
  const { output } = context;
  return follow(context, flags, 'brief', (client) =>
    everybody(client).pipe(
      tap((all) => {
        const rows = all.map((details) => COLUMNS.map((name) => text(details[name])));
        const table = aligned([[...COLUMNS], ...rows]);
        if (!output.json) output.result({}, styled(process.stdout, 'dim', table[0] ?? ''));
        for (const [index, details] of all.entries()) output.result(details, table[index + 1] ?? '');
      }),
    ),
  );
}

/** The details of all sessions but our own, oldest first as far as the router says. */
function everybody(client: Client): Observable<readonly Dict[]> {
  return client.sessions.pipe(
    take(1),
    switchMap(({ id: own }) => client.call<readonly Id[]>('wamp.session.list').pipe(map(({ value }) => value.filter((id) => id !== own)))),
    catchError((error: unknown) => {
      if (isWampError(error, 'wamp.error.no_such_procedure'))
        throw new CommandError('this router has no meta API, so it does not tell who is there', { cause: error });
      throw error;
    }),
    switchMap((ids) => (ids.length === 0 ? of([]) : forkJoin(ids.map((id) => one(client, id))))),
    map((all) => all.filter((details) => details !== undefined)),
  );
}

function one(client: Client, id: Id): Observable<Dict | undefined> {
  return client.call<Dict>('wamp.session.get', [id]).pipe(
    map(({ value }) => value),
    // It left meanwhile.
    catchError((error: unknown) => {
      if (isWampError(error, 'wamp.error.no_such_session')) return of(undefined);
      throw error;
    }),
  );
}

function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

function text(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
