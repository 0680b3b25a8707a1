// Keep-alive: a link on which nothing arrives is asked for a sign of life, and cut if there is none.
// It compares counters, not clocks: a machine that slept has no dead link yet. Where the transport can ping it pings, elsewhere it calls.
// Source: WAMP has no ping of its own; `wamp.session.get` is of the advanced profile, "Session Meta API", and any answer is life.
import { Subscription } from 'rxjs';
import { ConnectionError } from '../protocol/errors.ts';
import { CALL } from '../protocol/messages.ts';
import type { Cancel } from '../protocol/sink.ts';
import { send } from '../session/caller.ts';
import { NO_OPTIONS } from '../session/gating.ts';
import type { SessionCore } from '../session/session.ts';
import type { Clock } from './clock.ts';

/** Watches a session until it is unsubscribed; `everyMs` 0 never asks. */
export function keepAlive(core: SessionCore, everyMs: number, clock: Clock): Subscription {
  const { channel, counters, welcomed } = core;
  const { id, url } = welcomed;
  let pongs = 0;
  const signsOfLife = (): number => counters.received + pongs;
  let seen = signsOfLife();
  let due = clock.now() + everyMs;
  let isAsked = false;
  let probe: Cancel | undefined;
  const ask = (): void => {
    isAsked = true;
    if (channel.ping !== undefined) {
      channel.ping(() => {
        pongs++;
      });
      return;
    }
    probe?.unsubscribe();
    const request = { code: CALL, uri: 'wamp.session.get', args: [id], kwargs: undefined, options: NO_OPTIONS } as const;
    const answered = (): void => undefined;
    probe = send(core, request, { next: answered, error: answered, complete: answered });
  };
  const watching = new Subscription(() => probe?.unsubscribe());
  watching.add(
    clock.every(everyMs === 0 ? Infinity : everyMs, () => {
      const signs = signsOfLife();
      const isSilent = signs === seen;
      const now = clock.now();
      const isLate = now - due > everyMs / 2;
      seen = signs;
      due = now + everyMs;
      if (!isSilent && !isLate) isAsked = false;
      else if (!isAsked || isLate || !isSilent) ask();
      else {
        // After a sleep timers run before the socket is read: what stands in it counts.
        const lastTurn = clock.after(0, () => {
          if (signsOfLife() !== signs) return;
          const message = `nothing came from ${url ?? 'the other end'} for ${2 * everyMs} ms, nor an answer to a sign of life`;
          core.lose(new ConnectionError(message, { url, sent: true }));
        });
        watching.add(lastTurn);
      }
    }),
  );
  return watching;
}
