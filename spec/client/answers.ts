// The stage for drawing operations: that of setup.ts, and what was sent but HELLO and GOODBYE.
// The session stands 10 ms after the first subscription. What has `silent` in its name is never answered.
import { GOODBYE, type List } from '../../src/protocol/messages.ts';
import { marbles, type Stage as Played } from './setup.ts';

export interface Stage extends Played {
  /** What was sent on the current link, but HELLO and GOODBYE. */
  requests(): List[];
}

/** Runs a drawing. */
export function drawn(test: (stage: Stage) => void): void {
  marbles((stage) => {
    test(Object.assign(stage, { requests: () => stage.router.link.requests.filter(([code]) => code !== GOODBYE) }));
  });
}
