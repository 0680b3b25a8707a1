// What the specs of the recipes share.
import { CALL, type List } from '../../src/protocol/messages.ts';
import { eventually, friendly, type ScriptedLink, type ScriptedOptions } from '../../src/testing/index.ts';

/** A router that confirms everything and leaves calls to the spec. */
export const UNANSWERED: ScriptedOptions = {
  reply: (link: ScriptedLink, message: List): void => {
    if (message[0] !== CALL) friendly(link, message);
  },
};

/** Waits for what comes about by itself, since expectations do not throw; rejects after five seconds, and says what was not seen. */
export function seen(what: string, so: () => boolean): Promise<void> {
  return eventually(
    () => {
      if (!so()) throw new Error(`not seen: ${what}`);
    },
    { limitMs: 5000 },
  );
}
