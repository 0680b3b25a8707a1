// Where in a message a value stands that a serializer refuses, in the words of whoever called: `args[0].price`.
// Runs only once something was refused, so that encoding itself keeps no path.
import { ABORT, ERROR, type List, RESULT, YIELD } from '../protocol/messages.ts';

/** Whether the stack was too small: Firefox has a class of its own for it. */
export function isOverflow(error: unknown): boolean {
  return /^(Range|Internal)E/.test((error as Error | undefined)?.name ?? '');
}

/** The refusal of the first value for which `reason` has a sentence; a message without one is nested too deeply, or in a cycle. */
export function refusal(message: List, reason: (value: unknown) => string | undefined, cause?: unknown): TypeError {
  let found: TypeError | undefined;
  const search = (value: unknown, place: string): boolean => {
    const sentence = reason(value);
    if (sentence !== undefined) found = new TypeError(`${place} ${sentence}`, { cause });
    else if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return false;
    else if (Array.isArray(value)) return value.some((item, index) => search(item, `${place}[${String(index)}]`));
    else
      return Object.entries(value).some(([key, item]) =>
        search(item, /^[A-Za-z_]\w*$/.test(key) ? `${place}.${key}` : `${place}[${JSON.stringify(key)}]`),
      );
    return true;
  };
  const [code] = message;
  const args = code === ERROR ? 5 : code === ABORT || code === RESULT || code === YIELD ? 3 : 4;
  try {
    message.some((item, index) => search(item, index === args ? 'args' : index === args + 1 ? 'kwargs' : `message[${String(index)}]`));
  } catch (error) {
    if (!isOverflow(error)) throw error;
  }
  return found ?? new TypeError('the message is nested too deeply, or refers to itself', { cause });
}
