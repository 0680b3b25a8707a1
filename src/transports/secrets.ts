// What may be secret in a message, for all that shows or keeps messages: one rule, so that none of them tells more than another.
// Knows no printing.
import { AUTHENTICATE, CHALLENGE } from '../protocol/messages.ts';

/** Stands in the place of a secret. */
export const MASKED = '***';

const KEYS = /secret|passw|ticket|token|signature|authextra|^key$|private/i;

/** Whether what stands under this key is masked, at whatever depth. */
export function isSecretKey(key: string): boolean {
  return KEYS.test(key);
}

/** Whether this element of a message is masked; `index` 0 is the one behind the code. */
export function isSecretPart(code: unknown, index: number): boolean {
  return (code === AUTHENTICATE && index < 2) || (code === CHALLENGE && index === 1);
}
